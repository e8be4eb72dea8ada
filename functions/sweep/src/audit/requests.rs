//! Deadlines of data requests: each open file with the clock that presses most, as the desk's own alarms count it.

use anyhow::Result;
use casework::audit::Night;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use privacy::clocks::{Alarm, Clock, ClockError};
use privacy::law::{DeadlineClass, DeadlineKind};
use serde::{Deserialize, Serialize};
use store::requests::OpenFile;

use super::check::{Check, Walk};
use crate::sweeper::Sweeper;

/// Files that are read together.
const AT_ONCE: usize = 100;
/// Files that the report names, the most pressing first.
const MOST_NAMED: usize = 100;
/// Until the next report: what ends before it is near, however little of its time has gone.
const NEXT_NIGHT: SignedDuration = SignedDuration::from_hours(24);

/// What is promised to people who asked something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    /// Open requests.
    pub open: u64,
    /// Those with a deadline that has passed.
    pub late: u64,
    /// Those near one.
    pub near: u64,
    /// Open requests by their most pressing deadline, the most pressing first.
    pub named: Vec<Due>,
}

/// The most pressing deadline of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The request's number; never a name.
    pub request: String,
    /// What has to be done by then.
    pub deadline: DeadlineKind,
    /// The first instant that is too late.
    pub due: Timestamp,
    /// How much it presses.
    pub stage: Stage,
}

/// How much a deadline presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The clock stands still while the person has to act; the deadline moves on.
    Paused,
    /// Less than half of its time has gone.
    Running,
    /// Half of its time has gone.
    Half,
    /// Four fifths of its time have gone, or it ends before the next night.
    Near,
    /// It is too late.
    Late,
}

/// The check.
pub(super) struct Promised;

impl Walk for Promised {
    const CHECK: Check = Check::Requests;
    type Found = Requests;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Requests,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let page = sweeper.requests.open_files(place, AT_ONCE).await?;
        for file in &page.items {
            found.open += 1;
            let Some(due) = pressing(file, night.until)? else { continue };
            found.late += u64::from(due.stage == Stage::Late);
            found.near += u64::from(due.stage == Stage::Near);
            found.named.push(due);
        }
        found.named.sort_by_key(|due| (std::cmp::Reverse(due.stage), due.due));
        found.named.truncate(MOST_NAMED);
        Ok(page.next)
    }
}

/// The clock of a duty not yet met that presses most, and of those the one that ends first.
fn pressing(file: &OpenFile, now: Timestamp) -> Result<Option<Due>, ClockError> {
    let mut most: Option<Due> = None;
    let open = file.items.iter().filter(|item| !item.state.is_closed());
    for clock in open.flat_map(|item| item.clocks.iter()) {
        if clock.is_met() || clock.class() == DeadlineClass::Exposure {
            continue;
        }
        let (stage, due) = (stage(clock, now)?, clock.due(now)?);
        if most.as_ref().is_none_or(|most| (stage, most.due) > (most.stage, due)) {
            most = Some(Due { request: file.ticket.to_string(), deadline: clock.kind(), due, stage });
        }
    }
    Ok(most)
}

fn stage(clock: &Clock, now: Timestamp) -> Result<Stage, ClockError> {
    if clock.pauses().last().is_some_and(|pause| pause.to.is_none()) {
        return Ok(Stage::Paused);
    }
    Ok(match clock.alarm(now)? {
        Some(Alarm::Over) => Stage::Late,
        Some(Alarm::FourFifths) => Stage::Near,
        Some(Alarm::Half) | None if clock.due(now)? <= now + NEXT_NIGHT => Stage::Near,
        Some(Alarm::Half) => Stage::Half,
        None => Stage::Running,
    })
}
