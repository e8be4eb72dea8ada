//! Everything that judging needs, read at once.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use casework::account::AccountKey;
use casework::decision::PostKey;
use casework::decision::{Decider, Decision};
use casework::ledger::{History, Result, Suppressed};
use jiff::{SignedDuration, Timestamp};
use rules::{AnsweredPost, AuthorHistory, Context, Platform, Post, Verdict, same_text};

use crate::attributes::{Item, at, expired, from_item, key, number, s, text, time};
use crate::claim::written_at;
use crate::error::unavailable;
use crate::{Store, keys};

/// Sightings, posts or strikes that one read looks at; more than that changes no judgement.
const ENOUGH: i32 = 100;

impl Store {
    pub(crate) async fn history(&self, post: &Post, now: Timestamp) -> Result<History> {
        let key = keys::key_of(post);
        let account = AccountKey { platform: post.platform, id: post.account.clone() };
        let person = self.person_key.person(post.platform, &post.author.id);
        let hash = self.text_hash(post);
        let pk = keys::post(&key);
        let (account, suppressed, head, recent, standing, same, answered, in_our_conversation) = tokio::try_join!(
            self.account_state(&account),
            self.is_suppressed(&person),
            self.get(&pk, keys::HEAD),
            self.recent_posts(&person, now),
            self.standing(&person, now),
            self.sightings(hash.as_deref(), now),
            self.answered(post),
            self.in_our_conversation(post),
        )?;
        let own_sort_key = keys::content(post.created_at, &key);
        let others: Vec<&Item> = recent.iter().filter(|item| text(item, "sk") != Some(&own_sort_key)).collect();
        let hour_ago = keys::CONTENT_PREFIX.to_owned() + &keys::stamp(now - SignedDuration::from_hours(1));
        let posts_last_hour = others.iter().filter(|item| text(item, "sk").is_some_and(|sk| *sk >= *hour_ago)).count();
        let same_by_author = hash.as_deref().map(|hash| {
            others.iter().filter(|item| text(item, "text_hash") == Some(hash)).count().try_into().unwrap_or(u32::MAX)
        });
        let strikes = standing
            .iter()
            .filter(|item| text(item, "sk").is_some_and(|sk| sk.starts_with(keys::STRIKE_PREFIX)))
            .filter(|item| text(item, "sk") != Some(&keys::strike(&key)))
            .count();
        let first_seen = standing
            .iter()
            .find(|item| text(item, "sk") == Some(keys::PROFILE))
            .and_then(|item| time(item, "first_seen"));
        let author = match suppressed {
            false => AuthorHistory {
                strikes: Some(strikes.try_into().unwrap_or(u32::MAX)),
                posts_last_hour: Some(posts_last_hour.try_into().unwrap_or(u32::MAX)),
                same_text_last_day: same_by_author,
                first_seen,
            },
            // What is still there until it is erased is no longer used: as if seen for the first time.
            true => AuthorHistory {
                strikes: Some(0),
                posts_last_hour: Some(0),
                same_text_last_day: hash.as_deref().map(|_| 0),
                first_seen: None,
            },
        };
        let context = Context {
            author,
            same_text_by_others: same
                .map(|persons| persons.iter().filter(|other| **other != person).count().try_into().unwrap_or(u32::MAX)),
            answered,
            in_our_conversation,
        };
        let decisions = head.as_ref().and_then(|head| number(head, "decisions")).unwrap_or(0);
        let superseded = head.as_ref().is_some_and(|head| is_later(head, post));
        let suppressed = if suppressed { Some(self.how_it_stands(&pk, decisions).await?) } else { None };
        Ok(History { context, account, decisions, superseded, suppressed })
    }

    /// Whether a post of a suppressed author is left as it is.
    async fn how_it_stands(&self, pk: &str, decisions: u32) -> Result<Suppressed> {
        let Some(item) = self.get(pk, &keys::decision(decisions)).await? else { return Ok(Suppressed::Open) };
        let newest: Decision = from_item(item)?;
        Ok(match (newest.by, newest.verdict) {
            (Decider::Machine, Verdict::Allow) => Suppressed::Open,
            (Decider::Machine, Verdict::Review | Verdict::Act) | (Decider::Person(_), _) => Suppressed::Settled,
        })
    }

    /// Key of what makes a post the same text as another, or `None` when nothing is left of it.
    pub(crate) fn text_hash(&self, post: &Post) -> Option<String> {
        let same = same_text(&post.text);
        (!same.is_empty()).then(|| self.person_key.text(&same))
    }

    /// One item, read consistently.
    pub(crate) async fn get(&self, pk: &str, sk: &str) -> Result<Option<Item>> {
        let got = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(pk, sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable)?;
        Ok(got.item)
    }

    /// The author's posts of the last day.
    async fn recent_posts(&self, person: &str, now: Timestamp) -> Result<Vec<Item>> {
        let from = keys::CONTENT_PREFIX.to_owned() + &keys::stamp(now - SignedDuration::from_hours(24));
        let to = keys::CONTENT_PREFIX.to_owned() + "~";
        self.range(&keys::person(person), s(from), s(to), Some("sk, text_hash, expires"), now).await
    }

    /// The author's profile and strikes.
    async fn standing(&self, person: &str, now: Timestamp) -> Result<Vec<Item>> {
        let to = keys::STRIKE_PREFIX.to_owned() + "~";
        self.range(&keys::person(person), s(keys::PROFILE), s(to), Some("sk, first_seen, expires"), now).await
    }

    /// The persons who posted the same folded text within a day.
    async fn sightings(&self, hash: Option<&str>, now: Timestamp) -> Result<Option<BTreeSet<String>>> {
        let Some(hash) = hash else { return Ok(None) };
        let since = at(now - SignedDuration::from_hours(24));
        let items = self.range(&keys::same(hash), since, s("~"), Some("sk, expires"), now).await?;
        let persons = items.iter().filter_map(|item| keys::person_of_sighting(text(item, "sk")?).map(str::to_owned));
        Ok(Some(persons.collect()))
    }

    /// What we know of the post that is answered.
    async fn answered(&self, post: &Post) -> Result<Option<AnsweredPost>> {
        let Some(id) = &post.answers else { return Ok(None) };
        let answered = PostKey { platform: post.platform, id: id.clone() };
        let own = self.get(&keys::post(&answered), keys::OUTBOUND).await?;
        Ok(own.map(|_| AnsweredPost { platform: post.platform, id: id.clone(), ours: true }))
    }

    /// Whether we started the conversation: known from our own posts, and of a post that started its own.
    pub(crate) async fn in_our_conversation(&self, post: &Post) -> Result<Option<bool>> {
        match (&post.conversation, post.platform) {
            (None, _) | (_, Platform::YouTube) => Ok(None),
            (Some(id), Platform::X) if *id == post.id => Ok(Some(false)),
            (Some(id), Platform::X) => {
                let root = PostKey { platform: post.platform, id: id.clone() };
                Ok(self.get(&keys::post(&root), keys::OUTBOUND).await?.map(|_| true))
            }
        }
    }

    /// Items of one partition between two sort keys, newest first, without what has expired.
    pub(crate) async fn range(
        &self,
        pk: &str,
        from: AttributeValue,
        to: AttributeValue,
        projection: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Item>> {
        let got = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":from", from)
            .expression_attribute_values(":to", to)
            .set_projection_expression(projection.map(str::to_owned))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(ENOUGH)
            .send()
            .await
            .map_err(unavailable)?;
        Ok(got.items.unwrap_or_default().into_iter().filter(|item| !expired(item, now)).collect())
    }
}

/// Whether a version that was decided is later than what came now. On X each edit has a new, greater id.
fn is_later(head: &Item, post: &Post) -> bool {
    let target = post.target.as_str();
    match post.platform {
        Platform::X => text(head, "target").is_some_and(|shown| (shown.len(), shown) > (target.len(), target)),
        Platform::YouTube => time(head, "written_at").is_some_and(|written| written > written_at(post)),
    }
}
