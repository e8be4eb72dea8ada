//! X: webhook deliveries, lists and moderation calls.

pub(crate) mod act;
mod call;
pub(crate) mod fetch;
pub mod list;
pub mod parse;
mod post;
mod problem;
pub(crate) mod public;
pub mod verify;
