//! YouTube: the newest of the three lists, and what is to be read besides.

use casework::ledger::LedgerError;
use casework::quota::Spender;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue as Messages;
use platforms::TokenSource;
use platforms::youtube::list::{Queue, Threads};
use rules::Platform;
use store::{Backlog, Purpose, SweepNote, Watermark};

use super::backlog::spender;
use super::halt::Halt;
use super::threads::list;
use crate::sweeper::Sweeper;

/// Pages that one poll reads of a list; the rest is left for later.
const PAGES: usize = 3;
/// How far behind its watermark a list is read again: lists lag, and clocks differ.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// How often the last days are read again for edits and replies, and how far back.
const WINDOW_EVERY: SignedDuration = SignedDuration::from_mins(60);
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Between the end of one refresh of everything and the begin of the next: with the time it takes, less than the 30
/// days that content may be kept without one.
const REFRESH_EVERY: SignedDuration = SignedDuration::from_hours(15 * 24);
/// Backlog that nobody worked on for so long is taken up again.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// One poll of YouTube.
pub(crate) async fn poll<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    deadline: Timestamp,
) -> Result<(), LedgerError> {
    if let Some(why) = sweeper.stopped(Platform::YouTube).await? {
        tracing::info!(reason = why, "YouTube is not polled");
        lambda_kit::metrics::put_off(Platform::YouTube.key(), "stopped");
        return Ok(());
    }
    for queue in Queue::ALL {
        if let Err(halt) = head(sweeper, queue, deadline).await {
            let stops = matches!(&halt, Halt::Platform(_) | Halt::Quota | Halt::Deadline);
            sweeper.settle(Platform::YouTube, list(queue), halt).await?;
            if stops && sweeper.stopped(Platform::YouTube).await?.is_some() {
                return Ok(());
            }
        }
    }
    match plan(sweeper).await {
        Ok(()) => Ok(()),
        Err(halt) => sweeper.settle(Platform::YouTube, list(Queue::Published), halt).await,
    }
}

/// The newest of one list, down to its watermark or as far as one poll goes.
async fn head<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    queue: Queue,
    deadline: Timestamp,
) -> Result<(), Halt> {
    let (account, started) = (sweeper.account(Platform::YouTube), sweeper.now());
    let mark = sweeper.store.watermark(&account, list(queue)).await?;
    if mark.wait_until.is_some_and(|until| until > started) {
        return Err(Halt::Rested);
    }
    let floor = mark.done.map(|done| done - OVERLAP);
    let mut threads = Vec::new();
    let mut token: Option<String> = None;
    let mut pages = 0;
    let mut halted = None;
    let rest = loop {
        if sweeper.now() >= deadline {
            break token;
        }
        match sweeper.spend_list(Spender::New).await {
            Ok(()) => {}
            Err(Halt::Quota) if pages > 0 => break token,
            Err(halt) => return Err(halt),
        }
        let of = Threads::Channel(&sweeper.accounts.youtube);
        let page = sweeper.platform.youtube_threads(&sweeper.accounts, of, queue, token.as_deref(), sweeper.now());
        let page = match page.await.map_err(Halt::from) {
            Ok(page) => page,
            Err(halt) => {
                halted = Some(halt);
                break None;
            }
        };
        pages += 1;
        let reached = page.threads.last().is_some_and(|last| floor.is_some_and(|floor| last.published_at < floor));
        threads.extend(page.threads);
        token = page.next;
        if token.is_none() || reached {
            break None;
        }
        if pages == PAGES {
            break token;
        }
    };
    let oldest = threads.last().map_or(started, |thread| thread.published_at);
    let gathered = sweeper.gather_threads(queue, threads, false, deadline).await?;
    let tally = sweeper.record_all(gathered.items, deadline).await?;
    let left = sweeper.mark_threads(queue, gathered.marks, tally.left_from).await?;
    // What was read is recorded all the same; the watermark stays.
    if let Some(halt) = halted.or(gathered.halted) {
        return Err(halt);
    }
    if left.is_some() || pages == 0 {
        // What was recorded is marked; the next poll goes on with the rest.
        return Err(Halt::Deadline);
    }
    if let Some(token) = rest {
        let backlog = Backlog {
            list: list(queue).to_owned(),
            purpose: Purpose::Backlog,
            opened_at: started,
            upper: oldest,
            floor,
            token: Some(token),
            reached: None,
            pages: 0,
            restarts: 0,
        };
        sweeper.store.leave_for_later(&account, &backlog, started).await?;
    }
    // Only now: whatever fails before leaves the watermark where it was, and all of it is read again.
    sweeper.store.move_watermark(&account, list(queue), started, started).await?;
    Ok(())
}

/// Begins what is due of windows and refreshes, and wakes what waits.
async fn plan<T: TokenSource, O: Objects, Q: Messages>(sweeper: &Sweeper<T, O, Q>) -> Result<(), Halt> {
    let (account, now) = (sweeper.account(Platform::YouTube), sweeper.now());
    let published = list(Queue::Published);
    let mark = sweeper.store.watermark(&account, published).await?;
    let open = sweeper.store.backlogs(&account).await?;
    let has =
        |purpose: Purpose| open.iter().any(|(backlog, _)| backlog.list == published && backlog.purpose == purpose);
    if let Some(note) = due(&mark, has(Purpose::Window), has(Purpose::Backlog) || has(Purpose::Refresh), now) {
        let (purpose, floor) = match note {
            SweepNote::Wide => (Purpose::Window, Some(now - WINDOW)),
            SweepNote::Refreshed | SweepNote::WaitUntil => (Purpose::Refresh, None),
        };
        let walk = Backlog {
            list: published.to_owned(),
            purpose,
            opened_at: now,
            upper: now,
            floor,
            token: None,
            reached: None,
            pages: 0,
            restarts: 0,
        };
        sweeper.store.leave_for_later(&account, &walk, now).await?;
        sweeper.store.note_sweep(&account, published, note, now).await?;
    }
    sweeper.wake(Platform::YouTube, QUIET).await
}

/// Which walk is to begin: that of the last days, or that of everything.
fn due(mark: &Watermark, window: bool, refreshing: bool, now: Timestamp) -> Option<SweepNote> {
    let over =
        |last: Option<Timestamp>, every: SignedDuration| last.is_none_or(|last| now.duration_since(last) >= every);
    if !window && over(mark.wide_at, WINDOW_EVERY) {
        return Some(SweepNote::Wide);
    }
    // The very first poll leaves everything for later anyway.
    (!refreshing && mark.done.is_some() && over(mark.refreshed_at, REFRESH_EVERY)).then_some(SweepNote::Refreshed)
}

impl<T: TokenSource, O: Objects, Q: Messages> Sweeper<T, O, Q> {
    /// Puts what waits on the queue, unless somebody worked on it a moment ago or the day has nothing left for it.
    pub(crate) async fn wake(&self, platform: Platform, quiet: SignedDuration) -> Result<(), Halt> {
        let now = self.now();
        for (backlog, touched) in self.store.backlogs(&self.account(platform)).await? {
            // What was left a moment ago is new.
            if touched != now && now.duration_since(touched) < quiet {
                continue;
            }
            if platform == Platform::YouTube && !self.could_spend(spender(&backlog)).await? {
                lambda_kit::metrics::put_off(platform.key(), "quota");
                continue;
            }
            self.send(&backlog).await;
        }
        Ok(())
    }

    /// Hands a part to a later invocation. If the queue does not take it, a later poll finds it in the table.
    pub(crate) async fn send(&self, backlog: &Backlog) {
        let work = crate::work::Work::Poll(super::Work { backlog: backlog.clone() });
        let sent = match serde_json::to_string(&work) {
            Ok(body) => self.queue.send(&body, std::time::Duration::ZERO).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = sent {
            tracing::warn!(error, "chained work not queued: a later poll finds it");
        }
    }
}
