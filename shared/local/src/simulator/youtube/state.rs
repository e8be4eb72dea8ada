//! The simulated world of YouTube: channels, videos, comments in threads, bans and tokens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::quota::Quota;
use crate::simulator::NoSuch;
use crate::simulator::clock::Clock;
use crate::simulator::oauth::Authority;

/// The scope that every simulated method asks for (discovery document, 2026-06-01).
pub const SCOPE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

/// Where a comment stands with the channel's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moderation {
    /// Shown to all.
    Published,
    /// Held until the owner looks at it.
    HeldForReview,
    /// Held by YouTube as likely spam.
    LikelySpam,
    /// Removed from sight for good.
    Rejected,
}

impl Moderation {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Moderation::Published => "published",
            Moderation::HeldForReview => "heldForReview",
            Moderation::LikelySpam => "likelySpam",
            Moderation::Rejected => "rejected",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Moderation> {
        let all = [Moderation::Published, Moderation::HeldForReview, Moderation::LikelySpam, Moderation::Rejected];
        all.into_iter().find(|status| status.name() == name)
    }
}

/// A video.
#[derive(Clone)]
pub struct Video {
    /// The channel that owns it.
    pub channel: String,
    /// Whether comments are switched off.
    pub comments_disabled: bool,
}

/// A comment or a reply.
#[derive(Clone)]
pub struct Comment {
    /// Its id; a reply's begins with the thread's.
    pub id: String,
    /// The comment at the head of the thread, for a reply.
    pub parent: Option<String>,
    /// The video below which it stands.
    pub video: String,
    /// The author's channel.
    pub author: String,
    /// What the author wrote.
    pub text: String,
    /// A picture in the comment.
    pub image_url: Option<String>,
    /// Where it stands with the owner.
    pub moderation: Moderation,
    /// When it was written.
    pub published_at: Timestamp,
    /// When it was last changed by its author.
    pub updated_at: Timestamp,
    /// Deleted by its author.
    pub deleted: bool,
}

/// A comment to be written.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// Its id, if it matters.
    pub id: Option<&'a str>,
    /// When it is written, if not now.
    pub at: Option<Timestamp>,
    /// The video below which it stands; a reply's is that of the thread.
    pub video: &'a str,
    /// The comment or reply that it answers.
    pub answers: Option<&'a str>,
    /// The author's channel.
    pub author: &'a str,
    /// The author's words.
    pub text: &'a str,
    /// The address of a picture.
    pub image: Option<&'a str>,
}

/// An access token, kept under its value.
#[derive(Clone)]
pub struct Token {
    /// What the request log calls it.
    pub name: String,
    /// The channel that it acts for.
    pub channel: String,
    /// Scopes granted.
    pub scopes: BTreeSet<String>,
    /// When it stops to be accepted.
    pub expires_at: Option<Timestamp>,
}

/// A subscription that the hub was asked for and has not verified yet.
#[derive(Clone)]
pub struct Subscription {
    /// Where notices shall go.
    pub callback: String,
    /// The feed.
    pub topic: String,
    /// What notices shall be signed with.
    pub secret: String,
    /// The lease that was asked for.
    pub lease_seconds: u64,
}

/// Everything that the simulated YouTube knows.
pub struct State {
    /// Titles of channels by id.
    pub channels: BTreeMap<String, String>,
    /// What channels say of themselves, by id.
    pub descriptions: BTreeMap<String, String>,
    /// Handles of channels in lower case, without the at sign, by id.
    pub handles: BTreeMap<String, String>,
    /// Videos by id.
    pub videos: BTreeMap<String, Video>,
    /// Comments by id, deleted and rejected ones included.
    pub comments: BTreeMap<String, Comment>,
    /// Authors whom a channel has banned.
    pub bans: BTreeMap<String, BTreeSet<String>>,
    /// Tokens by value. Removing one revokes it.
    pub tokens: BTreeMap<String, Token>,
    /// The project's units of today.
    pub quota: Quota,
    /// Who grants tokens.
    pub oauth: Authority,
    /// What the hub was asked for, oldest first.
    pub subscriptions: Vec<Subscription>,
    /// Items of a page at most, however many were asked for: no platform promises full pages.
    pub longest_page: usize,
    pub(crate) clock: Clock,
    next_comment: u64,
}

impl State {
    /// A world with nobody in it and 10,000 units a day.
    pub fn new(clock: Clock) -> State {
        State {
            channels: BTreeMap::new(),
            descriptions: BTreeMap::new(),
            handles: BTreeMap::new(),
            videos: BTreeMap::new(),
            comments: BTreeMap::new(),
            bans: BTreeMap::new(),
            tokens: BTreeMap::new(),
            quota: Quota::new(),
            oauth: Authority::new(false, 3599),
            subscriptions: Vec::new(),
            longest_page: usize::MAX,
            clock,
            next_comment: 1,
        }
    }

    /// Adds a channel.
    pub fn add_channel(&mut self, id: &str, title: &str) {
        self.channels.insert(id.to_owned(), title.to_owned());
    }

    /// Adds a video to a channel.
    pub fn add_video(&mut self, id: &str, channel: &str) {
        let video = Video { channel: channel.to_owned(), comments_disabled: false };
        self.videos.insert(id.to_owned(), video);
    }

    /// Grants a channel a token with the scope that all methods need, without an end.
    pub fn grant(&mut self, value: &str, name: &str, channel: &str) {
        let scopes = BTreeSet::from([SCOPE.to_owned()]);
        let token = Token { name: name.to_owned(), channel: channel.to_owned(), scopes, expires_at: None };
        self.tokens.insert(value.to_owned(), token);
    }

    /// Writes a comment below a video now and gives its id.
    ///
    /// # Errors
    ///
    /// As [`State::publish`].
    pub fn write(&mut self, video: &str, author: &str, text: &str) -> Result<String, NoSuch> {
        self.publish(Draft { id: None, at: None, video, answers: None, author, text, image: None })
    }

    /// Answers a comment now and gives the reply's id.
    ///
    /// # Errors
    ///
    /// As [`State::publish`].
    pub fn reply(&mut self, comment: &str, author: &str, text: &str) -> Result<String, NoSuch> {
        let video = self.live(comment)?.video.clone();
        self.publish(Draft { id: None, at: None, video: &video, answers: Some(comment), author, text, image: None })
    }

    /// Publishes a draft and gives its id. An answer to a reply joins the same thread; what an author whom the
    /// channel has banned writes is rejected at once.
    ///
    /// # Errors
    ///
    /// [`NoSuch`] if the video, the answered comment or the author's channel does not exist.
    pub fn publish(&mut self, draft: Draft<'_>) -> Result<String, NoSuch> {
        let owner = self.videos.get(draft.video).ok_or(NoSuch("video"))?.channel.clone();
        if !self.channels.contains_key(draft.author) {
            return Err(NoSuch("channel"));
        }
        let parent = match draft.answers {
            None => None,
            Some(id) => {
                let answered = self.live(id)?;
                Some(answered.parent.clone().unwrap_or_else(|| answered.id.clone()))
            }
        };
        let number = self.next_comment;
        self.next_comment += 1;
        let id = match (draft.id, &parent) {
            (Some(id), _) => id.to_owned(),
            (None, Some(head)) => format!("{head}.9sim{number:010}"),
            (None, None) => format!("Ugsim{number:013}4AaABAg"),
        };
        let banned = self.bans.get(&owner).is_some_and(|authors| authors.contains(draft.author));
        let at = draft.at.unwrap_or_else(|| (self.clock)());
        let comment = Comment {
            id: id.clone(),
            parent,
            video: draft.video.to_owned(),
            author: draft.author.to_owned(),
            text: draft.text.to_owned(),
            image_url: draft.image.map(str::to_owned),
            moderation: if banned { Moderation::Rejected } else { Moderation::Published },
            published_at: at,
            updated_at: at,
            deleted: false,
        };
        self.comments.insert(id.clone(), comment);
        Ok(id)
    }

    /// A comment that exists and that its author has not deleted.
    ///
    /// # Errors
    ///
    /// [`NoSuch`] otherwise.
    pub fn live(&self, id: &str) -> Result<&Comment, NoSuch> {
        self.comments.get(id).filter(|comment| !comment.deleted).ok_or(NoSuch("comment"))
    }

    /// Whether every visitor sees the comment: published, and the head of its thread too.
    pub fn visible(&self, id: &str) -> bool {
        let published = |id: &str| self.live(id).is_ok_and(|comment| comment.moderation == Moderation::Published);
        published(id) && self.live(id).is_ok_and(|comment| comment.parent.as_deref().is_none_or(published))
    }

    /// The channel that owns the video below which a comment stands.
    pub(super) fn owner(&self, comment: &Comment) -> Option<&str> {
        self.videos.get(&comment.video).map(|video| video.channel.as_str())
    }
}
