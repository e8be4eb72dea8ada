//! One transaction: decision, planned actions, tasks, the text in its author's partition, and the end of the claim.

use aws_sdk_dynamodb::types::{Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use casework::decision::{Decision, PostKey};
use casework::ledger::{CaseRecord, Keep, Lease, LedgerError, Recorded, Result};
use casework::planned::{ActionState, severity};
use jiff::{SignedDuration, Timestamp};
use rules::{ActionKind, Platform, Post, TaskKind, Verdict};

use crate::attributes::{Item, at, expiry, key, n, s, text, to_item};
use crate::items::{ActionItem, Content, TaskItem};
use crate::keys::Bucket;
use crate::transaction::{Written, incomplete, put, update};
use crate::{Store, claim, keys};

/// Position of the claim in the transaction.
const CLAIM: usize = 0;

impl Store {
    pub(crate) async fn write_case(&self, record: &CaseRecord<'_>, lease: &Lease, now: Timestamp) -> Result<Recorded> {
        let post = record.post;
        let key = keys::key_of(post);
        let person = self.person_key.person(post.platform, &post.author.id);
        let mut writes = vec![
            self.end_claim(post, lease)?,
            self.head_of_case(record, &key, &person)?,
            self.append_decision(&key, &record.decision)?,
        ];
        writes.extend(self.plan(&key, &post.account, &post.target, &record.decision, &record.actions, now)?);
        writes.extend(self.open_tasks(&key, &post.target, record.decision.number, &record.tasks, now)?);
        if record.keep == Keep::Everything {
            writes.push(self.keep_content(record, &key, &person)?);
            writes.extend(self.forget_earlier_words(post, &key).await?);
            if record.decision.verdict == Verdict::Act {
                writes.push(self.strike(&person, &key, now, record.strike_until)?);
            }
            if let Some(hash) = self.text_hash(post) {
                writes.push(self.sight(&hash, &person, &key, now)?);
            }
        }
        let profile = async {
            match record.keep {
                Keep::Everything => self.note_profile(post, &person, record.profile_until, now).await,
                Keep::DecisionOnly => Ok(()),
            }
        };
        let (noted, ()) = tokio::join!(profile, Box::pin(self.count_hits(record, &key, now)));
        noted?;
        match self.write_all(writes).await? {
            Written::Yes => Ok(Recorded::Written),
            Written::Refused(refused) => match refused.into_iter().find(|(position, _)| *position == CLAIM) {
                // Our own transaction, made again because its answer got lost.
                Some((_, old))
                    if text(&old, "stage") == Some(claim::DONE) && text(&old, "lease") == Some(&lease.token) =>
                {
                    Ok(Recorded::Written)
                }
                Some(_) => Ok(Recorded::LeaseLost),
                None => Err(LedgerError::Conflict("another decision was appended".to_owned())),
            },
        }
    }

    fn end_claim(&self, post: &Post, lease: &Lease) -> Result<TransactWriteItem> {
        Ok(update(
            Update::builder()
                .table_name(&self.table)
                .set_key(Some(key(&keys::post(&keys::key_of(post)), &keys::claim(&post.version))))
                .update_expression("SET stage = :done REMOVE lease_until")
                .condition_expression("lease = :lease AND stage = :leased")
                .expression_attribute_values(":done", s(claim::DONE))
                .expression_attribute_values(":leased", s(claim::LEASED))
                .expression_attribute_values(":lease", s(&lease.token))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                .build()
                .map_err(incomplete)?,
        ))
    }

    fn head_of_case(&self, record: &CaseRecord<'_>, key: &PostKey, person: &str) -> Result<TransactWriteItem> {
        let post = record.post;
        let (link, linked) = match record.keep {
            Keep::Everything => ("person = :person, content = :content, ", true),
            Keep::DecisionOnly => ("", false),
        };
        let set = format!(
            "SET course = :number, platform = :platform, account = :account, target = :target, \
             written_at = :written, {link}"
        );
        let mut update = self
            .head_update(key, &record.decision, &set)?
            .expression_attribute_values(":platform", s(post.platform.key()))
            .expression_attribute_values(":account", s(&post.account))
            .expression_attribute_values(":target", s(&post.target))
            .expression_attribute_values(":written", at(claim::written_at(post)));
        if linked {
            update = update
                .expression_attribute_values(":person", s(person))
                .expression_attribute_values(":content", s(keys::content(post.created_at, key)));
        }
        Ok(crate::transaction::update(update.build().map_err(incomplete)?))
    }

    /// The part of a head's update that every decision makes: number, verdict, and its place in the review queue.
    pub(crate) fn head_update(
        &self,
        key: &PostKey,
        decision: &Decision,
        set: &str,
    ) -> Result<aws_sdk_dynamodb::types::builders::UpdateBuilder> {
        let common = "decisions = :number, verdict = :verdict, decided_at = :at";
        let (expression, queue) = match decision.verdict {
            Verdict::Review => (format!("{set}{common}, queue = :queue, due = :at"), Some(Bucket::Review.of(key))),
            Verdict::Allow | Verdict::Act => (format!("{set}{common} REMOVE queue, due"), None),
        };
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(crate::attributes::key(&keys::post(key), keys::HEAD)))
            .update_expression(expression)
            .expression_attribute_values(":number", n(decision.number))
            .expression_attribute_values(":verdict", s(decision.verdict.key()))
            .expression_attribute_values(":at", at(decision.decided_at));
        if let Some(queue) = queue {
            update = update.expression_attribute_values(":queue", s(queue));
        }
        Ok(match decision.number {
            1 => update.condition_expression("attribute_not_exists(decisions)"),
            number => update
                .condition_expression("decisions = :previous")
                .expression_attribute_values(":previous", n(number - 1)),
        })
    }

    pub(crate) fn append_decision(&self, key: &PostKey, decision: &Decision) -> Result<TransactWriteItem> {
        self.put_new(&keys::post(key), &keys::decision(decision.number), to_item(decision)?)
    }

    fn keep_content(&self, record: &CaseRecord<'_>, key: &PostKey, person: &str) -> Result<TransactWriteItem> {
        // The description helped to judge; it is none of the items that we say we keep.
        let mut post = record.post.clone();
        post.author.description = None;
        let content = Content {
            pk: keys::person(person),
            sk: keys::content(record.post.created_at, key),
            post,
            evidence: record.evidence.clone(),
            context: Some(record.context.clone()),
            read_at: Some(keys::stamp(record.decision.decided_at)),
            text_hash: self.text_hash(record.post),
            expires: record.expires_at.as_second(),
        };
        Ok(put(Put::builder()
            .table_name(&self.table)
            .set_item(Some(to_item(&content)?))
            .build()
            .map_err(incomplete)?))
    }

    /// Removes what an edited post said before: X wants edited content changed wherever it is kept (X Developer Policy,
    /// content compliance). An edit on YouTube keeps its time, and so takes the place of the words before.
    async fn forget_earlier_words(&self, post: &Post, key: &PostKey) -> Result<Option<TransactWriteItem>> {
        if post.platform != Platform::X || post.version == post.id {
            return Ok(None);
        }
        let head = self.get(&keys::post(key), keys::HEAD).await?.unwrap_or_default();
        let (Some(person), Some(earlier)) = (text(&head, "person"), text(&head, "content")) else { return Ok(None) };
        if *earlier == keys::content(post.created_at, key) {
            return Ok(None);
        }
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(crate::attributes::key(&keys::person(person), earlier)))
            .build()
            .map_err(incomplete)?;
        Ok(Some(TransactWriteItem::builder().delete(delete).build()))
    }

    /// Planned actions, due at `due_at`.
    pub(crate) fn plan(
        &self,
        key: &PostKey,
        account: &str,
        target: &str,
        decision: &Decision,
        actions: &[ActionKind],
        due_at: Timestamp,
    ) -> Result<Vec<TransactWriteItem>> {
        let plan_one = |kind: &ActionKind| {
            let item = ActionItem {
                pk: keys::post(key),
                sk: keys::action(decision.number, *kind),
                account: account.to_owned(),
                target: target.to_owned(),
                severity: severity(decision.clause()),
                stage: ActionState::Pending,
                queue: Some(Bucket::Due.of(key)),
                due: keys::stamp(due_at),
                lease: None,
                attempts: 0,
                repeats: 0,
                cap_reserved: false,
                outcome: None,
                log: Vec::new(),
            };
            self.put_new(&item.pk, &item.sk, to_item(&item)?)
        };
        actions.iter().map(plan_one).collect()
    }

    pub(crate) fn open_tasks(
        &self,
        key: &PostKey,
        target: &str,
        decision: u32,
        tasks: &[TaskKind],
        now: Timestamp,
    ) -> Result<Vec<TransactWriteItem>> {
        let open_one = |task: &TaskKind| {
            let item = TaskItem {
                pk: keys::post(key),
                sk: keys::task(decision, *task),
                task: *task,
                target: target.to_owned(),
                queue: Some(Bucket::Task.of(key)),
                done: false,
                due: keys::stamp(now),
            };
            self.put_new(&item.pk, &item.sk, to_item(&item)?)
        };
        tasks.iter().map(open_one).collect()
    }

    /// The strike that an action counts as.
    pub(crate) fn strike(
        &self,
        person: &str,
        key: &PostKey,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<TransactWriteItem> {
        let item = Item::from([
            ("pk".to_owned(), s(keys::person(person))),
            ("sk".to_owned(), s(keys::strike(key))),
            ("since".to_owned(), at(now)),
            ("expires".to_owned(), expiry(until)),
        ]);
        Ok(put(Put::builder().table_name(&self.table).set_item(Some(item)).build().map_err(incomplete)?))
    }

    fn sight(&self, hash: &str, person: &str, key: &PostKey, now: Timestamp) -> Result<TransactWriteItem> {
        let item = Item::from([
            ("pk".to_owned(), s(keys::same(hash))),
            ("sk".to_owned(), s(keys::sighting(now, person, key))),
            ("expires".to_owned(), expiry(now + SignedDuration::from_hours(24))),
        ]);
        Ok(put(Put::builder().table_name(&self.table).set_item(Some(item)).build().map_err(incomplete)?))
    }

    /// A put that never replaces.
    fn put_new(&self, pk: &str, sk: &str, mut item: Item) -> Result<TransactWriteItem> {
        item.extend(key(pk, sk));
        Ok(put(Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(incomplete)?))
    }
}
