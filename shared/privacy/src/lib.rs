//! Privacy requests and inquiries: rights and deadlines, mail, letters, identity and proof. Knows no network and no
//! clock, and the store only as a port; random bytes for codes and salts are its only other outside.
//!
//! Read in the order in which a request goes: [`mail`] reads it and decides whether an automatic answer may go out,
//! [`classify`] tells what is asked, [`law`] and [`clocks`] say what holds and until when, [`identity`] what must be
//! shown, [`letters`] answers, [`chain`] keeps the proof. [`file`] is the state that all of it leaves
//! behind, and [`desk`] the steps that lead there.

pub mod chain;
pub mod classify;
pub mod clocks;
pub mod desk;
pub mod file;
pub mod identity;
pub mod law;
pub mod letters;
pub mod mail;
