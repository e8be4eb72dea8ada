//! How our subscriptions stand: the lease of YouTube's video notices, the validity of X's webhook.

use casework::account::AccountKey;
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};

use crate::attributes::{at, n, number, s, text, time};
use crate::error::unavailable;
use crate::{Store, keys};

/// The WebSub subscription to our channel's feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebSubLease {
    /// When the hub verified it last.
    pub verified_at: Option<Timestamp>,
    /// When it ends.
    pub until: Option<Timestamp>,
    /// When the hub was asked last.
    pub asked_at: Option<Timestamp>,
    /// Why the hub would not take the last request on.
    pub refused: Option<String>,
    /// Digest of the address and the secret in the last request that it took on.
    pub told: Option<String>,
}

impl WebSubLease {
    /// When half of it is over, which is when it is asked for anew.
    pub fn half_time(&self) -> Option<Timestamp> {
        let (verified, until) = (self.verified_at?, self.until?);
        Some(verified + until.duration_since(verified) / 2)
    }
}

/// Our webhook at X, as X sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookState {
    /// When X was asked last.
    pub checked_at: Option<Timestamp>,
    /// `valid`, `invalid` or `missing`.
    pub state: Option<String>,
}

impl Store {
    /// Notes that the hub verified our subscription, and the lease that it named.
    ///
    /// # Errors
    /// The store's.
    pub async fn websub_verified(&self, account: &AccountKey, lease_seconds: i64, now: Timestamp) -> Result<()> {
        self.update(&keys::account(account), keys::WEBSUB)
            .update_expression("SET verified_at = :now, lease_until = :until, lease_seconds = :seconds REMOVE refused")
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":until", at(now + SignedDuration::from_secs(lease_seconds)))
            .expression_attribute_values(":seconds", n(lease_seconds))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// Notes that the hub was asked: the digest of what it took on, or why it refused.
    ///
    /// # Errors
    /// The store's.
    pub async fn websub_asked(
        &self,
        account: &AccountKey,
        asked: std::result::Result<&str, &str>,
        now: Timestamp,
    ) -> Result<()> {
        let update = self.update(&keys::account(account), keys::WEBSUB).expression_attribute_values(":now", at(now));
        let update = match asked {
            Ok(told) => update
                .update_expression("SET asked_at = :now, told = :told REMOVE refused")
                .expression_attribute_values(":told", s(told)),
            Err(reason) => update
                .update_expression("SET asked_at = :now, refused = :reason")
                .expression_attribute_values(":reason", s(reason)),
        };
        update.send().await.map(|_| ()).map_err(unavailable)
    }

    /// How the subscription stands.
    ///
    /// # Errors
    /// The store's.
    pub async fn websub(&self, account: &AccountKey) -> Result<WebSubLease> {
        let item = self.get(&keys::account(account), keys::WEBSUB).await?.unwrap_or_default();
        Ok(WebSubLease {
            verified_at: time(&item, "verified_at"),
            until: number::<i64>(&item, "lease_seconds").and(time(&item, "lease_until")),
            asked_at: time(&item, "asked_at"),
            refused: text(&item, "refused").map(str::to_owned),
            told: text(&item, "told").map(str::to_owned),
        })
    }

    /// Notes how X sees our webhook.
    ///
    /// # Errors
    /// The store's.
    pub async fn webhook_checked(&self, account: &AccountKey, state: &str, now: Timestamp) -> Result<()> {
        self.update(&keys::account(account), keys::WEBHOOK)
            .update_expression("SET checked_at = :now, #state = :state")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":now", at(now))
            .expression_attribute_values(":state", s(state))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// How X saw our webhook last.
    ///
    /// # Errors
    /// The store's.
    pub async fn webhook_state(&self, account: &AccountKey) -> Result<WebhookState> {
        let item = self.get(&keys::account(account), keys::WEBHOOK).await?.unwrap_or_default();
        Ok(WebhookState { checked_at: time(&item, "checked_at"), state: text(&item, "state").map(str::to_owned) })
    }
}
