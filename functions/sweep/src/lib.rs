//! Finds what no webhook brings, and checks every night what was promised.
//!
//! One function, woken three ways ([`handler`]): by a schedule of minutes with `{"mode":"poll"}`, by a nightly one
//! with `{"mode":"audit"}`, and by its own queue with a [`work`] item that an earlier invocation had no time for.
//! [`poll`] reads what the platforms list and hands every post to the same judgement as the webhook; [`audit`] compares
//! records, platforms and promises, and reports.

pub mod audit;
pub mod deployed;
pub mod handler;
pub mod poll;
pub mod settings;
pub mod sweeper;
pub mod work;

pub use sweeper::Sweeper;
