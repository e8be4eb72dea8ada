//! Planned actions: what is due, claiming one, and the counters that hold them back. Implements `Actions`.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure, Update};
use casework::account::AccountKey;
use casework::decision::{Decider, Decision};
use casework::ledger::{ActionClaim, Actions, Budget, Lease, LedgerError, Result};
use casework::planned::{Action, ActionKey, ActionState, Outcome};
use casework::quota::{QuotaDay, Spender};
use jiff::{SignedDuration, Timestamp};
use rules::{ActionKind, UserId, Verdict};

use crate::attributes::{Item, at, expiry, from_item, key, n, number, s, text, time};
use crate::error::unavailable;
use crate::items::{ActionItem, Head, parse_stamp};
use crate::keys::{Bucket, SHARDS};
use crate::transaction::{Written, incomplete, random_hex, update};
use crate::{ACTION_LEASE_SECONDS, Store, keys};

impl Actions for Store {
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<ActionKey>> {
        Ok(self.due_since(now, limit).await?.0)
    }

    async fn claim_action(&self, key: &ActionKey, now: Timestamp) -> Result<ActionClaim> {
        let lease = Lease { token: random_hex()?, until: now + SignedDuration::from_secs(ACTION_LEASE_SECONDS) };
        let fresh = "stage = :pending AND due <= :now";
        let item = match self.take(key, &lease, now, fresh, "").await? {
            Ok(item) => item,
            // Our own claim whose answer got lost, or somebody's lease that ran out: the call may have been made.
            Err(held) if text(&held, "lease") == Some(&lease.token) => held,
            Err(_) => match self
                .take(key, &lease, now, "stage = :running AND due <= :now", ", repeats = repeats + :one")
                .await?
            {
                Ok(item) => item,
                Err(_) => return Ok(ActionClaim::NotDue),
            },
        };
        let head = self.get(&keys::post(&key.post), keys::HEAD).await?;
        let course = head.as_ref().and_then(|head| number::<u32>(head, "course").or(number(head, "decisions")));
        let author = match key.kind {
            ActionKind::Block | ActionKind::Unblock => self.author_of(head).await?,
            ActionKind::HideReply
            | ActionKind::UnhideReply
            | ActionKind::Hold
            | ActionKind::Publish
            | ActionKind::Reject
            | ActionKind::RejectAndBan
            | ActionKind::DeleteOwn => None,
        };
        let action = Box::new(action_of(item, author)?);
        Ok(match course.is_some_and(|course| course > key.decision) {
            true => ActionClaim::Superseded(action, lease),
            false => ActionClaim::Won(action, lease),
        })
    }

    async fn asked_by(&self, key: &ActionKey) -> Result<Vec<String>> {
        let Some(item) = self.get(&keys::post(&key.post), &keys::decision(key.decision)).await? else {
            return Ok(Vec::new());
        };
        let decision: Decision = from_item(item)?;
        Ok(match decision.by {
            Decider::Person(_) => Vec::new(),
            Decider::Machine => {
                let acting = decision.findings.into_iter().filter(|finding| finding.verdict == Verdict::Act);
                acting.map(|finding| finding.rule).collect()
            }
        })
    }

    async fn reserve_cap(&self, action: &Action, lease: &Lease, cap: u32, now: Timestamp) -> Result<bool> {
        if action.cap_reserved || !action.key.kind.restricts() {
            return Ok(true);
        }
        let count = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&keys::account(&action.account), &keys::cap(action.key.kind, now))))
            .update_expression("SET expires = :expires ADD used :one")
            .condition_expression("attribute_not_exists(used) OR used < :cap")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":cap", n(cap))
            .expression_attribute_values(":expires", expiry(now + SignedDuration::from_hours(24 * 40)))
            .build()
            .map_err(incomplete)?;
        let mark = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(&keys::post(&action.key.post), &keys::action(action.key.decision, action.key.kind))))
            .update_expression("SET cap_reserved = :yes")
            .condition_expression("lease = :lease AND cap_reserved = :no")
            .expression_attribute_values(":yes", aws_sdk_dynamodb::types::AttributeValue::Bool(true))
            .expression_attribute_values(":no", aws_sdk_dynamodb::types::AttributeValue::Bool(false))
            .expression_attribute_values(":lease", s(&lease.token))
            .build()
            .map_err(incomplete)?;
        match self.write_all(vec![update(count), update(mark)]).await? {
            Written::Yes => Ok(true),
            Written::Refused(refused) if refused.iter().any(|(position, _)| *position == 0) => Ok(false),
            Written::Refused(_) => Err(LedgerError::Conflict("the action's lease was lost".to_owned())),
        }
    }

    async fn take_budget(
        &self,
        account: &AccountKey,
        budget: Budget,
        urgent: bool,
        now: Timestamp,
    ) -> Result<std::result::Result<(), Timestamp>> {
        let kept = if urgent { 0 } else { budget.kept };
        // Where units are counted, the window is the platform's day.
        let reset = match budget.units {
            0 => now + SignedDuration::from_secs(budget.seconds),
            _ => QuotaDay::of(now).resets_at,
        };
        let within = self
            .budget_update(account, budget)
            .update_expression("SET used = used + :one")
            .condition_expression("reset_at > :now AND used < :calls")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":calls", n(budget.calls.saturating_sub(kept)))
            .expression_attribute_values(":now", at(now));
        let Err(old) = conditional(within).await? else { return self.take_units(account, budget, urgent, now).await };
        if let Some(reset_at) = time(&old, "reset_at").filter(|reset_at| *reset_at > now) {
            return Ok(Err(reset_at));
        }
        let anew = self
            .budget_update(account, budget)
            .update_expression("SET used = :one, reset_at = :reset, expires = :expires")
            .condition_expression("attribute_not_exists(reset_at) OR reset_at <= :now")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":reset", at(reset))
            .expression_attribute_values(":expires", expiry(reset + SignedDuration::from_hours(24)))
            .expression_attribute_values(":now", at(now));
        match conditional(anew).await? {
            Ok(_) => self.take_units(account, budget, urgent, now).await,
            // Another opened the window in the same instant; its budget is taken up at the next try.
            Err(_) => Ok(Err(now + SignedDuration::from_secs(1))),
        }
    }

    async fn exhaust_budget(&self, account: &AccountKey, budget: Budget, reset: Timestamp) -> Result<()> {
        self.budget_update(account, budget)
            .update_expression("SET used = :calls, reset_at = :reset, expires = :expires")
            .expression_attribute_values(":calls", n(budget.calls))
            .expression_attribute_values(":reset", at(reset))
            .expression_attribute_values(":expires", expiry(reset + SignedDuration::from_hours(24)))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    async fn record_outcome(&self, action: &Action, lease: &Lease, outcome: &Outcome, now: Timestamp) -> Result<()> {
        self.write_outcome(action, lease, outcome, now).await
    }
}

impl Store {
    /// Takes a call's units out of the account's day, which the poll spends from too.
    async fn take_units(
        &self,
        account: &AccountKey,
        budget: Budget,
        urgent: bool,
        now: Timestamp,
    ) -> Result<std::result::Result<(), Timestamp>> {
        if budget.units == 0 {
            return Ok(Ok(()));
        }
        let spender = if urgent { Spender::Urgent } else { Spender::Moderation };
        let day = QuotaDay::of(now);
        let ceiling = day.ceiling(spender, budget.daily_units);
        match self.spend(account, &day.name, spender.key(), budget.units, ceiling, now).await? {
            true => Ok(Ok(())),
            false => Ok(Err(day.resets_at)),
        }
    }

    /// Actions that may be tried, severest first, and since when the one that has waited longest is due. All that is
    /// due is read for it: the severest may be the latest.
    ///
    /// # Errors
    /// The table's.
    pub async fn due_since(&self, now: Timestamp, limit: usize) -> Result<(Vec<ActionKey>, Option<Timestamp>)> {
        let mut due = Vec::new();
        for shard in 0..SHARDS {
            let items = self.queue_shard(Bucket::Due, shard, Some(now)).await?;
            due.extend(items.into_iter().filter_map(|item| {
                let key = keys::parse_action(text(&item, "pk")?, text(&item, "sk")?)?;
                Some((number::<u8>(&item, "severity")?, text(&item, "due")?.to_owned(), key))
            }));
        }
        due.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let longest = due.iter().map(|(_, since, _)| since.as_str()).min().map(parse_stamp).transpose()?;
        due.truncate(limit);
        Ok((due.into_iter().map(|(_, _, key)| key).collect(), longest))
    }

    fn budget_update(
        &self,
        account: &AccountKey,
        budget: Budget,
    ) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder {
        self.update(&keys::account(account), &keys::budget(budget.name))
    }

    /// Takes the lease of an action under a condition; the inner error holds the item as it was.
    async fn take(
        &self,
        key: &ActionKey,
        lease: &Lease,
        now: Timestamp,
        condition: &str,
        also: &str,
    ) -> Result<std::result::Result<Item, Item>> {
        let mut take = self
            .update(&keys::post(&key.post), &keys::action(key.decision, key.kind))
            .update_expression(format!("SET stage = :running, lease = :lease, due = :until{also}"))
            .condition_expression(condition)
            .expression_attribute_values(":running", s(ActionState::Running.key()))
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":until", at(lease.until))
            .expression_attribute_values(":now", at(now));
        if condition.contains(":pending") {
            take = take.expression_attribute_values(":pending", s(ActionState::Pending.key()));
        }
        if !also.is_empty() {
            take = take.expression_attribute_values(":one", n(1));
        }
        conditional(take).await
    }

    /// The author of a post, through the person's partition; `None` once erased.
    async fn author_of(&self, head: Option<Item>) -> Result<Option<UserId>> {
        let Some(head) = head else { return Ok(None) };
        let head: Head = from_item(head)?;
        let Some(person) = head.person else { return Ok(None) };
        let profile = self.get(&keys::person(&person), keys::PROFILE).await?;
        Ok(profile.and_then(|profile| text(&profile, "user_id").map(|id| UserId(id.to_owned()))))
    }

    /// Items of one shard of the queue index, earliest first.
    pub(crate) async fn queue_shard(&self, bucket: Bucket, shard: u8, until: Option<Timestamp>) -> Result<Vec<Item>> {
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::QUEUE_INDEX)
            .expression_attribute_names("#queue", "queue")
            .expression_attribute_values(":queue", s(bucket.shard(shard)));
        query = match until {
            Some(until) => query
                .key_condition_expression("#queue = :queue AND due <= :until")
                .expression_attribute_values(":until", at(until)),
            None => query.key_condition_expression("#queue = :queue"),
        };
        let mut items: Vec<Item> = Vec::new();
        let mut from = None;
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await.map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Sends a conditional update; the inner error holds the item as it was when the condition refused.
pub(crate) async fn conditional(
    update: aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder,
) -> Result<std::result::Result<Item, Item>> {
    let sent = update
        .return_values(ReturnValue::AllNew)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    match sent {
        Ok(done) => Ok(Ok(done.attributes.unwrap_or_default())),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                Ok(Err(refused.item().cloned().unwrap_or_default()))
            }
            _ => Err(unavailable(error)),
        },
    }
}

/// An item as the port's action.
pub(crate) fn action_of(item: Item, author: Option<UserId>) -> Result<Action> {
    let item: ActionItem = from_item(item)?;
    let key = keys::parse_action(&item.pk, &item.sk)
        .ok_or_else(|| LedgerError::Corrupt(format!("no action's key: {}", item.sk)))?;
    Ok(Action {
        account: AccountKey { platform: key.post.platform, id: item.account },
        target: item.target,
        author,
        severity: item.severity,
        state: item.stage,
        due_at: parse_stamp(&item.due)?,
        attempts: item.attempts,
        repeats: item.repeats,
        cap_reserved: item.cap_reserved,
        outcome: item.outcome,
        key,
    })
}
