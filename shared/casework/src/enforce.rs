//! Planned actions, from their claim to their recorded outcome: claim, ask, reserve, perform, record.
//!
//! Never waits: what must wait gets a new `due_at`, and the schedule of one minute drains what is due.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rules::{ActionKind, Platform, TaskKind};

use crate::account::{AccountKey, AccountStop, Mode};
use crate::ledger::{Accounts, ActionClaim, Actions, Budget, Lease, LedgerError};
use crate::planned::{Action, ActionKey, Outcome};
use crate::platform::{Effect, Moderation, Need, PlatformError, Target};

/// After this many failed attempts a person has to look.
const MAX_ATTEMPTS: u32 = 8;

/// Our own limits, below the platforms'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Restricting actions per account, kind and day (in Tokyo).
    pub daily_caps: BTreeMap<ActionKind, u32>,
    /// Calls per account, kind and window.
    pub budgets: BTreeMap<(Platform, ActionKind), Budget>,
    /// Rules that may not act: what they asked for before, and nobody did yet, goes back to review.
    pub demoted: BTreeSet<String>,
}

/// One action, and how it ended or why its outcome could not be recorded.
pub type Attempt = (ActionKey, Result<Option<Outcome>, LedgerError>);

/// An action that we hold.
struct Held {
    action: Action,
    lease: Lease,
}

/// Performs the actions of the given keys, batched per account and kind, in the order of their first. Each batch is
/// claimed when its turn comes, so that what is not reached by `until`, or by a sandbox that dies, stays as it was and
/// is found again. `None` as an outcome means that the action was not due or is held by another. After an error the
/// action waits for its next try, or for the end of its lease.
pub async fn enforce<S: Actions + Accounts, M: Moderation>(
    store: &S,
    platform: &M,
    limits: &Limits,
    keys: Vec<ActionKey>,
    until: Timestamp,
    clock: impl Fn() -> Timestamp + Send,
) -> Vec<Attempt> {
    let mut attempts = Vec::with_capacity(keys.len());
    for batch in batches(platform, keys) {
        if clock() > until {
            break;
        }
        let kind = batch[0].kind;
        let mut accounts: BTreeMap<AccountKey, Vec<Held>> = BTreeMap::new();
        for key in batch {
            match store.claim_action(&key, clock()).await {
                Ok(ActionClaim::Won(action, lease)) => {
                    let held = Held { action: *action, lease };
                    accounts.entry(held.action.account.clone()).or_default().push(held);
                }
                Ok(ActionClaim::Superseded(action, lease)) => {
                    let held = Held { action: *action, lease };
                    let outcome = Outcome::Cancelled { reason: "a newer decision took its place".to_owned() };
                    attempts.push(finish(store, held, outcome, clock()).await);
                }
                Ok(ActionClaim::NotDue) => attempts.push((key, Ok(None))),
                Err(error) => attempts.push((key, Err(error))),
            }
        }
        for (account, held) in accounts {
            attempts.extend(enforce_batch(store, platform, limits, &account, kind, held, clock()).await);
        }
    }
    attempts
}

/// Keys that one call may take together: of one platform and kind, and no more than it takes.
fn batches<M: Moderation>(platform: &M, keys: Vec<ActionKey>) -> Vec<Vec<ActionKey>> {
    let mut batches: Vec<Vec<ActionKey>> = Vec::new();
    for key in keys {
        let (on, kind) = (key.post.platform, key.kind);
        let most = platform.batch(on, kind);
        let fits =
            |batch: &&mut Vec<ActionKey>| batch.len() < most && batch[0].post.platform == on && batch[0].kind == kind;
        match batches.iter_mut().find(fits) {
            Some(batch) => batch.push(key),
            None => batches.push(vec![key]),
        }
    }
    batches
}

/// One call's worth of actions of one account and kind.
async fn enforce_batch<S: Actions + Accounts, M: Moderation>(
    store: &S,
    platform: &M,
    limits: &Limits,
    account: &AccountKey,
    kind: ActionKind,
    held: Vec<Held>,
    now: Timestamp,
) -> Vec<Attempt> {
    let state = match store.account(account).await {
        Ok(state) => state,
        Err(error) => {
            let mut attempts = Vec::new();
            for held in held {
                attempts.push(give_back(store, held, error.clone(), now).await);
            }
            return attempts;
        }
    };
    let mut attempts = Vec::new();
    let stopped = match state.mode {
        Mode::Terminated => Some(Outcome::Cancelled { reason: "account terminated".to_owned() }),
        Mode::Paused => Some(put_off(now + SignedDuration::from_mins(5), "account paused")),
        Mode::Active if state.disconnected.is_some() => {
            Some(put_off(now + SignedDuration::from_mins(15), "account disconnected"))
        }
        Mode::Active if state.spending_stopped.is_some() => {
            Some(put_off(now + SignedDuration::from_mins(15), "spending stopped"))
        }
        Mode::Active => state.stopped_until.filter(|until| *until > now).map(|until| put_off(until, "quota spent")),
    };
    if let Some(outcome) = stopped {
        for held in held {
            attempts.push(finish(store, held, outcome.clone(), now).await);
        }
        return attempts;
    }

    let targets: Vec<Target> = held.iter().map(|held| target(&held.action)).collect();
    let needs = match platform.needed(account.platform, &account.id, kind, &targets, now).await {
        Ok(needs) => needs,
        Err(error) => {
            for held in held {
                // Asking changes nothing, so nothing became uncertain by it.
                let outcome = outcome_of_error(&held.action, &asked(error.clone()), now);
                attempts.push(finish(store, held, outcome, now).await);
            }
            stop_account(store, account, &error, now).await;
            return attempts;
        }
    };
    let mut ready = Vec::new();
    for (held, need) in held.into_iter().zip(needs) {
        match before_call(store, limits, &held, need, now).await {
            Ok(None) => ready.push(held),
            Ok(Some(outcome)) => attempts.push(finish(store, held, outcome, now).await),
            Err(error) => attempts.push(give_back(store, held, error, now).await),
        }
    }
    if ready.is_empty() {
        return attempts;
    }
    if let Some(budget) = limits.budgets.get(&(account.platform, kind)) {
        let urgent = ready.iter().any(|held| held.action.is_urgent());
        let refused = match store.take_budget(account, *budget, urgent, now).await {
            Ok(Ok(())) => None,
            Ok(Err(reset)) => Some(Ok(put_off(reset, "rate budget used up"))),
            Err(error) => Some(Err(error)),
        };
        if let Some(refused) = refused {
            for held in ready {
                attempts.push(match &refused {
                    Ok(outcome) => finish(store, held, outcome.clone(), now).await,
                    Err(error) => give_back(store, held, error.clone(), now).await,
                });
            }
            return attempts;
        }
    }

    let targets: Vec<Target> = ready.iter().map(|held| target(&held.action)).collect();
    let performed = platform.perform(account.platform, &account.id, kind, &targets, now).await;
    if let (Some(limit), Some(budget)) = (performed.limit, limits.budgets.get(&(account.platform, kind)))
        && limit.remaining == 0
        // Failing to note it costs one refused call later, nothing else.
        && let Err(error) = store.exhaust_budget(account, *budget, limit.reset).await
    {
        tracing::warn!(%error, "rate budget not noted");
    }
    for (held, result) in ready.into_iter().zip(performed.results) {
        let outcome = match &result {
            Ok(Effect::Done) => Outcome::Done { repeated: held.action.repeats > 0 },
            Ok(Effect::GoalMet) => Outcome::GoalMet { how: "gone" },
            Err(error) => outcome_of_error(&held.action, error, now),
        };
        if let Err(error) = &result {
            stop_account(store, account, error, now).await;
        }
        attempts.push(finish(store, held, outcome, now).await);
    }
    attempts
}

/// What ends an action before its call: the goal is met, it is impossible, it was repeated enough, or the cap is reached.
async fn before_call<S: Actions>(
    store: &S,
    limits: &Limits,
    held: &Held,
    need: Need,
    now: Timestamp,
) -> Result<Option<Outcome>, LedgerError> {
    match need {
        Need::Met => return Ok(Some(Outcome::GoalMet { how: "already" })),
        Need::Gone => return Ok(Some(Outcome::GoalMet { how: "gone" })),
        Need::Impossible(reason) => {
            return Ok(Some(Outcome::Failed { reason, task: task_after(held.action.key.kind) }));
        }
        Need::CannotTell if held.action.repeats > 1 => {
            return Ok(Some(Outcome::HandedOver {
                reason: "outcome uncertain after one repetition".to_owned(),
                task: TaskKind::CheckOutcome,
            }));
        }
        Need::CannotTell | Need::Needed => {}
    }
    if is_demoted(store, limits, &held.action).await? {
        return Ok(Some(Outcome::Demoted));
    }
    if let Some(cap) = limits.daily_caps.get(&held.action.key.kind)
        && !store.reserve_cap(&held.action, &held.lease, *cap, now).await?
    {
        return Ok(Some(Outcome::Capped));
    }
    Ok(None)
}

/// Whether all rules that asked for an action were demoted since, and no call for it was made yet.
async fn is_demoted<S: Actions>(store: &S, limits: &Limits, action: &Action) -> Result<bool, LedgerError> {
    if limits.demoted.is_empty() || !action.key.kind.restricts() || action.repeats > 0 {
        return Ok(false);
    }
    let asked_by = store.asked_by(&action.key).await?;
    Ok(!asked_by.is_empty() && asked_by.iter().all(|rule| limits.demoted.contains(rule)))
}

/// What has to follow an error, for this action.
fn outcome_of_error(action: &Action, error: &PlatformError, now: Timestamp) -> Outcome {
    let reason = error_code(error);
    match error {
        PlatformError::Wait { until, .. } | PlatformError::QuotaSpent { until, .. } => put_off(*until, &reason),
        PlatformError::SpendingStopped { .. } | PlatformError::Disconnected { .. } => {
            put_off(now + SignedDuration::from_mins(15), &reason)
        }
        PlatformError::Permanent { .. } => Outcome::Failed { reason, task: task_after(action.key.kind) },
        PlatformError::Transient { .. } | PlatformError::Uncertain { .. } if action.attempts + 1 >= MAX_ATTEMPTS => {
            Outcome::HandedOver { reason, task: TaskKind::CheckOutcome }
        }
        PlatformError::Transient { .. } => {
            Outcome::PutOff { due_at: backoff(action, now), reason, failed: true, uncertain: false }
        }
        PlatformError::Uncertain { .. } => {
            Outcome::PutOff { due_at: backoff(action, now), reason, failed: true, uncertain: true }
        }
    }
}

/// An error of a call that only asked: whatever got lost, nothing was changed, and a question that is refused says
/// nothing about the actions, so none of them ends by it.
fn asked(error: PlatformError) -> PlatformError {
    match error {
        PlatformError::Uncertain { reason } | PlatformError::Permanent { reason } => {
            PlatformError::Transient { reason }
        }
        PlatformError::Wait { .. }
        | PlatformError::QuotaSpent { .. }
        | PlatformError::SpendingStopped { .. }
        | PlatformError::Disconnected { .. }
        | PlatformError::Transient { .. } => error,
    }
}

/// The platform's code inside an error.
fn error_code(error: &PlatformError) -> String {
    match error {
        PlatformError::Wait { reason, .. }
        | PlatformError::QuotaSpent { reason, .. }
        | PlatformError::SpendingStopped { reason }
        | PlatformError::Disconnected { reason }
        | PlatformError::Permanent { reason }
        | PlatformError::Transient { reason }
        | PlatformError::Uncertain { reason } => reason.clone(),
    }
}

/// Doubles from 30 seconds; the key's hash spreads retries so that they don't come all at once.
fn backoff(action: &Action, now: Timestamp) -> Timestamp {
    let base = 30_i64 << action.attempts.min(7);
    let spread = action.key.post.id.bytes().map(i64::from).sum::<i64>() % (base / 2);
    now + SignedDuration::from_secs(base + spread)
}

/// What a person can still do when the platform won't do it for us.
fn task_after(kind: ActionKind) -> Option<TaskKind> {
    match kind {
        ActionKind::HideReply => Some(TaskKind::ReportPost),
        ActionKind::Block => Some(TaskKind::BlockAuthor),
        ActionKind::Unblock => Some(TaskKind::UnblockAuthor),
        ActionKind::UnhideReply
        | ActionKind::Hold
        | ActionKind::Publish
        | ActionKind::Reject
        | ActionKind::RejectAndBan
        | ActionKind::DeleteOwn => Some(TaskKind::CheckOutcome),
    }
}

fn put_off(due_at: Timestamp, reason: &str) -> Outcome {
    Outcome::PutOff { due_at, reason: reason.to_owned(), failed: false, uncertain: false }
}

fn target(action: &Action) -> Target {
    Target { post: action.target.clone(), author: action.author.clone() }
}

/// Notes on the account what must stop its other calls. If noting fails, the next call meets the same answer.
async fn stop_account<S: Accounts>(store: &S, account: &AccountKey, error: &PlatformError, now: Timestamp) {
    let stop = match error {
        PlatformError::QuotaSpent { until, .. } => AccountStop::Until(*until),
        PlatformError::SpendingStopped { reason } => AccountStop::SpendingStopped(reason.clone()),
        PlatformError::Disconnected { reason } => AccountStop::Disconnected(reason.clone()),
        PlatformError::Wait { .. }
        | PlatformError::Permanent { .. }
        | PlatformError::Transient { .. }
        | PlatformError::Uncertain { .. } => return,
    };
    if let Err(error) = store.stop(account, &stop, now).await {
        tracing::warn!(%error, "account stop not noted");
    }
}

/// Puts off what the store failed before its call: left to its lease, it would count as a call that may have been made.
/// The failure is told all the same.
async fn give_back<S: Actions>(store: &S, held: Held, error: LedgerError, now: Timestamp) -> Attempt {
    let outcome = put_off(now + SignedDuration::from_secs(30), "store unavailable");
    let (key, given_back) = finish(store, held, outcome, now).await;
    if let Err(error) = given_back {
        tracing::warn!(%error, "action left to its lease");
    }
    (key, Err(error))
}

async fn finish<S: Actions>(store: &S, held: Held, outcome: Outcome, now: Timestamp) -> Attempt {
    let recorded = store.record_outcome(&held.action, &held.lease, &outcome, now).await;
    (held.action.key, recorded.map(|()| Some(outcome)))
}
