//! One thing that is held of a person.

use jiff::Timestamp;
use rules::Platform;
use serde::{Deserialize, Serialize};

use super::redact;
use crate::letters::DataItem;

/// One thing that is held of a person, as the document shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// An item of the guidelines' list, from the access register.
    Item {
        /// Which.
        item: DataItem,
        /// Its value.
        value: String,
        /// From where it was read.
        source: String,
        /// When, last.
        read_at: Option<Timestamp>,
        /// What for.
        purpose: String,
    },
    /// When the person was first and last seen.
    Seen {
        /// First.
        first: Option<Timestamp>,
        /// Last.
        last: Option<Timestamp>,
        /// When the profile is erased by itself.
        kept_until: Option<Timestamp>,
    },
    /// A post of the person, with its text.
    Post {
        /// Where.
        platform: Platform,
        /// Its id.
        id: String,
        /// Where it can be seen.
        url: String,
        /// When it was written.
        made_at: Timestamp,
        /// The person's own words.
        text: String,
        /// The words in it that rules matched.
        matched: Vec<String>,
        /// When it is erased by itself.
        kept_until: Option<Timestamp>,
    },
    /// What was decided and done about a post.
    Case {
        /// Where.
        platform: Platform,
        /// The post's id.
        id: String,
        /// The decisions, oldest first.
        decisions: Vec<CaseDecision>,
        /// What was done on the platform.
        actions: Vec<CaseAction>,
    },
    /// A post that was acted on and counts.
    Strike {
        /// Where.
        platform: Platform,
        /// The post's id.
        id: String,
        /// Since when.
        since: Option<Timestamp>,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// A request of the person.
    Request {
        /// Its number.
        ticket: String,
        /// When it came.
        received_at: Timestamp,
        /// What it asks for.
        asks: Vec<String>,
        /// Where it stands.
        state: String,
    },
    /// A mail of the person's files, in or out.
    Mail {
        /// The number of the file.
        ticket: String,
        /// `in` or `out`.
        direction: String,
        /// When.
        at: Option<Timestamp>,
        /// How many bytes are kept.
        bytes: u64,
    },
    /// A file that was made for the person.
    File {
        /// Its name.
        name: String,
        /// How many bytes are kept.
        bytes: u64,
    },
}

/// One decision about a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseDecision {
    /// 1 for the first.
    pub number: u32,
    /// `machine` or `person`.
    pub by: String,
    /// `allow`, `review` or `act`.
    pub verdict: String,
    /// The prohibitions found.
    pub clauses: Vec<String>,
    /// The rules that found them.
    pub rules: Vec<String>,
    /// Version of the guidelines in force.
    pub guidelines: String,
    /// When.
    pub decided_at: Timestamp,
}

/// One action on a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseAction {
    /// Which.
    pub action: String,
    /// Where it stands.
    pub state: String,
}

impl Record {
    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Record::Item { .. } => "item",
            Record::Seen { .. } => "seen",
            Record::Post { .. } => "post",
            Record::Case { .. } => "case",
            Record::Strike { .. } => "strike",
            Record::Request { .. } => "request",
            Record::Mail { .. } => "mail",
            Record::File { .. } => "file",
        }
    }

    /// The record with what belongs to others struck out of the person's own words.
    pub(super) fn redacted(self, own_handle: Option<&str>) -> Self {
        match self {
            Record::Post { platform, id, url, made_at, text, matched, kept_until } => Record::Post {
                platform,
                id,
                url,
                made_at,
                text: redact(&text, own_handle),
                matched: matched.iter().map(|words| redact(words, own_handle)).collect(),
                kept_until,
            },
            Record::Item { .. }
            | Record::Seen { .. }
            | Record::Case { .. }
            | Record::Strike { .. }
            | Record::Request { .. }
            | Record::Mail { .. }
            | Record::File { .. } => self,
        }
    }
}
