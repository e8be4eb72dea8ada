//! The functions' own binaries in a deployed stack: the template's resources in moto, an AWS on loopback, under the
//! variables that the template gives them. Run by `tests/run`, which brings moto and builds the binaries.
#![cfg(feature = "deployed")]
#![allow(clippy::unwrap_used, reason = "tests")]

mod a_mail_is_answered_by_a_letter;
mod a_night_is_reported;
mod a_signed_event_is_decided_and_done;
mod account;
