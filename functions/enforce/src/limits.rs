//! Our own limits, below the platforms'.

use std::collections::{BTreeMap, BTreeSet};

use casework::enforce::Limits;
use casework::ledger::Budget;
use casework::quota::{ASK_UNITS, MODERATE_UNITS};
use rules::{ActionKind, Platform, Policy};

/// Hiding and unhiding share X's limit of 50 calls in 15 minutes for a user (X docs, rate limits).
const X_HIDDEN: Budget = Budget { name: "x_hidden", calls: 45, seconds: 900, units: 0 };
/// X names no limit for blocking; this one is ours.
const X_BLOCKING: Budget = Budget { name: "x_blocking", calls: 45, seconds: 900, units: 0 };
/// Deleting posts: 50 calls in 15 minutes (X docs, rate limits).
const X_DELETE: Budget = Budget { name: "x_delete", calls: 45, seconds: 900, units: 0 };
/// A moderation call costs 50 of the day's 10,000 units; 120 calls leave 4,000 units to reading.
const YOUTUBE_MODERATION: Budget =
    Budget { name: "youtube_moderation", calls: 120, seconds: 86_400, units: MODERATE_UNITS + ASK_UNITS };

/// Caps by the policy, budgets by the platforms' limits.
pub fn limits(policy: &Policy) -> Limits {
    let budgets = [Platform::X, Platform::YouTube]
        .into_iter()
        .flat_map(|platform| ActionKind::ALL.map(|kind| ((platform, kind), budget(platform, kind))))
        .collect::<BTreeMap<_, _>>();
    Limits { daily_caps: policy.daily_caps.clone(), budgets, demoted: BTreeSet::new() }
}

fn budget(platform: Platform, kind: ActionKind) -> Budget {
    match (platform, kind) {
        (Platform::YouTube, _) => YOUTUBE_MODERATION,
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
