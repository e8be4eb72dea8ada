//! Texts with `{{placeholders}}` and no logic. Which placeholders a text may have is checked when it is compiled.

use std::collections::BTreeMap;

use crate::classify::Language;

/// A letter in both languages with the placeholders that it must use.
pub(super) struct Template {
    ja: &'static str,
    en: &'static str,
}

impl Template {
    /// Both texts; fails to compile when one uses a placeholder not in the list, or leaves one of the list out.
    pub(super) const fn new(ja: &'static str, en: &'static str, placeholders: &[&str]) -> Self {
        assert!(fits(ja.as_bytes(), placeholders), "the Japanese text and its placeholders differ");
        assert!(fits(en.as_bytes(), placeholders), "the English text and its placeholders differ");
        Self { ja, en }
    }

    /// Fills the text. Values are data: braces in them mean nothing.
    pub(super) fn fill(&self, language: Language, values: &BTreeMap<&str, String>) -> String {
        let mut rest = match language {
            Language::Ja => self.ja,
            Language::En => self.en,
        };
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, tail) = after.split_once("}}").unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(values.get(name).map_or("", String::as_str));
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

const fn fits(text: &[u8], placeholders: &[&str]) -> bool {
    let mut index = 0;
    while index < placeholders.len() {
        if !uses(text, placeholders[index].as_bytes()) {
            return false;
        }
        index += 1;
    }
    let mut at = 0;
    while at + 1 < text.len() {
        if text[at] == b'{' && text[at + 1] == b'{' {
            let mut known = false;
            let mut index = 0;
            while index < placeholders.len() {
                known = known || named_at(text, at, placeholders[index].as_bytes());
                index += 1;
            }
            if !known {
                return false;
            }
        }
        at += 1;
    }
    true
}

const fn uses(text: &[u8], name: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if named_at(text, at, name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether `{{name}}` stands at the place.
const fn named_at(text: &[u8], at: usize, name: &[u8]) -> bool {
    if at + name.len() + 4 > text.len() || text[at] != b'{' || text[at + 1] != b'{' {
        return false;
    }
    let mut index = 0;
    while index < name.len() {
        if text[at + 2 + index] != name[index] {
            return false;
        }
        index += 1;
    }
    text[at + 2 + name.len()] == b'}' && text[at + 3 + name.len()] == b'}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_must_use_its_placeholders_and_no_others() {
        assert!(fits(b"a {{x}} b {{y}} {{x}}", &["x", "y"]));
        assert!(!fits(b"a {{x}}", &["x", "y"]), "left out");
        assert!(!fits(b"a {{x}} {{z}}", &["x"]), "unknown");
        assert!(!fits(b"a {{x", &["x"]), "not closed");
        assert!(!fits(b"{{ x }}", &["x"]), "written otherwise");
    }

    #[test]
    fn values_are_not_read_as_templates() {
        let template = Template::new("{{x}}", "<{{x}}>", &["x"]);
        let values = BTreeMap::from([("x", "{{x}} $1 {{y}}".to_owned())]);
        assert_eq!(template.fill(Language::En, &values), "<{{x}} $1 {{y}}>");
    }
}
