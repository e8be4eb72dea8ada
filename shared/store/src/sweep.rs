//! How far the poll has come: watermarks of lists, what was left for later, the conversations that are watched.

use casework::account::AccountKey;
use casework::ledger::{Lease, Result};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::action::conditional;
use crate::attributes::{Item, at, expiry, from_item, key, n, number, s, text, time, to_item};
use crate::error::{applied, unavailable};
use crate::transaction::random_hex;
use crate::{Store, batch, keys};

/// How long one invocation may hold a piece of backlog, in seconds: longer than an invocation works.
const BACKLOG_LEASE_SECONDS: i64 = 330;
/// How long a conversation is watched, in days.
const ROOT_DAYS: i64 = 30;

/// How far a list was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watermark {
    /// Everything made up to then is recorded, or lies in a [`Backlog`].
    pub done: Option<Timestamp>,
    /// When the list was last read far back, for edits.
    pub wide_at: Option<Timestamp>,
    /// When its refresh of everything ended last.
    pub refreshed_at: Option<Timestamp>,
    /// No call for it before then.
    pub wait_until: Option<Timestamp>,
}

/// Why a part of a list is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// It was too long for the poll that met it.
    Backlog,
    /// Edits and new replies of the last days.
    Window,
    /// Everything, so that nothing kept is older than the platform allows.
    Refresh,
}

/// A part of a list that is yet to be read, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// Which list, by the poll's own name for it.
    pub list: String,
    /// Why.
    pub purpose: Purpose,
    /// When it was found; with list and purpose its name.
    pub opened_at: Timestamp,
    /// What was made after this is recorded already.
    pub upper: Timestamp,
    /// What was made before this is recorded already; `None` is the list's very end.
    pub floor: Option<Timestamp>,
    /// The next page; `None` begins at the top.
    pub token: Option<String>,
    /// When the oldest recorded so far was made.
    pub reached: Option<Timestamp>,
    /// Pages read so far.
    pub pages: u32,
    /// How often a page token was no longer good, or a thread's replies were refused, since it came further.
    pub restarts: u32,
}

/// A conversation that we began, or a post of ours that may be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Id of its first version.
    pub id: String,
    /// Id of its newest version.
    pub target: String,
    /// Whether it begins a conversation.
    pub starts: bool,
    /// When it was made.
    pub made_at: Timestamp,
    /// Answers made up to then are recorded.
    pub done: Option<Timestamp>,
}

impl Store {
    /// How far a list was read.
    ///
    /// # Errors
    /// The store's.
    pub async fn watermark(&self, account: &AccountKey, list: &str) -> Result<Watermark> {
        let item = self.get(&keys::account(account), &keys::sweep(list)).await?.unwrap_or_default();
        Ok(Watermark {
            done: time(&item, "done"),
            wide_at: time(&item, "wide_at"),
            refreshed_at: time(&item, "refreshed_at"),
            wait_until: time(&item, "wait_until"),
        })
    }

    /// Notes that everything made up to `done` is recorded. Never moves back.
    ///
    /// # Errors
    /// The store's.
    pub async fn move_watermark(
        &self,
        account: &AccountKey,
        list: &str,
        done: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let update = self
            .update(&keys::account(account), &keys::sweep(list))
            .update_expression("SET done = :done, read_at = :now")
            .condition_expression("attribute_not_exists(done) OR done <= :done")
            .expression_attribute_values(":done", at(done))
            .expression_attribute_values(":now", at(now));
        conditional(update).await.map(|_| ())
    }

    /// Notes when a list was read far back, refreshed as a whole, or has to be left alone until.
    ///
    /// # Errors
    /// The store's.
    pub async fn note_sweep(&self, account: &AccountKey, list: &str, what: SweepNote, value: Timestamp) -> Result<()> {
        let name = match what {
            SweepNote::Wide => "wide_at",
            SweepNote::Refreshed => "refreshed_at",
            SweepNote::WaitUntil => "wait_until",
        };
        self.update(&keys::account(account), &keys::sweep(list))
            .update_expression(format!("SET {name} = :value"))
            .expression_attribute_values(":value", at(value))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Leaves a part of a list for later. One of the same name is left as it is.
    ///
    /// # Errors
    /// The store's.
    pub async fn leave_for_later(&self, account: &AccountKey, backlog: &Backlog, now: Timestamp) -> Result<()> {
        let mut item = to_item(backlog)?;
        item.extend(key(&keys::account(account), &name(backlog)));
        item.insert("touched_at".to_owned(), at(now));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        applied(put.condition_expression("attribute_not_exists(pk)").send().await).map(|_| ())
    }

    /// Everything that was left for later, with when it was last worked on.
    ///
    /// # Errors
    /// The store's.
    pub async fn backlogs(&self, account: &AccountKey) -> Result<Vec<(Backlog, Timestamp)>> {
        let items = self.begins_with(&keys::account(account), keys::BACKLOG_PREFIX).await?;
        items
            .into_iter()
            .map(|item| {
                let touched = time(&item, "touched_at").unwrap_or(Timestamp::UNIX_EPOCH);
                Ok((from_item::<Backlog>(item)?, touched))
            })
            .collect()
    }

    /// Takes up a part that was left for later; `None` when it is done, or another works on it.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_backlog(
        &self,
        account: &AccountKey,
        backlog: &Backlog,
        now: Timestamp,
    ) -> Result<Option<(Backlog, Lease)>> {
        let lease = Lease { token: random_hex()?, until: now + SignedDuration::from_secs(BACKLOG_LEASE_SECONDS) };
        let take = self
            .update(&keys::account(account), &name(backlog))
            .update_expression("SET lease = :lease, lease_until = :until, touched_at = :now")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(lease) OR lease_until <= :now)")
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":until", at(lease.until))
            .expression_attribute_values(":now", at(now));
        match conditional(take).await? {
            Ok(item) => Ok(Some((from_item(item)?, lease))),
            Err(held) if text(&held, "lease") == Some(&lease.token) => Ok(Some((from_item(held)?, lease))),
            Err(_) => Ok(None),
        }
    }

    /// Notes how far a part was read, and gives it back where asked to; `false` when the lease was lost to another.
    ///
    /// # Errors
    /// The store's.
    pub async fn move_backlog(
        &self,
        account: &AccountKey,
        backlog: &Backlog,
        lease: &Lease,
        release: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let mut item = to_item(backlog)?;
        item.extend(key(&keys::account(account), &name(backlog)));
        item.insert("touched_at".to_owned(), at(now));
        if !release {
            item.insert("lease".to_owned(), s(&lease.token));
            item.insert("lease_until".to_owned(), at(lease.until));
        }
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let put = put.condition_expression("lease = :lease").expression_attribute_values(":lease", s(&lease.token));
        applied(put.send().await)
    }

    /// Notes that a part was read to its end.
    ///
    /// # Errors
    /// The store's.
    pub async fn end_backlog(&self, account: &AccountKey, backlog: &Backlog, lease: &Lease) -> Result<()> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::account(account), &name(backlog))))
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", s(&lease.token));
        applied(delete.send().await).map(|_| ())
    }

    /// Watches a post of ours for answers and quotes. What is known of it stays.
    ///
    /// # Errors
    /// The store's.
    pub async fn watch_root(&self, account: &AccountKey, root: &Root) -> Result<()> {
        self.update(&keys::account(account), &keys::root(root.made_at, &root.id))
            .update_expression("SET id = :id, target = :target, starts = :starts, made_at = :made, expires = :expires")
            .expression_attribute_values(":id", s(&root.id))
            .expression_attribute_values(":target", s(&root.target))
            .expression_attribute_values(":starts", aws_sdk_dynamodb::types::AttributeValue::Bool(root.starts))
            .expression_attribute_values(":made", at(root.made_at))
            .expression_attribute_values(":expires", expiry(root.made_at + SignedDuration::from_hours(24 * ROOT_DAYS)))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// The posts of ours made since then, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn roots(&self, account: &AccountKey, since: Timestamp) -> Result<Vec<Root>> {
        let items = self.begins_with(&keys::account(account), keys::ROOT_PREFIX).await?;
        let root = |item: Item| {
            Some(Root {
                id: text(&item, "id")?.to_owned(),
                target: text(&item, "target")?.to_owned(),
                starts: *item.get("starts")?.as_bool().ok()?,
                made_at: time(&item, "made_at")?,
                done: time(&item, "done"),
            })
        };
        let mut roots: Vec<Root> = items.into_iter().filter_map(root).filter(|root| root.made_at >= since).collect();
        roots.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| b.id.cmp(&a.id)));
        Ok(roots)
    }

    /// Notes that the answers to a post of ours made up to `done` are recorded.
    ///
    /// # Errors
    /// The store's.
    pub async fn move_root(&self, account: &AccountKey, root: &Root, done: Timestamp) -> Result<()> {
        let update = self
            .update(&keys::account(account), &keys::root(root.made_at, &root.id))
            .update_expression("SET done = :done")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(done) OR done <= :done)")
            .expression_attribute_values(":done", at(done));
        conditional(update).await.map(|_| ())
    }

    /// What threads looked like when all they show was recorded: a mark for each that has one.
    ///
    /// # Errors
    /// The store's.
    pub async fn seen_marks(&self, posts: &[casework::decision::PostKey], list: &str) -> Result<Vec<Option<String>>> {
        let keys = posts.iter().map(|post| (keys::post(post), keys::seen(list)));
        let marks = batch::get_all(&self.client, &self.table, keys).await?;
        let mark = |item: &Item| Some((text(item, "pk")?.to_owned(), text(item, "mark")?.to_owned()));
        let marks: std::collections::HashMap<_, _> = marks.iter().filter_map(mark).collect();
        Ok(posts.iter().map(|post| marks.get(&keys::post(post)).cloned()).collect())
    }

    /// Notes what a thread looked like, after all that it shows was recorded.
    ///
    /// # Errors
    /// The store's.
    pub async fn mark_seen(
        &self,
        post: &casework::decision::PostKey,
        list: &str,
        mark: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.update(&keys::post(post), &keys::seen(list))
            .update_expression("SET mark = :mark, seen_at = :now")
            .expression_attribute_values(":mark", s(mark))
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Counts that a thread which looked so could not be read whole; gives how often so far.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_incomplete(&self, post: &casework::decision::PostKey, list: &str, mark: &str) -> Result<u32> {
        let item = || {
            let update = self.update(&keys::post(post), &keys::seen(list));
            update.expression_attribute_values(":mark", s(mark)).expression_attribute_values(":one", n(1))
        };
        let again = item()
            .update_expression("SET incomplete = incomplete + :one")
            .condition_expression("incomplete_mark = :mark");
        match conditional(again).await? {
            Ok(counted) => Ok(number(&counted, "incomplete").unwrap_or(1)),
            Err(_) => {
                let first = item().update_expression("SET incomplete = :one, incomplete_mark = :mark");
                first.send().await.map(|_| 1).map_err(unavailable)
            }
        }
    }

    /// All items of a partition whose sort keys begin so.
    pub(crate) async fn begins_with(&self, pk: &str, start: &str) -> Result<Vec<Item>> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :start)")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":start", s(start))
            .consistent_read(true);
        let mut items = Vec::new();
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

/// What is noted about a list beside its watermark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepNote {
    /// Read far back.
    Wide,
    /// Refreshed as a whole.
    Refreshed,
    /// To be left alone until then.
    WaitUntil,
}

fn name(backlog: &Backlog) -> String {
    let purpose = match backlog.purpose {
        Purpose::Backlog => "backlog",
        Purpose::Window => "window",
        Purpose::Refresh => "refresh",
    };
    // What a list's name holds besides, such as a query, has no place in a key.
    let list = backlog.list.split_whitespace().next().unwrap_or_default();
    format!("{}{purpose}#{list}#{}", keys::BACKLOG_PREFIX, keys::stamp(backlog.opened_at))
}
