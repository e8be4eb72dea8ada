//! The words of the letters in both languages, by code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::classify::Language;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    ja: String,
    en: String,
}

static TERMS: LazyLock<BTreeMap<String, BTreeMap<String, Words>>> =
    LazyLock::new(|| toml::from_str(include_str!("../../letters/terms.toml")).unwrap_or_default());

/// The words for a code of a closed list; a test holds every list against the file.
pub(super) fn term(group: &str, code: impl Serialize, language: Language) -> String {
    let words = TERMS.get(group).and_then(|group| group.get(&crate::word(code)));
    words.map_or_else(String::new, |words| match language {
        Language::Ja => words.ja.clone(),
        Language::En => words.en.clone(),
    })
}

/// How many codes a group has.
#[cfg(test)]
pub(super) fn group_size(group: &str) -> usize {
    TERMS.get(group).map_or(0, BTreeMap::len)
}
