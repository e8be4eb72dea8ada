//! YouTube: WebSub notices, comments, lists and moderation calls.

pub(crate) mod act;
mod call;
mod comment;
mod feed;
pub(crate) mod fetch;
pub mod hub;
pub mod list;
pub mod parse;
mod problem;
pub(crate) mod public;
pub mod verify;
