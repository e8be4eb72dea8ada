//! The day as data; the format is told in `sample/README.md`.

use anyhow::{Context, Result};
use include_dir::{Dir, include_dir};
use rules::{Clause, Platform};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample");

/// Everything in the folder, read as one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Day {
    /// Our accounts.
    pub account: Vec<Account>,
    /// People.
    pub author: Vec<Author>,
    /// Conversations that we started.
    pub root: Vec<Root>,
    /// Conversations that others started.
    pub foreign: Vec<Foreign>,
    /// Videos of our channel.
    pub video: Vec<Video>,
    /// What happens.
    pub event: Vec<Event>,
    /// Comments on our videos, which no webhook brings.
    pub comment: Vec<Comment>,
}

/// One of our accounts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Account {
    pub key: String,
    pub platform: Platform,
    pub id: String,
    pub handle: String,
    pub name: String,
    pub created_days_ago: i64,
}

/// A person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Author {
    pub key: String,
    pub platform: Platform,
    pub id: String,
    pub handle: Option<String>,
    pub name: String,
    pub created_days_ago: Option<i64>,
    pub description: Option<String>,
}

/// A conversation that we started.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Root {
    pub key: String,
    pub id: String,
    pub hours_before: i64,
    pub purpose: String,
    pub text: String,
}

/// A conversation that somebody else started.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Foreign {
    pub key: String,
    pub id: String,
    pub author: String,
    pub hours_before: i64,
    pub text: String,
}

/// A video of our channel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Video {
    pub key: String,
    pub id: String,
    pub title: String,
    pub days_ago: i64,
}

/// What kind of delivery an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds are told in sample/README.md")]
pub enum Kind {
    Reply,
    Mention,
    Quote,
    Stream,
    OwnPost,
    OwnRetweet,
    Retweet,
    DeleteOwn,
    Like,
    Dm,
    Notice,
    RevokeOther,
    Aaa,
    Malformed,
    Huge,
    Video,
    VideoDeleted,
    /// Never in a file's `event`s: what a `comment` is told as.
    #[serde(skip)]
    Comment,
}

/// What a sensible reviewer expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the expectations are told in sample/README.md")]
pub enum Expect {
    Allow,
    Review,
    Act,
    Outbound,
    Counted,
    Watched,
    Unreadable,
    Refused,
    TooLarge,
}

/// How an event is delivered, where not once and genuine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the ways are told in sample/README.md")]
pub enum Way {
    Twice,
    ThriceOtherIds,
    Forged,
    WrongSecret,
    Unsigned,
    StaleSecret,
    Late,
}

/// How the body differs from the vendor's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the forms are told in sample/README.md")]
pub enum Wire {
    Array,
    PostNames,
}

/// Something that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Event {
    pub id: String,
    pub at: jiff::civil::Time,
    pub arrives: Option<jiff::civil::Time>,
    pub kind: Kind,
    pub author: Option<String>,
    #[serde(default)]
    pub text: String,
    pub expect: Expect,
    pub clause: Option<Clause>,
    #[serde(default)]
    pub also: Vec<Clause>,
    pub delivery: Option<Way>,
    pub wire: Option<Wire>,
    pub lang: Option<String>,
    pub note: Option<String>,
    pub thread: Option<String>,
    pub answers: Option<String>,
    pub quotes: Option<String>,
    pub retweets: Option<String>,
    pub deletes: Option<String>,
    pub edits: Option<String>,
    #[serde(default)]
    pub entries: Vec<String>,
    pub media: Option<String>,
    #[serde(default)]
    pub long: bool,
    pub purpose: Option<String>,
    pub r#type: Option<String>,
    pub platform: Option<Platform>,
    pub body: Option<String>,
    pub bytes: Option<usize>,
}

/// A comment on a video.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are told in sample/README.md")]
pub struct Comment {
    pub id: String,
    pub at: jiff::civil::Time,
    pub video: String,
    pub under: Option<String>,
    pub author: String,
    pub text: String,
    pub media: Option<String>,
    pub expect: Expect,
    pub clause: Option<Clause>,
    #[serde(default)]
    pub also: Vec<Clause>,
    pub lang: Option<String>,
    pub note: Option<String>,
}

impl Day {
    /// Reads the day that is part of the program.
    ///
    /// # Errors
    /// A file that is not of the format, by name.
    pub fn read() -> Result<Day> {
        let mut day = Day::default();
        for file in FILES.files().filter(|file| file.path().extension().is_some_and(|kind| kind == "toml")) {
            let name = file.path().display().to_string();
            let text = file.contents_utf8().with_context(|| name.clone())?;
            let part: Day = toml::from_str(text).with_context(|| name)?;
            day.account.extend(part.account);
            day.author.extend(part.author);
            day.root.extend(part.root);
            day.foreign.extend(part.foreign);
            day.video.extend(part.video);
            day.event.extend(part.event);
            day.comment.extend(part.comment);
        }
        Ok(day)
    }
}
