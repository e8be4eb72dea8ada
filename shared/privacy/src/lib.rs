//! Privacy requests and inquiries: rights and deadlines, mail, letters, identity and proof. Knows no store, no network
//! and no clock; random bytes for codes and salts are its only outside.
//!
//! Read in the order in which a request goes: [`mail`] reads it and decides whether an automatic answer may go out,
//! [`classify`] tells what is asked, [`law`] and [`clocks`] say what holds and until when, [`identity`] what must be
//! shown, [`letters`] answers, [`chain`] keeps the proof. [`registry`] knows every place that holds personal data,
//! [`package`] shows what is held, [`erasure`] keeps what has to be remembered of an erasure, [`proof`] closes each day
//! over all chains, and [`incident`] counts the days after a leak.

pub mod chain;
pub mod classify;
pub mod clocks;
pub mod erasure;
pub mod identity;
pub mod incident;
pub mod law;
pub mod letters;
pub mod mail;
pub mod package;
pub mod proof;
pub mod registry;
