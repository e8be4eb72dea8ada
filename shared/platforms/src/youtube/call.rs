//! Every call that we make to YouTube, and the one function that makes them.

use reqwest::Method;
use reqwest::header::CONTENT_LENGTH;
use serde_json::Value;
use url::Url;

use super::problem::{self, Refusal};
use crate::TokenSource;
use crate::http::Line;

/// The most ids that one call takes.
pub(super) const MAX_IDS: usize = 50;

/// The closed list of calls to YouTube. Ids have been checked to hold no comma; there are at most [`MAX_IDS`].
#[derive(Clone, Copy)]
pub(crate) enum Call<'a> {
    /// `GET /comments`, 1 unit: the comments that still exist and are not rejected, without their moderation status.
    ListComments { ids: &'a [&'a str] },
    /// `GET /commentThreads`, 1 unit: a page of the threads that have, or hold a comment that has, this status.
    ListThreads { of: Threads<'a>, status: Queue, page: Option<&'a str> },
    /// `GET /comments`, 1 unit: a page of the replies in a thread.
    ListReplies { thread: &'a str, page: Option<&'a str> },
    /// `GET /channels`, 1 unit: whose token it is.
    Mine,
    /// `POST /comments/setModerationStatus`, 50 units.
    SetModerationStatus { ids: &'a [&'a str], status: Status },
    /// `DELETE /comments`, 50 units: deletes a comment of our own.
    DeleteComment { id: &'a str },
    /// `GET /channels`, 1 unit: what a channel shows in public.
    Channel { id: &'a str },
    /// `GET /channels`, 1 unit: the same by handle.
    ChannelByHandle { handle: &'a str },
}

/// Whose threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads<'a> {
    /// Of all videos of a channel, and of the channel itself.
    Channel(&'a str),
    /// Of one video.
    Video(&'a str),
}

/// In which of the owner's lists comments stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    /// All can see them.
    Published,
    /// Held for review, by a rule of the channel or by a call.
    Held,
    /// Put aside by YouTube.
    LikelySpam,
}

impl Queue {
    /// All three.
    pub const ALL: [Queue; 3] = [Queue::Published, Queue::Held, Queue::LikelySpam];

    fn name(self) -> &'static str {
        match self {
            Queue::Published => "published",
            Queue::Held => "heldForReview",
            Queue::LikelySpam => "likelySpam",
        }
    }
}

/// What a comment can be set to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Published,
    HeldForReview,
    Rejected,
    /// Rejected, and its author banned from the channel.
    RejectedAndBanned,
}

impl Call<'_> {
    fn writes(self) -> bool {
        match self {
            Call::ListComments { .. }
            | Call::ListThreads { .. }
            | Call::ListReplies { .. }
            | Call::Mine
            | Call::Channel { .. }
            | Call::ChannelByHandle { .. } => false,
            Call::SetModerationStatus { .. } | Call::DeleteComment { .. } => true,
        }
    }
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Published => "published",
            Status::HeldForReview => "heldForReview",
            Status::Rejected | Status::RejectedAndBanned => "rejected",
        }
    }
}

/// Sends one call and gives its JSON answer, `Null` where the platform sends none. Nothing else in this crate talks
/// to YouTube.
pub(super) async fn send<T: TokenSource>(line: &Line<'_, T>, call: Call<'_>) -> Result<Value, Refusal> {
    let (method, url) = match call {
        Call::ListComments { ids } => {
            let query = [("part", "id,snippet"), ("id", &ids.join(",")), ("textFormat", "plainText")];
            (Method::GET, with_query(line.url(&["youtube", "v3", "comments"]), &query))
        }
        Call::ListThreads { of, status, page } => {
            let of = match of {
                Threads::Channel(channel) => ("allThreadsRelatedToChannelId", channel),
                Threads::Video(video) => ("videoId", video),
            };
            let query = [
                ("part", "id,snippet,replies"),
                of,
                ("moderationStatus", status.name()),
                ("maxResults", "100"),
                ("order", "time"),
                ("textFormat", "plainText"),
            ];
            let url = with_query(line.url(&["youtube", "v3", "commentThreads"]), &query);
            (Method::GET, with_page(url, page))
        }
        Call::ListReplies { thread, page } => {
            let query =
                [("part", "id,snippet"), ("parentId", thread), ("maxResults", "100"), ("textFormat", "plainText")];
            (Method::GET, with_page(with_query(line.url(&["youtube", "v3", "comments"]), &query), page))
        }
        Call::Mine => {
            let query = [("part", "id"), ("mine", "true")];
            (Method::GET, with_query(line.url(&["youtube", "v3", "channels"]), &query))
        }
        Call::SetModerationStatus { ids, status } => {
            let ids = ids.join(",");
            let url = line.url(&["youtube", "v3", "comments", "setModerationStatus"]);
            let url = with_query(url, &[("id", &ids), ("moderationStatus", status.name())]);
            // The platform takes the ban with `rejected` only.
            let ban: &[_] = if status == Status::RejectedAndBanned { &[("banAuthor", "true")] } else { &[] };
            (Method::POST, with_query(url, ban))
        }
        Call::DeleteComment { id } => {
            (Method::DELETE, with_query(line.url(&["youtube", "v3", "comments"]), &[("id", id)]))
        }
        Call::Channel { id } => {
            (Method::GET, with_query(line.url(&["youtube", "v3", "channels"]), &[("part", "id,snippet"), ("id", id)]))
        }
        Call::ChannelByHandle { handle } => {
            let query = [("part", "id"), ("forHandle", handle)];
            (Method::GET, with_query(line.url(&["youtube", "v3", "channels"]), &query))
        }
    };
    let mut request = line.client.request(method.clone(), url);
    if method == Method::POST {
        // Google answers 411 to a POST without a body that does not say so.
        request = request.header(CONTENT_LENGTH, 0);
    }
    match line.exchange(request, call.writes()).await {
        Ok(answer) if answer.success() => Ok(answer.body),
        Ok(answer) => Err(problem::refusal(&answer, call.writes(), line.now)),
        Err(error) => Err(Refusal::Error(error)),
    }
}

fn with_page(url: Url, page: Option<&str>) -> Url {
    match page {
        Some(page) => with_query(url, &[("pageToken", page)]),
        None => url,
    }
}

fn with_query(mut url: Url, pairs: &[(&str, &str)]) -> Url {
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url
}
