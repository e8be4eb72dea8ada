//! Our own limits, below the platforms'.

use std::collections::{BTreeMap, BTreeSet};

use casework::enforce::Limits;
use casework::ledger::Budget;
use casework::quota::{ASK_UNITS, DAILY_UNITS, MODERATE_UNITS};
use rules::{ActionKind, Platform, Policy};

/// Hiding and unhiding share X's limit of 50 calls in 15 minutes for a user (X docs, rate limits).
const X_HIDDEN: Budget = Budget { name: "x_hidden", calls: 45, kept: 5, seconds: 900, units: 0, daily_units: 0 };
/// X names no limit for blocking; this one is ours.
const X_BLOCKING: Budget = Budget { name: "x_blocking", calls: 45, kept: 5, seconds: 900, units: 0, daily_units: 0 };
/// Deleting posts: 50 calls in 15 minutes (X docs, rate limits).
const X_DELETE: Budget = Budget { name: "x_delete", calls: 45, kept: 0, seconds: 900, units: 0, daily_units: 0 };
/// Moderation calls in a day of [`DAILY_UNITS`]: 120 calls with their questions leave the rest to reading.
const YOUTUBE_CALLS: u64 = 120;
/// Of these, the calls kept for what is urgent.
const YOUTUBE_KEPT: u64 = 20;

/// Caps by the policy, budgets by the platforms' limits and by the units that Google grants us in a day.
pub fn limits(policy: &Policy, youtube_daily_units: u32) -> Limits {
    let budgets = [Platform::X, Platform::YouTube]
        .into_iter()
        .flat_map(|platform| {
            ActionKind::ALL.map(|kind| ((platform, kind), budget(platform, kind, youtube_daily_units)))
        })
        .collect::<BTreeMap<_, _>>();
    Limits { daily_caps: policy.daily_caps.clone(), budgets, demoted: BTreeSet::new() }
}

fn budget(platform: Platform, kind: ActionKind, youtube_daily_units: u32) -> Budget {
    match (platform, kind) {
        (Platform::YouTube, _) => youtube_moderation(youtube_daily_units),
        (Platform::X, ActionKind::Block | ActionKind::Unblock) => X_BLOCKING,
        (Platform::X, ActionKind::DeleteOwn) => X_DELETE,
        (
            Platform::X,
            ActionKind::HideReply
            | ActionKind::UnhideReply
            | ActionKind::Hold
            | ActionKind::Publish
            | ActionKind::Reject
            | ActionKind::RejectAndBan,
        ) => X_HIDDEN,
    }
}

/// A smaller or greater day has as many calls fewer or more.
fn youtube_moderation(daily_units: u32) -> Budget {
    let share = |calls: u64| u32::try_from(calls * u64::from(daily_units) / u64::from(DAILY_UNITS)).unwrap_or(u32::MAX);
    Budget {
        name: "youtube_moderation",
        calls: share(YOUTUBE_CALLS),
        kept: share(YOUTUBE_KEPT),
        seconds: 0,
        units: MODERATE_UNITS + ASK_UNITS,
        daily_units,
    }
}
