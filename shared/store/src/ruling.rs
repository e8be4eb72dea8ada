//! One transaction for a person's ruling: decision, head, cancelled and planned actions, tasks, strike.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem, Update};
use casework::ledger::{CaseFile, LedgerError, Result, RulingRecord, Strike, Task, TaskState};
use casework::planned::{ActionKey, ActionState};
use jiff::Timestamp;

use crate::attributes::{at, key, s, to_value};
use crate::items::LogLine;
use crate::transaction::{Written, incomplete, update};
use crate::{Store, keys};

impl Store {
    pub(crate) async fn write_ruling(&self, file: &CaseFile, ruling: &RulingRecord, now: Timestamp) -> Result<()> {
        let post = &ruling.post;
        let (account, target) = match (&file.post, &file.outbound) {
            (Some(post), _) => (post.account.clone(), post.target.clone()),
            (None, Some(own)) => (own.account.clone(), own.target.clone()),
            // The text is gone, but what was done can still be taken back.
            (None, None) => match file.actions.last() {
                Some(action) => (action.account.id.clone(), action.target.clone()),
                None => (String::new(), String::new()),
            },
        };
        // Where it changes nothing of what is to be done, for example because all was done by hand that a person had to
        // do, what is still pending goes on.
        let set = match ruling.cancel.is_empty() && ruling.actions.is_empty() {
            true => "SET ",
            false => "SET course = :number, ",
        };
        let head = self.head_update(post, &ruling.decision, set)?;
        let mut writes = vec![update(head.build().map_err(incomplete)?), self.append_decision(post, &ruling.decision)?];
        for action in &ruling.cancel {
            writes.push(self.cancel(action, now)?);
        }
        writes.extend(self.plan(post, &account, &target, &ruling.decision, &ruling.actions, ruling.due_at)?);
        writes.extend(self.open_tasks(post, &target, ruling.decision.number, &ruling.tasks, now)?);
        writes.extend(self.close_tasks(file, ruling, now)?);
        // A strike may outlive the text. Whose post it was, nobody knows of our own, and after an erasure.
        if let Some(person) = self.person_of(post).await? {
            match ruling.strike {
                Strike::Until(until) => writes.push(self.strike(&person, post, now, until)?),
                Strike::Lifted => writes.push(self.lift_strike(&person, ruling)?),
                Strike::Kept => {}
            }
        }
        match self.write_all(writes).await? {
            Written::Yes => Ok(()),
            Written::Refused(_) => Err(LedgerError::Conflict("the case changed while it was ruled on".to_owned())),
        }
    }

    /// Cancels an action that is still pending.
    fn cancel(&self, action: &ActionKey, now: Timestamp) -> Result<TransactWriteItem> {
        let line = to_value(&vec![LogLine { at: keys::stamp(now), what: "cancelled: a person ruled".to_owned() }])?;
        Ok(update(
            Update::builder()
                .table_name(&self.table)
                .set_key(Some(key(&keys::post(&action.post), &keys::action(action.decision, action.kind))))
                .update_expression(
                    "SET stage = :cancelled, outcome = :what, #log = list_append(#log, :line) REMOVE #queue",
                )
                .condition_expression("stage = :pending")
                .expression_attribute_names("#log", "log")
                .expression_attribute_names("#queue", "queue")
                .expression_attribute_values(":cancelled", s(ActionState::Cancelled.key()))
                .expression_attribute_values(":pending", s(ActionState::Pending.key()))
                .expression_attribute_values(":what", s("cancelled: a person ruled"))
                .expression_attribute_values(":line", line)
                .build()
                .map_err(incomplete)?,
        ))
    }

    /// A person's ruling ends the tasks that earlier decisions opened.
    fn close_tasks(&self, file: &CaseFile, ruling: &RulingRecord, now: Timestamp) -> Result<Vec<TransactWriteItem>> {
        let close_one = |task: &Task| {
            Ok(update(
                Update::builder()
                    .table_name(&self.table)
                    .set_key(Some(key(&keys::post(&ruling.post), &keys::task(task.decision, task.kind))))
                    .update_expression("SET closed_at = :now, done = :done REMOVE #queue")
                    .condition_expression("attribute_exists(pk)")
                    .expression_attribute_names("#queue", "queue")
                    .expression_attribute_values(":now", at(now))
                    .expression_attribute_values(":done", AttributeValue::Bool(ruling.tasks_done))
                    .build()
                    .map_err(incomplete)?,
            ))
        };
        file.tasks.iter().filter(|task| task.state == TaskState::Open).map(close_one).collect()
    }

    fn lift_strike(&self, person: &str, ruling: &RulingRecord) -> Result<TransactWriteItem> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key(&keys::person(person), &keys::strike(&ruling.post))))
            .build()
            .map_err(incomplete)?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}
