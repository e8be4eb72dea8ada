//! One night: the ten checks one after another, each from its checkpoint, then the report. Started twice it reports
//! once; killed anywhere, the next start goes on.

use anyhow::{Result, bail};
use casework::audit::{Night, Nights, Note, NoteState, Start};
use casework::ledger::LedgerError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;

use super::check::{Check, Walk};
use super::{
    accounts, digest, missed, outbound, pending, reconcile, rejudge, report, requests, retention, rule_health,
};
use crate::sweeper::Sweeper;

/// How long others are kept off after the last sign of life: longer than the function may run.
pub const LEASE: SignedDuration = SignedDuration::from_mins(6);

/// How far an invocation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Reported.
    Reported,
    /// Reported before, by an earlier start.
    AlreadyReported,
    /// Another start is at it.
    Held,
    /// The time is over; the rest is left to the next invocation.
    TimeOver,
}

/// The day in Tokyo on whose morning a night that was due then is read.
pub fn date_of(due: Timestamp) -> Date {
    jiff::tz::offset(9).to_datetime(due).date()
}

/// Does as much of a night as the deadline allows.
///
/// # Errors
/// When the night's own notes can't be read or written, or the report can't be kept. What a check meets is its own
/// affair, and told in the report.
pub async fn run<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    date: Date,
    deadline: Timestamp,
) -> Result<Progress> {
    let now = sweeper.now();
    let night = match sweeper.store.start_night(date, now, now + LEASE).await? {
        Start::Ours(night) => night,
        Start::Held(_) => return Ok(Progress::Held),
        Start::Reported => return Ok(Progress::AlreadyReported),
    };
    let progress = work(sweeper, &night, deadline).await;
    // The next start need not wait; where this fails, the lease ends by itself.
    if !matches!(progress, Ok(Progress::Reported))
        && let Err(error) = sweeper.store.release_night(&night, sweeper.now()).await
    {
        tracing::warn!(%error, "the night was not given back");
    }
    progress
}

/// What is left of a night that is ours.
async fn work<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    deadline: Timestamp,
) -> Result<Progress> {
    if !night.written {
        let notes = sweeper.store.notes(night.date).await?;
        for check in Check::ALL {
            let note = notes.iter().find(|note| note.check == check.key()).cloned();
            if !dispatch(sweeper, night, check, note, deadline).await? {
                return Ok(Progress::TimeOver);
            }
        }
    }
    report::write(sweeper, night).await?;
    Ok(Progress::Reported)
}

async fn dispatch<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    check: Check,
    note: Option<Note>,
    deadline: Timestamp,
) -> Result<bool> {
    match check {
        Check::Missed => walk::<missed::Miss, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Rejudged => walk::<rejudge::Rejudge, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Reconciled => walk::<reconcile::Reconcile, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Pending => walk::<pending::Wait, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Outbound => walk::<outbound::Own, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Retention => walk::<retention::Retain, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Requests => walk::<requests::Promised, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Rules => walk::<rule_health::RuleHealth, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Accounts => walk::<accounts::Stand, T, O, Q>(sweeper, night, note, deadline).await,
        Check::Digest => walk::<digest::Listen, T, O, Q>(sweeper, night, note, deadline).await,
    }
}

/// Walks one check from its checkpoint; `false` when the time is over before it ends. A check that fails is noted as
/// failed, and hides no other.
async fn walk<W: Walk, T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    note: Option<Note>,
    deadline: Timestamp,
) -> Result<bool> {
    let fresh = || Note {
        check: W::CHECK.key().to_owned(),
        state: NoteState::Running,
        place: None,
        found: "null".to_owned(),
        worked_ms: 0,
        starts: 0,
    };
    let mut note = note.unwrap_or_else(fresh);
    match note.state {
        NoteState::Done | NoteState::Failed(_) => return Ok(true),
        NoteState::Running => note.starts += 1,
    }
    let mut found: W::Found = serde_json::from_str::<Option<W::Found>>(&note.found)?.unwrap_or_default();
    loop {
        if sweeper.now() >= deadline {
            return Ok(false);
        }
        let began = std::time::Instant::now();
        let page = W::page(sweeper, night, &mut found, note.place.as_deref()).await;
        note.worked_ms += u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match page {
            Ok(Some(next)) => note.place = Some(next),
            Ok(None) => {
                note.place = None;
                note.state = NoteState::Done;
            }
            Err(error) => {
                tracing::error!(kind = W::CHECK.key(), error = format!("{error:#}"), "check failed");
                note.state = NoteState::Failed(format!("{error:#}"));
            }
        }
        note.found = serde_json::to_string(&found)?;
        match sweeper.store.note(night, &note, sweeper.now() + LEASE).await {
            Ok(()) => {}
            Err(LedgerError::Conflict(reason)) => bail!("{reason}"),
            Err(error) => return Err(error.into()),
        }
        if note.state != NoteState::Running {
            return Ok(true);
        }
    }
}
