//! What intake keeps besides cases: posts of our own, watched videos, deliveries that could not be read. Implements `Cases`.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use casework::decision::PostKey;
use casework::event::{Outbound, VideoNotice};
use casework::ledger::{CaseRecord, Cases, Claim, History, Lease, Recorded, Result};
use jiff::{SignedDuration, Timestamp};
use rules::{Platform, Post};

use crate::attributes::{Item, at, expiry, key, s};
use crate::error::{applied, unavailable};
use crate::{Store, keys};

/// Days that an unreadable delivery stays on record; its body is gone earlier.
const UNREADABLE_DAYS: i64 = 30;

impl Cases for Store {
    async fn claim(&self, post: &Post, now: Timestamp) -> Result<Claim> {
        self.claim_version(post, now).await
    }

    async fn forget_claim(&self, post: &Post, lease: &Lease) -> Result<()> {
        self.forget(post, lease).await
    }

    async fn gather(&self, post: &Post, now: Timestamp) -> Result<History> {
        self.history(post, now).await
    }

    async fn record(&self, record: &CaseRecord<'_>, lease: &Lease, now: Timestamp) -> Result<Recorded> {
        self.write_case(record, lease, now).await
    }

    async fn record_outbound(&self, outbound: &Outbound, purpose: Option<&str>, now: Timestamp) -> Result<()> {
        let post = PostKey { platform: outbound.platform, id: outbound.id.clone() };
        // A person's later choice of purpose, and the first time we saw it, survive a redelivery.
        let mut set =
            "SET platform = :platform, account = :account, target = :target, words = :words, as_of = :as_of, \
                       seen_at = if_not_exists(seen_at, :now)"
                .to_owned();
        let mut update = self
            .update(&keys::post(&post), keys::OUTBOUND)
            .expression_attribute_values(":platform", s(outbound.platform.key()))
            .expression_attribute_values(":account", s(&outbound.account))
            .expression_attribute_values(":target", s(&outbound.target))
            .expression_attribute_values(":words", s(&outbound.text))
            .expression_attribute_values(":as_of", at(outbound.as_of))
            .expression_attribute_values(":now", at(now));
        if let Some(purpose) = purpose {
            set.push_str(", purpose = if_not_exists(purpose, :purpose)");
            update = update.expression_attribute_values(":purpose", s(purpose));
        }
        if let Some(original) = &outbound.retweet_of {
            set.push_str(", retweet_of = :original, endorsement = :none");
            update = update
                .expression_attribute_values(":original", s(original))
                .expression_attribute_values(":none", s("none"));
        }
        // An edit that was delivered before stays.
        let newest = update.condition_expression("attribute_not_exists(as_of) OR as_of <= :as_of");
        applied(newest.update_expression(set).send().await).map(|_| ())
    }

    async fn own_post_deleted(&self, post: &PostKey, now: Timestamp) -> Result<()> {
        self.update(&keys::post(post), keys::OUTBOUND)
            .update_expression("SET platform = :platform, deleted_at = if_not_exists(deleted_at, :now)")
            .expression_attribute_values(":platform", s(post.platform.key()))
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    async fn watch_video(&self, notice: &VideoNotice, gone: bool, now: Timestamp) -> Result<()> {
        let (pk, sk) = keys::video(notice);
        let set = "SET watched_since = if_not_exists(watched_since, :now), noticed_at = :at";
        let expression = if gone { format!("{set}, gone_at = :at") } else { format!("{set} REMOVE gone_at") };
        let sent = self
            .update(&pk, &sk)
            .update_expression(expression)
            // Notices come in any order; an older one changes nothing.
            .condition_expression("attribute_not_exists(noticed_at) OR noticed_at <= :at")
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":at", at(notice.at.unwrap_or(now)))
            .send()
            .await;
        applied(sent).map(|_| ())
    }

    async fn record_unreadable(&self, platform: Platform, body_key: &str, reason: &str, now: Timestamp) -> Result<()> {
        let (pk, sk) = keys::unreadable(now, body_key);
        let mut item = Item::from([
            ("platform".to_owned(), s(platform.key())),
            ("body_key".to_owned(), s(body_key)),
            ("reason".to_owned(), s(reason)),
            ("expires".to_owned(), expiry(now + SignedDuration::from_hours(24 * UNREADABLE_DAYS))),
        ]);
        item.extend(key(&pk, &sk));
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }
}

impl Store {
    /// The start of an update of one item.
    pub(crate) fn update(&self, pk: &str, sk: &str) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).set_key(Some(key(pk, sk)))
    }
}
