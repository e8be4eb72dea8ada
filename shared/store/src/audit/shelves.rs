//! Kept texts, standings, own posts and what waits, page by page. Implements `Shelves`.

use std::collections::HashMap;

use casework::audit::{Kept, OwnPost, Page, Removed, Shelves, Standing, Waiting};
use casework::decision::{Decision, PostKey};
use casework::ledger::{LedgerError, Result, WaitsFor};
use casework::planned::{Action, ActionKey};
use jiff::Timestamp;
use rules::Verdict;

use super::pages::{Wanted, prefix};
use crate::action::action_of;
use crate::attributes::{Item, at, from_item, number, s, text, time};
use crate::case_file::outbound;
use crate::error::unavailable;
use crate::items::{Content, TaskItem, parse_stamp};
use crate::keys::{Bucket, SHARDS};
use crate::transaction::{Written, incomplete, update};
use crate::{Store, keys};

impl Shelves for Store {
    async fn kept(&self, from: Option<&str>, now: Timestamp) -> Result<Page<Kept>> {
        let wanted = Wanted {
            filter: "begins_with(sk, :prefix) AND expires > :now",
            values: vec![(":prefix", prefix(keys::CONTENT_PREFIX)), (":now", crate::attributes::expiry(now))],
            projection: None,
        };
        let (items, next) = self.walk(from, &wanted).await?;
        Ok(Page { items: items.into_iter().map(kept).collect::<Result<_>>()?, next })
    }

    async fn text_of(&self, post: &PostKey, now: Timestamp) -> Result<Option<Kept>> {
        let Some((pk, sk)) = self.text_key(post).await? else { return Ok(None) };
        let item = self.get(&pk, &sk).await?.filter(|item| !crate::attributes::expired(item, now));
        item.map(kept).transpose()
    }

    async fn standing_of(&self, posts: &[PostKey]) -> Result<Vec<Option<Standing>>> {
        let found = self.get_many(posts.iter().map(|post| (keys::post(post), keys::HEAD.to_owned()))).await?;
        let mut by_post: HashMap<PostKey, Standing> = HashMap::with_capacity(found.len());
        for item in found {
            if let Some(standing) = standing(&item)? {
                by_post.insert(standing.post.clone(), standing);
            }
        }
        Ok(posts.iter().map(|post| by_post.get(post).cloned()).collect())
    }

    async fn standings(&self, from: Option<&str>, since: Timestamp) -> Result<Page<Standing>> {
        let wanted = Wanted {
            filter: "sk = :head AND decided_at >= :since",
            values: vec![(":head", s(keys::HEAD)), (":since", at(since))],
            projection: None,
        };
        let (items, next) = self.walk(from, &wanted).await?;
        let items = items.iter().map(standing).collect::<Result<Vec<_>>>()?;
        Ok(Page { items: items.into_iter().flatten().collect(), next })
    }

    async fn own_posts(&self, from: Option<&str>, since: Timestamp) -> Result<Page<OwnPost>> {
        let wanted = Wanted {
            filter: "sk = :own AND as_of >= :since",
            values: vec![(":own", s(keys::OUTBOUND)), (":since", at(since))],
            projection: None,
        };
        let (items, next) = self.walk(from, &wanted).await?;
        Ok(Page { items: items.iter().map(own_post).collect::<Result<_>>()?, next })
    }

    async fn note_original(&self, retweet: &PostKey, digest: &str) -> Result<()> {
        self.update(&keys::post(retweet), keys::OUTBOUND)
            .update_expression("SET original = if_not_exists(original, :digest)")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":digest", s(digest))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    async fn newest_decision(&self, post: &PostKey) -> Result<Option<Decision>> {
        let pk = keys::post(post);
        let head = self.get(&pk, keys::HEAD).await?;
        let Some(newest) = head.as_ref().and_then(|head| number::<u32>(head, "decisions")) else { return Ok(None) };
        self.get(&pk, &keys::decision(newest)).await?.map(from_item).transpose()
    }

    async fn actions_of(&self, post: &PostKey) -> Result<Vec<Action>> {
        let items = self.partition(&keys::post(post)).await?;
        let actions =
            items.into_iter().filter(|item| text(item, "sk").is_some_and(|sk| sk.starts_with(keys::ACTION_PREFIX)));
        actions.map(|item| action_of(item, None)).collect()
    }

    async fn send_to_review(&self, post: &PostKey, decision: &Decision) -> Result<bool> {
        let head = self.head_update(post, decision, "SET course = :number, ")?;
        let writes = vec![update(head.build().map_err(incomplete)?), self.append_decision(post, decision)?];
        match self.write_all(writes).await? {
            Written::Yes => Ok(true),
            Written::Refused(_) => Ok(false),
        }
    }

    async fn honour_deletion(&self, post: &PostKey, now: Timestamp) -> Result<bool> {
        let held = self.text_key(post).await?;
        let removed = match &held {
            Some((pk, sk)) => self.delete(pk, sk, None).await?,
            None => false,
        };
        self.update(&keys::post(post), keys::HEAD)
            .update_expression("SET gone_at = if_not_exists(gone_at, :now)")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map_err(unavailable)?;
        Ok(removed)
    }

    async fn remove_expired(&self, from: Option<&str>, now: Timestamp) -> Result<(Removed, Option<String>)> {
        self.remove_page(from, now).await
    }

    async fn remove_text(&self, post: &PostKey) -> Result<()> {
        if let Some((pk, sk)) = self.text_key(post).await? {
            self.delete(&pk, &sk, None).await?;
        }
        Ok(())
    }

    async fn unfinished(&self, from: Option<&str>) -> Result<Page<Action>> {
        let (items, next) = self.shards(&[Bucket::Due], from).await?;
        let items = items.into_iter().map(|(_, item)| action_of(item, None)).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }

    async fn decided_at(&self, action: &ActionKey) -> Result<Option<Timestamp>> {
        let decision = self.get(&keys::post(&action.post), &keys::decision(action.decision)).await?;
        Ok(decision.and_then(|decision| time(&decision, "decided_at")))
    }

    async fn waiting(&self, from: Option<&str>) -> Result<Page<Waiting>> {
        let (items, next) = self.shards(&[Bucket::Review, Bucket::Task], from).await?;
        let items = items.into_iter().map(|(bucket, item)| waiting(bucket, item)).collect::<Result<_>>()?;
        Ok(Page { items, next })
    }
}

impl Store {
    /// One page of one shard of these buckets of the queue index; the place names bucket, shard and key.
    async fn shards(&self, buckets: &[Bucket], from: Option<&str>) -> Result<(Vec<(Bucket, Item)>, Option<String>)> {
        let corrupt = || LedgerError::Corrupt("no place in the queue".to_owned());
        let (turn, start) = match from {
            None => (0, None),
            Some(from) => {
                let (turn, key) = from.split_once('\n').ok_or_else(corrupt)?;
                (turn.parse::<usize>().map_err(|_| corrupt())?, Some(key).filter(|key| !key.is_empty()))
            }
        };
        let shards = usize::from(SHARDS);
        let bucket = *buckets.get(turn / shards).ok_or_else(corrupt)?;
        let shard = bucket.shard(u8::try_from(turn % shards).map_err(|_| corrupt())?);
        let start = match start {
            None => None,
            Some(start) => {
                let parts: Vec<&str> = start.split('\n').collect();
                let [pk, sk, due] = parts[..] else { return Err(corrupt()) };
                let mut key = crate::attributes::key(pk, sk);
                key.extend([("queue".to_owned(), s(&shard)), ("due".to_owned(), s(due))]);
                Some(key)
            }
        };
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::QUEUE_INDEX)
            .key_condition_expression("#queue = :queue")
            .expression_attribute_names("#queue", "queue")
            .expression_attribute_values(":queue", s(&shard))
            .limit(super::pages::PAGE)
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(unavailable)?;
        let items = page.items.unwrap_or_default().into_iter().map(|item| (bucket, item)).collect();
        let next = match page.last_evaluated_key {
            Some(last) => {
                let field = |name| text(&last, name).ok_or_else(corrupt);
                Some(format!("{turn}\n{}\n{}\n{}", field("pk")?, field("sk")?, field("due")?))
            }
            None => (turn + 1 < buckets.len() * shards).then(|| format!("{}\n", turn + 1)),
        };
        Ok((items, next))
    }

    /// Where the text of a post lies, as its head says.
    async fn text_key(&self, post: &PostKey) -> Result<Option<(String, String)>> {
        let Some(head) = self.get(&keys::post(post), keys::HEAD).await? else { return Ok(None) };
        let field = |name| text(&head, name).map(str::to_owned);
        Ok(field("person").zip(field("content")).map(|(person, content)| (keys::person(&person), content)))
    }
}

fn kept(item: Item) -> Result<Kept> {
    let content: Content = from_item(item)?;
    let expires_at = Timestamp::from_second(content.expires)
        .map_err(|_| LedgerError::Corrupt("an expiry beyond all time".to_owned()))?;
    Ok(Kept {
        post: content.post,
        context: content.context,
        rules: content.evidence.into_iter().map(|(rule, _)| rule).collect(),
        read_at: content.read_at.as_deref().map(parse_stamp).transpose()?,
        expires_at,
    })
}

/// `None` for a head of which not enough is known: a ruling on a post of our own.
fn standing(item: &Item) -> Result<Option<Standing>> {
    let field = |name: &str| text(item, name).map(str::to_owned);
    let post = text(item, "pk").and_then(keys::parse_post);
    let post = post.ok_or_else(|| LedgerError::Corrupt("a head without a post".to_owned()))?;
    let verdict = match text(item, "verdict") {
        Some("allow") => Verdict::Allow,
        Some("review") => Verdict::Review,
        Some("act") => Verdict::Act,
        Some(_) | None => return Ok(None),
    };
    let (Some(account), Some(target), Some(decided_at)) = (field("account"), field("target"), time(item, "decided_at"))
    else {
        return Ok(None);
    };
    let decisions = number(item, "decisions").unwrap_or(0);
    Ok(Some(Standing { post, account, target, verdict, decisions, decided_at, gone_at: time(item, "gone_at") }))
}

fn own_post(item: &Item) -> Result<OwnPost> {
    let key = text(item, "pk").and_then(keys::parse_post);
    let key = key.ok_or_else(|| LedgerError::Corrupt("an own post without a key".to_owned()))?;
    Ok(OwnPost {
        post: outbound(&key, item)?,
        purpose: text(item, "purpose").map(str::to_owned),
        deleted_at: time(item, "deleted_at"),
        original: text(item, "original").map(str::to_owned),
    })
}

fn waiting(bucket: Bucket, item: Item) -> Result<Waiting> {
    let post = text(&item, "pk").and_then(keys::parse_post);
    let post = post.ok_or_else(|| LedgerError::Corrupt("a queue entry without a post".to_owned()))?;
    let since = time(&item, "due").ok_or_else(|| LedgerError::Corrupt("a queue entry without a time".to_owned()))?;
    let waits_for = match bucket {
        Bucket::Task => WaitsFor::Task(from_item::<TaskItem>(item)?.task),
        Bucket::Review | Bucket::Due | Bucket::Correction | Bucket::Suppressed => WaitsFor::Ruling(Verdict::Review),
    };
    Ok(Waiting { post, waits_for, since })
}
