//! Every call that we make to X, and the one function that makes them.

use casework::platform::RateLimit;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::problem::{self, Refusal};
use crate::TokenSource;
use crate::http::Line;

/// The closed list of calls to X. Ids have been checked to be digits.
#[derive(Clone, Copy)]
pub(crate) enum Call<'a> {
    /// `PUT /2/tweets/{id}/hidden`: hides a reply or shows it again.
    SetHidden { post: &'a str, hidden: bool },
    /// `DELETE /2/tweets/{id}`: deletes a post of ours with its whole edit history.
    DeletePost { post: &'a str },
    /// `POST /2/users/{id}/blocking` (Enterprise access).
    Block { source: &'a str, target: &'a str },
    /// `DELETE /2/users/{source}/blocking/{target}` (Enterprise access).
    Unblock { source: &'a str, target: &'a str },
    /// `GET /2/users/{id}/blocking`: one page of the users that we block.
    ListBlocked { user: &'a str, page: Option<&'a str> },
    /// `GET /2/users/{id}`: what a user shows in public.
    User { id: &'a str },
    /// `GET /2/users/by/username/{username}`: the same by handle.
    UserByHandle { handle: &'a str },
    /// `GET /2/users/{id}/tweets`: one page of a user's posts, newest first.
    ListPosts { user: &'a str, span: Span<'a> },
    /// `GET /2/users/{id}/mentions`: one page of what mentions a user, newest first; 800 posts at most in all.
    ListMentions { user: &'a str, span: Span<'a> },
    /// `GET /2/tweets/search/recent`: one page of what was found in the last seven days, newest first.
    Search { query: &'a str, span: Span<'a> },
    /// `GET /2/tweets`: up to [`MAX_IDS`] posts.
    LookUp { ids: &'a [&'a str] },
    /// `GET /2/webhooks`: our app's webhooks.
    ListWebhooks,
    /// `PUT /2/webhooks/{id}`: has X challenge a webhook now, which makes it valid again if it answers well.
    ValidateWebhook { id: &'a str },
    /// `POST /2/webhooks`: registers a webhook, which X challenges first.
    AddWebhook { url: &'a str },
    /// `GET /2/activity/subscriptions`: what our app is told of; 1,000 of them at most, and ours are few.
    ListSubscriptions,
    /// `POST /2/activity/subscriptions`: has a webhook told of one kind of event around a user.
    Subscribe { user: &'a str, event: &'a str, webhook: &'a str },
    /// `GET /2/users/me`: whose token it is.
    Me,
}

/// The most ids that one look-up takes.
pub(super) const MAX_IDS: usize = 100;

/// Fields of a post, named as on the wire (X docs, data dictionary).
const POST_FIELDS: &str = "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,id,\
                           in_reply_to_user_id,lang,note_tweet,referenced_tweets,text";
/// Fields of its author.
const USER_FIELDS: &str = "created_at,description,id,name,profile_image_url,username";

/// Which part of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span<'a> {
    /// What was made before this is not wanted.
    pub since: Option<Timestamp>,
    /// What was made at this or later is not wanted.
    pub until: Option<Timestamp>,
    /// The page token; the first page without.
    pub page: Option<&'a str>,
}

/// What a call is about, and on whose behalf it is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// Changes a post. A 404 without a problem type can only mean that the post is gone.
    ChangesPost,
    /// Changes what our account has to do with a user. A 404 can also mean that our access level does not have the call.
    ChangesUser,
    /// Reads, or asks to be told.
    Reads,
    /// Made by the app itself, not on behalf of our account; webhooks change no post and no person.
    OfApp,
}

impl Call<'_> {
    fn nature(self) -> Nature {
        match self {
            Call::SetHidden { .. } | Call::DeletePost { .. } => Nature::ChangesPost,
            Call::Block { .. } | Call::Unblock { .. } => Nature::ChangesUser,
            Call::ListBlocked { .. }
            | Call::ListPosts { .. }
            | Call::ListMentions { .. }
            | Call::Search { .. }
            | Call::LookUp { .. }
            | Call::User { .. }
            | Call::UserByHandle { .. }
            // What is private of an account is told of only where the account itself has asked.
            | Call::ListSubscriptions
            | Call::Subscribe { .. }
            | Call::Me => Nature::Reads,
            Call::ListWebhooks | Call::ValidateWebhook { .. } | Call::AddWebhook { .. } => Nature::OfApp,
        }
    }
}

/// Fields of a user that show what the user says in public.
const PUBLIC_FIELDS: &str = "description,id,name,profile_image_url,username";

/// The outcome of one call, and the rate limit that its answer told.
pub(super) struct Outcome {
    /// The whole JSON answer of a call that succeeded.
    pub(super) answer: Result<Value, Refusal>,
    /// The HTTP status, where there was an answer.
    pub(super) status: Option<u16>,
    pub(super) limit: Option<RateLimit>,
}

/// Sends one call. Nothing else in this crate talks to X.
pub(super) async fn send<T: TokenSource>(line: &Line<'_, T>, call: Call<'_>) -> Outcome {
    let (method, url, body) = match call {
        Call::SetHidden { post, hidden } => {
            (Method::PUT, line.url(&["2", "tweets", post, "hidden"]), Some(json!({ "hidden": hidden })))
        }
        Call::DeletePost { post } => (Method::DELETE, line.url(&["2", "tweets", post]), None),
        Call::Block { source, target } => {
            (Method::POST, line.url(&["2", "users", source, "blocking"]), Some(json!({ "target_user_id": target })))
        }
        Call::Unblock { source, target } => {
            (Method::DELETE, line.url(&["2", "users", source, "blocking", target]), None)
        }
        Call::ListBlocked { user, page } => {
            let mut url = line.url(&["2", "users", user, "blocking"]);
            url.query_pairs_mut().append_pair("max_results", "1000");
            if let Some(page) = page {
                url.query_pairs_mut().append_pair("pagination_token", page);
            }
            (Method::GET, url, None)
        }
        Call::User { id } => {
            let mut url = line.url(&["2", "users", id]);
            url.query_pairs_mut().append_pair("user.fields", PUBLIC_FIELDS);
            (Method::GET, url, None)
        }
        Call::UserByHandle { handle } => (Method::GET, line.url(&["2", "users", "by", "username", handle]), None),
        Call::ListPosts { user, span } => {
            (Method::GET, listing(line.url(&["2", "users", user, "tweets"]), &[], span, "pagination_token"), None)
        }
        Call::ListMentions { user, span } => {
            (Method::GET, listing(line.url(&["2", "users", user, "mentions"]), &[], span, "pagination_token"), None)
        }
        Call::Search { query, span } => {
            let url = line.url(&["2", "tweets", "search", "recent"]);
            (Method::GET, listing(url, &[("query", query)], span, "next_token"), None)
        }
        Call::LookUp { ids } => {
            let mut url = line.url(&["2", "tweets"]);
            url.query_pairs_mut().append_pair("ids", &ids.join(",")).extend_pairs(FIELDS);
            (Method::GET, url, None)
        }
        Call::ListWebhooks => (Method::GET, line.url(&["2", "webhooks"]), None),
        Call::ValidateWebhook { id } => (Method::PUT, line.url(&["2", "webhooks", id]), None),
        Call::AddWebhook { url } => (Method::POST, line.url(&["2", "webhooks"]), Some(json!({ "url": url }))),
        Call::ListSubscriptions => {
            let mut url = line.url(&["2", "activity", "subscriptions"]);
            url.query_pairs_mut().append_pair("max_results", "1000");
            (Method::GET, url, None)
        }
        Call::Subscribe { user, event, webhook } => {
            let body = json!({ "event_type": event, "filter": { "user_id": user }, "webhook_id": webhook });
            (Method::POST, line.url(&["2", "activity", "subscriptions"]), Some(body))
        }
        Call::Me => (Method::GET, line.url(&["2", "users", "me"]), None),
    };
    let mut request = line.client.request(method, url);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let nature = call.nature();
    let writes = matches!(nature, Nature::ChangesPost | Nature::ChangesUser);
    let sent = match nature {
        Nature::OfApp => line.exchange_as_app(request, writes).await,
        Nature::ChangesPost | Nature::ChangesUser | Nature::Reads => line.exchange(request, writes).await,
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(error) => return Outcome { answer: Err(Refusal::Error(error)), status: None, limit: None },
    };
    let (limit, status) = (problem::limit(&answer), Some(answer.status));
    let told = !answer.body["data"].is_null() || answer.body["errors"].is_null();
    let answer = if answer.success() && told {
        Ok(answer.body)
    } else {
        Err(problem::refusal(&answer, writes, nature == Nature::ChangesPost, line.now))
    };
    Outcome { answer, status, limit }
}

/// A time as X takes it, cut to the second.
fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// What is asked of every post.
const FIELDS: [(&str, &str); 3] =
    [("tweet.fields", POST_FIELDS), ("expansions", "author_id"), ("user.fields", USER_FIELDS)];

/// The address of one page of posts.
fn listing(mut url: Url, own: &[(&str, &str)], span: Span<'_>, token: &str) -> Url {
    {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(own).append_pair("max_results", "100").extend_pairs(FIELDS);
        if let Some(since) = span.since {
            // X takes whole seconds.
            pairs.append_pair("start_time", &whole_seconds(since));
        }
        if let Some(until) = span.until {
            pairs.append_pair("end_time", &whole_seconds(until));
        }
        if let Some(page) = span.page {
            pairs.append_pair(token, page);
        }
    }
    url
}
