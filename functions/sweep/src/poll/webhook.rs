//! Keeps our webhook at X valid: an invalid one gets no events until a challenge passes.

use casework::account::Mode;
use casework::ledger::{Accounts, LedgerError};
use jiff::SignedDuration;
use lambda_kit::metrics;
use platforms::TokenSource;
use rules::Platform;

use crate::sweeper::Sweeper;

/// Between two looks.
const EVERY: SignedDuration = SignedDuration::from_mins(60);

/// Looks once an hour, and has X challenge a webhook that it holds for invalid.
pub(crate) async fn keep<T: TokenSource, O, Q>(sweeper: &Sweeper<T, O, Q>) -> Result<(), LedgerError> {
    let (account, now) = (sweeper.account(Platform::X), sweeper.now());
    let last = sweeper.store.webhook_state(&account).await?;
    let rested = last.checked_at.is_none_or(|at| now.duration_since(at) >= EVERY);
    if !rested || sweeper.store.account(&account).await?.mode == Mode::Terminated {
        return Ok(());
    }
    let url = format!("{}/x", sweeper.public_url);
    let state = match sweeper.platform.x_webhooks(now).await {
        Ok(webhooks) => match webhooks.into_iter().find(|webhook| webhook.url == url) {
            Some(webhook) if webhook.valid => "valid",
            Some(webhook) => match sweeper.platform.validate_x_webhook(&webhook.id, now).await {
                Ok(true) => "valid",
                Ok(false) => "invalid",
                Err(error) => {
                    tracing::warn!(%error, "our webhook is invalid, and X did not challenge it");
                    "invalid"
                }
            },
            None => "missing",
        },
        // The next poll looks again.
        Err(error) => {
            tracing::warn!(%error, "X did not list our webhooks");
            return Ok(());
        }
    };
    if state != "valid" {
        tracing::error!(state, "X delivers nothing to our webhook");
    }
    metrics::subscription(Platform::X.key(), state);
    sweeper.store.webhook_checked(&account, state, now).await
}
