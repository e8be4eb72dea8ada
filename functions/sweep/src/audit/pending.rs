//! What waits too long: actions that nobody takes up or that keep failing, and people's rulings and tasks.

use std::collections::BTreeMap;

use anyhow::Result;
use casework::account::Mode;
use casework::audit::{Night, Shelves, Waiting};
use casework::decision::PostKey;
use casework::ledger::{Accounts, ActionClaim, Actions, WaitsFor};
use casework::planned::{Action, ActionState, Outcome};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::TaskKind;
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk, keep};
use crate::sweeper::Sweeper;

/// From here on an action that is not done is late.
const LATE: SignedDuration = SignedDuration::from_hours(1);
/// From here on a person has to do it.
const HAND_OVER: SignedDuration = SignedDuration::from_hours(24);
/// What the report names.
const MOST_NAMED: usize = 30;

/// What waits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Actions that are not ended.
    pub unfinished: u64,
    /// Those that should have been done an hour ago or more.
    pub late: u64,
    /// Those that were put off at least once.
    pub retried: u64,
    /// Those handed to a person tonight, after a day.
    pub handed_over: u64,
    /// Late ones.
    pub late_named: Vec<Late>,
    /// Posts that wait for a ruling.
    pub reviews: u64,
    /// Work by hand that waits, by kind.
    pub tasks: BTreeMap<String, u64>,
    /// Hours that the longest of both has waited.
    pub longest_hours: u64,
    /// What waited for more than a day.
    pub over_a_day: u64,
    /// Those that waited longest.
    pub named: Vec<Longest>,
}

/// An action that is late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Late {
    /// The post.
    pub post: PostKey,
    /// What was to be done.
    pub action: String,
    /// Hours since it was decided.
    pub hours: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was not done, where that is known.
    pub reason: Option<String>,
    /// Whether it was handed to a person now.
    pub handed_over: bool,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Longest {
    /// The post.
    pub post: PostKey,
    /// `ruling`, or the kind of work.
    pub waits_for: String,
    /// Since when.
    pub since: Timestamp,
    /// The clause that led, where one did.
    pub clause: Option<String>,
}

/// The check.
pub(super) struct Wait;

impl Walk for Wait {
    const CHECK: Check = Check::Pending;
    type Found = Pending;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Pending,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        match place.and_then(|place| place.strip_prefix("waiting ")) {
            None => {
                let from = place.and_then(|place| place.strip_prefix("actions "));
                let page = sweeper.store.unfinished(from).await?;
                for action in &page.items {
                    unfinished(sweeper, night, action, found).await?;
                }
                // The second walk begins where the first one ends.
                Ok(Some(page.next.map_or_else(|| "waiting ".to_owned(), |next| format!("actions {next}"))))
            }
            Some(from) => {
                let page = sweeper.store.waiting(Some(from).filter(|from| !from.is_empty())).await?;
                for waiting in page.items {
                    waits(night, waiting, found);
                }
                match page.next {
                    Some(next) => Ok(Some(format!("waiting {next}"))),
                    None => {
                        name_clauses(sweeper, found).await?;
                        Ok(None)
                    }
                }
            }
        }
    }
}

async fn unfinished<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    action: &Action,
    found: &mut Pending,
) -> Result<()> {
    found.unfinished += 1;
    found.retried += u64::from(action.attempts + action.repeats > 0);
    let decided_at = sweeper.store.decided_at(&action.key).await?.unwrap_or(action.due_at);
    let age = night.until.duration_since(decided_at);
    if age < LATE {
        return Ok(());
    }
    found.late += 1;
    let handed_over = age >= HAND_OVER && hand_over(sweeper, action, age).await?;
    found.handed_over += u64::from(handed_over);
    let late = Late {
        post: action.key.post.clone(),
        action: action.key.kind.key().to_owned(),
        hours: hours(age),
        attempts: action.attempts,
        reason: action.outcome.clone(),
        handed_over,
    };
    keep(&mut found.late_named, MOST_NAMED, late);
    Ok(())
}

/// Ends an action that a day did not get done, and opens the work by hand; not while its account stands still.
async fn hand_over<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    action: &Action,
    age: SignedDuration,
) -> Result<bool> {
    let now = sweeper.now();
    let account = sweeper.store.account(&action.account).await?;
    let stands_still = account.mode != Mode::Active
        || account.disconnected.is_some()
        || account.spending_stopped.is_some()
        || account.stopped_until.is_some_and(|until| until > now);
    if stands_still || action.state != ActionState::Pending || action.due_at > now {
        return Ok(false);
    }
    match sweeper.store.claim_action(&action.key, now).await? {
        ActionClaim::Won(action, lease) => {
            let reason = format!("not done within {} hours", hours(age));
            let outcome = Outcome::HandedOver { reason, task: TaskKind::CheckOutcome };
            sweeper.store.record_outcome(&action, &lease, &outcome, now).await?;
            Ok(true)
        }
        ActionClaim::Superseded(action, lease) => {
            let outcome = Outcome::Cancelled { reason: "a newer decision took its place".to_owned() };
            sweeper.store.record_outcome(&action, &lease, &outcome, now).await?;
            Ok(false)
        }
        ActionClaim::NotDue => Ok(false),
    }
}

fn waits(night: &Night, waiting: Waiting, found: &mut Pending) {
    let age = night.until.duration_since(waiting.since);
    let waits_for = match waiting.waits_for {
        WaitsFor::Ruling(_) => {
            found.reviews += 1;
            "ruling".to_owned()
        }
        WaitsFor::Task(task) => {
            *found.tasks.entry(task.key().to_owned()).or_default() += 1;
            task.key().to_owned()
        }
    };
    found.longest_hours = found.longest_hours.max(hours(age));
    found.over_a_day += u64::from(age >= SignedDuration::from_hours(24));
    found.named.push(Longest { post: waiting.post, waits_for, since: waiting.since, clause: None });
    found.named.sort_by_key(|one| one.since);
    found.named.truncate(MOST_NAMED);
}

async fn name_clauses<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    found: &mut Pending,
) -> Result<()> {
    for one in &mut found.named {
        let decision = sweeper.store.newest_decision(&one.post).await?;
        one.clause = decision.and_then(|decision| decision.clause()).map(|clause| clause.key().to_owned());
    }
    Ok(())
}

fn hours(age: SignedDuration) -> u64 {
    u64::try_from(age.as_hours()).unwrap_or(0)
}
