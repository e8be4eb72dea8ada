//! What a delivery from a platform can say, after parsing.

use std::fmt;

use jiff::Timestamp;
use rules::{Platform, Post, UserId};
use serde::{Deserialize, Serialize};

/// One thing that a delivery said.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Somebody else's words: to be judged.
    Post(Box<Post>),
    /// Our own post, or our own plain retweet.
    Outbound(Box<Outbound>),
    /// One of our own posts was deleted.
    OwnPostDeleted {
        /// Its id.
        id: String,
    },
    /// A user revoked our app; when it is our own account, we are disconnected.
    AccessRevoked {
        /// Who revoked.
        user: UserId,
        /// When, as far as that can be read.
        at: Option<Timestamp>,
    },
    /// A video of our channel is new or changed: its comments are worth watching.
    Video(VideoNotice),
    /// A video of our channel is gone.
    VideoDeleted(VideoNotice),
    /// Anything else, a plain retweet by others included: only its type is kept, never its body.
    Counted {
        /// The event type, for example `like.create`.
        kind: String,
    },
}

/// A post of our own account. `Debug` prints no text.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Outbound {
    /// Where it was made.
    pub platform: Platform,
    /// Id that stays the same through edits.
    pub id: String,
    /// Id of the newest edit.
    pub target: String,
    /// Our account's id.
    pub account: String,
    /// The company's own words; empty for a plain retweet.
    pub text: String,
    /// Time of dispatch: the information was current then.
    pub as_of: Timestamp,
    /// Id of the post that a plain retweet repeats; recorded as `endorsement: none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retweet_of: Option<String>,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("platform", &self.platform).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A WebSub notice about one video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoNotice {
    /// The channel.
    pub channel: String,
    /// The video.
    pub video: String,
    /// When the platform says that it changed or vanished, where it says so.
    pub at: Option<Timestamp>,
}

/// Why a signed delivery could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable delivery: {reason}")]
pub struct Unreadable {
    /// What was wrong and where, without quoting the body.
    pub reason: String,
}
