//! Gives access tokens: from memory, from the vault, or by a refresh.

use std::sync::Arc;

use casework::account::AccountKey;
use casework::platform::PlatformError;
use jiff::Timestamp;
use lambda_kit::secrets::{SecretError, Secrets};
use lambda_kit::vault::Vault;
use platforms::oauth::Oauth;
use platforms::{Accounts, TokenSource};
use rules::Platform;
use secrecy::{ExposeSecret, SecretString};
use store::Store;
use tokio::sync::Mutex;

use crate::grant::Grant;

/// Tells the time; replaced by tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What tokens are made of.
pub struct Parts<V> {
    /// Where grants lie.
    pub vault: V,
    /// The table, for the lock.
    pub store: Store,
    /// Who issues tokens.
    pub oauth: Oauth,
    /// Our app's credentials.
    pub secrets: Secrets,
    /// Our accounts.
    pub accounts: Accounts,
    /// The time.
    pub clock: Clock,
}

/// The tokens of a sandbox.
pub struct Tokens<V> {
    pub(crate) parts: Parts<V>,
    x: Mutex<Kept>,
    youtube: Mutex<Kept>,
}

/// What this sandbox holds of one platform.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) grant: Option<Grant>,
    /// The vault does not have the grant yet: it was refreshed, and writing it failed.
    pub(crate) unsaved: bool,
}

impl<V: Vault> Tokens<V> {
    /// Nothing is read yet.
    pub fn new(parts: Parts<V>) -> Self {
        Tokens { parts, x: Mutex::default(), youtube: Mutex::default() }
    }

    fn kept(&self, platform: Platform) -> &Mutex<Kept> {
        match platform {
            Platform::X => &self.x,
            Platform::YouTube => &self.youtube,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.parts.clock)()
    }

    pub(crate) fn account(&self, platform: Platform) -> AccountKey {
        let id = match platform {
            Platform::X => &self.parts.accounts.x,
            Platform::YouTube => &self.parts.accounts.youtube,
        };
        AccountKey { platform, id: id.clone() }
    }

    /// The grant in the vault; an account that nobody connected is disconnected.
    pub(crate) async fn load(&self, platform: Platform) -> Result<Grant, PlatformError> {
        let kept = self.parts.vault.read(platform.key()).await.map_err(|error| unreadable(&error))?;
        kept.as_ref()
            .and_then(Grant::read)
            .ok_or_else(|| PlatformError::Disconnected { reason: "not-connected".to_owned() })
    }
}

impl<V: Vault> TokenSource for Tokens<V> {
    async fn token(&self, platform: Platform) -> Result<SecretString, PlatformError> {
        let mut kept = self.kept(platform).lock().await;
        let now = self.now();
        self.save(platform, &mut kept).await;
        if let Some(grant) = kept.grant.as_ref().filter(|grant| kept.unsaved || !grant.ripe(now))
            && grant.alive(now)
        {
            return Ok(grant.access.clone());
        }
        if !kept.unsaved {
            // Another sandbox may have refreshed it.
            kept.grant = Some(self.load(platform).await?);
        }
        match &kept.grant {
            Some(grant) if !grant.ripe(now) => Ok(grant.access.clone()),
            Some(grant) if grant.alive(now) => {
                let access = grant.access.clone();
                match self.refresh(platform, &mut kept).await {
                    Ok(access) => Ok(access),
                    // There is half a life left to try again in.
                    Err(error) => {
                        tracing::warn!(%platform, %error, "token not refreshed: the old one serves on");
                        Ok(access)
                    }
                }
            }
            Some(_) | None => self.refresh(platform, &mut kept).await,
        }
    }

    async fn renewed(&self, platform: Platform) -> Result<SecretString, PlatformError> {
        let mut kept = self.kept(platform).lock().await;
        if !kept.unsaved {
            let refused = kept.grant.take();
            let grant = self.load(platform).await?;
            let other = |refused: Grant| refused.access.expose_secret() != grant.access.expose_secret();
            let other = refused.is_some_and(other) && grant.alive(self.now());
            let access = grant.access.clone();
            kept.grant = Some(grant);
            if other {
                return Ok(access);
            }
        }
        self.refresh_refused(platform, &mut kept).await
    }

    async fn app_token(&self, platform: Platform) -> Result<SecretString, PlatformError> {
        match platform {
            Platform::X => {
                let values = self.parts.secrets.get().await.map_err(|error| unreadable(&error))?;
                values.newest("x_bearer_token").cloned().map_err(|error| unreadable(&error))
            }
            Platform::YouTube => Err(PlatformError::Permanent { reason: "no-app-token".to_owned() }),
        }
    }
}

/// Without a token nothing is sent, so nothing can be uncertain.
pub(crate) fn unreadable(error: &SecretError) -> PlatformError {
    PlatformError::Transient { reason: format!("no token: {error}") }
}
