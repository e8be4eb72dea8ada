//! X as the caller of our webhook: the challenge-response check and signed events.

use reqwest::Client;
use serde_json::Value;

use super::send::{Delivery, Order, SendError, client, send_copies};
use super::signature::x_signature;

/// X's judgement of an answer to its challenge (X docs, webhooks).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrcAnswer {
    /// The webhook is valid.
    Valid,
    /// The webhook is invalid at once, for this reason.
    Invalid(&'static str),
    /// A status that X takes for passing trouble.
    Transient(u16),
}

/// Our webhook, as X sees it.
pub struct XWebhook {
    url: String,
    consumer_secret: String,
    client: Client,
}

impl XWebhook {
    /// The webhook at this URL, with the app's consumer secret.
    ///
    /// # Errors
    ///
    /// [`SendError`] if no HTTP client can be made.
    pub fn new(url: &str, consumer_secret: &str) -> Result<XWebhook, SendError> {
        Ok(XWebhook { url: url.to_owned(), consumer_secret: consumer_secret.to_owned(), client: client()? })
    }

    /// Challenges the webhook and judges the answer as strictly as X does.
    ///
    /// # Errors
    ///
    /// [`SendError`] if there is no answer.
    pub async fn challenge(&self, crc_token: &str) -> Result<CrcAnswer, SendError> {
        let answer = self.client.get(&self.url).query(&[("crc_token", crc_token)]).send().await?;
        let status = answer.status();
        if status.is_redirection() {
            return Ok(CrcAnswer::Invalid("a redirect"));
        }
        if !status.is_success() {
            return Ok(CrcAnswer::Transient(status.as_u16()));
        }
        if status.as_u16() != 200 {
            return Ok(CrcAnswer::Invalid("a status other than 200"));
        }
        let kind = answer.headers().get(http::header::CONTENT_TYPE).cloned();
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
            return Ok(CrcAnswer::Invalid("not JSON"));
        }
        let body: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
        let expected = x_signature(&self.consumer_secret, crc_token.as_bytes());
        let right = body.get("response_token").and_then(Value::as_str) == Some(&expected);
        Ok(if right { CrcAnswer::Valid } else { CrcAnswer::Invalid("a wrong response_token") })
    }

    /// Posts a body and gives the status of each copy.
    ///
    /// # Errors
    ///
    /// [`SendError`] if a copy gets no answer.
    pub async fn post(&self, body: &[u8], delivery: Delivery) -> Result<Vec<u16>, SendError> {
        let mut request = self.client.post(&self.url).header("content-type", "application/json");
        if let Some(secret) = delivery.signing.secret(&self.consumer_secret) {
            request = request.header("x-twitter-webhooks-signature", x_signature(&secret, body));
        }
        send_copies(&request.body(body.to_vec()), delivery.copies).await
    }

    /// Posts several bodies, one after the other, and gives their statuses in the order of `bodies`.
    ///
    /// # Errors
    ///
    /// [`SendError`] of the first body that gets no answer.
    pub async fn post_all(&self, bodies: &[Vec<u8>], order: Order) -> Result<Vec<u16>, SendError> {
        let mut statuses = vec![0; bodies.len()];
        for place in order.places(bodies.len()) {
            let sent = self.post(&bodies[place], Delivery::default()).await?;
            statuses[place] = sent.first().copied().unwrap_or_default();
        }
        Ok(statuses)
    }
}
