//! The nightly audit through the real function: every check finds what it is there for, a night reports once and goes
//! on after a death, and one failing check hides no other.

#![allow(clippy::unwrap_used, reason = "tests")]

mod accounts;
mod corrections;
mod digest;
mod missed;
mod nights;
mod own_posts;
mod pending;
mod reconciled;
mod rejudged;
mod report;
mod requests;
mod retention;
mod rule_health;
mod support;
