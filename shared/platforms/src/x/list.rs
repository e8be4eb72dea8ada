//! Lists of posts on X, page by page, and our app's webhooks.

use casework::event::{Event, Unreadable};
use casework::platform::{PlatformError, RateLimit};
use jiff::Timestamp;
use serde_json::Value;

pub use super::call::Span;
use super::call::{Call, MAX_IDS, Outcome, send};
use super::post::{self, LISTED, is_id};
use super::problem::Refusal;
use crate::http::Line;
use crate::json::Object;
use crate::list::{ListError, unreadable};
use crate::{Accounts, TokenSource};

/// The longest query that search takes (self-serve access).
pub const MAX_QUERY: usize = 512;

/// How far back search and its `start_time` reach, in hours.
pub const SEARCH_HOURS: i64 = 7 * 24;

/// A list of posts, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List<'a> {
    /// Our own posts.
    OwnPosts,
    /// What mentions us, as far as the newest 800.
    Mentions,
    /// What a search finds in the last seven days.
    Search(&'a str),
}

/// One page of a list.
#[derive(Debug, Default)]
pub struct Page {
    /// What it says.
    pub listed: Vec<Listed>,
    /// The next page, where there is one; a page may be empty and not the last.
    pub next: Option<String>,
    /// How many posts were read, which is what X counts.
    pub read: u32,
    /// When the newest of them was made.
    pub newest: Option<Timestamp>,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
    /// The rate limit that the answer told.
    pub limit: Option<RateLimit>,
}

/// One post of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Listed {
    /// As the webhook would have brought it.
    Event {
        /// What it says.
        event: Box<Event>,
        /// Whether the post begins a conversation.
        starts: bool,
    },
    /// An old version of a post; the newest has this id.
    Superseded {
        /// To be looked up.
        newest: String,
    },
    /// It could not be read.
    Unreadable {
        /// Its id, where it has one.
        id: String,
        /// What was wrong.
        reason: Unreadable,
    },
}

/// A webhook of our app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where X delivers.
    pub url: String,
    /// Whether X delivers at all.
    pub valid: bool,
}

/// One kind of event around a user that a webhook is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The kind, for example `post.mention.create`.
    pub event: String,
    /// Whom it is about.
    pub user: String,
    /// Id of the webhook.
    pub webhook: String,
}

/// What we have to be told of: posts around our account, and what became of its own. That access was revoked is told
/// unasked (X docs, activity/introduction).
pub const SUBSCRIBED: [&str; 5] =
    ["post.create", "post.delete", "post.mention.create", "post.quote.create", "post.reply.create"];

/// One page of a list.
pub(crate) async fn page<T: TokenSource>(
    line: &Line<'_, T>,
    accounts: &Accounts,
    list: List<'_>,
    span: Span<'_>,
) -> Result<Page, ListError> {
    if !is_id(&accounts.x) {
        return Err(PlatformError::Permanent { reason: "bad-id".to_owned() }.into());
    }
    let call = match list {
        List::OwnPosts => Call::ListPosts { user: &accounts.x, span },
        List::Mentions => Call::ListMentions { user: &accounts.x, span },
        List::Search(query) => Call::Search { query, span },
    };
    let outcome = send(line, call).await;
    if span.page.is_some() && outcome.status == Some(400) {
        return Err(ListError::PageExpired);
    }
    read(outcome, accounts)
}

/// The newest versions of posts; those that are gone are left out.
pub(crate) async fn look_up<T: TokenSource>(
    line: &Line<'_, T>,
    accounts: &Accounts,
    ids: &[&str],
) -> Result<Page, ListError> {
    let mut all = Page::default();
    for ids in ids.chunks(MAX_IDS) {
        let mut page = match read(send(line, Call::LookUp { ids }).await, accounts) {
            Err(ListError::Gone) => continue,
            read => read?,
        };
        all.listed.append(&mut page.listed);
        all.read += page.read;
        all.limit = page.limit.or(all.limit);
    }
    Ok(all)
}

fn read(outcome: Outcome, accounts: &Accounts) -> Result<Page, ListError> {
    let answer = match outcome.answer {
        Ok(answer) => answer,
        Err(Refusal::Gone) => return Err(ListError::Gone),
        Err(Refusal::Error(error)) => return Err(error.into()),
    };
    if !answer["data"].is_array() && !answer["meta"].is_object() {
        return Err(unreadable());
    }
    let posts = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let times = || posts.iter().filter_map(|post| post["created_at"].as_str()?.parse::<Timestamp>().ok());
    Ok(Page {
        listed: posts.iter().map(|post| listed(post, &answer, accounts)).collect(),
        next: answer["meta"]["next_token"].as_str().map(str::to_owned),
        read: u32::try_from(posts.len()).unwrap_or(u32::MAX),
        newest: times().max(),
        oldest: times().min(),
        limit: outcome.limit,
    })
}

fn listed(value: &Value, answer: &Value, accounts: &Accounts) -> Listed {
    let id = || value["id"].as_str().filter(|id| is_id(id)).unwrap_or("unknown").to_owned();
    let read = || {
        let object = Object::read(value, "data")?;
        let (first, newest) = post::versions(object)?;
        if newest != post::id(object, "id")? {
            return Ok(Listed::Superseded { newest });
        }
        let includes = Object::read(answer, "the answer")?.object(&["includes"])?;
        let starts = object.text("conversation_id")?.is_some_and(|conversation| conversation == first);
        let event = Box::new(post::read(object, includes, LISTED, accounts)?);
        Ok(Listed::Event { event, starts })
    };
    read().unwrap_or_else(|reason| Listed::Unreadable { id: id(), reason })
}

/// Our app's webhooks.
pub(crate) async fn webhooks<T: TokenSource>(line: &Line<'_, T>) -> Result<Vec<Webhook>, PlatformError> {
    let answer = told(send(line, Call::ListWebhooks).await)?;
    let list = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(list.iter().filter_map(webhook).collect())
}

fn webhook(value: &Value) -> Option<Webhook> {
    Some(Webhook {
        id: value["id"].as_str().filter(|id| is_id(id))?.to_owned(),
        url: value["url"].as_str()?.to_owned(),
        valid: value["valid"].as_bool()?,
    })
}

/// Registers a webhook.
pub(crate) async fn add_webhook<T: TokenSource>(line: &Line<'_, T>, url: &str) -> Result<Webhook, PlatformError> {
    let answer = told(send(line, Call::AddWebhook { url }).await)?;
    webhook(&answer["data"]).ok_or_else(incomplete)
}

/// What our app is told of.
pub(crate) async fn subscriptions<T: TokenSource>(line: &Line<'_, T>) -> Result<Vec<Subscription>, PlatformError> {
    let answer = told(send(line, Call::ListSubscriptions).await)?;
    let list = answer["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let subscription = |value: &Value| {
        let (user, webhook) = (text(&value["filter"]["user_id"])?, text(&value["webhook_id"])?);
        Some(Subscription { event: text(&value["event_type"])?, user, webhook })
    };
    Ok(list.iter().filter_map(subscription).collect())
}

/// Has a webhook told of something.
pub(crate) async fn subscribe<T: TokenSource>(
    line: &Line<'_, T>,
    Subscription { event, user, webhook }: &Subscription,
) -> Result<(), PlatformError> {
    told(send(line, Call::Subscribe { user, event, webhook }).await).map(|_| ())
}

/// An answer without what was asked for.
fn incomplete() -> PlatformError {
    PlatformError::Transient { reason: "unreadable-answer".to_owned() }
}

/// Has X challenge a webhook now; tells whether it is valid then.
pub(crate) async fn validate<T: TokenSource>(line: &Line<'_, T>, id: &str) -> Result<bool, PlatformError> {
    let answer = told(send(line, Call::ValidateWebhook { id }).await)?;
    Ok(answer["data"]["valid"].as_bool().unwrap_or(false))
}

/// Whose token we have.
pub(crate) async fn me<T: TokenSource>(line: &Line<'_, T>) -> Result<String, PlatformError> {
    let answer = told(send(line, Call::Me).await)?;
    let id = answer["data"]["id"].as_str().filter(|id| is_id(id));
    id.map(str::to_owned).ok_or_else(incomplete)
}

fn told(outcome: Outcome) -> Result<Value, PlatformError> {
    match outcome.answer {
        Ok(answer) => Ok(answer),
        Err(Refusal::Gone) => Err(PlatformError::Permanent { reason: "resource-not-found".to_owned() }),
        Err(Refusal::Error(error)) => Err(error),
    }
}
