//! A planned action and what became of it.

use jiff::Timestamp;
use rules::{ActionKind, Clause, TaskKind, UserId};
use serde::{Deserialize, Serialize};

use crate::account::AccountKey;
use crate::decision::PostKey;

/// Which planned action: the decision that planned it, and its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionKey {
    /// The post.
    pub post: PostKey,
    /// Number of the decision.
    pub decision: u32,
    /// What to do.
    pub kind: ActionKind,
}

/// Where an action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// Waits for `due_at`.
    Pending,
    /// Somebody holds its lease; if the lease runs out, its outcome is uncertain.
    Running,
    /// Done, or its goal was met already.
    Done,
    /// It can never be done, for a recorded reason.
    Failed,
    /// A person's ruling, a newer decision or a cap took its place.
    Cancelled,
    /// A person has to look.
    HandedOver,
}

impl ActionState {
    /// The key, for example `handed_over`.
    pub fn key(self) -> &'static str {
        match self {
            ActionState::Pending => "pending",
            ActionState::Running => "running",
            ActionState::Done => "done",
            ActionState::Failed => "failed",
            ActionState::Cancelled => "cancelled",
            ActionState::HandedOver => "handed_over",
        }
    }
}

/// A planned action as the ledger keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Which one.
    pub key: ActionKey,
    /// Our account on whose behalf.
    pub account: AccountKey,
    /// Id that the platform's calls take.
    pub target: String,
    /// The author, read from the person's partition for block and unblock only; `None` once erased.
    pub author: Option<UserId>,
    /// Higher goes first when calls are scarce (see [`severity`]).
    pub severity: u8,
    /// Where it stands.
    pub state: ActionState,
    /// When it may be tried.
    pub due_at: Timestamp,
    /// How often it was put off after a failure without effect.
    pub attempts: u32,
    /// How often it had to start again without knowing whether the call before had its effect.
    pub repeats: u32,
    /// Whether the daily cap already counts it.
    pub cap_reserved: bool,
    /// The last thing recorded about it, for example `done` or a platform's reason.
    pub outcome: Option<String>,
}

impl Action {
    /// Whether it may use what is kept of a scarce budget: a threat or personal data stands, or what was taken from
    /// somebody is given back.
    pub fn is_urgent(&self) -> bool {
        self.severity >= severity(Some(Clause::PersonalInfo)) || !self.key.kind.restricts()
    }
}

/// How an attempt ended, to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The platform did it; `repeated` when the call was made twice because an answer got lost.
    Done {
        /// Whether it was repeated.
        repeated: bool,
    },
    /// Nothing was left to do.
    GoalMet {
        /// What met it: `gone` or `already`.
        how: &'static str,
    },
    /// Try again at `due_at`.
    PutOff {
        /// When.
        due_at: Timestamp,
        /// Why.
        reason: String,
        /// Whether this counts as a failed attempt.
        failed: bool,
        /// Whether the call may have had its effect.
        uncertain: bool,
    },
    /// Never; a person's task follows where one exists.
    Failed {
        /// The platform's code.
        reason: String,
        /// What the person has to do.
        task: Option<TaskKind>,
    },
    /// The outcome stays unknown, or retries are spent: a person has to look.
    HandedOver {
        /// Why.
        reason: String,
        /// What the person has to do.
        task: TaskKind,
    },
    /// Another decision or the end of the account took its place.
    Cancelled {
        /// Why.
        reason: String,
    },
    /// The daily cap is reached: back to review.
    Capped,
    /// The rules that asked for it were demoted since: back to review.
    Demoted,
}

/// How much harm waits if the action is late: threats and personal data first.
pub fn severity(clause: Option<Clause>) -> u8 {
    match clause {
        Some(Clause::Criminal) => 9,
        Some(Clause::PersonalInfo) => 8,
        Some(Clause::SpamMalware | Clause::Impersonation) => 7,
        Some(Clause::Offensive | Clause::Slander) => 6,
        Some(Clause::IpInfringement | Clause::PlatformTos) => 5,
        Some(Clause::Solicitation | Clause::Advertising) => 4,
        Some(Clause::PoliticalReligious | Clause::Nuisance) => 3,
        Some(Clause::Other) | None => 1,
    }
}
