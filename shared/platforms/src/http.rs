//! The HTTP client that both platforms share: one exchange, and what its failure means.

use std::time::Duration;

use casework::platform::PlatformError;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, redirect};
use rules::Platform;
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::TokenSource;

/// The longest answer that is read, in bytes: a page of 1000 blocked users is well below it.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Longest time that a header of an answer can make us wait; beyond it the header is taken for broken.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Makes *ring* the process-wide cryptography of TLS. Safe to call often; the first call wins.
pub fn install_crypto() {
    // An error says that a provider is there already, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client that follows no redirect and uses no proxy of its surroundings.
///
/// `patience` bounds the connection and each read of the answer.
pub(crate) fn client(patience: Duration) -> Result<Client, reqwest::Error> {
    install_crypto();
    Client::builder()
        .user_agent("sekisho")
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(patience)
        .read_timeout(patience)
        .build()
}

/// All that a call needs besides its own content.
pub(crate) struct Line<'a, T> {
    pub(crate) client: &'a Client,
    pub(crate) base: &'a Url,
    pub(crate) tokens: &'a T,
    pub(crate) platform: Platform,
    pub(crate) now: Timestamp,
}

impl<T: TokenSource> Line<'_, T> {
    /// The address of a path, each segment of which is escaped.
    pub(crate) fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// Sends a request with our token; when the platform refuses the token, once more with a renewed one.
    ///
    /// `writes` tells whether the call changes something: then a lost answer is uncertain, else merely transient.
    pub(crate) async fn exchange(&self, request: RequestBuilder, writes: bool) -> Result<Answer, PlatformError> {
        let again = request.try_clone();
        let token = self.tokens.token(self.platform).await?;
        let answer = exchange(request.bearer_auth(token.expose_secret()), writes).await?;
        match again {
            Some(again) if answer.status == 401 => {
                let token = self.tokens.renewed(self.platform).await?;
                exchange(again.bearer_auth(token.expose_secret()), writes).await
            }
            _ => Ok(answer),
        }
    }

    /// Sends a request with our app's own token.
    pub(crate) async fn exchange_as_app(&self, request: RequestBuilder, writes: bool) -> Result<Answer, PlatformError> {
        let token = self.tokens.app_token(self.platform).await?;
        exchange(request.bearer_auth(token.expose_secret()), writes).await
    }
}

/// What a platform answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    /// The body as JSON; `Null` where it is none.
    pub(crate) body: Value,
}

impl Answer {
    /// Whether the status is 2xx.
    pub(crate) fn success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The status as a reason, for example `http-403`.
    pub(crate) fn reason(&self) -> String {
        format!("http-{}", self.status)
    }

    /// A header that holds a whole number.
    pub(crate) fn number(&self, header: &str) -> Option<i64> {
        self.headers.get(header)?.to_str().ok()?.trim().parse().ok()
    }

    /// When `Retry-After` (seconds or an HTTP date) allows the next try.
    pub(crate) fn retry_after(&self, now: Timestamp) -> Option<Timestamp> {
        if let Some(seconds) = self.number(RETRY_AFTER.as_str()) {
            return Some(bounded(later(now, SignedDuration::from_secs(seconds)), now));
        }
        let date = rfc2822::parse(self.headers.get(RETRY_AFTER)?.to_str().ok()?).ok()?;
        Some(bounded(date.timestamp(), now))
    }

    /// What a 5xx means. A write may have been carried out before the failure, so it is uncertain, never transient:
    /// whoever repeats it has to ask first, or to know that repeating does no harm. `Retry-After` says that the
    /// platform did not take the call on.
    pub(crate) fn server_error(&self, reason: String, writes: bool, now: Timestamp) -> PlatformError {
        match self.retry_after(now) {
            Some(until) => PlatformError::Wait { until, reason },
            None => no_effect_known(writes, reason),
        }
    }
}

/// `now` and a while, or `now` at the end of time.
pub(crate) fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(now)
}

/// A time to wait for, at least a second and at most [`MAX_WAIT`] away.
pub(crate) fn bounded(until: Timestamp, now: Timestamp) -> Timestamp {
    until.max(later(now, SignedDuration::from_secs(1))).min(later(now, MAX_WAIT))
}

/// Whether an error concerns the account as a whole, so that no further call of the same kind makes sense now.
pub(crate) fn stops_account(error: &PlatformError) -> bool {
    match error {
        PlatformError::Wait { .. }
        | PlatformError::QuotaSpent { .. }
        | PlatformError::SpendingStopped { .. }
        | PlatformError::Disconnected { .. } => true,
        PlatformError::Permanent { .. } | PlatformError::Transient { .. } | PlatformError::Uncertain { .. } => false,
    }
}

/// A platform's code, kept only when it looks like one: reasons are logged, and free text may name people.
pub(crate) fn code(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!text.is_empty() && text.len() <= 64 && text.chars().all(plain)).then(|| text.to_owned())
}

fn no_effect_known(writes: bool, reason: String) -> PlatformError {
    if writes { PlatformError::Uncertain { reason } } else { PlatformError::Transient { reason } }
}

pub(crate) async fn exchange(request: RequestBuilder, writes: bool) -> Result<Answer, PlatformError> {
    let failed = |error: reqwest::Error| {
        if error.is_connect() || error.is_builder() {
            PlatformError::Transient { reason: "not-connected".to_owned() }
        } else if error.is_timeout() {
            no_effect_known(writes, "timeout".to_owned())
        } else {
            no_effect_known(writes, "answer-lost".to_owned())
        }
    };
    let mut response = request.send().await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(no_effect_known(writes, "answer-too-long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}
