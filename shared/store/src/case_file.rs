//! A post's whole case, for a person's ruling.

use casework::decision::{Decision, PostKey};
use casework::event::Outbound;
use casework::ledger::{CaseFile, LedgerError, Result, Task, TaskState};
use jiff::Timestamp;

use crate::action::action_of;
use crate::attributes::{Item, expired, from_item, s, text, time};
use crate::error::unavailable;
use crate::items::{Content, Head, TaskItem};
use crate::{Store, keys};

impl Store {
    pub(crate) async fn read_case(&self, key: &PostKey, now: Timestamp) -> Result<Option<CaseFile>> {
        let items = self.partition(&keys::post(key)).await?;
        let mut file = CaseFile {
            post: None,
            evidence: Vec::new(),
            in_our_conversation: None,
            outbound: None,
            decisions: Vec::new(),
            actions: Vec::new(),
            strikes: 0,
            tasks: Vec::new(),
        };
        let mut head: Option<Head> = None;
        for item in items {
            match text(&item, "sk").unwrap_or_default() {
                keys::HEAD => head = Some(from_item(item)?),
                keys::OUTBOUND => file.outbound = Some(outbound(key, &item)?),
                sk if sk.starts_with(keys::ACTION_PREFIX) => file.actions.push(action_of(item, None)?),
                sk if sk.starts_with(keys::TASK_PREFIX) => file.tasks.extend(task(item)?),
                sk if sk.starts_with(keys::DECISION_PREFIX) => file.decisions.push(from_item::<Decision>(item)?),
                _ => {}
            }
        }
        if head.is_none() && file.outbound.is_none() {
            return Ok(None);
        }
        if let Some(Head { person: Some(person), content: Some(content), .. }) = head
            && !self.is_suppressed(&person).await?
        {
            let pk = keys::person(&person);
            let (item, strikes) = tokio::try_join!(self.get(&pk, &content), self.strikes_besides(&person, key, now))?;
            file.strikes = strikes;
            if let Some(item) = item.filter(|item| !expired(item, now)) {
                let content: Content = from_item(item)?;
                file.in_our_conversation = self.in_our_conversation(&content.post).await?;
                file.post = Some(content.post);
                file.evidence = content.evidence;
            }
        }
        Ok(Some(file))
    }

    async fn strikes_besides(&self, person: &str, key: &PostKey, now: Timestamp) -> Result<u32> {
        let to = keys::STRIKE_PREFIX.to_owned() + "~";
        let strikes =
            self.range(&keys::person(person), s(keys::STRIKE_PREFIX), s(to), Some("sk, expires"), now).await?;
        let own = keys::strike(key);
        Ok(strikes.iter().filter(|item| text(item, "sk") != Some(&own)).count().try_into().unwrap_or(u32::MAX))
    }

    /// All items of one partition, in the order of their sort keys.
    pub(crate) async fn partition(&self, pk: &str) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s(pk))
                .consistent_read(true)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }
}

/// A task that is open or done.
fn task(item: Item) -> Result<Option<Task>> {
    let task: TaskItem = from_item(item)?;
    let decision =
        keys::parse_task(&task.sk).ok_or_else(|| LedgerError::Corrupt(format!("no task's key: {}", task.sk)))?;
    let state = match (&task.queue, task.done) {
        (Some(_), _) => TaskState::Open,
        (None, true) => TaskState::Done,
        (None, false) => return Ok(None),
    };
    Ok(Some(Task { decision, kind: task.task, state }))
}

pub(crate) fn outbound(key: &PostKey, item: &Item) -> Result<Outbound> {
    let field = |name: &str| text(item, name).map(str::to_owned);
    let missing = |name: &str| LedgerError::Corrupt(format!("OUTBOUND without {name}"));
    Ok(Outbound {
        platform: key.platform,
        id: key.id.clone(),
        target: field("target").ok_or_else(|| missing("target"))?,
        account: field("account").ok_or_else(|| missing("account"))?,
        text: field("words").unwrap_or_default(),
        as_of: time(item, "as_of").ok_or_else(|| missing("as_of"))?,
        retweet_of: field("retweet_of"),
    })
}
