//! The ten checks of a night, each on its own: the closed list, and how one is walked.

use std::future::Future;

use anyhow::Result;
use casework::audit::Night;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::sweeper::Sweeper;

/// A check, in the order of the night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Posts of the last days that no webhook and no poll brought.
    Missed,
    /// Kept posts judged again by the rulebook in force.
    Rejudged,
    /// Decisions against what the platforms show.
    Reconciled,
    /// Actions and people's work that wait too long.
    Pending,
    /// Our own posts, and corrections.
    Outbound,
    /// What must not be kept any longer.
    Retention,
    /// Deadlines of data requests.
    Requests,
    /// Hit rates of rules.
    Rules,
    /// Grants, webhooks, leases, quota.
    Accounts,
    /// What people say.
    Digest,
}

impl Check {
    /// Every check, in the order of the night.
    pub const ALL: [Check; 10] = [
        Check::Missed,
        Check::Rejudged,
        Check::Reconciled,
        Check::Pending,
        Check::Outbound,
        Check::Retention,
        Check::Requests,
        Check::Rules,
        Check::Accounts,
        Check::Digest,
    ];

    /// The key, for example `rejudged`.
    pub fn key(self) -> &'static str {
        match self {
            Check::Missed => "missed",
            Check::Rejudged => "rejudged",
            Check::Reconciled => "reconciled",
            Check::Pending => "pending",
            Check::Outbound => "outbound",
            Check::Retention => "retention",
            Check::Requests => "requests",
            Check::Rules => "rules",
            Check::Accounts => "accounts",
            Check::Digest => "digest",
        }
    }
}

/// One check as a walk of pages, between any two of which it may stop and go on in another process.
pub(super) trait Walk {
    /// Which one.
    const CHECK: Check;
    /// What it finds, as the report shows it: counts and keys, no text of anybody.
    type Found: Default + Serialize + DeserializeOwned + Send;

    /// Looks at one page; gives the place of the next, `None` at the end.
    fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Self::Found,
        place: Option<&str>,
    ) -> impl Future<Output = Result<Option<String>>> + Send;
}

/// Adds to a list that must stay short; the count beside it tells how many there were.
pub(super) fn keep<T>(list: &mut Vec<T>, most: usize, item: T) {
    if list.len() < most {
        list.push(item);
    }
}

/// Adds a reason once.
pub(super) fn put_off(reasons: &mut Vec<String>, reason: impl Into<String>) {
    let reason = reason.into();
    if !reasons.contains(&reason) && reasons.len() < 20 {
        reasons.push(reason);
    }
}
