//! YouTube: WebSub notices, comments and moderation calls.

mod comment;
mod feed;
pub mod parse;
pub mod verify;
