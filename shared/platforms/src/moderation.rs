//! Both platforms as the port that casework calls.

use std::time::Duration;

use casework::platform::{Moderation, Need, Performed, PlatformError, Target};
use jiff::Timestamp;
use reqwest::Client;
use rules::{ActionKind, Platform};
use url::Url;

use crate::http::{self, Line};
use crate::{TokenSource, x, youtube};

/// Where the platforms are, and how long we wait for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// Base address of the X API, without `/2`; for example `https://api.x.com/`.
    pub x: Url,
    /// Base address of the YouTube Data API, without `/youtube/v3`; for example `https://youtube.googleapis.com/`.
    pub youtube: Url,
    /// Longest wait for a connection, and for each read of an answer.
    pub patience: Duration,
}

impl Hosts {
    /// The real platforms, with 10 seconds of patience.
    pub fn real() -> Result<Self, url::ParseError> {
        Hosts::at("https://api.x.com/", "https://youtube.googleapis.com/")
    }

    /// Platforms at other base addresses, such as simulated ones on loopback.
    pub fn at(x: &str, youtube: &str) -> Result<Self, url::ParseError> {
        Ok(Hosts { x: Url::parse(x)?, youtube: Url::parse(youtube)?, patience: Duration::from_secs(10) })
    }
}

/// The clients of both platforms. All outgoing calls are those of `x::call::Call` and `youtube::call::Call`.
pub struct Platforms<T> {
    client: Client,
    hosts: Hosts,
    tokens: T,
}

impl<T: TokenSource> Platforms<T> {
    /// Clients that ask `tokens` for their tokens. Fails when TLS can't be set up.
    pub fn new(tokens: T, hosts: Hosts) -> Result<Self, reqwest::Error> {
        Ok(Platforms { client: http::client(hosts.patience)?, hosts, tokens })
    }

    pub(crate) fn line(&self, platform: Platform, now: Timestamp) -> Line<'_, T> {
        let base = match platform {
            Platform::X => &self.hosts.x,
            Platform::YouTube => &self.hosts.youtube,
        };
        Line { client: &self.client, base, tokens: &self.tokens, platform, now }
    }
}

impl<T: TokenSource> Moderation for Platforms<T> {
    fn batch(&self, platform: Platform, kind: ActionKind) -> usize {
        match platform {
            Platform::X => 1,
            Platform::YouTube => youtube::act::batch(kind),
        }
    }

    async fn needed(
        &self,
        platform: Platform,
        account: &str,
        kind: ActionKind,
        targets: &[Target],
        now: Timestamp,
    ) -> Result<Vec<Need>, PlatformError> {
        let line = self.line(platform, now);
        match platform {
            Platform::X => x::fetch::needed(&line, account, kind, targets).await,
            Platform::YouTube => youtube::fetch::needed(&line, account, kind, targets).await,
        }
    }

    async fn perform(
        &self,
        platform: Platform,
        account: &str,
        kind: ActionKind,
        targets: &[Target],
        now: Timestamp,
    ) -> Performed {
        let line = self.line(platform, now);
        match platform {
            Platform::X => x::act::perform(&line, account, kind, targets).await,
            Platform::YouTube => youtube::act::perform(&line, kind, targets).await,
        }
    }
}
