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
    /// `GET /commentThreads`, 1 unit: a page of the threads of the channel that hold a comment for review.
    ListHeldThreads { channel: &'a str, page: Option<&'a str> },
    /// `POST /comments/setModerationStatus`, 50 units.
    SetModerationStatus { ids: &'a [&'a str], status: Status },
    /// `DELETE /comments`, 50 units: deletes a comment of our own.
    DeleteComment { id: &'a str },
    /// `GET /channels`, 1 unit: what a channel shows in public.
    Channel { id: &'a str },
    /// `GET /channels`, 1 unit: the same by handle.
    ChannelByHandle { handle: &'a str },
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
            | Call::ListHeldThreads { .. }
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
        Call::ListHeldThreads { channel, page } => {
            let query = [
                ("part", "id,snippet,replies"),
                ("allThreadsRelatedToChannelId", channel),
                ("moderationStatus", "heldForReview"),
                ("maxResults", "100"),
                ("order", "time"),
                ("textFormat", "plainText"),
            ];
            let url = with_query(line.url(&["youtube", "v3", "commentThreads"]), &query);
            (Method::GET, with_query(url, &page.map(|page| ("pageToken", page)).into_iter().collect::<Vec<_>>()))
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

fn with_query(mut url: Url, pairs: &[(&str, &str)]) -> Url {
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url
}
