//! Plain HTTP to our webhook: how often, in which order, and signed by whom.

use std::sync::Once;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect};
use tokio::task::JoinSet;

/// Who signs a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signing {
    /// The platform, with the shared secret.
    #[default]
    Genuine,
    /// Somebody with another secret.
    Forged,
    /// Nobody: the header is missing.
    Missing,
}

impl Signing {
    /// The secret to sign with, if any.
    pub(super) fn secret(self, genuine: &str) -> Option<String> {
        match self {
            Signing::Genuine => Some(genuine.to_owned()),
            Signing::Forged => Some(format!("not {genuine}")),
            Signing::Missing => None,
        }
    }
}

/// How one body is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Who signs it.
    pub signing: Signing,
    /// How many copies are sent, all at once.
    pub copies: usize,
}

impl Default for Delivery {
    fn default() -> Delivery {
        Delivery { signing: Signing::Genuine, copies: 1 }
    }
}

/// The order in which several bodies are sent, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As given.
    Given,
    /// Last first.
    Reversed,
    /// Mixed, the same way for the same seed.
    Shuffled(u64),
}

impl Order {
    /// The places of `count` bodies in the order of sending.
    pub(super) fn places(self, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..count).collect();
        match self {
            Order::Given => {}
            Order::Reversed => places.reverse(),
            Order::Shuffled(seed) => {
                let mut state = seed | 1;
                for end in (1..count).rev() {
                    // xorshift64: enough to mix, and the same everywhere.
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    let other = usize::try_from(state % (end as u64 + 1)).unwrap_or(end);
                    places.swap(end, other);
                }
            }
        }
        places
    }
}

/// A delivery that got no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Refused, broken off, or not answered in time.
    #[error("the webhook gave no answer")]
    NoAnswer(#[source] reqwest::Error),
    /// A task of ours ended early.
    #[error("a delivery was broken off")]
    BrokenOff,
}

impl From<reqwest::Error> for SendError {
    fn from(error: reqwest::Error) -> SendError {
        // The address may hold the secret part of a callback.
        SendError::NoAnswer(error.without_url())
    }
}

/// A client with the platforms' patience, ten seconds, that follows no redirect.
pub(super) fn client() -> Result<Client, SendError> {
    static PROVIDER: Once = Once::new();
    // reqwest wants a TLS provider even for plain HTTP; one that is there already serves as well.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    Ok(Client::builder().timeout(Duration::from_secs(10)).redirect(redirect::Policy::none()).no_proxy().build()?)
}

/// Sends copies of a request at once and gives the statuses answered.
pub(super) async fn send_copies(request: &RequestBuilder, copies: usize) -> Result<Vec<u16>, SendError> {
    let mut tasks = JoinSet::new();
    for _ in 0..copies {
        let copy = request.try_clone().ok_or(SendError::BrokenOff)?;
        tasks.spawn(copy.send());
    }
    let mut statuses = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let answer = done.map_err(|_| SendError::BrokenOff)??;
        statuses.push(answer.status().as_u16());
    }
    Ok(statuses)
}
