//! The poll: what the platforms list and no webhook brings, handed to the same judgement as the webhook's posts.
//!
//! Read [`x`] and [`youtube`] first: which lists, and how far. Both hand what they find to [`record`], oldest first,
//! and move a list's watermark only when all of it is recorded; so a crash repeats a page and skips none, and a repeat
//! costs one conditional write. What is too much for one poll lies in the table as backlog, which [`backlog`] walks
//! page by page, woken through the queue. [`planner`] says who may spend what of a day; [`halt`] notes why something
//! stopped. [`websub`] and [`webhook`] keep the two pushes alive.

mod backlog;
mod halt;
mod names;
mod planner;
mod query;
mod record;
mod threads;
mod webhook;
mod websub;
mod x;
mod youtube;

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::{Deserialize, Serialize};
use store::Backlog;

use crate::sweeper::Sweeper;

/// What the next invocation goes on with. The table knows how far it came; this names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// A part of a list that was left for later.
    pub backlog: Backlog,
}

/// One poll of both platforms, until the deadline. Neither keeps the other back.
///
/// # Errors
/// The store's.
pub async fn run<T: TokenSource, O: Objects, Q: Queue>(sweeper: &Sweeper<T, O, Q>, deadline: Timestamp) -> Result<()> {
    let (x, youtube) = tokio::join!(Box::pin(x::poll(sweeper, deadline)), Box::pin(youtube::poll(sweeper, deadline)));
    let kept = [websub::keep(sweeper).await, webhook::keep(sweeper).await];
    for result in [x, youtube].into_iter().chain(kept) {
        result?;
    }
    Ok(())
}

/// Goes on with what an earlier poll had no time for.
///
/// # Errors
/// The store's.
pub async fn go_on<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    work: Work,
    deadline: Timestamp,
) -> Result<()> {
    Ok(backlog::walk(sweeper, &work.backlog, deadline).await?)
}
