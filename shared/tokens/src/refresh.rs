//! A refresh: lock, look again, write down what is about to be used, use it, keep what came, unlock.
//!
//! What a crash leaves behind, by where it strikes:
//!
//! - before the mark: a lock that ends by itself,
//! - between mark and answer: a mark on a token that may be used up. Nobody tries it again while the access token
//!   lives; then it is tried as the last resort, since without it the grant is lost in any case,
//! - between answer and vault: the same. It is the only gap in which a grant can be lost, and as short as one write,
//! - after the vault: a mark on a token that is no longer the vault's, which says nothing any more.
//!
//! The vault may be read behind (Secrets Manager is eventually consistent): the lock remembers which refresh token was
//! used up last, and where the vault still shows it, nothing is asked.

use std::time::Duration;

use casework::platform::PlatformError;
use lambda_kit::metrics;
use lambda_kit::vault::Vault;
use platforms::oauth::GrantError;
use rules::Platform;
use secrecy::{ExposeSecret, SecretString};
use store::{GrantLock, Refresh};

use crate::grant::{Grant, app};
use crate::keeper::{Kept, Tokens, unreadable};

/// Looks at the vault while another sandbox refreshes, and the pause between two.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(300);
/// Tries to write a grant that the platform just gave.
const WRITES: u32 = 5;

impl<V: Vault> Tokens<V> {
    /// Refreshes a grant whose access token is half through, or at its end.
    pub(crate) async fn refresh(&self, platform: Platform, kept: &mut Kept) -> Result<SecretString, PlatformError> {
        let alive = kept.grant.as_ref().is_some_and(|grant| grant.alive(self.now()));
        self.refresh_unless(platform, kept, alive).await
    }

    /// Refreshes a grant whose access token the platform refused.
    pub(crate) async fn refresh_refused(
        &self,
        platform: Platform,
        kept: &mut Kept,
    ) -> Result<SecretString, PlatformError> {
        self.refresh_unless(platform, kept, false).await
    }

    /// `alive` tells whether the access token serves on if nothing is refreshed.
    async fn refresh_unless(
        &self,
        platform: Platform,
        kept: &mut Kept,
        alive: bool,
    ) -> Result<SecretString, PlatformError> {
        let account = self.account(platform);
        let before = match &kept.grant {
            Some(grant) => grant.clone(),
            None => self.load(platform).await?,
        };
        let lock = self.parts.store.lock_grant(&account, self.now()).await.map_err(|error| no_lock(&error))?;
        let Some(lock) = lock else {
            let other = if alive { None } else { self.await_other(platform, &before).await };
            let Some(other) = other else { return Err(transient("grant-being-refreshed")) };
            let access = other.access.clone();
            kept.grant = Some(other);
            return Ok(access);
        };
        self.refresh_locked(platform, &lock, &before, kept, alive).await
    }

    async fn refresh_locked(
        &self,
        platform: Platform,
        lock: &GrantLock,
        before: &Grant,
        kept: &mut Kept,
        alive: bool,
    ) -> Result<SecretString, PlatformError> {
        // The one who held the lock before may have refreshed it. What only we have is newer than the vault's.
        let current = if kept.unsaved { before.clone() } else { self.load(platform).await? };
        if current.access.expose_secret() != before.access.expose_secret() && current.alive(self.now()) {
            self.unlock(platform, lock, Refresh::Unknown).await;
            let access = current.access.clone();
            kept.grant = Some(current);
            return Ok(access);
        }
        let digest = current.digest();
        if lock.used.as_ref() == Some(&digest) {
            self.unlock(platform, lock, Refresh::Unknown).await;
            return Err(transient("vault-behind"));
        }
        let values = self.parts.secrets.get().await.map_err(|error| unreadable(&error))?;
        let app = app(&values, platform).map_err(|error| unreadable(&error))?;
        if once_only(platform) {
            if lock.spent.as_ref() == Some(&digest) && alive {
                self.unlock(platform, lock, Refresh::Unknown).await;
                metrics::grant(platform.key(), "uncertain");
                return Err(transient("refresh-outcome-unknown"));
            }
            let account = self.account(platform);
            let marked = self.parts.store.mark_spent(&account, &lock.lease, &digest, self.now()).await;
            match marked {
                Ok(true) => {}
                Ok(false) => return Err(transient("grant-lock-lost")),
                Err(error) => return Err(no_lock(&error)),
            }
        }
        let granted = self.parts.oauth.refresh(platform, &app, &current.refresh, self.now()).await;
        match granted {
            Ok(granted) => {
                let now = self.now();
                let Some(grant) = Grant::new(granted, Some(&current.refresh), now) else {
                    return Err(transient("no-refresh-token"));
                };
                let (access, expires_at) = (grant.access.clone(), grant.expires_at);
                // One that may be used again is given back as the new one.
                let used = (grant.digest() != digest).then_some(digest.as_str());
                kept.grant = Some(grant);
                kept.unsaved = true;
                self.save(platform, kept).await;
                let refresh = match kept.unsaved {
                    true => Refresh::Unsaved { expires_at },
                    false => Refresh::Saved { expires_at, used },
                };
                self.unlock(platform, lock, refresh).await;
                metrics::grant(platform.key(), if kept.unsaved { "unsaved" } else { "refreshed" });
                Ok(access)
            }
            Err(GrantError::NotAsked(reason)) => {
                self.unlock(platform, lock, Refresh::Settled).await;
                metrics::grant(platform.key(), "not_asked");
                Err(PlatformError::Transient { reason })
            }
            Err(GrantError::Refused(reason)) => {
                tracing::error!(%platform, reason, "the grant is dead: the account has to be connected anew");
                self.unlock(platform, lock, Refresh::Settled).await;
                metrics::grant(platform.key(), "refused");
                Err(PlatformError::Disconnected { reason })
            }
            Err(GrantError::AnswerLost(reason)) => {
                tracing::error!(%platform, reason, "nobody knows whether the refresh token was used up");
                self.unlock(platform, lock, Refresh::Unknown).await;
                metrics::grant(platform.key(), "answer_lost");
                Err(PlatformError::Transient { reason })
            }
        }
    }

    /// Writes a grant that only this sandbox has; tried again before every use until it succeeds.
    pub(crate) async fn save(&self, platform: Platform, kept: &mut Kept) {
        let Some(grant) = kept.grant.as_ref().filter(|_| kept.unsaved) else { return };
        let written = grant.written();
        for attempt in 0..WRITES {
            match self.parts.vault.write(platform.key(), &written).await {
                Ok(()) => {
                    kept.unsaved = false;
                    return;
                }
                Err(error) => tracing::error!(%platform, %error, "a new grant could not be kept"),
            }
            tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
        }
    }

    /// Another sandbox refreshes: what it puts into the vault is ours too.
    async fn await_other(&self, platform: Platform, before: &Grant) -> Option<Grant> {
        for _ in 0..LOOKS {
            tokio::time::sleep(PAUSE).await;
            if let Ok(grant) = self.load(platform).await
                && grant.access.expose_secret() != before.access.expose_secret()
            {
                return Some(grant);
            }
        }
        None
    }

    /// A lock that can't be given back ends by itself.
    async fn unlock(&self, platform: Platform, lock: &GrantLock, refresh: Refresh<'_>) {
        let account = self.account(platform);
        if let Err(error) = self.parts.store.unlock_grant(&account, &lock.lease, refresh, self.now()).await {
            tracing::warn!(%platform, %error, "the grant's lock was not given back");
        }
    }
}

/// Whether a refresh token is used up by its use.
fn once_only(platform: Platform) -> bool {
    match platform {
        Platform::X => true,
        Platform::YouTube => false,
    }
}

fn transient(reason: &str) -> PlatformError {
    PlatformError::Transient { reason: reason.to_owned() }
}

fn no_lock(error: &casework::ledger::LedgerError) -> PlatformError {
    PlatformError::Transient { reason: format!("no lock on the grant: {error}") }
}
