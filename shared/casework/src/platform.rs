//! The port to the platforms: asking whether an action is still needed, and performing it.

use std::future::Future;

use jiff::Timestamp;
use rules::{ActionKind, Platform, UserId};

/// What an action is aimed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Id of the post or comment, as the platform's calls take it.
    pub post: String,
    /// Its author, which block and unblock need; `None` where not needed or erased.
    pub author: Option<UserId>,
}

/// Whether an action is still needed, as the platform tells before it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Yes.
    Needed,
    /// The goal is already met.
    Met,
    /// The post or user is gone, which meets the goal of every action.
    Gone,
    /// It can never be done, for example publishing what was rejected.
    Impossible(String),
    /// The platform has no way to tell (X never tells whether a reply is hidden).
    CannotTell,
}

/// What a successful call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The platform did it.
    Done,
    /// There was nothing left to do: the post is gone or already in that state.
    GoalMet,
}

/// Why a call had no effect, by what has to follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// A rate limit window is used up, or the platform asked to wait.
    #[error("wait until {until}: {reason}")]
    Wait {
        /// When to try again.
        until: Timestamp,
        /// The platform's code for it.
        reason: String,
    },
    /// The quota of the day is spent: no call of this account before `until`.
    #[error("quota spent until {until}: {reason}")]
    QuotaSpent {
        /// Midnight Pacific time.
        until: Timestamp,
        /// The platform's code for it.
        reason: String,
    },
    /// The spend cap is reached or the credit is gone: nothing until a person acts.
    #[error("spending stopped: {reason}")]
    SpendingStopped {
        /// `usage-capped` or `credits-depleted`.
        reason: String,
    },
    /// The grant is dead or the account suspended: nothing until it is connected again.
    #[error("account disconnected: {reason}")]
    Disconnected {
        /// The platform's code for it.
        reason: String,
    },
    /// It will never work; the reason is recorded.
    #[error("permanent: {reason}")]
    Permanent {
        /// The platform's code for it, never its free text.
        reason: String,
    },
    /// Nothing was done, and trying later makes sense.
    #[error("transient: {reason}")]
    Transient {
        /// What happened.
        reason: String,
    },
    /// It may or may not have been done: the answer got lost.
    #[error("uncertain: {reason}")]
    Uncertain {
        /// What happened.
        reason: String,
    },
}

/// What the platform said of the rate limit of the call just made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls left in the window.
    pub remaining: u32,
    /// When the window starts anew.
    pub reset: Timestamp,
}

/// Results of one `perform`, in the order of its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Performed {
    /// One for each target.
    pub results: Vec<Result<Effect, PlatformError>>,
    /// The newest rate limit that an answer carried.
    pub limit: Option<RateLimit>,
}

/// The calls that enforcing needs of a platform. There is no other kind of outgoing call.
pub trait Moderation: Send + Sync {
    /// How many targets one `perform` of this kind takes at most (YouTube moderation: 50; else 1).
    fn batch(&self, platform: Platform, kind: ActionKind) -> usize;

    /// Asks whether an action is still needed, for each target in order.
    fn needed(
        &self,
        platform: Platform,
        account: &str,
        kind: ActionKind,
        targets: &[Target],
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<Need>, PlatformError>> + Send;

    /// Performs the action on each target. A batch that the platform refuses whole is split by the
    /// implementation, so that one bad target never takes the others down.
    fn perform(
        &self,
        platform: Platform,
        account: &str,
        kind: ActionKind,
        targets: &[Target],
        now: Timestamp,
    ) -> impl Future<Output = Performed> + Send;
}

/// What a person shows in public.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicProfile {
    /// The id that never changes hands.
    pub id: UserId,
    /// Handle without `@`, where there is one.
    pub handle: Option<String>,
    /// Displayed name.
    pub name: Option<String>,
    /// Address of the picture.
    pub picture: Option<String>,
    /// What the person says of themselves: the bio on X, the description of a channel.
    pub text: String,
}

/// How a post stands, as the platform shows it to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is there; its author where the platform tells.
    Yes(Option<UserId>),
    /// It is deleted, or its author is.
    Gone,
    /// It is protected, withheld, or its author suspended.
    Withheld,
}

/// An answer that takes its time. Boxed, so that who asks need not know whom.
pub type Asked<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, PlatformError>> + Send + 'a>>;

/// Reads that answering people needs of a platform.
pub trait Lookup: Send + Sync {
    /// The id behind a handle, as of now: handles are handed on.
    fn by_handle<'a>(&'a self, platform: Platform, handle: &'a str, now: Timestamp) -> Asked<'a, Option<UserId>>;

    /// What a person shows in public; `None` when there is no such account to be seen.
    fn profile<'a>(&'a self, platform: Platform, id: &'a UserId, now: Timestamp) -> Asked<'a, Option<PublicProfile>>;

    /// How a post stands.
    fn shown<'a>(&'a self, platform: Platform, post: &'a str, now: Timestamp) -> Asked<'a, Shown>;
}
