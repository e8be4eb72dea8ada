//! Keeping a verified body that can't be decided now: the body in S3, its key on the queue.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::Bytes;
use casework::event::Unreadable;
use casework::ledger::Cases;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics::Outcome;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use rules::Platform;
use sha2::{Digest, Sha256};

use crate::app::App;

/// When a body is tried again after the store refused it.
pub(crate) const RETRY: SignedDuration = SignedDuration::from_secs(60);

impl<O: Objects, Q: Queue> App<O, Q> {
    /// Keeps the body and comes back to it at `due`.
    pub(crate) async fn park(&self, platform: Platform, body: Bytes, due: Timestamp) -> Result<Outcome> {
        let key = self.key(platform, &body);
        self.objects.put(&key, body).await.context("body not kept")?;
        self.queue.send(&key, self.delay(due)).await.context("key not queued")?;
        Ok(Outcome::Parked)
    }

    /// Keeps a body that says nothing we can read, with the reason.
    pub(crate) async fn keep_unreadable(
        &self,
        platform: Platform,
        body: Bytes,
        unreadable: &Unreadable,
    ) -> Result<Outcome> {
        let key = self.key(platform, &body);
        self.objects.put(&key, body).await.context("body not kept")?;
        let now = self.now();
        if let Err(error) = self.store.record_unreadable(platform, &key, &unreadable.reason, now).await {
            tracing::error!(%error, %platform, "unreadable delivery not recorded: kept for later");
            self.queue.send(&key, self.delay(now + RETRY)).await.context("key not queued")?;
        }
        Ok(Outcome::Unreadable)
    }

    /// Until `due`, by our clock.
    pub(crate) fn delay(&self, due: Timestamp) -> Duration {
        Duration::try_from(due.duration_since(self.now())).unwrap_or(Duration::ZERO)
    }

    /// The same body always has the same key of the day, so that a redelivery replaces what is there.
    fn key(&self, platform: Platform, body: &[u8]) -> String {
        let digest = hex::encode(Sha256::digest(body));
        format!("intake/{platform}/{}/{digest}", &self.now().to_string()[..10])
    }
}

/// The platform of a parked body, by its key.
pub(crate) fn platform_of(key: &str) -> Option<Platform> {
    key.strip_prefix("intake/")?.split('/').next()?.parse().ok()
}
