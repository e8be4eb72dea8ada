//! The simulated world of X: users, posts in conversations, blocks and tokens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::limits::Windows;
use super::webhooks::{Subscription, Webhook};
use crate::simulator::NoSuch;
use crate::simulator::clock::Clock;
use crate::simulator::oauth::Authority;

/// Ids count up from here: nineteen digits, beyond what a double can hold, like the real ones.
const FIRST_ID: u64 = 2_090_000_000_000_000_001;

/// Scopes that an account needs for everything simulated here but blocking (platform contract, X auth).
pub(super) const SCOPES: [&str; 5] = ["tweet.read", "tweet.write", "tweet.moderate.write", "users.read", "block.read"];

/// A user.
#[derive(Clone)]
pub struct User {
    /// Numeric id.
    pub id: String,
    /// Handle without the at sign.
    pub username: String,
    /// Display name.
    pub name: String,
    /// What the user says of itself.
    pub description: String,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Whether only followers see the posts.
    pub protected: bool,
}

/// A post.
#[derive(Clone)]
pub struct Post {
    /// Numeric id.
    pub id: String,
    /// The author's user id.
    pub author: String,
    /// Id of the post that began the conversation: the post itself unless it is a reply.
    pub conversation: String,
    /// The post that it answers.
    pub in_reply_to: Option<String>,
    /// The post that it quotes.
    pub quoted: Option<String>,
    /// The post that it repeats, without words of its own.
    pub reposted: Option<String>,
    /// What the author wrote, links in full; what goes over the wire is made from it.
    pub text: String,
    /// The address of a picture in it.
    pub photo: Option<String>,
    /// When it, or this version of it, was written.
    pub created_at: Timestamp,
    /// Ids of all versions, oldest first, this one included.
    pub versions: Vec<String>,
    /// Hidden by the author of the conversation's first post.
    pub hidden: bool,
    /// Deleted by its author.
    pub deleted: bool,
}

/// What a new post is attached to.
#[derive(Clone, Copy, Debug)]
pub enum Link<'a> {
    /// Nothing: a post of its own.
    None,
    /// The post that it answers.
    Reply(&'a str),
    /// The post that it quotes.
    Quote(&'a str),
    /// The post that it repeats; its own text is ignored.
    Repost(&'a str),
    /// The version that it replaces; replies can't be edited.
    Edit(&'a str),
}

/// A post to be written.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// Its id, if it matters.
    pub id: Option<&'a str>,
    /// When it is written, if not now.
    pub at: Option<Timestamp>,
    /// The author's user id.
    pub author: &'a str,
    /// The author's words.
    pub text: &'a str,
    /// The address of a picture.
    pub photo: Option<&'a str>,
    /// What it is attached to.
    pub link: Link<'a>,
}

/// An access token, kept under its value.
#[derive(Clone)]
pub struct Token {
    /// What the request log calls it.
    pub name: String,
    /// The user that it acts for; none for an app-only token.
    pub user: Option<String>,
    /// Scopes granted; without meaning for an app-only token.
    pub scopes: BTreeSet<String>,
    /// When it stops to be accepted.
    pub expires_at: Option<Timestamp>,
}

/// Everything that the simulated X knows.
pub struct State {
    /// Users by id.
    pub users: BTreeMap<String, User>,
    /// Posts by id, deleted ones included.
    pub posts: BTreeMap<String, Post>,
    /// Whom a user blocks, latest last.
    pub blocks: BTreeMap<String, Vec<String>>,
    /// Tokens by value. Removing one revokes it.
    pub tokens: BTreeMap<String, Token>,
    /// Whether the app has Enterprise access, without which blocking is refused.
    pub enterprise: bool,
    /// The app's webhooks.
    pub webhooks: Vec<Webhook>,
    /// What they are told of.
    pub subscriptions: Vec<Subscription>,
    /// Who grants tokens.
    pub oauth: Authority,
    /// Posts of a page at most, however many were asked for: X promises no full pages.
    pub longest_page: usize,
    pub(super) windows: Windows,
    pub(crate) clock: Clock,
    next_id: u64,
}

impl State {
    /// A world with nobody in it.
    pub fn new(clock: Clock) -> State {
        State {
            users: BTreeMap::new(),
            posts: BTreeMap::new(),
            blocks: BTreeMap::new(),
            tokens: BTreeMap::new(),
            enterprise: false,
            webhooks: Vec::new(),
            subscriptions: Vec::new(),
            oauth: Authority::new(true, 7200),
            windows: Windows::default(),
            longest_page: usize::MAX,
            clock,
            next_id: FIRST_ID,
        }
    }

    /// Adds a user whose account is a year old.
    pub fn add_user(&mut self, id: &str, username: &str, name: &str) {
        let year = jiff::SignedDuration::from_hours(24 * 365);
        let now = (self.clock)();
        let created_at = now.checked_sub(year).unwrap_or(now);
        let (id, username, name) = (id.to_owned(), username.to_owned(), name.to_owned());
        self.users
            .insert(id.clone(), User { id, username, name, description: String::new(), created_at, protected: false });
    }

    /// Grants a token without an end to a user, with every scope but those for blocking.
    pub fn grant(&mut self, value: &str, name: &str, user: &str) {
        let scopes = SCOPES.iter().map(|&scope| scope.to_owned()).collect();
        let token = Token { name: name.to_owned(), user: Some(user.to_owned()), scopes, expires_at: None };
        self.tokens.insert(value.to_owned(), token);
    }

    /// Grants an app-only token.
    pub fn grant_app(&mut self, value: &str, name: &str) {
        let token = Token { name: name.to_owned(), user: None, scopes: BTreeSet::new(), expires_at: None };
        self.tokens.insert(value.to_owned(), token);
    }

    /// Writes a post now and gives its id.
    ///
    /// # Errors
    ///
    /// As [`State::publish`].
    pub fn write(&mut self, author: &str, text: &str, link: Link<'_>) -> Result<String, NoSuch> {
        self.publish(Draft { id: None, at: None, author, text, photo: None, link })
    }

    /// Publishes a draft and gives its id. A reply's text begins with the handle of whom it answers, as X does it;
    /// a new version of a post gets an id of its own.
    ///
    /// # Errors
    ///
    /// [`NoSuch`] if the author or the linked post does not exist, or if a reply is to be edited.
    pub fn publish(&mut self, draft: Draft<'_>) -> Result<String, NoSuch> {
        if !self.users.contains_key(draft.author) {
            return Err(NoSuch("user"));
        }
        let id = draft.id.map_or_else(|| self.new_id(), str::to_owned);
        let mut post = Post {
            id: id.clone(),
            author: draft.author.to_owned(),
            conversation: id.clone(),
            in_reply_to: None,
            quoted: None,
            reposted: None,
            text: draft.text.to_owned(),
            photo: draft.photo.map(str::to_owned),
            created_at: draft.at.unwrap_or_else(|| (self.clock)()),
            versions: vec![id.clone()],
            hidden: false,
            deleted: false,
        };
        match draft.link {
            Link::None => {}
            Link::Reply(parent) => {
                let parent = self.live(parent)?;
                let handle = self.users.get(&parent.author).map(|user| user.username.as_str()).unwrap_or_default();
                post.conversation = parent.conversation.clone();
                post.text = format!("@{handle} {}", draft.text).trim_end().to_owned();
                post.in_reply_to = Some(parent.id.clone());
            }
            Link::Quote(quoted) => post.quoted = Some(self.live(quoted)?.id.clone()),
            Link::Repost(original) => {
                post.reposted = Some(self.live(original)?.id.clone());
                post.text.clear();
            }
            Link::Edit(before) => {
                let before = self.live(before)?.clone();
                if before.in_reply_to.is_some() || before.reposted.is_some() || before.author != draft.author {
                    return Err(NoSuch("post that its author may edit"));
                }
                post.versions = before.versions;
                post.versions.push(id.clone());
                post.conversation = before.conversation;
                post.quoted = before.quoted;
                for version in &post.versions {
                    if let Some(earlier) = self.posts.get_mut(version) {
                        earlier.versions.clone_from(&post.versions);
                    }
                }
            }
        }
        self.posts.insert(id.clone(), post);
        Ok(id)
    }

    /// A post that exists and is not deleted.
    ///
    /// # Errors
    ///
    /// [`NoSuch`] otherwise.
    pub fn live(&self, id: &str) -> Result<&Post, NoSuch> {
        self.posts.get(id).filter(|post| !post.deleted).ok_or(NoSuch("post"))
    }

    /// Whether a visitor of the conversation sees the post without another click.
    pub fn visible(&self, id: &str) -> bool {
        self.live(id).is_ok_and(|post| !post.hidden)
    }

    fn new_id(&mut self) -> String {
        let id = self.next_id.to_string();
        self.next_id += 1;
        id
    }
}
