//! The nightly audit: records, platforms and promises compared, and a report of it.

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::{Deserialize, Serialize};

use crate::sweeper::Sweeper;

/// What the next invocation goes on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// When the night's audit was due.
    pub due: Timestamp,
}

/// The audit of one night, until the deadline.
///
/// # Errors
/// The store's.
pub async fn run<T: TokenSource, O: Objects, Q: Queue>(
    _sweeper: &Sweeper<T, O, Q>,
    _due: Timestamp,
    _deadline: Timestamp,
) -> Result<()> {
    Ok(())
}

/// Goes on with the audit of a night.
///
/// # Errors
/// As [`run`].
pub async fn go_on<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    work: Work,
    deadline: Timestamp,
) -> Result<()> {
    run(sweeper, work.due, deadline).await
}
