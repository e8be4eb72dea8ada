//! Privacy requests and inquiries: rights and deadlines, mail, letters, identity and proof. Pure: no I/O, no clock.

pub mod classify;
pub mod clocks;
pub mod identity;
pub mod law;
pub mod mail;
