//! Lists of comments on YouTube, page by page.

use casework::event::{Event, Outbound, Unreadable};
use casework::platform::PlatformError;
use jiff::Timestamp;
use rules::{Platform, Post};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::call::{Call, send};
pub use super::call::{Queue, Threads};
use super::comment::{comment, is_id};
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::Line;
use crate::list::{ListError, unreadable};

/// One page of threads.
#[derive(Debug, Default)]
pub struct ThreadPage {
    /// The threads, newest first.
    pub threads: Vec<Thread>,
    /// The next page, where there is one.
    pub next: Option<String>,
}

/// One thread as a list shows it.
#[derive(Debug)]
pub struct Thread {
    /// The id of its first comment.
    pub id: String,
    /// When its first comment was made.
    pub published_at: Timestamp,
    /// What it shows: the first comment and some of the replies.
    pub comments: Vec<Listed>,
    /// How many replies it has in all.
    pub replies: u32,
    /// Changes whenever what it shows, or the number of replies, does: 32 hexadecimal digits.
    pub mark: String,
}

impl Thread {
    /// Whether it has replies that the list does not show.
    pub fn has_more(&self) -> bool {
        u32::try_from(self.comments.len().saturating_sub(1)).unwrap_or(u32::MAX) < self.replies
    }
}

/// One comment of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// Somebody else's, to be judged, or our own.
    Event(Box<Event>),
    /// It could not be read.
    Unreadable {
        /// Its id, where it has one.
        id: String,
        /// What was wrong.
        reason: Unreadable,
    },
}

/// One page of replies.
#[derive(Debug, Default)]
pub struct ReplyPage {
    /// In no order that YouTube names.
    pub comments: Vec<Listed>,
    /// The next page, where there is one.
    pub next: Option<String>,
}

/// One page of threads of one of the owner's lists.
pub(crate) async fn threads<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    of: Threads<'_>,
    status: Queue,
    page: Option<&str>,
) -> Result<ThreadPage, ListError> {
    let answer = send(line, Call::ListThreads { of, status, page }).await.map_err(|refusal| error(refusal, page))?;
    let items = answer["items"].as_array().ok_or_else(unreadable)?;
    Ok(ThreadPage { threads: items.iter().map(|item| thread(item, account)).collect(), next: next(&answer) })
}

/// One page of the replies in a thread.
pub(crate) async fn replies<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    thread: &str,
    page: Option<&str>,
) -> Result<ReplyPage, ListError> {
    if !is_id(thread) {
        return Err(ListError::Gone);
    }
    let answer = send(line, Call::ListReplies { thread, page }).await.map_err(|refusal| error(refusal, page))?;
    let items = answer["items"].as_array().ok_or_else(unreadable)?;
    Ok(ReplyPage { comments: items.iter().map(|item| listed(item, account)).collect(), next: next(&answer) })
}

/// Whose token we have.
pub(crate) async fn mine<T: TokenSource>(line: &Line<'_, T>) -> Result<String, PlatformError> {
    let answer = match send(line, Call::Mine).await {
        Ok(answer) => answer,
        Err(Refusal::Gone) => return Err(PlatformError::Permanent { reason: "channelNotFound".to_owned() }),
        Err(Refusal::Comments(reason)) => return Err(PlatformError::Permanent { reason }),
        Err(Refusal::Error(error)) => return Err(error),
    };
    let id = answer["items"][0]["id"].as_str().map(str::to_owned);
    id.ok_or_else(|| PlatformError::Permanent { reason: "no-channel".to_owned() })
}

fn next(answer: &Value) -> Option<String> {
    answer["nextPageToken"].as_str().map(str::to_owned)
}

fn thread(item: &Value, account: &str) -> Thread {
    let top = &item["snippet"]["topLevelComment"];
    let shown = item["replies"]["comments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let comments: Vec<&Value> = std::iter::once(top).chain(shown).collect();
    let replies = item["snippet"]["totalReplyCount"].as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    let mut mark = Sha256::new();
    mark.update(replies.to_be_bytes());
    for comment in &comments {
        for part in [&comment["id"], &comment["snippet"]["updatedAt"], &comment["snippet"]["imageUrl"]] {
            mark.update(part.as_str().unwrap_or_default());
            mark.update([0]);
        }
    }
    Thread {
        id: item["id"].as_str().filter(|id| is_id(id)).unwrap_or("unknown").to_owned(),
        published_at: top["snippet"]["publishedAt"]
            .as_str()
            .and_then(|time| time.parse().ok())
            .unwrap_or(Timestamp::UNIX_EPOCH),
        comments: comments.into_iter().map(|value| listed(value, account)).collect(),
        replies,
        mark: hex::encode(&mark.finalize()[..16]),
    }
}

fn listed(value: &Value, account: &str) -> Listed {
    match comment(value, account) {
        Ok(post) => Listed::Event(Box::new(event(post, account))),
        Err(reason) => {
            let id = value["id"].as_str().filter(|id| is_id(id)).unwrap_or("unknown").to_owned();
            Listed::Unreadable { id, reason }
        }
    }
}

/// Our own words are outbound.
fn event(post: Post, account: &str) -> Event {
    if post.author.id.0 != account {
        return Event::Post(Box::new(post));
    }
    Event::Outbound(Box::new(Outbound {
        platform: Platform::YouTube,
        id: post.id,
        target: post.target,
        account: post.account,
        text: post.text,
        as_of: post.created_at,
        retweet_of: None,
    }))
}

fn error(refusal: Refusal, page: Option<&str>) -> ListError {
    match refusal {
        Refusal::Gone => ListError::Gone,
        Refusal::Comments(reason) if reason == "invalidPageToken" && page.is_some() => ListError::PageExpired,
        Refusal::Comments(reason) if reason == "commentsDisabled" => ListError::Gone,
        Refusal::Comments(reason) => PlatformError::Permanent { reason }.into(),
        Refusal::Error(error) => error.into(),
    }
}
