//! What people say that is no violation: complaints, questions, praise. For the nightly digest, never for a verdict.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::signals::asks;
use crate::views::{Views, folded};

/// The file of the rulebook folder that holds the words.
pub(crate) const FILE: &str = "listening.toml";
static TEXT: &str = include_str!("../rulebook/listening.toml");

/// What a post is to somebody who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// It complains or criticises.
    Complaint,
    /// It asks.
    Question,
    /// It praises or thanks.
    Praise,
    /// Anything else.
    Other,
}

impl Voice {
    /// Every voice, in the order of the digest.
    pub const ALL: [Voice; 4] = [Voice::Complaint, Voice::Question, Voice::Praise, Voice::Other];

    /// The key, for example `complaint`.
    pub fn key(self) -> &'static str {
        match self {
            Voice::Complaint => "complaint",
            Voice::Question => "question",
            Voice::Praise => "praise",
            Voice::Other => "other",
        }
    }
}

/// A post's voice, and how sharp it is: 0 for one that is neither complaint nor question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The voice.
    pub voice: Voice,
    /// Higher comes first in the digest.
    pub sharpness: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    sharp: Vec<String>,
    complaint: Vec<String>,
    praise: Vec<String>,
    unless: Vec<String>,
    topic: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    case: Cases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), allow(dead_code))]
struct Cases {
    complaint: Vec<String>,
    question: Vec<String>,
    praise: Vec<String>,
    other: Vec<String>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = match toml::from_str::<Words>(TEXT) {
            Ok(words) => words,
            Err(error) => unreachable!("{FILE}: {error}"),
        };
        let lists = [&mut words.sharp, &mut words.complaint, &mut words.praise, &mut words.unless, &mut words.topic];
        for list in lists {
            for word in list.iter_mut() {
                *word = folded(word);
            }
        }
        words
    })
}

/// Listens to a text.
pub fn listen(text: &str) -> Heard {
    let words = words();
    let mut folded = folded(text);
    let praise = words.praise.iter().filter(|word| holds(&folded, word)).count();
    // Idioms hide words of complaint: loving something too much is no complaint.
    for idiom in &words.unless {
        if folded.contains(idiom.as_str()) {
            folded = folded.replace(idiom.as_str(), "　");
        }
    }
    let count = |list: &[String]| list.iter().filter(|word| holds(&folded, word)).count();
    let (sharp, plain) = (count(&words.sharp), count(&words.complaint));
    let question = asks(&Views::of(text).plain);
    let about_us = count(&words.topic).min(2);
    let sharpness = u32::try_from(sharp * 5 + plain * 2 + about_us * 2).unwrap_or(u32::MAX);
    match () {
        () if sharp > 0 || plain > praise || (plain > 0 && question) => {
            Heard { voice: Voice::Complaint, sharpness: sharpness + u32::from(question) }
        }
        () if question => {
            let length = u32::try_from(text.chars().count().min(200) / 40).unwrap_or(0);
            Heard { voice: Voice::Question, sharpness: 1 + length + sharpness }
        }
        () if praise > 0 => Heard { voice: Voice::Praise, sharpness: 0 },
        () => Heard { voice: Voice::Other, sharpness: 0 },
    }
}

/// Whether a word stands in the text; one of Latin letters must begin where no other letter goes before.
fn holds(text: &str, word: &str) -> bool {
    let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    text.match_indices(word).any(|(at, _)| !latin || !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_the_file_are_heard_as_it_says() {
        let cases = &words().case;
        let lists = [
            (Voice::Complaint, &cases.complaint),
            (Voice::Question, &cases.question),
            (Voice::Praise, &cases.praise),
            (Voice::Other, &cases.other),
        ];
        let wrong: Vec<String> = lists
            .iter()
            .flat_map(|(voice, texts)| texts.iter().map(move |text| (*voice, text)))
            .filter(|(voice, text)| listen(text).voice != *voice)
            .map(|(voice, text)| format!("{voice:?} expected, {:?} heard: {text}", listen(text).voice))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(lists.iter().all(|(_, texts)| texts.len() >= 6));
    }

    #[test]
    fn a_sharper_complaint_comes_first() {
        let sharp = listen("アップデートしてから毎回落ちるんだけど、最悪。返金してほしい");
        let mild = listen("検索が少し遅いかも");
        assert!(sharp.sharpness > mild.sharpness && mild.sharpness > 0, "{sharp:?} {mild:?}");
        assert_eq!(listen("今日は晴れです").sharpness, 0);
    }
}
