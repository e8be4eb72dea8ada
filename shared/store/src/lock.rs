//! The lock under which a grant is refreshed, with the mark that is written before a refresh token is used.

use casework::account::AccountKey;
use casework::ledger::{Lease, Result};
use jiff::{SignedDuration, Timestamp};

use crate::action::conditional;
use crate::attributes::{Item, at, s, text, time};
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
    /// Digest of the refresh token that was used up last: a vault that still shows it is behind.
    pub used: Option<String>,
}

/// What a refresh came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh<'a> {
    /// Nobody knows: the mark stays.
    Unknown,
    /// Nothing was used up, or all is lost: the mark goes.
    Settled,
    /// A new access token came, but its grant is not in the vault yet: the mark stays.
    Unsaved {
        /// When the access token ends.
        expires_at: Timestamp,
    },
    /// A new grant is in the vault.
    Saved {
        /// When the access token ends.
        expires_at: Timestamp,
        /// Digest of the refresh token that was used up for it, if one was.
        used: Option<&'a str>,
    },
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
            Ok(item) => Some(held(lease, &item)),
            // Our own write whose answer got lost, made again by the SDK.
            Err(item) if text(&item, "lease") == Some(&lease.token) => Some(held(lease, &item)),
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

    /// Gives the lock back, and says what came of it.
    ///
    /// # Errors
    /// The store's; the lock then ends by itself.
    pub async fn unlock_grant(
        &self,
        account: &AccountKey,
        lease: &Lease,
        refresh: Refresh<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let (settled, expires_at, used) = match refresh {
            Refresh::Unknown => (false, None, None),
            Refresh::Settled => (true, None, None),
            Refresh::Unsaved { expires_at } => (false, Some(expires_at), None),
            Refresh::Saved { expires_at, used } => (true, Some(expires_at), used),
        };
        let mut set = Vec::new();
        let mut give_back = self
            .update(&keys::account(account), keys::GRANT)
            .condition_expression("lease = :lease")
            .expression_attribute_values(":lease", s(&lease.token));
        if let Some(expires_at) = expires_at {
            set.push("refreshed_at = :now, expires_at = :expires");
            give_back = give_back
                .expression_attribute_values(":now", at(now))
                .expression_attribute_values(":expires", at(expires_at));
        }
        if let Some(used) = used {
            set.push("used = :used");
            give_back = give_back.expression_attribute_values(":used", s(used));
        }
        let set = if set.is_empty() { String::new() } else { format!("SET {} ", set.join(", ")) };
        let removed = if settled { "lease, lease_until, spent, spent_at" } else { "lease, lease_until" };
        conditional(give_back.update_expression(format!("{set}REMOVE {removed}"))).await.map(|_| ())
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

fn held(lease: Lease, item: &Item) -> GrantLock {
    let digest = |name| text(item, name).map(str::to_owned);
    GrantLock { lease, spent: digest("spent"), used: digest("used") }
}
