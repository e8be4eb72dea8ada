//! Whose accounts these are: names, products, competitors, domains, purposes.

use serde::{Deserialize, Serialize};

use crate::Platform;
use crate::views::folded;

/// An official account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Where it is.
    pub platform: Platform,
    /// The platform's stable id, where it is known.
    #[serde(default)]
    pub id: Option<String>,
    /// Handle without `@`, or channel name.
    pub handle: String,
    /// Displayed name.
    pub name: String,
    /// BCP 47 languages of its audience, the first one first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Where people can write to, where one is told.
    #[serde(default)]
    pub contact: Option<String>,
}

/// Why the company posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Key used in records.
    pub key: String,
    /// Title in both languages.
    pub title: Titles,
    /// Words or hashtags that assign an outbound post to it.
    pub markers: Vec<String>,
}

/// A title in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Titles {
    /// The title in one language.
    pub fn get(&self, lang: crate::Lang) -> &str {
        match lang {
            crate::Lang::Ja => &self.ja,
            crate::Lang::En => &self.en,
        }
    }
}

/// The organisation file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Name of the company.
    #[serde(default)]
    pub name: String,
    /// Other spellings of the name.
    #[serde(default)]
    pub names: Vec<String>,
    /// Official accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// Our products.
    #[serde(default)]
    pub products: Vec<String>,
    /// Names of other companies that advertise against us.
    #[serde(default)]
    pub competitors: Vec<String>,
    /// People and companies close to us that somebody may pretend to be.
    #[serde(default)]
    pub stakeholders: Vec<String>,
    /// Our own registrable domains.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Why the company posts.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
}

impl Organisation {
    /// The key of the purpose that an outbound text serves: the one with most markers in it, the first of equals.
    pub fn purpose_of(&self, text: &str) -> Option<&str> {
        let text = folded(text);
        let score = |purpose: &Purpose| purpose.markers.iter().filter(|marker| text.contains(&folded(marker))).count();
        let mut best: Option<(&Purpose, usize)> = None;
        for purpose in &self.purposes {
            let score = score(purpose);
            if score > best.map_or(0, |(_, most)| most) {
                best = Some((purpose, score));
            }
        }
        best.map(|(purpose, _)| purpose.key.as_str())
    }
}
