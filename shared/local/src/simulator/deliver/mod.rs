//! Delivers events to our webhook as the platforms would: signed, forged, doubled, out of order; and probes it.

pub mod atom;
mod hub;
mod send;
mod signature;
pub mod x_event;
mod x_webhook;

pub use hub::{Hub, Mode, Verification};
pub use send::{Delivery, Order, SendError, Signing};
pub use signature::{Digest, websub_signature, x_signature};
pub use x_webhook::{CrcAnswer, XWebhook};

/// The deliveries' HTTP client, for tests that speak for themselves.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) fn test_client() -> reqwest::Client {
    send::client().unwrap()
}
