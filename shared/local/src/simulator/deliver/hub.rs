//! Google's WebSub hub as the caller of our callback: verification of intent and signed notices.

use reqwest::Client;

use super::send::{Delivery, SendError, client, send_copies};
use super::signature::{Digest, websub_signature};

/// What the hub asks the callback to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A subscription, for so many seconds.
    Subscribe {
        /// `hub.lease_seconds`.
        lease_seconds: u64,
    },
    /// Its end.
    Unsubscribe,
}

/// The hub's judgement of an answer to a verification (W3C WebSub, 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// 2xx with exactly the challenge.
    Confirmed,
    /// 404: the callback did not ask for this.
    Declined,
    /// Anything else; the hub takes it for a failure.
    Failed(u16),
}

/// The hub, for one callback and topic.
pub struct Hub {
    callback: String,
    topic: String,
    secret: String,
    client: Client,
}

impl Hub {
    /// The hub of this channel's videos for a callback that gave this secret.
    ///
    /// # Errors
    ///
    /// [`SendError`] if no HTTP client can be made.
    pub fn new(callback: &str, channel: &str, secret: &str) -> Result<Hub, SendError> {
        let topic = format!("https://www.youtube.com/xml/feeds/videos.xml?channel_id={channel}");
        Ok(Hub { callback: callback.to_owned(), topic, secret: secret.to_owned(), client: client()? })
    }

    /// Asks the callback to confirm, and judges the answer.
    ///
    /// # Errors
    ///
    /// [`SendError`] if there is no answer.
    pub async fn verify(&self, mode: Mode, challenge: &str) -> Result<Verification, SendError> {
        let mut query = vec![("hub.topic", self.topic.clone()), ("hub.challenge", challenge.to_owned())];
        match mode {
            Mode::Subscribe { lease_seconds } => {
                query.push(("hub.mode", "subscribe".to_owned()));
                query.push(("hub.lease_seconds", lease_seconds.to_string()));
            }
            Mode::Unsubscribe => query.push(("hub.mode", "unsubscribe".to_owned())),
        }
        let answer = self.client.get(&self.callback).query(&query).send().await?;
        let status = answer.status();
        let confirmed = status.is_success() && answer.bytes().await? == challenge.as_bytes();
        Ok(match (confirmed, status.as_u16()) {
            (true, _) => Verification::Confirmed,
            (false, 404) => Verification::Declined,
            (false, status) => Verification::Failed(status),
        })
    }

    /// Tells the callback that the subscription is denied; gives the status answered.
    ///
    /// # Errors
    ///
    /// [`SendError`] if there is no answer.
    pub async fn deny(&self, reason: &str) -> Result<u16, SendError> {
        let query = [("hub.mode", "denied"), ("hub.topic", &self.topic), ("hub.reason", reason)];
        Ok(self.client.get(&self.callback).query(&query).send().await?.status().as_u16())
    }

    /// Posts a notice and gives the status of each copy.
    ///
    /// # Errors
    ///
    /// [`SendError`] if a copy gets no answer.
    pub async fn post(&self, feed: &[u8], digest: Digest, delivery: Delivery) -> Result<Vec<u16>, SendError> {
        let links =
            format!("<https://pubsubhubbub.appspot.com>; rel=\"hub\", <{topic}>; rel=\"self\"", topic = self.topic);
        let mut request = self.client.post(&self.callback);
        request = request.header("content-type", "application/atom+xml").header("link", links);
        if let Some(secret) = delivery.signing.secret(&self.secret) {
            request = request.header("x-hub-signature", websub_signature(&secret, feed, digest));
        }
        send_copies(&request.body(feed.to_vec()), delivery.copies).await
    }
}
