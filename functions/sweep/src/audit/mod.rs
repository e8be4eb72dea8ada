//! The nightly audit: records, platforms and promises compared, and a report of it.
//!
//! [`night`] runs ten checks, a file each, one after another and each on its own: one that fails hides no other. Each
//! is a walk of pages with a checkpoint between any two, so that a night that dies goes on where it stopped. What they
//! find is counts and keys; [`report`] makes figures, a page and a short mail of it.

pub mod accounts;
pub mod check;
pub mod digest;
pub mod missed;
pub mod night;
pub mod outbound;
pub mod pending;
pub mod reconcile;
pub mod rejudge;
pub mod report;
pub mod requests;
pub mod retention;
pub mod rule_health;

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::{Deserialize, Serialize};

use crate::sweeper::Sweeper;
use night::Progress;

/// When the lease of another start has ended, if it shows no sign of life.
const ONCE_IT_ENDED: Duration = Duration::from_secs(night::LEASE.as_secs().unsigned_abs() + 60);

/// What the next invocation goes on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// When the night's audit was due.
    pub due: Timestamp,
}

/// The audit of one night, until the deadline; what is left by then is chained through the queue.
///
/// # Errors
/// The store's, the bucket's or the mail's.
pub async fn run<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    due: Timestamp,
    deadline: Timestamp,
) -> Result<()> {
    let progress = night::run(sweeper, night::date_of(due), deadline).await?;
    tracing::info!(outcome = ?progress, "audit");
    let after = match progress {
        Progress::TimeOver => Duration::ZERO,
        // The other start may have died, and then nobody else goes on.
        Progress::Held => ONCE_IT_ENDED,
        Progress::Reported | Progress::AlreadyReported => return Ok(()),
    };
    let work = crate::work::Work::Audit(Work { due });
    sweeper.queue.send(&serde_json::to_string(&work)?, after).await?;
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
