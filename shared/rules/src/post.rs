//! A post as every platform's parser hands it over.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a post was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// X, formerly Twitter.
    X,
    /// YouTube.
    YouTube,
}

impl Platform {
    /// The key used in store keys and on the command line: `x` or `youtube`.
    pub fn key(self) -> &'static str {
        match self {
            Platform::X => "x",
            Platform::YouTube => "youtube",
        }
    }
}

impl std::str::FromStr for Platform {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        match key {
            "x" => Ok(Platform::X),
            "youtube" => Ok(Platform::YouTube),
            _ => Err(format!("no platform is called {key:?}")),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A platform's stable id of a user or channel (never a handle). Not printed by `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub String);

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserId(…)")
    }
}

/// How a post relates to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// X: an answer to a post.
    Reply,
    /// X: a post that names us without answering.
    Mention,
    /// X: a post that quotes another; the quoting text is judged.
    Quote,
    /// X: a post that none of the others describes (a rule of the filtered stream found it).
    Post,
    /// YouTube: a top-level comment.
    Comment,
    /// YouTube: an answer to a comment.
    CommentReply,
}

/// Who wrote a post, as far as the platform told. `Debug` prints no value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The platform's stable id.
    pub id: UserId,
    /// Handle without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Displayed name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the account was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Profile description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Address of the profile picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

impl Author {
    /// An author of whom only the id is known.
    pub fn unknown(id: impl Into<String>) -> Self {
        Author { id: UserId(id.into()), handle: None, name: None, created_at: None, description: None, picture: None }
    }
}

impl fmt::Debug for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Author(…)")
    }
}

/// What a post carries besides text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// Nothing.
    None,
    /// At least one picture, film or GIF, which nobody has looked at.
    Attached,
    /// The platform did not say.
    Unknown,
}

/// One post, comment or reply by somebody else, ready to be judged. `Debug` prints no text and no author.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Where it was made.
    pub platform: Platform,
    /// Id that stays the same through edits (X: first id of the edit history).
    pub id: String,
    /// Id that the platform's calls take now (X: the newest edit).
    pub target: String,
    /// Version of the content: X edit id, or a hash of text and media.
    pub version: String,
    /// Id of our account that it concerns (X user id, YouTube channel id).
    pub account: String,
    /// How it relates to us.
    pub kind: PostKind,
    /// Who wrote it.
    pub author: Author,
    /// Full text, as the platform gave it.
    pub text: String,
    /// BCP 47 language that the platform guessed, never trusted alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed, where the platform tells (YouTube).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// First post of the conversation (X) or video (YouTube).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// The post or comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The user that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_user: Option<UserId>,
    /// Addresses that the platform expanded from its short links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Pictures and films.
    pub media: Media,
    /// Whether the platform keeps it from being seen, by its own choice or that of somebody with the account's rights.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

impl Post {
    /// Whether it answers our account directly.
    pub fn reply_to_us(&self) -> bool {
        self.answers_user.as_ref().is_some_and(|user| user.0 == self.account)
    }

    /// Where a person can look at it.
    pub fn deep_link(&self) -> String {
        deep_link(self.platform, &self.target, self.conversation.as_deref())
    }
}

/// Address at which a person can look at a post; `conversation` is the video of a YouTube comment.
pub fn deep_link(platform: Platform, target: &str, conversation: Option<&str>) -> String {
    match platform {
        Platform::X => format!("https://x.com/i/status/{target}"),
        Platform::YouTube => match conversation {
            Some(video) => format!("https://www.youtube.com/watch?v={video}&lc={target}"),
            None => format!("https://www.youtube.com/channel/comments?lc={target}"),
        },
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("platform", &self.platform)
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("chars", &self.text.chars().count())
            .finish_non_exhaustive()
    }
}
