//! The way of one call to X: endpoint, token, window, scopes, then the endpoint's own rules.

use http::Method;
use jiff::Timestamp;

use serde_json::json;

use super::limits::{Endpoint as Limited, Standing};
use super::posts::only;
use super::state::{SCOPES, State, Token};
use super::{problem, wire};
use crate::simulator::fault::Fault;
use crate::simulator::request::{Answer, Call, Endpoint};
use crate::simulator::stage::Platform;

/// Path parts by which something is said, sent, liked, followed or shared.
const PUBLISHING: [&str; 17] = [
    "likes",
    "retweets",
    "bookmarks",
    "following",
    "followed_lists",
    "lists",
    "dm_conversations",
    "dm_events",
    "chat",
    "media",
    "articles",
    "notes",
    "evaluate_note",
    "statuses",
    "favorites",
    "friendships",
    "direct_messages",
];

enum Route<'a> {
    Hide { post: &'a str },
    DeletePost { post: &'a str },
    LookUp,
    Block { source: &'a str },
    Unblock { source: &'a str, target: &'a str },
    ListBlocks { source: &'a str },
    User { id: &'a str },
    UserByName { name: &'a str },
    ListPosts { user: &'a str },
    ListMentions { user: &'a str },
    Search,
    ListWebhooks,
    ValidateWebhook { id: &'a str },
    AddWebhook,
    ListSubscriptions,
    Subscribe,
    Me,
}

/// Endpoints that take no token because they give one.
enum Office {
    Consent,
    Token,
    Revoke,
}

impl Office {
    fn of(call: &Call) -> Option<Office> {
        match (call.method.as_str(), call.segments().as_slice()) {
            ("GET", ["i", "oauth2", "authorize"]) => Some(Office::Consent),
            ("POST", ["2", "oauth2", "token"]) => Some(Office::Token),
            ("POST", ["2", "oauth2", "revoke"]) => Some(Office::Revoke),
            _ => None,
        }
    }
}

impl<'a> Route<'a> {
    fn of(call: &'a Call) -> Result<Route<'a>, Endpoint> {
        let parts = call.segments();
        let method = &call.method;
        match (method.as_str(), parts.as_slice()) {
            ("PUT", &["2", "tweets", post, "hidden"]) => Ok(Route::Hide { post }),
            ("DELETE", &["2", "tweets", post]) => Ok(Route::DeletePost { post }),
            ("GET", &["2", "tweets"]) => Ok(Route::LookUp),
            ("POST", &["2", "users", source, "blocking"]) => Ok(Route::Block { source }),
            ("DELETE", &["2", "users", source, "blocking", target]) => Ok(Route::Unblock { source, target }),
            ("GET", &["2", "users", source, "blocking"]) => Ok(Route::ListBlocks { source }),
            ("GET", &["2", "users", "me"]) => Ok(Route::Me),
            ("GET", &["2", "users", user, "tweets"]) => Ok(Route::ListPosts { user }),
            ("GET", &["2", "users", user, "mentions"]) => Ok(Route::ListMentions { user }),
            ("GET", &["2", "tweets", "search", "recent"]) => Ok(Route::Search),
            ("GET", &["2", "webhooks"]) => Ok(Route::ListWebhooks),
            ("PUT", &["2", "webhooks", id]) => Ok(Route::ValidateWebhook { id }),
            ("POST", &["2", "webhooks"]) => Ok(Route::AddWebhook),
            ("GET", &["2", "activity", "subscriptions"]) => Ok(Route::ListSubscriptions),
            ("POST", &["2", "activity", "subscriptions"]) => Ok(Route::Subscribe),
            ("GET", &["2", "users", "by", "username", name]) => Ok(Route::UserByName { name }),
            ("GET", &["2", "users", id]) if id != "me" => Ok(Route::User { id }),
            ("POST", &["2", "tweets"]) => Err(Endpoint::Publishing),
            _ if *method != Method::GET && parts.iter().any(|part| PUBLISHING.contains(part)) => {
                Err(Endpoint::Publishing)
            }
            _ => Err(Endpoint::Unknown),
        }
    }

    fn limited(&self) -> Limited {
        match self {
            Route::Hide { .. } => Limited::Hide,
            Route::DeletePost { .. } => Limited::DeletePost,
            Route::LookUp => Limited::LookUp,
            Route::Block { .. } => Limited::Block,
            Route::Unblock { .. } => Limited::Unblock,
            Route::ListBlocks { .. } => Limited::ListBlocks,
            Route::ListPosts { .. } => Limited::ListPosts,
            Route::ListMentions { .. } => Limited::ListMentions,
            Route::Search => Limited::Search,
            Route::ListWebhooks | Route::ValidateWebhook { .. } | Route::AddWebhook => Limited::Webhooks,
            Route::ListSubscriptions | Route::Subscribe => Limited::Subscriptions,
            Route::Me => Limited::Me,
            Route::User { .. } | Route::UserByName { .. } => Limited::Users,
        }
    }

    /// Scopes that a user's token needs (OpenAPI 2.167; for blocking the blocks integration guide).
    fn scopes(&self) -> &'static [&'static str] {
        match self {
            Route::Hide { .. } => &["tweet.read", "tweet.moderate.write", "users.read"],
            Route::DeletePost { .. } => &["tweet.read", "tweet.write", "users.read"],
            Route::LookUp
            | Route::ListPosts { .. }
            | Route::ListMentions { .. }
            | Route::Search
            | Route::User { .. }
            | Route::UserByName { .. }
            | Route::Me => &["tweet.read", "users.read"],
            Route::ListWebhooks | Route::ValidateWebhook { .. } | Route::AddWebhook => &[],
            Route::ListSubscriptions | Route::Subscribe => &["tweet.read"],
            Route::Block { .. } | Route::Unblock { .. } => &["tweet.read", "block.write", "users.read"],
            Route::ListBlocks { .. } => &["tweet.read", "block.read", "users.read"],
        }
    }

    /// Query parameters that may be sent.
    fn parameters(&self) -> &'static [&'static str] {
        match self {
            Route::Hide { .. } | Route::DeletePost { .. } | Route::Block { .. } | Route::Unblock { .. } => &[],
            // The OpenAPI says `post.fields` where the reference pages say `tweet.fields`.
            Route::LookUp => &["ids", "tweet.fields", "post.fields", "expansions", "user.fields"],
            Route::ListBlocks { .. } => &["max_results", "pagination_token", "user.fields"],
            Route::ListPosts { .. } | Route::ListMentions { .. } => &[
                "max_results",
                "pagination_token",
                "start_time",
                "end_time",
                "since_id",
                "tweet.fields",
                "post.fields",
                "expansions",
                "user.fields",
            ],
            Route::Search => &[
                "query",
                "max_results",
                "next_token",
                "pagination_token",
                "start_time",
                "end_time",
                "since_id",
                "tweet.fields",
                "post.fields",
                "expansions",
                "user.fields",
            ],
            Route::ListWebhooks | Route::ValidateWebhook { .. } | Route::AddWebhook | Route::Subscribe => &[],
            Route::ListSubscriptions => &["max_results", "pagination_token"],
            Route::Me => &["user.fields"],
            Route::User { .. } | Route::UserByName { .. } => &["user.fields"],
        }
    }
}

impl Platform for State {
    fn answer(&mut self, call: &Call) -> Answer {
        if let Some(office) = Office::of(call) {
            return self.office(call, &office);
        }
        let route = match Route::of(call) {
            Ok(route) => route,
            Err(Endpoint::Publishing) => return problem::enrolment(),
            // A 404 could be taken for a post that is gone, so a wrong call is told as such.
            Err(Endpoint::Unknown | Endpoint::Contract) => return problem::invalid("path", "No such endpoint."),
        };
        let now = (self.clock)();
        let Some(token) = self.token(call, now) else {
            return problem::unauthorized();
        };
        let caller = token.user.clone().unwrap_or_else(|| format!("app {}", token.name));
        let standing = self.windows.count(&caller, route.limited(), now);
        let answer = if standing.exceeded { problem::rate_limited() } else { self.admitted(call, &route, &token) };
        standing.stamp(answer)
    }

    fn fail(&mut self, fault: &Fault, call: &Call) -> Answer {
        match fault {
            Fault::Status429 { reset } => match Route::of(call) {
                Ok(route) => Standing::used_up(route.limited(), *reset).stamp(problem::rate_limited()),
                Err(_) => problem::rate_limited(),
            },
            Fault::UsageCapped => problem::usage_capped(),
            Fault::CreditsDepleted => problem::credits_depleted(),
            Fault::Unauthorized => problem::unauthorized(),
            Fault::EmptyPage => super::list::empty_page(call),
            Fault::PageExpired => problem::invalid("pagination_token", "Not a token of this list."),
            Fault::QuotaExceeded
            | Fault::ProcessingFailure
            | Fault::Status5xx { .. }
            | Fault::Timeout { .. }
            | Fault::CloseConnection { .. } => problem::foreign_fault(),
        }
    }

    fn endpoint(call: &Call) -> Endpoint {
        if Office::of(call).is_some() {
            return Endpoint::Contract;
        }
        Route::of(call).err().unwrap_or(Endpoint::Contract)
    }

    fn targets(call: &Call) -> Vec<String> {
        match Route::of(call) {
            Ok(Route::Hide { post } | Route::DeletePost { post }) => vec![post.to_owned()],
            Ok(Route::Unblock { target, .. }) => vec![target.to_owned()],
            Ok(Route::Block { .. }) => super::blocks::target(call).into_iter().collect(),
            Ok(Route::ValidateWebhook { id }) => vec![id.to_owned()],
            Ok(
                Route::LookUp
                | Route::ListBlocks { .. }
                | Route::ListPosts { .. }
                | Route::ListMentions { .. }
                | Route::Search
                | Route::ListWebhooks
                | Route::AddWebhook
                | Route::ListSubscriptions
                | Route::Subscribe
                | Route::User { .. }
                | Route::UserByName { .. }
                | Route::Me,
            )
            | Err(_) => Vec::new(),
        }
    }

    fn token_name(&self, call: &Call) -> Option<String> {
        self.tokens.get(call.bearer()?).map(|token| token.name.clone())
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl State {
    fn token(&self, call: &Call, now: Timestamp) -> Option<Token> {
        let token = self.tokens.get(call.bearer()?)?;
        token.expires_at.is_none_or(|end| now < end).then(|| token.clone())
    }

    fn admitted(&mut self, call: &Call, route: &Route<'_>, token: &Token) -> Answer {
        if let Some((name, _)) = call.query.iter().find(|(name, _)| !route.parameters().contains(&name.as_str())) {
            return problem::invalid(name, &format!("The query parameter [{name}] is not one of this endpoint's."));
        }
        let Some(user) = &token.user else {
            return match route {
                Route::LookUp => self.look_up(call),
                Route::ListPosts { user } => self.list_posts(call, user),
                Route::ListMentions { user } => self.list_mentions(call, user),
                Route::Search => self.search(call),
                Route::ListWebhooks => self.list_webhooks(),
                Route::ValidateWebhook { id } => self.validate_webhook(call, id),
                Route::AddWebhook => self.add_webhook(call),
                Route::ListSubscriptions => self.list_subscriptions(),
                Route::Subscribe => self.subscribe(call, None),
                Route::User { id } => self.user_by_id(call, id),
                Route::UserByName { name } => self.user_by_name(call, name),
                Route::Hide { .. }
                | Route::DeletePost { .. }
                | Route::Block { .. }
                | Route::Unblock { .. }
                | Route::ListBlocks { .. }
                | Route::Me => problem::app_only(),
            };
        };
        if !route.scopes().iter().all(|&scope| token.scopes.contains(scope)) {
            return problem::scope();
        }
        match route {
            Route::Hide { post } => self.hide(call, user, post),
            Route::DeletePost { post } => self.delete_post(call, user, post),
            Route::LookUp => self.look_up(call),
            Route::Block { source } => self.block(call, user, source),
            Route::Unblock { source, target } => self.unblock(call, user, source, target),
            Route::ListBlocks { source } => self.list_blocks(call, user, source),
            Route::ListPosts { user } => self.list_posts(call, user),
            Route::ListMentions { user } => self.list_mentions(call, user),
            Route::Search => self.search(call),
            // Webhooks belong to the app (OpenAPI: bearer token only).
            Route::ListWebhooks | Route::ValidateWebhook { .. } | Route::AddWebhook => problem::user_only(),
            Route::ListSubscriptions => self.list_subscriptions(),
            Route::Subscribe => self.subscribe(call, Some(user)),
            Route::Me => {
                let me = self.users.get(user).map(wire::user).unwrap_or_default();
                Answer::json(200, &json!({"data": only(&me, &["id", "name", "username"])}))
            }
            Route::User { id } => self.user_by_id(call, id),
            Route::UserByName { name } => self.user_by_name(call, name),
        }
    }

    fn office(&mut self, call: &Call, office: &Office) -> Answer {
        let now = (self.clock)();
        let (answer, issued, dead) = match office {
            Office::Consent => {
                let known = |scope: &str| SCOPES.contains(&scope) || OTHER_SCOPES.contains(&scope);
                (self.oauth.authorize(call, &known, now), None, Vec::new())
            }
            Office::Token => self.oauth.token(call, now),
            Office::Revoke => {
                let (answer, dead) = self.oauth.revoke(call);
                (answer, None, dead)
            }
        };
        self.tokens.retain(|value, _| !dead.contains(value));
        if let Some(issued) = issued {
            let token = Token {
                name: "ours".to_owned(),
                user: Some(issued.subject),
                scopes: issued.scopes.into_iter().collect(),
                expires_at: Some(issued.expires_at),
            };
            self.tokens.insert(issued.access, token);
        }
        answer
    }
}

/// Scopes that exist beside those that everything simulated here needs.
const OTHER_SCOPES: [&str; 5] = ["mute.read", "mute.write", "block.write", "dm.read", "offline.access"];

/// Whether this is an id as X writes them: 1 to 19 digits.
pub(super) fn is_id(text: &str) -> bool {
    (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
