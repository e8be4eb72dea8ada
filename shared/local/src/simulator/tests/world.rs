//! A small world for each platform, a server for it, and calls with their answers.

use http::Method;
use jiff::Timestamp;
use reqwest::Client;
use serde_json::Value;

use crate::simulator::x::Link;
use crate::simulator::{HandClock, Running, X, YouTube, deliver, x, youtube};

/// Our account on X, its token, and others.
pub(super) const OURS: &str = "1001";
pub(super) const FAN: &str = "2002";
pub(super) const STRANGER: &str = "3003";

/// Our channel on YouTube, its video, and others.
pub(super) const CHANNEL: &str = "UCours";
pub(super) const VIEWER: &str = "UCviewer";
pub(super) const VIDEO: &str = "vid00000001";

pub(super) fn clock() -> HandClock {
    HandClock::at("2026-11-24T06:00:00Z".parse::<Timestamp>().unwrap())
}

pub(super) struct XWorld {
    pub(super) x: X,
    pub(super) running: Running<x::State>,
    pub(super) clock: HandClock,
    pub(super) root: String,
    pub(super) reply: String,
    pub(super) foreign_reply: String,
}

pub(super) async fn x_world() -> XWorld {
    let clock = clock();
    let mut state = x::State::new(clock.clock());
    state.add_user(OURS, "sekisho_shop", "関所ショップ");
    state.add_user(FAN, "fan_hana", "はな");
    state.add_user(STRANGER, "passer_by", "Passer-by");
    state.grant("token-ours", "ours", OURS);
    state.grant("token-fan", "fan", FAN);
    state.grant_app("token-app", "app");
    let root = state.write(OURS, "新しいお茶を発売しました。", Link::None).unwrap();
    let reply = state.write(FAN, "おいしそう！", Link::Reply(&root)).unwrap();
    let foreign = state.write(FAN, "My own thread", Link::None).unwrap();
    let foreign_reply = state.write(STRANGER, "hello", Link::Reply(&foreign)).unwrap();
    let x = X::new(state);
    let running = x.start().await.unwrap();
    XWorld { x, running, clock, root, reply, foreign_reply }
}

pub(super) struct YouTubeWorld {
    pub(super) youtube: YouTube,
    pub(super) running: Running<youtube::State>,
    pub(super) clock: HandClock,
    pub(super) comment: String,
    pub(super) other: String,
}

pub(super) async fn youtube_world() -> YouTubeWorld {
    let clock = clock();
    let mut state = youtube::State::new(clock.clock());
    state.add_channel(CHANNEL, "関所チャンネル");
    state.add_channel(VIEWER, "A viewer");
    state.add_video(VIDEO, CHANNEL);
    state.add_video("vid00000002", VIEWER);
    state.grant("token-owner", "owner", CHANNEL);
    state.grant("token-viewer", "viewer", VIEWER);
    let comment = state.write(VIDEO, VIEWER, "<b>Great</b> & \"nice\"").unwrap();
    let other = state.write(VIDEO, VIEWER, "二つ目").unwrap();
    let youtube = YouTube::new(state);
    let running = youtube.start().await.unwrap();
    YouTubeWorld { youtube, running, clock, comment, other }
}

pub(super) struct Got {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Value,
}

impl Got {
    /// The last part of an X problem's type.
    pub(super) fn problem(&self) -> &str {
        self.body["type"].as_str().unwrap().rsplit('/').next().unwrap()
    }

    /// A YouTube error's reason.
    pub(super) fn reason(&self) -> &str {
        self.body["error"]["errors"][0]["reason"].as_str().unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<i64> {
        self.headers.get(name)?.to_str().unwrap().parse().ok()
    }
}

/// A client of the tests' own: what deliveries use will do.
pub(super) fn client() -> Client {
    deliver::test_client()
}

pub(super) async fn call(method: Method, url: &str, token: &str, body: Option<&str>) -> Got {
    try_call(method, url, token, body).await.unwrap()
}

pub(super) async fn try_call(
    method: Method,
    url: &str,
    token: &str,
    body: Option<&str>,
) -> Result<Got, reqwest::Error> {
    let mut request = client().request(method, url).bearer_auth(token);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_owned());
    }
    let answer = request.send().await?;
    let headers = answer.headers().clone();
    let kind = headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = answer.status().as_u16();
    let body = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
    Ok(Got { status, kind, headers, body })
}

impl XWorld {
    pub(super) async fn call(&self, method: Method, path: &str, token: &str, body: Option<&str>) -> Got {
        call(method, &format!("{}{path}", self.running.origin()), token, body).await
    }

    pub(super) async fn hide(&self, post: &str, hidden: bool) -> Got {
        let body = format!("{{\"hidden\":{hidden}}}");
        self.call(Method::PUT, &format!("/2/tweets/{post}/hidden"), "token-ours", Some(&body)).await
    }
}

impl YouTubeWorld {
    pub(super) async fn call(&self, method: Method, path_and_query: &str, token: &str) -> Got {
        call(method, &format!("{}/youtube/v3{path_and_query}", self.running.origin()), token, None).await
    }

    pub(super) async fn moderate(&self, ids: &str, status: &str) -> Got {
        let path = format!("/comments/setModerationStatus?id={ids}&moderationStatus={status}");
        self.call(Method::POST, &path, "token-owner").await
    }
}
