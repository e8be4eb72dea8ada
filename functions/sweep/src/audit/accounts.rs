//! How our accounts stand: what the operator wants, and what stopped them.

use anyhow::Result;
use casework::account::Mode;
use casework::audit::Night;
use casework::ledger::Accounts;
use casework::quota::QuotaDay;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::Platform;
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk};
use crate::sweeper::Sweeper;

/// Our accounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OurAccounts {
    /// One for each platform.
    pub accounts: Vec<OurAccount>,
}

/// One of our accounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OurAccount {
    /// Where it is.
    pub platform: Platform,
    /// `active`, `paused` or `terminated`.
    pub mode: String,
    /// What is wrong with it, each as a key and what is known of it.
    pub problems: Vec<Problem>,
    /// What is worth knowing, though nothing is wrong.
    pub facts: Vec<Problem>,
}

/// Something about an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What, for example `disconnected`.
    pub what: String,
    /// More of it: the platform's code, a time, a number.
    pub detail: String,
}

/// The check.
pub(super) struct Stand;

impl Walk for Stand {
    const CHECK: Check = Check::Accounts;
    type Found = OurAccounts;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        _: &Night,
        found: &mut OurAccounts,
        _: Option<&str>,
    ) -> Result<Option<String>> {
        let mut accounts = Vec::new();
        for platform in [Platform::X, Platform::YouTube] {
            accounts.push(account(sweeper, platform, sweeper.now()).await?);
        }
        found.accounts = accounts;
        Ok(None)
    }
}

async fn account<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    platform: Platform,
    now: Timestamp,
) -> Result<OurAccount> {
    let state = sweeper.store.account(&sweeper.account(platform)).await?;
    let mut problems = Vec::new();
    let mut say = |what: &str, detail: String| problems.push(Problem { what: what.to_owned(), detail });
    match state.mode {
        Mode::Active => {}
        Mode::Paused => say("paused", String::new()),
        Mode::Terminated => say("terminated", String::new()),
    }
    if let Some(reason) = state.disconnected {
        say("disconnected", reason);
    }
    if let Some(reason) = state.spending_stopped {
        say("spending_stopped", reason);
    }
    if let Some(until) = state.stopped_until.filter(|until| *until > now) {
        say("quota_spent", until.to_string());
    }
    // The grant is asked for on the spot: whose it is, is the cheapest call of both platforms.
    match sweeper.platform.connected_account(platform, now).await {
        Ok(id) if id == sweeper.account(platform).id => {}
        Ok(_) => say("other_account", String::new()),
        Err(error) => say("not_reached", error.to_string()),
    }
    let mut facts = Vec::new();
    match platform {
        Platform::X => webhook(sweeper, now, &mut problems, &mut facts).await,
        Platform::YouTube => youtube(sweeper, now, &mut problems, &mut facts).await?,
    }
    let key = sweeper.account(platform);
    let grant = sweeper.store.grant_status(&key).await?;
    if grant.uncertain {
        problems.push(Problem { what: "grant_uncertain".to_owned(), detail: String::new() });
    }
    let backlogs = sweeper.store.backlogs(&key).await?;
    if let Some(oldest) = backlogs.iter().map(|(backlog, _)| backlog.opened_at).min() {
        let detail = format!("{}, {oldest:.0}", backlogs.len());
        facts.push(Problem { what: "backlog".to_owned(), detail });
    }
    Ok(OurAccount { platform, mode: state.mode.key().to_owned(), problems, facts })
}

/// What is left of the day's units, and until when the hub tells of videos.
async fn youtube<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    now: Timestamp,
    problems: &mut Vec<Problem>,
    facts: &mut Vec<Problem>,
) -> Result<()> {
    let key = sweeper.account(Platform::YouTube);
    let day = QuotaDay::of(now);
    let spent = sweeper.store.day_spent(&key, &day.name).await?;
    let granted = sweeper.limits.youtube_daily_units;
    let detail = format!("{} / {granted}", granted.saturating_sub(spent.used));
    facts.push(Problem { what: "quota_left".to_owned(), detail });
    let put_off: u32 = spent.put_off.iter().map(|(_, count)| count).sum();
    if put_off > 0 {
        facts.push(Problem { what: "quota_put_off".to_owned(), detail: put_off.to_string() });
    }
    let lease = sweeper.store.websub(&key).await?;
    match lease.until {
        Some(until) if until > now => {
            facts.push(Problem { what: "lease_ends".to_owned(), detail: format!("{until:.0}") });
        }
        Some(until) => problems.push(Problem { what: "lease_ended".to_owned(), detail: format!("{until:.0}") }),
        // Never asked for, or never verified: the poll asks with its first run.
        None => {}
    }
    Ok(())
}

/// Whether X still delivers to us.
async fn webhook<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    now: Timestamp,
    problems: &mut Vec<Problem>,
    facts: &mut Vec<Problem>,
) {
    let one = |what: &str, detail: String| Problem { what: what.to_owned(), detail };
    match sweeper.platform.x_webhooks(now).await {
        Ok(webhooks) => {
            let ours: Vec<_> = webhooks.iter().filter(|webhook| webhook.url.starts_with(&sweeper.public_url)).collect();
            if ours.is_empty() {
                problems.push(one("no_webhook", String::new()));
            }
            for webhook in ours {
                let list = if webhook.valid { &mut *facts } else { &mut *problems };
                list.push(one(if webhook.valid { "webhook_valid" } else { "webhook_invalid" }, webhook.id.clone()));
            }
        }
        Err(error) => problems.push(one("webhook_unknown", error.to_string())),
    }
}
