//! X: webhook deliveries and moderation calls.

pub mod parse;
mod post;
pub mod verify;
