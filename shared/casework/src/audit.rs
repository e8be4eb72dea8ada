//! The ports of the nightly audit: what is stored, page by page, and the audit's own notes of a night.
//!
//! Nothing here holds more than one page, so that memory does not grow with what is stored. A place within a walk is an
//! opaque text that the store can go on from, also in another process.

use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;
use rules::{Context, Post, Verdict};
use serde::{Deserialize, Serialize};

use crate::decision::{Decision, PostKey};
use crate::event::Outbound;
use crate::ledger::{Result, WaitsFor};
use crate::planned::{Action, ActionKey};

/// One page of a walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What it holds; may be empty though more follows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// A post whose text is still kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The post.
    pub post: Post,
    /// What was known around it when it was judged, where that was kept.
    pub context: Option<Context>,
    /// Rules that fired, those in shadow included.
    pub rules: Vec<String>,
    /// When the platform last gave the text, where that was kept.
    pub read_at: Option<Timestamp>,
    /// When the text has to be gone.
    pub expires_at: Timestamp,
}

impl Kept {
    /// The key of the post.
    pub fn key(&self) -> PostKey {
        PostKey { platform: self.post.platform, id: self.post.id.clone() }
    }
}

/// Where a post stands in our records.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The post.
    pub post: PostKey,
    /// Our account that it concerns.
    pub account: String,
    /// Id that the platform's calls take.
    pub target: String,
    /// The newest verdict.
    pub verdict: Verdict,
    /// Number of the newest decision.
    pub decisions: u32,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When the audit found it gone from the platform.
    pub gone_at: Option<Timestamp>,
}

/// A post of our own.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPost {
    /// Its words.
    pub post: Outbound,
    /// The purpose that it was given.
    pub purpose: Option<String>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Of a plain retweet: a digest of what the original said when it was first looked at.
    pub original: Option<String>,
}

/// Why an item is held too long, or how much of what was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Texts of posts.
    pub texts: u64,
    /// Profiles of people.
    pub people: u64,
    /// Strikes.
    pub strikes: u64,
    /// Sightings, counters and notes.
    pub others: u64,
    /// Items that could not be removed.
    pub failed: u64,
}

impl Removed {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.texts + self.people + self.strikes + self.others
    }
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The post.
    pub post: PostKey,
    /// What it waits for.
    pub waits_for: WaitsFor,
    /// Since when.
    pub since: Timestamp,
}

/// What the audit reads and, sparingly, writes.
pub trait Shelves: Send + Sync {
    /// Posts whose text is still kept, in no particular order.
    fn kept(&self, from: Option<&str>, now: Timestamp) -> impl Future<Output = Result<Page<Kept>>> + Send;

    /// One kept text.
    fn text_of(&self, post: &PostKey, now: Timestamp) -> impl Future<Output = Result<Option<Kept>>> + Send;

    /// Where these posts stand, in their order.
    fn standing_of(&self, posts: &[PostKey]) -> impl Future<Output = Result<Vec<Option<Standing>>>> + Send;

    /// Where all posts stand that were decided since, in no particular order.
    fn standings(&self, from: Option<&str>, since: Timestamp) -> impl Future<Output = Result<Page<Standing>>> + Send;

    /// Posts of our own since then, in no particular order.
    fn own_posts(&self, from: Option<&str>, since: Timestamp) -> impl Future<Output = Result<Page<OwnPost>>> + Send;

    /// Keeps what the original of a plain retweet said.
    fn note_original(&self, retweet: &PostKey, digest: &str) -> impl Future<Output = Result<()>> + Send;

    /// The newest decision of a post.
    fn newest_decision(&self, post: &PostKey) -> impl Future<Output = Result<Option<Decision>>> + Send;

    /// The actions planned about a post.
    fn actions_of(&self, post: &PostKey) -> impl Future<Output = Result<Vec<Action>>> + Send;

    /// Appends a decision that sends the post to a reviewer, and plans nothing; `false` when it changed meanwhile.
    fn send_to_review(&self, post: &PostKey, decision: &Decision) -> impl Future<Output = Result<bool>> + Send;

    /// Removes the text of a post that is gone from the platform, and notes when that was found.
    fn honour_deletion(&self, post: &PostKey, now: Timestamp) -> impl Future<Output = Result<bool>> + Send;

    /// Removes what has expired from one page of everything; gives how much, with the place to go on from.
    fn remove_expired(
        &self,
        from: Option<&str>,
        now: Timestamp,
    ) -> impl Future<Output = Result<(Removed, Option<String>)>> + Send;

    /// Removes one text, which must not be kept longer.
    fn remove_text(&self, post: &PostKey) -> impl Future<Output = Result<()>> + Send;

    /// Planned actions that are not ended, those of one shard after another.
    fn unfinished(&self, from: Option<&str>) -> impl Future<Output = Result<Page<Action>>> + Send;

    /// When an action was decided on.
    fn decided_at(&self, action: &ActionKey) -> impl Future<Output = Result<Option<Timestamp>>> + Send;

    /// What waits for a person, that of one shard after another.
    fn waiting(&self, from: Option<&str>) -> impl Future<Output = Result<Page<Waiting>>> + Send;
}

/// Where one check of a night stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The check.
    pub check: String,
    /// Whether it has ended, well or not.
    pub state: NoteState,
    /// Where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What it found so far, as JSON of its own shape: counts and keys, no text of anybody.
    pub found: String,
    /// Milliseconds that it worked, over all its starts.
    pub worked_ms: u64,
    /// How often it was started.
    pub starts: u32,
}

/// How far a check is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteState {
    /// It goes on from its place.
    Running,
    /// It has looked at everything.
    Done,
    /// It could not; for this reason.
    Failed(String),
}

/// A night of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Night {
    /// The day in Tokyo on whose morning it is read.
    pub date: Date,
    /// End of the 24 hours that are reported: when it was first started.
    pub until: Timestamp,
    /// Proves that it is ours.
    pub lease: String,
    /// Whether the report was written before.
    pub written: bool,
}

/// The answer to a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Ours to do, from where it stands.
    Ours(Night),
    /// Somebody is at it, until then at most.
    Held(Timestamp),
    /// Reported already.
    Reported,
}

/// The audit's notes.
pub trait Nights: Send + Sync {
    /// Starts, or goes on with, a night; others are kept off until `until`.
    fn start_night(&self, date: Date, now: Timestamp, until: Timestamp) -> impl Future<Output = Result<Start>> + Send;

    /// All notes of a night.
    fn notes(&self, date: Date) -> impl Future<Output = Result<Vec<Note>>> + Send;

    /// Writes one note, and keeps others off for longer; a conflict when the night is no longer ours.
    fn note(&self, night: &Night, note: &Note, until: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Notes that the report is written, or, `mailed`, that all is done: no start does anything more.
    fn end_night(&self, night: &Night, mailed: bool, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Lets the night go, so that the next start goes on at once.
    fn release_night(&self, night: &Night, now: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// Forgets a night, so that it can be done again on demand.
    fn forget_night(&self, date: Date) -> impl Future<Output = Result<()>> + Send;
}
