//! The ports to the store. One post's items belong to that post alone, so no write here meets
//! another post's write, except the counters that say so.

use std::future::Future;

use jiff::Timestamp;
use rules::{ActionKind, Context, Platform, Post, TaskKind, Verdict};

use crate::account::{AccountKey, AccountState, AccountStop, Mode};
use crate::decision::{Decision, PostKey};
use crate::event::{Outbound, VideoNotice};
use crate::planned::{Action, ActionKey, Outcome};

/// Why the store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It could not be reached or refused after retries; nothing is known to be lost by trying again.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// Somebody else changed the same post in between; read again and retry.
    #[error("changed meanwhile: {0}")]
    Conflict(String),
    /// An item has a shape that this program never writes.
    #[error("item of unknown shape: {0}")]
    Corrupt(String),
}

/// The result of a port call.
pub type Result<T> = std::result::Result<T, LedgerError>;

/// Proof of holding a claim; the record is refused once it is no longer held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Random, compared by the store.
    pub token: String,
    /// When others may take over.
    pub until: Timestamp,
}

/// The answer to a claim on one version of one post's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Ours to judge.
    Won(Lease),
    /// Decided before.
    Done,
    /// Somebody is judging it now.
    Held {
        /// When their lease ends.
        until: Timestamp,
    },
}

/// What judging needs of the store.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// For the rules.
    pub context: Context,
    /// The account that the post concerns.
    pub account: AccountState,
    /// Decisions made about the post so far.
    pub decisions: u32,
    /// A later version of the post was decided already: these words are no longer shown.
    pub superseded: bool,
    /// Set when the author's data was erased, or is about to be, and may not be taken in again.
    pub suppressed: Option<Suppressed>,
}

/// How a post stands whose author must not be taken in again. It is judged as a stranger's, from its words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// Nothing was decided about it, or the machine allowed it: a breach is still answered.
    Open,
    /// A person ruled on it, or it waits for one, or it was acted on: it is left as it is.
    Settled,
}

/// What a recorded decision keeps of its post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The text, the profile, the strike and the sighting, in their places.
    Everything,
    /// Nothing beside the decision, its actions and its tasks: no text, and no link to the author.
    DecisionOnly,
}

/// A decision with all that is written beside it in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRecord<'a> {
    /// The post, kept in its author's partition with an expiry.
    pub post: &'a Post,
    /// What is kept of it.
    pub keep: Keep,
    /// Strikes that the author had before.
    pub strikes: u32,
    /// The words that matched, by rule; kept with the post.
    pub evidence: Vec<(String, Vec<String>)>,
    /// What was known around the post; kept with it, so that it can be judged again as it was.
    pub context: &'a Context,
    /// The decision.
    pub decision: Decision,
    /// Actions to perform.
    pub actions: Vec<ActionKind>,
    /// What only a person can do.
    pub tasks: Vec<TaskKind>,
    /// When the text has to be gone.
    pub expires_at: Timestamp,
    /// When the profile has to be gone, unless another post of the author keeps it for longer.
    pub profile_until: Timestamp,
    /// When the strike that an action counts as ends.
    pub strike_until: Timestamp,
}

/// Whether a record was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Yes.
    Written,
    /// No: the lease was lost to another delivery, which records instead.
    LeaseLost,
}

/// The cases of posts: claim, gather, record.
pub trait Cases: Send + Sync {
    /// Claims the post's content version for `lease` from `now`.
    fn claim(&self, post: &Post, now: Timestamp) -> impl Future<Output = Result<Claim>> + Send;

    /// Forgets a claim, so that nothing is kept of the post.
    fn forget_claim(&self, post: &Post, lease: &Lease) -> impl Future<Output = Result<()>> + Send;

    /// Reads all that judging needs.
    fn gather(&self, post: &Post, now: Timestamp) -> impl Future<Output = Result<History>> + Send;

    /// Writes decision, actions, tasks, content and strike at once, while the lease is still held.
    fn record(
        &self,
        record: &CaseRecord<'_>,
        lease: &Lease,
        now: Timestamp,
    ) -> impl Future<Output = Result<Recorded>> + Send;

    /// Keeps a post of our own, with its purpose where one is known.
    fn record_outbound(
        &self,
        outbound: &Outbound,
        purpose: Option<&str>,
        now: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Notes that a post of our own was deleted.
    fn own_post_deleted(&self, post: &PostKey, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Puts a video on the watch list, or notes that it is gone.
    fn watch_video(&self, notice: &VideoNotice, gone: bool, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Keeps the reason why a signed delivery could not be read; its body lies under `body_key`.
    fn record_unreadable(
        &self,
        platform: Platform,
        body_key: &str,
        reason: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// A post's whole case, as a person's ruling needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFile {
    /// The post; `None` when its text has expired or was erased, or for our own posts.
    pub post: Option<Post>,
    /// The words that matched, by rule.
    pub evidence: Vec<(String, Vec<String>)>,
    /// Whether we started the conversation that it belongs to, where that is known.
    pub in_our_conversation: Option<bool>,
    /// Our own post, where it is one.
    pub outbound: Option<Outbound>,
    /// All decisions, oldest first.
    pub decisions: Vec<Decision>,
    /// All planned actions.
    pub actions: Vec<Action>,
    /// Strikes of the author within the policy's window.
    pub strikes: u32,
    /// What a person was asked to do by hand; not what a later ruling withdrew undone.
    pub tasks: Vec<Task>,
}

/// What a person is or was asked to do by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// The number of the decision that opened it.
    pub decision: u32,
    /// What is to be done.
    pub kind: TaskKind,
    /// Whether it still waits.
    pub state: TaskState,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// It waits for a person.
    Open,
    /// A person ruled that it is done.
    Done,
}

/// What a ruling does to the author's strike for the post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// It counts until then.
    Until(Timestamp),
    /// It counts no longer.
    Lifted,
    /// It stands as it stood.
    Kept,
}

/// A person's ruling, with all that is written beside it in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct RulingRecord {
    /// The post.
    pub post: PostKey,
    /// The decision to append.
    pub decision: Decision,
    /// Actions to cancel, still pending.
    pub cancel: Vec<ActionKey>,
    /// Actions to perform.
    pub actions: Vec<ActionKind>,
    /// What only a person can do.
    pub tasks: Vec<TaskKind>,
    /// How the tasks stand that it closes: done, or withdrawn.
    pub tasks_done: bool,
    /// What becomes of the author's strike for this post.
    pub strike: Strike,
    /// When the actions may be tried: now, or once nobody can still be performing what they reverse.
    pub due_at: Timestamp,
}

/// The desk of a person: the queue and the rulings.
pub trait Desk: Send + Sync {
    /// Everything about one post, or `None`.
    fn case_file(&self, post: &PostKey, now: Timestamp) -> impl Future<Output = Result<Option<CaseFile>>> + Send;

    /// What waits for a person, longest first: posts in review and open tasks.
    fn queue(&self) -> impl Future<Output = Result<Vec<QueueEntry>>> + Send;

    /// Appends a person's decision.
    fn record_ruling(
        &self,
        file: &CaseFile,
        ruling: &RulingRecord,
        now: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The answer to a claim on a planned action.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionClaim {
    /// Ours to perform.
    Won(Box<Action>, Lease),
    /// A newer decision took its place: nothing to perform, to be recorded as cancelled.
    Superseded(Box<Action>, Lease),
    /// Not pending, not due, or held by another.
    NotDue,
}

/// The planned actions: claim, reserve, record the outcome.
pub trait Actions: Send + Sync {
    /// Keys of the actions due at `now`, severest first.
    fn due(&self, now: Timestamp, limit: usize) -> impl Future<Output = Result<Vec<ActionKey>>> + Send;

    /// Claims a pending action that is due, or a running one whose lease ran out.
    fn claim_action(&self, key: &ActionKey, now: Timestamp) -> impl Future<Output = Result<ActionClaim>> + Send;

    /// The rules whose findings asked for an action, by the decision that planned it; a person's ruling has none.
    fn asked_by(&self, key: &ActionKey) -> impl Future<Output = Result<Vec<String>>> + Send;

    /// Counts an action against the account's cap of the day, once; `false` when the cap is reached.
    fn reserve_cap(
        &self,
        action: &Action,
        lease: &Lease,
        cap: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool>> + Send;

    /// Takes one call out of the window's budget of an account; `Err(reset)` in the inner result when it is used up.
    /// What is not urgent leaves the calls that are kept.
    fn take_budget(
        &self,
        account: &AccountKey,
        budget: Budget,
        urgent: bool,
        now: Timestamp,
    ) -> impl Future<Output = Result<std::result::Result<(), Timestamp>>> + Send;

    /// Notes that the platform itself said that nothing is left of the window.
    fn exhaust_budget(
        &self,
        account: &AccountKey,
        budget: Budget,
        reset: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Records how an attempt ended, with the person's task that follows.
    fn record_outcome(
        &self,
        action: &Action,
        lease: &Lease,
        outcome: &Outcome,
        now: Timestamp,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// Calls that one account may make within one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Name of the platform's limit; kinds that share a limit share the name.
    pub name: &'static str,
    /// Calls in a window.
    pub calls: u32,
    /// Of these, the calls kept for what is urgent (see [`Action::is_urgent`]).
    pub kept: u32,
    /// Length of the window in seconds, where no units are counted; otherwise it is the platform's day.
    pub seconds: i64,
    /// Units that a call takes out of the account's day (see [`crate::quota`]); 0 where the platform counts none.
    pub units: u32,
    /// Units of the account's whole day; 0 where the platform counts none.
    pub daily_units: u32,
}

/// The state of our accounts.
pub trait Accounts: Send + Sync {
    /// Reads it; an account never written to is active.
    fn account(&self, account: &AccountKey) -> impl Future<Output = Result<AccountState>> + Send;

    /// Sets what the operator wants; `Active` also clears what stopped the account.
    fn set_mode(&self, account: &AccountKey, mode: Mode, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Notes what must stop its calls.
    fn stop(&self, account: &AccountKey, stop: &AccountStop, now: Timestamp)
    -> impl Future<Output = Result<()>> + Send;
}

/// One line of a queue that waits for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueEntry {
    /// The post.
    pub post: PostKey,
    /// What waits: a verdict of review, or a task.
    pub waits_for: WaitsFor,
    /// When it began to wait.
    pub since: Timestamp,
    /// Findings of the newest decision.
    pub decision: Decision,
}

/// What an entry of the queue waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// A ruling.
    Ruling(Verdict),
    /// A task by hand.
    Task(TaskKind),
}
