//! Walks a part of a list that was left for later, page by page, each recorded before the next is asked for.

use casework::ledger::{Lease, LedgerError};
use casework::platform::PlatformError;
use casework::quota::Spender;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue as Messages;
use platforms::TokenSource;
use platforms::youtube::list::Threads;
use rules::Platform;
use store::{Backlog, Purpose, SweepNote};

use super::halt::Halt;
use super::record::Item;
use super::threads::{REPLIES, queue};
use super::x;
use crate::sweeper::Sweeper;

/// How often a part begins anew without coming further before it waits for a later poll, and how often the replies of a
/// thread may be refused.
const RESTARTS: u32 = 3;

/// Who spends on YouTube for a part of a list.
pub(crate) fn spender(backlog: &Backlog) -> Spender {
    match backlog.purpose {
        Purpose::Backlog if backlog.list.starts_with(REPLIES) => Spender::Replies,
        Purpose::Backlog => Spender::Backlog,
        Purpose::Window => Spender::Window,
        Purpose::Refresh => Spender::Refresh,
    }
}

/// The platform of a list.
fn platform(backlog: &Backlog) -> Platform {
    if backlog.list.starts_with("x.") { Platform::X } else { Platform::YouTube }
}

/// What one page left behind.
pub(crate) struct Walked {
    /// The next page.
    pub(crate) next: Option<String>,
    /// When the oldest on it was made.
    pub(crate) oldest: Option<Timestamp>,
    /// The oldest that could not be handed on.
    pub(crate) left_from: Option<Timestamp>,
}

/// Goes on with a part of a list until it ends, or the deadline; then the rest goes back to the queue.
pub(crate) async fn walk<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    asked: &Backlog,
    deadline: Timestamp,
) -> Result<(), LedgerError> {
    let platform = platform(asked);
    let account = sweeper.account(platform);
    if let Some(why) = sweeper.stopped(platform).await? {
        tracing::info!(reason = why, "backlog waits");
        return Ok(());
    }
    let Some((mut backlog, lease)) = sweeper.store.take_backlog(&account, asked, sweeper.now()).await? else {
        return Ok(());
    };
    match pages(sweeper, &mut backlog, &lease, deadline).await {
        Ok(()) => {
            if backlog.purpose == Purpose::Refresh {
                sweeper.store.note_sweep(&account, &backlog.list, SweepNote::Refreshed, sweeper.now()).await?;
            }
            sweeper.store.end_backlog(&account, &backlog, &lease).await
        }
        Err(halt) => {
            sweeper.store.move_backlog(&account, &backlog, &lease, true, sweeper.now()).await?;
            if matches!(halt, Halt::Deadline) {
                // Another invocation goes on at once: nothing is put off.
                sweeper.send(&backlog).await;
                return Ok(());
            }
            sweeper.settle(platform, &backlog.list, halt).await
        }
    }
}

async fn pages<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    backlog: &mut Backlog,
    lease: &Lease,
    deadline: Timestamp,
) -> Result<(), Halt> {
    let platform = platform(backlog);
    let account = sweeper.account(platform);
    loop {
        if sweeper.now() >= deadline {
            return Err(Halt::Deadline);
        }
        let page = match platform {
            Platform::X => x::walk_page(sweeper, backlog, deadline).await,
            Platform::YouTube => youtube_page(sweeper, backlog, deadline).await,
        };
        let walked = match page {
            Ok(walked) => walked,
            Err(Halt::PageExpired) if backlog.token.is_some() => {
                // From the top again, or from where time can be named; what is recorded is passed over.
                begin_anew(backlog, platform);
                if backlog.restarts > RESTARTS {
                    return Err(Halt::PageExpired);
                }
                sweeper.store.move_backlog(&account, backlog, lease, false, sweeper.now()).await?;
                continue;
            }
            // The list is gone, and with it all that could be found in it.
            Err(Halt::Gone) => return Ok(()),
            // Of one thread: it would be refused for ever. The thread is looked at again when it changes.
            Err(halt @ Halt::Platform(PlatformError::Permanent { .. })) if backlog.list.starts_with(REPLIES) => {
                backlog.restarts += 1;
                return if backlog.restarts < RESTARTS { Err(halt) } else { Ok(()) };
            }
            Err(halt) => return Err(halt),
        };
        if walked.left_from.is_some() {
            // The page comes again: nothing of it is passed over.
            return Err(Halt::Deadline);
        }
        backlog.pages += 1;
        if let Some(oldest) = walked.oldest
            && backlog.reached.is_none_or(|reached| oldest < reached)
        {
            (backlog.reached, backlog.restarts) = (Some(oldest), 0);
        }
        let below = |floor: Timestamp| walked.oldest.is_some_and(|oldest| oldest < floor);
        backlog.token = walked.next;
        if backlog.token.is_none() || backlog.floor.is_some_and(below) {
            return Ok(());
        }
        if !sweeper.store.move_backlog(&account, backlog, lease, false, sweeper.now()).await? {
            // Another took it over.
            return Err(Halt::Gone);
        }
    }
}

/// After a page token that is no longer good.
fn begin_anew(backlog: &mut Backlog, platform: Platform) {
    backlog.token = None;
    backlog.restarts += 1;
    if let Some(reached) = backlog.reached {
        backlog.upper = match platform {
            // X lists what was made before a whole second.
            Platform::X => reached + SignedDuration::from_secs(1),
            Platform::YouTube => reached,
        };
    }
}

async fn youtube_page<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    backlog: &Backlog,
    deadline: Timestamp,
) -> Result<Walked, Halt> {
    sweeper.spend_list(spender(backlog)).await?;
    let (token, now) = (backlog.token.as_deref(), sweeper.now());
    if let Some(thread) = backlog.list.strip_prefix(REPLIES) {
        let page = sweeper.platform.youtube_replies(&sweeper.accounts, thread, token, now).await?;
        let items: Vec<Item> = page.comments.into_iter().map(Item::from).collect();
        let tally = sweeper.record_all(items, deadline).await?;
        return Ok(Walked { next: page.next, oldest: None, left_from: tally.left_from });
    }
    let Some(queue) = queue(&backlog.list) else { return Err(Halt::Gone) };
    let of = Threads::Channel(&sweeper.accounts.youtube);
    let page = sweeper.platform.youtube_threads(&sweeper.accounts, of, queue, token, now).await?;
    let oldest = page.threads.last().map(|thread| thread.published_at);
    // Above the part that was left, everything is recorded.
    let threads = page.threads.into_iter().filter(|thread| thread.published_at <= backlog.upper).collect();
    let again = backlog.purpose == Purpose::Refresh;
    let gathered = sweeper.gather_threads(queue, threads, again, deadline).await?;
    let tally = sweeper.record_all(gathered.items, deadline).await?;
    let left = sweeper.mark_threads(queue, gathered.marks, tally.left_from).await?;
    match gathered.halted {
        // The thread is not marked: the walk of the last days finds it again.
        Some(halt) if halt.may_pass() => sweeper.settle(Platform::YouTube, REPLIES, halt).await?,
        // The page comes again.
        Some(halt) => return Err(halt),
        None => {}
    }
    Ok(Walked { next: page.next, oldest, left_from: left })
}
