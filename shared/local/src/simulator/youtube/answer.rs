//! The way of one call to YouTube: endpoint, token, units, scope, then the method's own rules.

use http::Method;
use jiff::Timestamp;

use super::error;
use super::state::{SCOPE, State, Token};
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
            Route::Comments | Route::Threads => 1,
            Route::Channels => 1,
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
        }
    }
}

impl Platform for State {
    fn answer(&mut self, call: &Call) -> Answer {
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
        });
        answer.unwrap_or_else(|refused| refused)
    }

    fn fail(&mut self, fault: &Fault, _: &Call) -> Answer {
        match fault {
            Fault::Status429 { reset } => error::rate_limited(reset.as_second() - (self.clock)().as_second()),
            Fault::QuotaExceeded => error::quota(),
            Fault::Unauthorized => error::unauthorized(),
            Fault::ProcessingFailure => error::processing_failure(),
            Fault::UsageCapped
            | Fault::CreditsDepleted
            | Fault::Status5xx { .. }
            | Fault::Timeout { .. }
            | Fault::CloseConnection { .. } => error::foreign_fault(),
        }
    }

    fn endpoint(call: &Call) -> Endpoint {
        Route::of(call).err().unwrap_or(Endpoint::Contract)
    }

    fn targets(call: &Call) -> Vec<String> {
        match Route::of(call) {
            Ok(Route::Moderate | Route::Delete) => call.list("id").into_iter().map(str::to_owned).collect(),
            Ok(Route::Comments | Route::Threads | Route::Channels) | Err(_) => Vec::new(),
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
