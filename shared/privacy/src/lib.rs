//! Privacy requests and inquiries: rights and deadlines, mail, letters, identity and proof. Knows no network and no
//! clock, and the store only as a port; random bytes for codes and salts are its only other outside.
//!
//! Read in the order in which a request goes: [`mail`] reads it and decides whether an automatic answer may go out,
//! [`classify`] tells what is asked, [`law`] and [`clocks`] say what holds and until when, [`identity`] what must be
//! shown, [`letters`] answers, [`chain`] keeps the proof. [`file`] is the state that all of it leaves
//! behind, [`desk`] the steps that lead there, and [`carry`] those that carry out what was granted. [`registry`] knows
//! every place that holds personal data, [`package`] shows what is held, [`erasure`] keeps what has to be remembered of
//! an erasure, [`proof`] closes each day over all chains, and [`incident`] counts the days after a leak.

pub mod carry;
pub mod chain;
pub mod classify;
pub mod clocks;
pub mod desk;
pub mod erasure;
pub mod file;
pub mod identity;
pub mod incident;
pub mod law;
pub mod letters;
pub mod mail;
pub mod package;
pub mod proof;
pub mod registry;

/// A value of a closed list as the files spell it.
pub(crate) fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The head of a text, cut between two characters; `limit` in bytes.
pub(crate) fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
