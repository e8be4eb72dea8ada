//! People who may not be taken in again: the flag that every function honours, listed for review, erasable itself.

use jiff::{SignedDuration, Timestamp};
use privacy::erasure::Cause;

use casework::ledger::{LedgerError, Result};

use crate::attributes::{at, key, s, text, time};
use crate::error::unavailable;
use crate::keys::{Bucket, SHARDS};
use crate::{Store, keys};

/// Days after which it is asked whether a suppression is still needed.
const REVIEW_DAYS: i64 = 365;

/// A suppression, which shows nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Made from the person's key, and from nothing else that is kept.
    pub mark: String,
    /// Why.
    pub cause: String,
    /// Since when.
    pub since: Timestamp,
    /// When it is asked whether it is still needed.
    pub review_at: Timestamp,
}

impl Store {
    /// The key under which a person is kept; what a verified account is turned into, and nothing else.
    pub fn person(&self, platform: rules::Platform, user: &rules::UserId) -> String {
        self.person_key.person(platform, user)
    }

    /// Suppresses a person; one who is suppressed already stays so since then.
    ///
    /// # Errors
    /// The store's.
    pub async fn suppress(&self, person: &str, cause: Cause, now: Timestamp) -> Result<()> {
        let mark = self.person_key.suppression(person);
        self.update(&keys::suppressed(&mark), keys::STATE)
            .update_expression(
                "SET cause = if_not_exists(cause, :cause), since = if_not_exists(since, :now), \
                 #queue = :queue, due = if_not_exists(due, :review)",
            )
            .expression_attribute_names("#queue", "queue")
            .expression_attribute_values(":cause", s(cause.key()))
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":queue", s(Bucket::Suppressed.of_text(&mark)))
            .expression_attribute_values(":review", at(now + SignedDuration::from_hours(24 * REVIEW_DAYS)))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Whether a person is suppressed.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_suppressed(&self, person: &str) -> Result<bool> {
        let pk = keys::suppressed(&self.person_key.suppression(person));
        Ok(self.get(&pk, keys::STATE).await?.is_some())
    }

    /// Since when a person is suppressed.
    ///
    /// # Errors
    /// The store's.
    pub async fn suppressed_since(&self, person: &str) -> Result<Option<Timestamp>> {
        let pk = keys::suppressed(&self.person_key.suppression(person));
        Ok(self.get(&pk, keys::STATE).await?.and_then(|item| time(&item, "since")))
    }

    /// Ends a person's suppression, at the person's wish: what the person makes public is collected again.
    ///
    /// # Errors
    /// The store's.
    pub async fn lift_suppression(&self, person: &str) -> Result<()> {
        self.lift_mark(&self.person_key.suppression(person)).await
    }

    /// Ends the suppression under a mark, after a review.
    ///
    /// # Errors
    /// The store's.
    pub async fn lift_mark(&self, mark: &str) -> Result<()> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::suppressed(mark), keys::STATE)))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Every suppression, the longest unreviewed first.
    ///
    /// # Errors
    /// The store's.
    pub async fn suppressions(&self) -> Result<Vec<Suppression>> {
        let mut all = Vec::new();
        for shard in 0..SHARDS {
            for item in self.queue_shard(Bucket::Suppressed, shard, None).await? {
                let corrupt = || LedgerError::Corrupt("a suppression without its parts".to_owned());
                let mark = text(&item, "pk").and_then(|pk| pk.strip_prefix(&keys::suppressed("")));
                all.push(Suppression {
                    mark: mark.ok_or_else(corrupt)?.to_owned(),
                    cause: text(&item, "cause").ok_or_else(corrupt)?.to_owned(),
                    since: time(&item, "since").ok_or_else(corrupt)?,
                    review_at: time(&item, "due").ok_or_else(corrupt)?,
                });
            }
        }
        all.sort_by(|a, b| a.review_at.cmp(&b.review_at).then_with(|| a.mark.cmp(&b.mark)));
        Ok(all)
    }
}
