//! Every call that we make to X, and the one function that makes them.

use casework::platform::RateLimit;
use reqwest::Method;
use serde_json::{Value, json};

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
    /// `GET /2/tweets`: whether a post is there, and whose it is.
    Post { id: &'a str },
}

impl Call<'_> {
    fn writes(self) -> bool {
        match self {
            Call::SetHidden { .. } | Call::DeletePost { .. } | Call::Block { .. } | Call::Unblock { .. } => true,
            Call::ListBlocked { .. } | Call::User { .. } | Call::UserByHandle { .. } | Call::Post { .. } => false,
        }
    }

    /// Whether a 404 without a problem type can only mean that the post is gone. For users it can also mean that
    /// our access level does not have the call.
    fn aims_at_post(self) -> bool {
        match self {
            Call::SetHidden { .. } | Call::DeletePost { .. } => true,
            Call::Block { .. }
            | Call::Unblock { .. }
            | Call::ListBlocked { .. }
            | Call::User { .. }
            | Call::UserByHandle { .. }
            | Call::Post { .. } => false,
        }
    }
}

/// Fields of a user that show what the user says in public.
const PUBLIC_FIELDS: &str = "description,id,name,profile_image_url,username";

/// The outcome of one call, and the rate limit that its answer told.
pub(super) struct Outcome {
    /// The whole JSON answer of a call that succeeded.
    pub(super) answer: Result<Value, Refusal>,
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
        Call::Post { id } => {
            let mut url = line.url(&["2", "tweets"]);
            url.query_pairs_mut().append_pair("ids", id).append_pair("tweet.fields", "author_id");
            (Method::GET, url, None)
        }
    };
    let mut request = line.client.request(method, url);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = match line.exchange(request, call.writes()).await {
        Ok(answer) => answer,
        Err(error) => return Outcome { answer: Err(Refusal::Error(error)), limit: None },
    };
    let limit = problem::limit(&answer);
    let told = !answer.body["data"].is_null() || answer.body["errors"].is_null();
    let answer = if answer.success() && told {
        Ok(answer.body)
    } else {
        Err(problem::refusal(&answer, call.writes(), call.aims_at_post(), line.now))
    };
    Outcome { answer, limit }
}
