//! Asks the WebSub hub to push notices of our videos (W3C WebSub, subscriber-initiated requests).

use std::time::Duration;

use casework::platform::PlatformError;
use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::http::{self, later};

/// The lease that is asked for, in seconds: ten days. What counts is the one that the hub names when it verifies.
pub const LEASE_SECONDS: i64 = 864_000;

/// When a hub that names no time is asked again.
const BACKOFF: SignedDuration = SignedDuration::from_mins(15);

/// The hub.
#[derive(Clone, Debug)]
pub struct Hub {
    client: Client,
    base: Url,
}

/// Why there is no hub to talk to.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The address is none.
    #[error("address of the hub: {0}")]
    Address(#[from] url::ParseError),
    /// No HTTP client could be made.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

impl Hub {
    /// The hub at an address, for example `https://pubsubhubbub.appspot.com`.
    ///
    /// # Errors
    /// When the address is none, or TLS can't be set up.
    pub fn at(address: &str) -> Result<Self, HubError> {
        Ok(Hub { client: http::client(Duration::from_secs(10))?, base: Url::parse(address)? })
    }

    /// Asks for notices of a channel's videos, signed with `secret`. The hub verifies later, at the callback.
    ///
    /// # Errors
    /// When the hub did not take it on, with when to ask again.
    pub async fn subscribe(
        &self,
        callback: &str,
        channel: &str,
        secret: &SecretString,
        now: Timestamp,
    ) -> Result<(), PlatformError> {
        let url =
            self.base.join("/subscribe").map_err(|_| PlatformError::Permanent { reason: "bad-hub".to_owned() })?;
        let topic = format!("https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}");
        let form = [
            ("hub.callback", callback),
            ("hub.topic", &topic),
            ("hub.mode", "subscribe"),
            ("hub.verify", "async"),
            ("hub.secret", secret.expose_secret()),
            ("hub.lease_seconds", &LEASE_SECONDS.to_string()),
        ];
        let answer = http::exchange(self.client.post(url).form(&form), false).await?;
        match answer.status {
            200..=299 => Ok(()),
            429 | 500.. => {
                let until = answer.retry_after(now).unwrap_or_else(|| later(now, BACKOFF));
                Err(PlatformError::Wait { until, reason: answer.reason() })
            }
            _ => Err(PlatformError::Permanent { reason: answer.reason() }),
        }
    }
}
