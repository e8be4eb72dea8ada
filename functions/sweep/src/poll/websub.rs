//! Keeps the subscription to our channel's feed alive: asked for anew at half of its lease.

use casework::account::Mode;
use casework::ledger::{Accounts, LedgerError};
use casework::platform::PlatformError;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics;
use rules::Platform;
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
    if !due(&lease, now) {
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
    let callback = format!("{}/youtube/{}", sweeper.public_url, secrecy::ExposeSecret::expose_secret(path));
    let asked = sweeper.hub.subscribe(&callback, &account.id, secret, now).await;
    let refused = match &asked {
        Ok(()) => None,
        Err(error) => {
            tracing::warn!(%error, "the hub did not take the subscription on");
            Some(reason(error))
        }
    };
    metrics::subscription(Platform::YouTube.key(), if refused.is_some() { "refused" } else { "asked" });
    sweeper.store.websub_asked(&account, refused, now).await
}

/// Never verified, or half over; and not asked a while ago.
fn due(lease: &WebSubLease, now: Timestamp) -> bool {
    let rested = lease.asked_at.is_none_or(|asked| now.duration_since(asked) >= PAUSE);
    rested && lease.half_time().is_none_or(|half| half <= now)
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
        };
        assert!(!due(&lease(Some(0)), at(119)));
        assert!(due(&lease(Some(0)), at(120)));
        assert!(!due(&lease(Some(120)), at(120)));
        assert!(due(&lease(Some(120)), at(121)), "the hub took it on and never verified");
        assert!(due(&WebSubLease::default(), at(0)));
    }
}
