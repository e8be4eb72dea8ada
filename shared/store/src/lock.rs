//! The lock under which a grant is refreshed, with the mark that is written before a refresh token is used.

use casework::account::AccountKey;
use casework::ledger::{Lease, Result};
use jiff::{SignedDuration, Timestamp};

use crate::action::conditional;
use crate::attributes::{at, s, text, time};
use crate::error::unavailable;
use crate::transaction::random_hex;
use crate::{Store, keys};

/// How long a refresh may take before another may try, in seconds.
pub const GRANT_LEASE_SECONDS: i64 = 60;

/// What holding the lock tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantLock {
    /// Proof of holding it.
    pub lease: Lease,
    /// Digest of the refresh token that somebody was about to use and never said what came of it.
    pub spent: Option<String>,
}

/// How a grant stands, as the audit shows it. Holds no token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantStatus {
    /// When it was refreshed, or given, last.
    pub refreshed_at: Option<Timestamp>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// Whether a refresh was begun whose end nobody knows.
    pub uncertain: bool,
}

impl Store {
    /// Takes the lock on an account's grant; `None` while another holds it.
    ///
    /// # Errors
    /// The store's.
    pub async fn lock_grant(&self, account: &AccountKey, now: Timestamp) -> Result<Option<GrantLock>> {
        let lease = Lease { token: random_hex()?, until: now + SignedDuration::from_secs(GRANT_LEASE_SECONDS) };
        let take = self
            .update(&keys::account(account), keys::GRANT)
            .update_expression("SET lease = :lease, lease_until = :until")
            .condition_expression("attribute_not_exists(lease) OR lease_until <= :now")
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":until", at(lease.until))
            .expression_attribute_values(":now", at(now));
        Ok(match conditional(take).await? {
            Ok(item) => Some(GrantLock { lease, spent: text(&item, "spent").map(str::to_owned) }),
            // Our own write whose answer got lost, made again by the SDK.
            Err(held) if text(&held, "lease") == Some(&lease.token) => {
                Some(GrantLock { lease, spent: text(&held, "spent").map(str::to_owned) })
            }
            Err(_) => None,
        })
    }

    /// Writes, before a refresh token is used, which one; `false` when the lock was lost.
    ///
    /// # Errors
    /// The store's.
    pub async fn mark_spent(&self, account: &AccountKey, lease: &Lease, digest: &str, now: Timestamp) -> Result<bool> {
        let mark = self
            .update(&keys::account(account), keys::GRANT)
            .update_expression("SET spent = :spent, spent_at = :now")
            .condition_expression("lease = :lease AND lease_until > :now")
            .expression_attribute_values(":spent", s(digest))
            .expression_attribute_values(":lease", s(&lease.token))
            .expression_attribute_values(":now", at(now));
        Ok(conditional(mark).await?.is_ok())
    }

    /// Gives the lock back. `settled` says that the outcome of the refresh is known, so that the mark goes; `granted`
    /// says until when the new access token lives.
    ///
    /// # Errors
    /// The store's; the lock then ends by itself.
    pub async fn unlock_grant(
        &self,
        account: &AccountKey,
        lease: &Lease,
        settled: bool,
        granted: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<()> {
        let removed = if settled { "REMOVE lease, lease_until, spent, spent_at" } else { "REMOVE lease, lease_until" };
        let mut give_back = self
            .update(&keys::account(account), keys::GRANT)
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", s(&lease.token));
        give_back = match granted {
            Some(expires) => give_back
                .update_expression(format!("SET refreshed_at = :now, expires_at = :expires {removed}"))
                .expression_attribute_values(":now", at(now))
                .expression_attribute_values(":expires", at(expires)),
            None => give_back.update_expression(removed),
        };
        conditional(give_back).await.map(|_| ())
    }

    /// How an account's grant stands.
    ///
    /// # Errors
    /// The store's.
    pub async fn grant_status(&self, account: &AccountKey) -> Result<GrantStatus> {
        let Some(item) = self.get(&keys::account(account), keys::GRANT).await? else {
            return Ok(GrantStatus::default());
        };
        Ok(GrantStatus {
            refreshed_at: time(&item, "refreshed_at"),
            expires_at: time(&item, "expires_at"),
            uncertain: item.contains_key("spent"),
        })
    }

    /// Notes that an account was connected anew: calls may go on, whatever the operator's switch says.
    ///
    /// # Errors
    /// The store's.
    pub async fn reconnected(&self, account: &AccountKey, now: Timestamp) -> Result<()> {
        self.update(&keys::account(account), keys::STATE)
            .update_expression("SET changed_at = :now REMOVE disconnected")
            .expression_attribute_values(":now", at(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }
}
