//! The items that are read back as a whole, as serde structs.

use casework::planned::ActionState;
use jiff::Timestamp;
use rules::{Platform, Post, Verdict};
use serde::{Deserialize, Serialize};

/// `HEAD`: the newest state of a post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) platform: Platform,
    /// Our account's id.
    pub(crate) account: String,
    pub(crate) target: String,
    /// Number of the newest decision.
    pub(crate) decisions: u32,
    /// Number of the newest decision that changed what is to be done; what those before it planned is superseded.
    /// Without it the newest decision is meant.
    #[serde(default)]
    pub(crate) course: Option<u32>,
    pub(crate) verdict: Verdict,
    pub(crate) decided_at: String,
    /// Key of the author; removed by erasure.
    #[serde(default)]
    pub(crate) person: Option<String>,
    /// Sort key of the text in the person's partition.
    #[serde(default)]
    pub(crate) content: Option<String>,
}

/// `CONTENT#…`: the text and what matched in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) post: Post,
    /// Matched words by rule.
    pub(crate) evidence: Vec<(String, Vec<String>)>,
    /// What was known around the post when it was judged; absent on items of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) context: Option<rules::Context>,
    /// When the platform last gave this text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_at: Option<String>,
    /// Key of the folded text; absent when nothing is left after folding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text_hash: Option<String>,
    /// Epoch seconds.
    pub(crate) expires: i64,
}

/// `ACTION#…`: a planned action.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ActionItem {
    pub(crate) pk: String,
    pub(crate) sk: String,
    /// Our account's id.
    pub(crate) account: String,
    pub(crate) target: String,
    pub(crate) severity: u8,
    pub(crate) stage: ActionState,
    /// Due bucket; absent once ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) queue: Option<String>,
    /// When it may be tried, or when its lease ends; kept once ended.
    pub(crate) due: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lease: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) repeats: u32,
    pub(crate) cap_reserved: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    /// All that happened to it, oldest first; a wait that was prolonged stands there once.
    #[serde(default)]
    pub(crate) log: Vec<LogLine>,
}

/// One thing that happened to an action.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LogLine {
    pub(crate) at: String,
    pub(crate) what: String,
}

/// `TASK#…`: what a person has to do by hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TaskItem {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) task: rules::TaskKind,
    pub(crate) target: String,
    /// Task bucket; absent once closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) queue: Option<String>,
    /// Whether a person ruled that it is done; one that is closed otherwise was withdrawn.
    #[serde(default)]
    pub(crate) done: bool,
    /// Since when it waits.
    pub(crate) due: String,
}

/// Reads a stamp that this crate wrote.
pub(crate) fn parse_stamp(stamp: &str) -> casework::ledger::Result<Timestamp> {
    stamp.parse().map_err(|_| casework::ledger::LedgerError::Corrupt(format!("no time: {stamp:?}")))
}
