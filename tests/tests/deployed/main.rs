//! The functions' own binaries in a deployed stack: the template's resources in moto, an AWS on loopback, under the
//! variables that the template gives them. Run by `tests/run`, which brings moto and builds the binaries.
#![cfg(feature = "deployed")]
#![allow(clippy::unwrap_used, reason = "tests")]

mod a_signed_event_is_decided_and_done;
mod account;
