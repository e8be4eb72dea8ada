//! Keeps X telling us: our webhook is registered and valid (an invalid one gets no events until a challenge passes), and
//! is subscribed to what happens around our account (X docs, webhooks and activity).

use casework::account::Mode;
use casework::ledger::{Accounts, LedgerError};
use casework::platform::PlatformError;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics;
use platforms::TokenSource;
use platforms::x::list::{SUBSCRIBED, Subscription};
use rules::Platform;

use crate::sweeper::Sweeper;

/// Between two looks.
const EVERY: SignedDuration = SignedDuration::from_mins(60);

/// Looks once an hour, and mends what is missing; where X does not tell, at each poll.
pub(crate) async fn keep<T: TokenSource, O, Q>(sweeper: &Sweeper<T, O, Q>) -> Result<(), LedgerError> {
    let (account, now) = (sweeper.account(Platform::X), sweeper.now());
    let last = sweeper.store.webhook_state(&account).await?;
    let rested = last.checked_at.is_none_or(|at| now.duration_since(at) >= EVERY);
    if !rested || sweeper.store.account(&account).await?.mode == Mode::Terminated {
        return Ok(());
    }
    let (state, error) = match mended(sweeper, now).await {
        Ok(()) => ("valid", None),
        Err((state, error)) => (state, error),
    };
    if state != "valid" {
        let error = error.map(|error| error.to_string());
        tracing::error!(outcome = state, error, "X delivers nothing to our webhook, or not all");
    }
    metrics::subscription(Platform::X.key(), state);
    if state != UNKNOWN {
        sweeper.store.webhook_checked(&account, state, now).await?;
    }
    Ok(())
}

/// X did not say how we stand.
const UNKNOWN: &str = "unknown";

/// How we stand, where not all is as it should be, with what X answered to the attempt to mend it.
type Lacking = (&'static str, Option<PlatformError>);

async fn mended<T: TokenSource, O, Q>(sweeper: &Sweeper<T, O, Q>, now: Timestamp) -> Result<(), Lacking> {
    let as_state = |state: &'static str| move |error: PlatformError| (state, Some(error));
    let url = format!("{}/x", sweeper.public_url);
    let webhooks = sweeper.platform.x_webhooks(now).await.map_err(as_state(UNKNOWN))?;
    let webhook = match webhooks.into_iter().find(|webhook| webhook.url == url) {
        Some(webhook) => webhook,
        None => sweeper.platform.add_x_webhook(&url, now).await.map_err(as_state("missing"))?,
    };
    if !webhook.valid && !sweeper.platform.validate_x_webhook(&webhook.id, now).await.map_err(as_state("invalid"))? {
        return Err(("invalid", None));
    }
    let there = sweeper.platform.x_subscriptions(now).await.map_err(as_state(UNKNOWN))?;
    for event in SUBSCRIBED {
        let (user, webhook) = (sweeper.accounts.x.clone(), webhook.id.clone());
        let wanted = Subscription { event: event.to_owned(), user, webhook };
        if !there.contains(&wanted) {
            sweeper.platform.x_subscribe(&wanted, now).await.map_err(as_state("unsubscribed"))?;
        }
    }
    Ok(())
}
