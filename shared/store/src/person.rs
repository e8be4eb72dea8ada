//! A person's key: an HMAC of platform and user id, so that no key of the table names anybody.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rules::{Platform, UserId};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Secret from which the keys of persons and of same texts are made. Replacing it unlinks everybody.
#[derive(Clone)]
pub struct PersonKey(SecretString);

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey(…)")
    }
}

impl PersonKey {
    /// Takes at least 32 bytes of secret, or says that they are too few.
    ///
    /// # Errors
    /// When the secret is shorter than 32 bytes.
    pub fn new(secret: SecretString) -> Result<Self, String> {
        let length = secret.expose_secret().len();
        if length < 32 {
            return Err(format!("the person key has {length} bytes; at least 32 are needed"));
        }
        Ok(PersonKey(secret))
    }

    /// The key of a person: 32 hex digits.
    pub fn person(&self, platform: Platform, user: &UserId) -> String {
        self.digest(&["person", platform.key(), &user.0])
    }

    /// The key of a folded text: 32 hex digits.
    pub fn text(&self, folded: &str) -> String {
        self.digest(&["text", folded])
    }

    /// The digest of a post, by which the erasure ledger remembers it.
    pub fn post(&self, platform: Platform, id: &str) -> String {
        self.digest(&["post", platform.key(), id])
    }

    /// The mark under which a person's suppression lies: made from the person's key, so that it is found wherever that
    /// is known, and equal to none of the keys that erasure removes.
    pub fn suppression(&self, person: &str) -> String {
        self.digest(&["suppressed", person])
    }

    /// The key of a mailbox: 32 hex digits.
    pub fn address(&self, mailbox: &str) -> String {
        self.digest(&["address", mailbox])
    }

    /// The keyed hash of a secret that opens a file's status.
    pub fn secret(&self, ticket: &str, secret: &str) -> String {
        self.digest(&["secret", ticket, secret])
    }

    /// The key of a caller's network address.
    pub fn caller(&self, address: &str) -> String {
        self.digest(&["caller", address])
    }

    /// What one-time codes are hashed with.
    pub fn pepper(&self) -> String {
        self.digest(&["codes"])
    }

    /// The key of a `Message-ID`: 32 hex digits.
    pub fn message(&self, id: &str) -> String {
        self.digest(&["message", id])
    }

    /// The key of what a mailbox asks: 32 hex digits.
    pub fn asks(&self, mailbox: &str, asks: &str) -> String {
        self.digest(&["asks", mailbox, asks])
    }

    fn digest(&self, parts: &[&str]) -> String {
        // HMAC takes keys of any length, so this cannot fail.
        let mut mac = match Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()) {
            Ok(mac) => mac,
            Err(impossible) => unreachable!("{impossible}"),
        };
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        hex::encode(&mac.finalize().into_bytes()[..16])
    }
}
