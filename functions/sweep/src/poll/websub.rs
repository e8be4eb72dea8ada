//! Keeps the subscription to our channel's feed alive: asked for anew at half of its lease, and where our address or its
//! secret is another.

use casework::account::Mode;
use casework::ledger::{Accounts, LedgerError};
use casework::platform::PlatformError;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics;
use rules::Platform;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::WebSubLease;

use crate::sweeper::Sweeper;

/// Between two requests to the hub at least: it verifies within minutes, and was seen refusing for days.
const PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// A lease that ends so soon is an alarm: polling alone then tells of new videos.
const ENDING: SignedDuration = SignedDuration::from_hours(24);

/// Asks the hub where it is time to.
pub(crate) async fn keep<T, O, Q>(sweeper: &Sweeper<T, O, Q>) -> Result<(), LedgerError> {
    let (account, now) = (sweeper.account(Platform::YouTube), sweeper.now());
    if sweeper.store.account(&account).await?.mode == Mode::Terminated {
        return Ok(());
    }
    let lease = sweeper.store.websub(&account).await?;
    if lease.verified_at.is_some() && lease.until.is_none_or(|until| until - ENDING <= now) {
        metrics::subscription(Platform::YouTube.key(), "ending");
    }
    if !rested(&lease, now) {
        return Ok(());
    }
    let values = match sweeper.secrets.get().await {
        Ok(values) => values,
        Err(error) => {
            tracing::error!(%error, "no secrets: the hub is not asked");
            return Ok(());
        }
    };
    let (secret, path) = match (values.newest("youtube_websub_secret"), values.newest("youtube_callback_path")) {
        (Ok(secret), Ok(path)) => (secret, path),
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "the hub is not asked");
            return Ok(());
        }
    };
    let callback = format!("{}/youtube/{}", sweeper.public_url, path.expose_secret());
    let told = digest(&callback, secret);
    if !due(&lease, &told, now) {
        return Ok(());
    }
    let asked = match sweeper.hub.subscribe(&callback, &account.id, secret, now).await {
        Ok(()) => Ok(told),
        Err(error) => {
            tracing::warn!(%error, "the hub did not take the subscription on");
            Err(reason(&error).to_owned())
        }
    };
    metrics::subscription(Platform::YouTube.key(), if asked.is_ok() { "asked" } else { "refused" });
    sweeper.store.websub_asked(&account, asked.as_deref().map_err(String::as_str), now).await
}

/// Not asked a while ago.
fn rested(lease: &WebSubLease, now: Timestamp) -> bool {
    lease.asked_at.is_none_or(|asked| now.duration_since(asked) >= PAUSE)
}

/// Not verified since it was asked for, half over, or with another address or secret than ours are now; and not asked a
/// while ago.
fn due(lease: &WebSubLease, told: &str, now: Timestamp) -> bool {
    let stale = lease.half_time().is_none_or(|half| half <= now) || lease.told.as_deref() != Some(told);
    rested(lease, now) && (stale || lease.asked_at > lease.verified_at)
}

/// What tells an address and a secret from others, and tells nobody what they are.
fn digest(callback: &str, secret: &SecretString) -> String {
    let digest = Sha256::new().chain_update(callback).chain_update([0]).chain_update(secret.expose_secret());
    hex::encode(&digest.finalize()[..8])
}

fn reason(error: &PlatformError) -> &str {
    match error {
        PlatformError::Wait { reason, .. }
        | PlatformError::QuotaSpent { reason, .. }
        | PlatformError::SpendingStopped { reason }
        | PlatformError::Disconnected { reason }
        | PlatformError::Permanent { reason }
        | PlatformError::Transient { reason }
        | PlatformError::Uncertain { reason } => reason,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_for_at_half_time_and_not_more_than_once_an_hour() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let lease = |asked: Option<i64>| WebSubLease {
            verified_at: Some(at(0)),
            until: Some(at(240)),
            asked_at: asked.map(at),
            refused: None,
            told: Some("a".into()),
        };
        assert!(!due(&lease(Some(0)), "a", at(119)));
        assert!(due(&lease(Some(0)), "a", at(120)));
        assert!(!due(&lease(Some(120)), "a", at(120)));
        assert!(due(&lease(Some(120)), "a", at(121)), "the hub took it on and never verified");
        assert!(due(&lease(Some(0)), "b", at(1)), "the hub knows another secret");
        assert!(!due(&lease(Some(1)), "b", at(1)));
        assert!(due(&lease(Some(10)), "a", at(11)), "the hub took it on, and what it holds is another");
        assert!(due(&WebSubLease::default(), "a", at(0)));
    }

    #[test]
    fn an_address_and_a_secret_are_known_by_a_digest() {
        let of = |callback: &str, secret: &str| digest(callback, &SecretString::from(secret));
        assert_eq!(of("https://a", "s"), of("https://a", "s"));
        assert_ne!(of("https://a", "s"), of("https://a", "t"));
        assert_ne!(of("https://a", "s"), of("https://b", "s"));
        assert_eq!(of("https://a", "s").len(), 16);
    }
}
