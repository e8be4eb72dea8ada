//! The way of one call to YouTube: endpoint, token, units, scope, then the method's own rules.

use http::Method;
use jiff::Timestamp;
use serde_json::json;

use super::error;
use super::state::{SCOPE, State, Subscription, Token};
use crate::simulator::fault::Fault;
use crate::simulator::request::{Answer, Call, Endpoint};
use crate::simulator::stage::Platform;

/// Query parameters that every method knows (discovery document), as far as they change nothing here.
const STANDARD: [&str; 4] = ["alt", "prettyPrint", "quotaUser", "key"];

/// Collections in which a change would show something of ours to the public.
const PUBLISHING: [&str; 14] = [
    "comments",
    "commentThreads",
    "videos",
    "liveChat",
    "liveBroadcasts",
    "liveStreams",
    "subscriptions",
    "playlists",
    "playlistItems",
    "captions",
    "channelBanners",
    "channelSections",
    "thumbnails",
    "channels",
];

#[derive(Clone, Copy)]
enum Route {
    Comments,
    Threads,
    Moderate,
    Delete,
    Channels,
    Mine,
}

/// Endpoints of Google's that take no token: those that give one, and the hub of video notices.
enum Office {
    Consent,
    Token,
    Revoke,
    Hub,
}

impl Office {
    fn of(call: &Call) -> Option<Office> {
        match (call.method.as_str(), call.segments().as_slice()) {
            ("GET", ["o", "oauth2", "v2", "auth"]) => Some(Office::Consent),
            ("POST", ["token"]) => Some(Office::Token),
            ("POST", ["revoke"]) => Some(Office::Revoke),
            ("POST", ["subscribe"]) => Some(Office::Hub),
            _ => None,
        }
    }
}

impl Route {
    fn of(call: &Call) -> Result<Route, Endpoint> {
        let parts = call.segments();
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["youtube", "v3", "comments"]) => Ok(Route::Comments),
            ("GET", ["youtube", "v3", "commentThreads"]) => Ok(Route::Threads),
            ("POST", ["youtube", "v3", "comments", "setModerationStatus"]) => Ok(Route::Moderate),
            ("DELETE", ["youtube", "v3", "comments"]) => Ok(Route::Delete),
            ("GET", ["youtube", "v3", "channels"]) if call.value("mine").is_none() => Ok(Route::Channels),
            ("GET", ["youtube", "v3", "channels"]) => Ok(Route::Mine),
            // Still in the discovery document, no longer supported.
            ("POST", ["youtube", "v3", "comments", "markAsSpam"]) => Err(Endpoint::Unknown),
            _ if call.method != Method::GET && parts.iter().any(|part| PUBLISHING.contains(part)) => {
                Err(Endpoint::Publishing)
            }
            _ => Err(Endpoint::Unknown),
        }
    }

    /// Units of a call (quota calculator; comments methods).
    fn units(self) -> u32 {
        match self {
            Route::Comments | Route::Threads | Route::Channels | Route::Mine => 1,
            Route::Moderate | Route::Delete => 50,
        }
    }

    fn parameters(self) -> &'static [&'static str] {
        match self {
            Route::Comments => &["part", "id", "parentId", "maxResults", "pageToken", "textFormat"],
            Route::Threads => &[
                "part",
                "id",
                "videoId",
                "allThreadsRelatedToChannelId",
                "maxResults",
                "moderationStatus",
                "order",
                "pageToken",
                "textFormat",
            ],
            Route::Moderate => &["id", "moderationStatus", "banAuthor"],
            Route::Delete => &["id"],
            Route::Channels => &["part", "id", "forHandle", "maxResults"],
            Route::Mine => &["part", "mine"],
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
            Err(Endpoint::Publishing) => {
                return error::refused(403, "youtube.common", "forbidden", "The simulated channel publishes nothing.");
            }
            Err(Endpoint::Unknown | Endpoint::Contract) => return error::no_such_page(),
        };
        let now = (self.clock)();
        let Some(token) = self.token(call, now) else {
            return error::unauthorized();
        };
        if !token.scopes.contains(SCOPE) {
            return error::scope();
        }
        let checked = well_formed(call, route);
        // Even an invalid request costs a unit.
        let units = if checked.is_ok() { route.units() } else { 1 };
        if !self.quota.spend(units, now) {
            return error::quota();
        }
        let answer = checked.and_then(|()| match route {
            Route::Comments => self.comments_list(call, &token.channel),
            Route::Threads => self.threads_list(call, &token.channel),
            Route::Moderate => self.set_moderation_status(call, &token.channel),
            Route::Delete => self.delete(call, &token.channel),
            Route::Channels => self.channels_list(call),
            Route::Mine => {
                let items = json!([{"kind": "youtube#channel", "id": token.channel}]);
                Ok(Answer::json(200, &json!({"kind": "youtube#channelListResponse", "items": items})))
            }
        });
        answer.unwrap_or_else(|refused| refused)
    }

    fn fail(&mut self, fault: &Fault, call: &Call) -> Answer {
        match fault {
            Fault::Status429 { reset } => error::rate_limited(reset.as_second() - (self.clock)().as_second()),
            Fault::QuotaExceeded => error::quota(),
            Fault::Unauthorized => error::unauthorized(),
            Fault::EmptyPage => super::list::empty_page(call),
            Fault::PageExpired => super::page::expired(),
            Fault::ProcessingFailure => error::processing_failure(),
            Fault::UsageCapped
            | Fault::CreditsDepleted
            | Fault::Status5xx { .. }
            | Fault::Timeout { .. }
            | Fault::CloseConnection { .. } => error::foreign_fault(),
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
            Ok(Route::Moderate | Route::Delete) => call.list("id").into_iter().map(str::to_owned).collect(),
            Ok(Route::Comments | Route::Threads | Route::Channels | Route::Mine) | Err(_) => Vec::new(),
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
}

impl State {
    fn office(&mut self, call: &Call, office: &Office) -> Answer {
        let now = (self.clock)();
        let (answer, issued, dead) = match office {
            Office::Consent => (self.oauth.authorize(call, &|scope| scope == SCOPE, now), None, Vec::new()),
            Office::Token => self.oauth.token(call, now),
            Office::Revoke => {
                let (answer, dead) = self.oauth.revoke(call);
                (answer, None, dead)
            }
            Office::Hub => (self.subscribe(call), None, Vec::new()),
        };
        self.tokens.retain(|value, _| !dead.contains(value));
        if let Some(issued) = issued {
            let token = Token {
                name: "ours".to_owned(),
                channel: issued.subject,
                scopes: issued.scopes.into_iter().collect(),
                expires_at: Some(issued.expires_at),
            };
            self.tokens.insert(issued.access, token);
        }
        answer
    }

    /// The hub takes a request on and verifies it later (WebSub, subscriber-initiated requests).
    fn subscribe(&mut self, call: &Call) -> Answer {
        let form: std::collections::BTreeMap<String, String> =
            form_urlencoded::parse(&call.body).into_owned().collect();
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        let known = ["hub.callback", "hub.mode", "hub.topic", "hub.secret", "hub.lease_seconds", "hub.verify"];
        let lease = text("hub.lease_seconds").parse().ok();
        let fits = form.keys().all(|name| known.contains(&name.as_str()))
            && text("hub.mode") == "subscribe"
            && text("hub.callback").starts_with("http")
            && text("hub.topic").starts_with("https://www.youtube.com/xml/feeds/videos.xml?channel_id=")
            && (1..200).contains(&text("hub.secret").len())
            && lease.is_some_and(|seconds: u64| seconds > 0);
        if !fits {
            return Answer { status: 400, ..Answer::default() };
        }
        self.subscriptions.push(Subscription {
            callback: text("hub.callback"),
            topic: text("hub.topic"),
            secret: text("hub.secret"),
            lease_seconds: lease.unwrap_or_default(),
        });
        Answer { status: 202, ..Answer::default() }
    }
}

/// What holds for every method: known parameters only, JSON, and no body.
fn well_formed(call: &Call, route: Route) -> Result<(), Answer> {
    let known = |name: &str| route.parameters().contains(&name) || STANDARD.contains(&name);
    if let Some((name, _)) = call.query.iter().find(|(name, _)| !known(name)) {
        let message = format!(
            "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. \
             Field '{name}' could not be found in request message."
        );
        return Err(error::parameter("badRequest", name, &message));
    }
    if call.value("alt").is_some_and(|format| format != "json") {
        return Err(error::parameter("invalidParameter", "alt", "Only JSON is simulated."));
    }
    if !call.body.is_empty() {
        return Err(error::refused(400, "global", "badRequest", "This method takes no request body."));
    }
    Ok(())
}
