//! Everything that a sweep needs, built once for the sandbox.

use std::sync::Arc;

use casework::account::AccountKey;
use casework::quota::DAILY_UNITS;
use jiff::Timestamp;
use lambda_kit::secrets::Secrets;
use platforms::youtube::hub::Hub;
use platforms::{Accounts, Platforms};
use rules::Platform;
use store::{RequestStore, Rulebooks, Store};

use crate::audit::report::mail::Readers;

/// Tells the time; replaced by tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a day may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units that Google grants us in a Pacific day.
    pub youtube_daily_units: u32,
    /// New posts read on X in a UTC day before the poll stops.
    pub x_daily_posts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { youtube_daily_units: DAILY_UNITS, x_daily_posts: 10_000 }
    }
}

/// The parts behind the handler: `T` gives access tokens, `O` keeps reports, `Q` takes chained work.
pub struct Sweeper<T, O, Q> {
    /// The decisions table.
    pub store: Store,
    /// The requests table, of which only deadlines are read.
    pub requests: RequestStore,
    /// The rulebook in force.
    pub rulebooks: Rulebooks,
    /// X and YouTube.
    pub platform: Platforms<T>,
    /// Our accounts.
    pub accounts: Accounts,
    /// Client credentials, and what our WebSub subscription is signed with.
    pub secrets: Secrets,
    /// Reports.
    pub objects: O,
    /// Work for later invocations.
    pub queue: Q,
    /// What a day may cost.
    pub limits: Limits,
    /// The hub of video notices.
    pub hub: Hub,
    /// Where the platforms reach our webhooks, for example `https://hooks.example.com`, without a slash at the end.
    pub public_url: String,
    /// Whom the audit's report is told to.
    pub readers: Readers,
    /// The time.
    pub clock: Clock,
}

impl<T, O, Q> Sweeper<T, O, Q> {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Our account on a platform.
    pub fn account(&self, platform: Platform) -> AccountKey {
        let id = match platform {
            Platform::X => &self.accounts.x,
            Platform::YouTube => &self.accounts.youtube,
        };
        AccountKey { platform, id: id.clone() }
    }
}
