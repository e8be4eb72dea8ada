//! Signatures over raw bytes: X's header and challenge answer, WebSub's header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// The digest of a WebSub signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// What Google's hub sends.
    Sha1,
    /// What WebSub allows as well.
    Sha256,
}

/// The value of `x-twitter-webhooks-signature` for a body, and of `response_token` for a challenge.
pub fn x_signature(consumer_secret: &str, message: &[u8]) -> String {
    format!("sha256={}", STANDARD.encode(sha256(consumer_secret, message)))
}

/// The value of `X-Hub-Signature` for a body.
pub fn websub_signature(secret: &str, body: &[u8], digest: Digest) -> String {
    match digest {
        Digest::Sha1 => format!("sha1={}", hex::encode(sha1(secret, body))),
        Digest::Sha256 => format!("sha256={}", hex::encode(sha256(secret, body))),
    }
}

// HMAC takes keys of every length, so the error that its constructor declares can't happen; no key gives no bytes.
fn sha256(key: &str, message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec()).unwrap_or_default()
}

fn sha1(key: &str, message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha1>::new_from_slice(key.as_bytes());
    mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec()).unwrap_or_default()
}
