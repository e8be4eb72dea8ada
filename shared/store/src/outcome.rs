//! How an attempt ended: the action's new stage, its log, and the person's task that follows.

use aws_sdk_dynamodb::types::{Put, Update};
use casework::ledger::{Lease, LedgerError, Result};
use casework::planned::{Action, ActionState, Outcome};
use jiff::Timestamp;
use rules::TaskKind;

use crate::attributes::{at, key, n, s, to_item, to_value};
use crate::items::{LogLine, TaskItem};
use crate::keys::Bucket;
use crate::transaction::{Written, incomplete, put, update};
use crate::{Store, keys};

/// How the words for an action that waits begin; the time and the reason follow.
const PUT_OFF: &str = "put off until ";

impl Store {
    pub(crate) async fn write_outcome(
        &self,
        action: &Action,
        lease: &Lease,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<()> {
        let mut writes = vec![update(self.end_attempt(action, lease, outcome, now)?)];
        if let Some(task) = task_of(outcome) {
            let item = TaskItem {
                pk: keys::post(&action.key.post),
                sk: keys::task(action.key.decision, task),
                task,
                target: action.target.clone(),
                queue: Some(Bucket::Task.of(&action.key.post)),
                done: false,
                due: keys::stamp(now),
            };
            let item = to_item(&item)?;
            writes.push(put(Put::builder()
                .table_name(&self.table)
                .set_item(Some(item))
                .build()
                .map_err(incomplete)?));
        }
        if matches!(outcome, Outcome::Capped | Outcome::Demoted) {
            let review = Update::builder()
                .table_name(&self.table)
                .set_key(Some(key(&keys::post(&action.key.post), keys::HEAD)))
                .update_expression("SET #queue = :queue, due = :now")
                .expression_attribute_names("#queue", "queue")
                .expression_attribute_values(":queue", s(Bucket::Review.of(&action.key.post)))
                .expression_attribute_values(":now", at(now))
                .build()
                .map_err(incomplete)?;
            writes.push(update(review));
        }
        match self.write_all(writes).await? {
            Written::Yes => Ok(()),
            Written::Refused(_) => Err(LedgerError::Conflict("the action's lease was lost".to_owned())),
        }
    }

    fn end_attempt(&self, action: &Action, lease: &Lease, outcome: &Outcome, now: Timestamp) -> Result<Update> {
        let what = words(outcome);
        let line = to_value(&vec![LogLine { at: keys::stamp(now), what: what.clone() }])?;
        // A wait is told once, however often it is prolonged: an item has room for 400 KB, an account may be paused for
        // weeks.
        let told = !waits_on(action, outcome);
        let log = if told { ", #log = list_append(#log, :line)" } else { "" };
        let common = format!("SET stage = :stage, outcome = :what{log}");
        let mut end = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&keys::post(&action.key.post), &keys::action(action.key.decision, action.key.kind))))
            .condition_expression("lease = :lease AND stage = :running")
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":running", s(ActionState::Running.key()))
            .expression_attribute_values(":stage", s(state_of(outcome).key()))
            .expression_attribute_values(":what", s(what));
        if told {
            end = end.expression_attribute_names("#log", "log").expression_attribute_values(":line", line);
        }
        let end = match outcome {
            Outcome::PutOff { due_at, failed, uncertain, .. } => end
                .update_expression(format!(
                    "{common}, due = :due, attempts = attempts + :failed, repeats = repeats + :uncertain REMOVE lease"
                ))
                .expression_attribute_values(":due", at(*due_at))
                .expression_attribute_values(":failed", n(u8::from(*failed)))
                .expression_attribute_values(":uncertain", n(u8::from(*uncertain))),
            Outcome::Done { .. }
            | Outcome::GoalMet { .. }
            | Outcome::Failed { .. }
            | Outcome::HandedOver { .. }
            | Outcome::Cancelled { .. }
            | Outcome::Capped
            | Outcome::Demoted => end
                .update_expression(format!("{common} REMOVE lease, #queue"))
                .expression_attribute_names("#queue", "queue"),
        };
        end.build().map_err(incomplete)
    }
}

fn state_of(outcome: &Outcome) -> ActionState {
    match outcome {
        Outcome::Done { .. } | Outcome::GoalMet { .. } => ActionState::Done,
        Outcome::PutOff { .. } => ActionState::Pending,
        Outcome::Failed { .. } => ActionState::Failed,
        Outcome::HandedOver { .. } => ActionState::HandedOver,
        Outcome::Cancelled { .. } | Outcome::Capped | Outcome::Demoted => ActionState::Cancelled,
    }
}

fn task_of(outcome: &Outcome) -> Option<TaskKind> {
    match outcome {
        Outcome::Failed { task, .. } => *task,
        Outcome::HandedOver { task, .. } => Some(*task),
        Outcome::Done { .. }
        | Outcome::GoalMet { .. }
        | Outcome::PutOff { .. }
        | Outcome::Cancelled { .. }
        | Outcome::Capped
        | Outcome::Demoted => None,
    }
}

/// Whether an action goes on waiting for what it waited for before.
fn waits_on(action: &Action, outcome: &Outcome) -> bool {
    let Outcome::PutOff { reason, failed: false, .. } = outcome else { return false };
    let before = action.outcome.as_deref().and_then(|words| words.strip_prefix(PUT_OFF)?.split_once(": "));
    before.is_some_and(|(_, before)| before == reason)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { repeated: false } => "done".to_owned(),
        Outcome::Done { repeated: true } => "done, repeated".to_owned(),
        Outcome::GoalMet { how } => format!("goal met: {how}"),
        Outcome::PutOff { due_at, reason, .. } => format!("{PUT_OFF}{}: {reason}", keys::stamp(*due_at)),
        Outcome::Failed { reason, .. } => format!("failed: {reason}"),
        Outcome::HandedOver { reason, .. } => format!("handed over: {reason}"),
        Outcome::Cancelled { reason } => format!("cancelled: {reason}"),
        Outcome::Capped => "daily cap reached: back to review".to_owned(),
        Outcome::Demoted => "its rule was demoted: back to review".to_owned(),
    }
}
