//! The poll: what the platforms list and no webhook brings, handed to the same judgement as the webhook's posts.

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::{Deserialize, Serialize};

use crate::sweeper::Sweeper;

/// What the next invocation goes on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {}

/// One poll of both platforms, until the deadline.
///
/// # Errors
/// The store's.
pub async fn run<T: TokenSource, O: Objects, Q: Queue>(_: &Sweeper<T, O, Q>, _: Timestamp) -> Result<()> {
    Ok(())
}

/// Goes on with what an earlier poll had no time for.
///
/// # Errors
/// As [`run`].
pub async fn go_on<T: TokenSource, O: Objects, Q: Queue>(_: &Sweeper<T, O, Q>, _: Work, _: Timestamp) -> Result<()> {
    Ok(())
}
