//! Claiming one content version of a post, with a lease.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use casework::decision::{Decider, Decision};
use casework::ledger::{Claim, Lease, LedgerError, Result};
use jiff::{SignedDuration, Timestamp};
use rules::{Post, Verdict};

use crate::attributes::{Item, at, from_item, key, s, text, time};
use crate::error::{applied, unavailable};
use crate::transaction::random_hex;
use crate::{CLAIM_LEASE_SECONDS, Store, keys};

/// Stage of a claim that somebody is judging.
pub(crate) const LEASED: &str = "leased";
/// Stage of a claim that ended in a decision.
pub(crate) const DONE: &str = "done";

impl Store {
    pub(crate) async fn claim_version(&self, post: &Post, now: Timestamp) -> Result<Claim> {
        let lease = Lease { token: random_hex()?, until: now + SignedDuration::from_secs(CLAIM_LEASE_SECONDS) };
        let sent = self
            .update(&keys::post(&keys::key_of(post)), &keys::claim(&post.version))
            .update_expression("SET stage = :leased, lease = :lease, lease_until = :until, written_at = :written")
            .condition_expression("attribute_not_exists(pk) OR (stage = :leased AND lease_until <= :now)")
            .expression_attribute_values(":leased", s(LEASED))
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":until", at(lease.until))
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":written", at(written_at(post)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(_) => return Ok(Claim::Won(lease)),
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(unavailable(error));
        };
        let held = refused.item().cloned().unwrap_or_default();
        if text(&held, "stage") == Some(DONE) {
            if self.came_back(post, &held, now).await? && self.reopen(post, now).await? {
                return Box::pin(self.claim_version(post, now)).await;
            }
            return Ok(Claim::Done);
        }
        // Our own write whose answer got lost, made again by the SDK, finds our own token.
        if text(&held, "lease") == Some(&lease.token) {
            return Ok(Claim::Won(lease));
        }
        let until = time(&held, "lease_until")
            .ok_or_else(|| LedgerError::Corrupt("a claim without the end of its lease".to_owned()))?;
        Ok(Claim::Held { until })
    }

    /// Whether an author changed a post back to words that were decided before: they were written anew since, which
    /// tells them from those of a list that lags, and others were decided in between. What a person allowed stays so.
    async fn came_back(&self, post: &Post, claim: &Item, now: Timestamp) -> Result<bool> {
        if time(claim, "written_at").is_none_or(|before| before >= written_at(post)) {
            return Ok(false);
        }
        let (from, to) = (s(keys::DECISION_PREFIX), s(format!("{}~", keys::DECISION_PREFIX)));
        let newest_first = self.range(&keys::post(&keys::key_of(post)), from, to, None, now).await?;
        let decisions: Vec<Decision> = newest_first.into_iter().map(from_item).collect::<Result<_>>()?;
        if decisions.first().is_none_or(|newest| newest.version == post.version) {
            return Ok(false);
        }
        let last = decisions.iter().find(|decision| decision.version == post.version);
        let allowed = |last: &Decision| matches!(last.by, Decider::Person(_)) && last.verdict == Verdict::Allow;
        Ok(!last.is_some_and(allowed))
    }

    /// Lets a version that was decided be decided once more, by whoever claims it next; `false` when somebody is at it.
    ///
    /// # Errors
    /// The store's.
    pub async fn reopen(&self, post: &Post, now: Timestamp) -> Result<bool> {
        let sent = self
            .update(&keys::post(&keys::key_of(post)), &keys::claim(&post.version))
            .update_expression("SET stage = :leased, lease_until = :now")
            .condition_expression("stage = :done")
            .expression_attribute_values(":leased", s(LEASED))
            .expression_attribute_values(":done", s(DONE))
            .expression_attribute_values(":now", at(now))
            .send()
            .await;
        applied(sent)
    }

    /// Deletes a claim that is still ours; one that is no longer ours is left alone.
    pub(crate) async fn forget(&self, post: &Post, lease: &Lease) -> Result<()> {
        let sent = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::post(&keys::key_of(post)), &keys::claim(&post.version))))
            .condition_expression("lease = :lease AND stage = :leased")
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":leased", s(LEASED))
            .send()
            .await;
        applied(sent).map(|_| ())
    }
}

/// When the words of a version were written.
pub(crate) fn written_at(post: &Post) -> Timestamp {
    post.edited_at.unwrap_or(post.created_at)
}
