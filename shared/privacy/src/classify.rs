//! What a mail asks for: rights and inquiries, several per mail, Japanese and English, each with its evidence.
//!
//! Patterns only; what is unclear becomes [`Inquiry::Other`] for a person, with the right it may be. There is no class
//! for spam: a request that looks odd is still a request.

mod besides;
mod link;
mod pattern;
mod sentence;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use besides::form;
use besides::{new_address, says_nothing_else, takes_back_by, wants_taken_back};
pub use link::{Link, handles, links};

use crate::head;
use crate::law::{Regime, Right};
use crate::mail::Address;
use crate::mail::thread::{TicketId, bare_subject};
use pattern::{Meaning, PATTERNS, Want};
use sentence::{plain, sentences};

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inquiry {
    /// The guidelines themselves.
    Guidelines,
    /// Why something was hidden or someone blocked, and that it be taken back.
    DecisionAndAppeal,
    /// What another user did to the person.
    DisputeBetweenUsers,
    /// How X or YouTube work.
    Platform,
    /// From the press.
    Press,
    /// Anything else, and everything unclear: for a person.
    Other,
}

/// One thing that a mail asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// A right is used.
    Right(Right),
    /// A question is put.
    Inquiry(Inquiry),
}

/// Where the words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// In the subject.
    Subject,
    /// In the unquoted text.
    Text,
}

/// The sentence that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field.
    pub field: Field,
    /// Bytes of the sentence within the field as given.
    pub span: Range<usize>,
}

/// An ask with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What is asked.
    pub ask: Ask,
    /// Every sentence that asks it.
    pub evidence: Vec<Evidence>,
    /// For [`Inquiry::Other`]: the right that the words may mean.
    pub maybe: Option<Right>,
}

/// The language of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}

/// A classified mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// At least one item, rights before inquiries.
    pub items: Vec<Item>,
    /// The language to answer in.
    pub language: Language,
    /// Posts, videos, comments, channels and profiles linked to.
    pub links: Vec<Link>,
    /// Handles without `@`, as written.
    pub handles: Vec<String>,
    /// Ticket numbers.
    pub tickets: Vec<TicketId>,
    /// Whether it says nothing, or nothing but thanks.
    pub only_thanks: bool,
    /// Whether it takes back what was asked, and asks nothing else.
    pub takes_back: bool,
    /// Whether somebody writes on behalf of the person whose data it is.
    pub on_behalf: bool,
    /// The one address to which letters shall go instead.
    pub new_address: Option<Address>,
}

/// The most text looked at, in bytes; what a person asks stands before that.
const MAX_TEXT: usize = 64 * 1024;

/// Classifies a subject and an unquoted text ([`crate::mail::quote::unquoted`]). The subject of an answer (`Re:`) is
/// not read: its words are those of the mail it answers.
pub fn classify(subject: &str, text: &str) -> Classified {
    let text = head(text, MAX_TEXT);
    let own_subject = if bare_subject(subject) == subject.trim() { subject } else { "" };
    let own = format!("{own_subject}\n{text}");
    let law = regime_named(&own);
    let mut items: Vec<Item> = Vec::new();
    let mut takes_back = false;
    for (field, content) in [(Field::Subject, own_subject), (Field::Text, text)] {
        for span in sentences(content) {
            if takes_back_by(&content[span.clone()]) {
                takes_back |= field == Field::Text;
                continue;
            }
            for (ask, maybe) in asks(&content[span.clone()], law) {
                let evidence = Evidence { field, span: span.clone() };
                match items.iter_mut().find(|item| item.ask == ask && item.maybe == maybe) {
                    Some(item) => item.evidence.push(evidence),
                    None => items.push(Item { ask, evidence: vec![evidence], maybe }),
                }
            }
        }
    }
    // The subject announces what the text asks more exactly.
    let content = |item: &Item| matches!(item.ask, Ask::Right(Right::XContentDeletion | Right::YoutubeDeletion));
    if items.iter().any(content) {
        items.retain(|item| content(item) || !(erases(item.ask) && item.evidence.iter().all(in_subject)));
    }
    // A vague mention next to a clear request of the same right adds nothing.
    let clear: Vec<Ask> = items.iter().map(|item| item.ask).collect();
    items.retain(|item| item.maybe.is_none_or(|right| !clear.contains(&Ask::Right(right))));
    let takes_back = takes_back && items.is_empty();
    let only_thanks = items.is_empty() && !takes_back && says_nothing_else(text);
    if items.is_empty() {
        let evidence = vec![Evidence { field: Field::Text, span: 0..text.len() }];
        items.push(Item { ask: Ask::Inquiry(Inquiry::Other), evidence, maybe: None });
    }
    items.sort_by_key(|item| item.ask);
    let all = format!("{subject}\n{text}");
    Classified {
        items,
        language: language(&all),
        links: links(&all),
        handles: handles(&all),
        tickets: TicketId::find_all(&all),
        only_thanks,
        takes_back,
        on_behalf: PATTERNS.has(Meaning::OnBehalf, &plain(&own)),
        new_address: new_address(text),
    }
}

fn in_subject(evidence: &Evidence) -> bool {
    evidence.field == Field::Subject
}

fn erases(ask: Ask) -> bool {
    match ask {
        Ask::Right(right) => crate::carry::erases(right),
        Ask::Inquiry(_) => false,
    }
}

/// Japanese as soon as there is kana, or kanji without any Latin word to speak of.
pub fn language(text: &str) -> Language {
    let kana = text.chars().any(|c| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ' | 'ｦ'..='ﾟ'));
    let kanji = text.chars().filter(|c| matches!(c, '一'..='龠')).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if kana || kanji > latin { Language::Ja } else { Language::En }
}

fn regime_named(text: &str) -> Option<Regime> {
    let text = plain(text);
    let named = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if named(&["gdpr", "general data protection regulation", "一般データ保護規則"]) {
        Some(Regime::Gdpr)
    } else if named(&["ccpa", "cpra", "california consumer privacy", "カリフォルニア州消費者プライバシー"])
    {
        Some(Regime::Ccpa)
    } else {
        None
    }
}

fn asks(sentence: &str, law: Option<Regime>) -> Vec<(Ask, Option<Right>)> {
    let plain = plain(sentence);
    let mut found = Vec::new();
    let has = |meaning: Meaning| PATTERNS.has(meaning, &plain);
    let asked = has(Meaning::Request);
    let mut inquiry = |inquiry| found.push((Ask::Inquiry(inquiry), None));
    let past_action = has(Meaning::OurAction);
    let about_others = has(Meaning::OtherPerson) && has(Meaning::Conflict);
    if past_action {
        inquiry(Inquiry::DecisionAndAppeal);
    }
    if about_others {
        inquiry(Inquiry::DisputeBetweenUsers);
    }
    if has(Meaning::Press) {
        inquiry(Inquiry::Press);
    }
    let asks_something = asked || has(Meaning::Question);
    if has(Meaning::Guidelines) && asks_something && !past_action {
        inquiry(Inquiry::Guidelines);
    }
    if has(Meaning::PlatformName) && has(Meaning::PlatformUse) && asks_something {
        inquiry(Inquiry::Platform);
    }
    if has(Meaning::Thanks) && !asked {
        return found;
    }
    let own_data = has(Meaning::PersonalData);
    let back = wants_taken_back(&plain);
    for want in PATTERNS.wants(&plain) {
        // "My comment was deleted" asks for no deletion.
        if want == Want::Erasure && past_action && !own_data && !has(Meaning::AsksDeletion) {
            continue;
        }
        // Demands in a complaint about our act or another person may or may not be about the person's own data, and what
        // is to be taken back may or may not be what the person asked.
        let clear = asked && !back && (own_data || !about_others && (!past_action || want == Want::Erasure));
        for right in rights(want, &plain, law) {
            let entry = if clear { (Ask::Right(right), None) } else { (Ask::Inquiry(Inquiry::Other), Some(right)) };
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    found
}

/// The rights that a want means under the law the mail names; Japan's where it names none.
fn rights(want: Want, sentence: &str, law: Option<Regime>) -> Vec<Right> {
    let has = |meaning: Meaning| PATTERNS.has(meaning, sentence);
    let law = law.unwrap_or(Regime::Appi);
    let by_law = |appi, gdpr, ccpa| match law {
        Regime::Gdpr => vec![gdpr],
        Regime::Ccpa => vec![ccpa],
        Regime::Appi | Regime::X | Regime::Youtube => vec![appi],
    };
    match want {
        Want::Purpose => by_law(Right::AppiPurposeNotice, Right::GdprAccess, Right::CcpaKnow),
        Want::ProvisionRecords => by_law(Right::AppiProvisionRecords, Right::GdprAccess, Right::CcpaKnow),
        Want::Access => by_law(Right::AppiDisclosure, Right::GdprAccess, Right::CcpaKnow),
        Want::Portability => by_law(Right::AppiDisclosure, Right::GdprPortability, Right::CcpaKnow),
        Want::Correction => by_law(Right::AppiCorrection, Right::GdprRectification, Right::CcpaCorrect),
        Want::StopProvision => by_law(Right::AppiProvisionCessation, Right::GdprRestriction, Right::CcpaOptOut),
        Want::OptOut => by_law(Right::AppiProvisionCessation, Right::GdprObjection, Right::CcpaOptOut),
        Want::Restriction => by_law(cessation(sentence), Right::GdprRestriction, Right::CcpaOptOut),
        Want::Objection => by_law(cessation(sentence), Right::GdprObjection, Right::CcpaOptOut),
        Want::HumanReview => by_law(Right::AppiCorrection, Right::GdprHumanReview, Right::CcpaCorrect),
        Want::Erasure => {
            let mut rights = Vec::new();
            if has(Meaning::XContent) {
                rights.push(Right::XContentDeletion);
            }
            if has(Meaning::YoutubeContent) {
                rights.push(Right::YoutubeDeletion);
            }
            if rights.is_empty() || has(Meaning::PersonalData) {
                rights.extend(by_law(cessation(sentence), Right::GdprErasure, Right::CcpaDelete));
            }
            rights
        }
    }
}

/// Which ground of APPI 35 the words name; without one, the first, whose clocks are the same.
fn cessation(sentence: &str) -> Right {
    if PATTERNS.has(Meaning::Needless, sentence) && !PATTERNS.has(Meaning::Violation, sentence) {
        Right::AppiNeedlessOrHarmful
    } else {
        Right::AppiCessation
    }
}

#[cfg(test)]
#[path = "classify/tests.rs"]
mod tests;
