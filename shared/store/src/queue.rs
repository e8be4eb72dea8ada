//! What waits for a person: posts in review and open tasks. Implements `Desk`.

use casework::decision::{Decision, PostKey};
use casework::ledger::{CaseFile, Desk, LedgerError, QueueEntry, Result, RulingRecord, WaitsFor};
use jiff::Timestamp;
use rules::Verdict;

use crate::attributes::{Item, from_item, number, text};
use crate::items::{TaskItem, parse_stamp};
use crate::keys::{Bucket, SHARDS};
use crate::{Store, keys};

impl Desk for Store {
    async fn case_file(&self, post: &PostKey, now: Timestamp) -> Result<Option<CaseFile>> {
        self.read_case(post, now).await
    }

    async fn queue(&self) -> Result<Vec<QueueEntry>> {
        let mut entries = Vec::new();
        for shard in 0..SHARDS {
            for item in self.queue_shard(Bucket::Review, shard, None).await? {
                entries.extend(self.entry(&item, WaitsFor::Ruling(Verdict::Review)).await?);
            }
            for item in self.queue_shard(Bucket::Task, shard, None).await? {
                let task: TaskItem = from_item(item.clone())?;
                entries.extend(self.entry(&item, WaitsFor::Task(task.task)).await?);
            }
        }
        entries.sort_by(|a, b| a.since.cmp(&b.since).then_with(|| a.post.cmp(&b.post)));
        Ok(entries)
    }

    async fn record_ruling(&self, file: &CaseFile, ruling: &RulingRecord, now: Timestamp) -> Result<()> {
        self.write_ruling(file, ruling, now).await
    }
}

impl Store {
    /// An entry with its post's newest decision; `None` when the index is behind and the post has none.
    async fn entry(&self, item: &Item, waits_for: WaitsFor) -> Result<Option<QueueEntry>> {
        let corrupt = || LedgerError::Corrupt("a queue entry without a post".to_owned());
        let pk = text(item, "pk").ok_or_else(corrupt)?;
        let post = keys::parse_post(pk).ok_or_else(corrupt)?;
        let since = parse_stamp(text(item, "due").ok_or_else(corrupt)?)?;
        let newest = match number::<u32>(item, "decisions") {
            Some(newest) => newest,
            None => match self.get(pk, keys::HEAD).await? {
                Some(head) => number(&head, "decisions").unwrap_or(0),
                None => 0,
            },
        };
        let Some(decision) = self.get(pk, &keys::decision(newest)).await? else { return Ok(None) };
        Ok(Some(QueueEntry { post, waits_for, since, decision: from_item::<Decision>(decision)? }))
    }
}
