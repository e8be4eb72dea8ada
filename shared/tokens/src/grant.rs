//! A grant as the vault keeps it, and our app as the secrets name it.

use jiff::{SignedDuration, Timestamp};
use lambda_kit::secrets::{SecretError, SecretValues};
use platforms::oauth::{ClientId, Granted};
use rules::Platform;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

/// No token is used this close to its end, in seconds.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// What a person granted us on one platform. `Debug` prints no token.
#[derive(Clone, Debug, Deserialize)]
pub struct Grant {
    /// For calls.
    pub access: SecretString,
    /// For the next refresh.
    pub refresh: SecretString,
    /// When the access token was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Grant {
    /// A grant from what the platform gave; `before` is the refresh token that was used, which stays good where none
    /// replaces it. `None` when there is no refresh token at all.
    pub fn new(granted: Granted, before: Option<&SecretString>, now: Timestamp) -> Option<Self> {
        let refresh = granted.refresh.or_else(|| before.cloned())?;
        Some(Grant { access: granted.access, refresh, issued_at: now, expires_at: granted.expires_at })
    }

    /// Reads what lies in the vault; `None` where it is no grant.
    pub fn read(kept: &SecretString) -> Option<Self> {
        serde_json::from_str(kept.expose_secret()).ok()
    }

    /// As it lies in the vault.
    pub fn written(&self) -> SecretString {
        let text = json!({
            "access": self.access.expose_secret(), "refresh": self.refresh.expose_secret(),
            "issued_at": self.issued_at, "expires_at": self.expires_at,
        });
        text.to_string().into()
    }

    /// Whether half of the access token's life is over.
    pub(crate) fn ripe(&self, now: Timestamp) -> bool {
        now >= self.issued_at + self.expires_at.duration_since(self.issued_at) / 2
    }

    /// Whether the access token can still be used.
    pub(crate) fn alive(&self, now: Timestamp) -> bool {
        now < self.expires_at - MARGIN
    }

    /// What the table may know of the refresh token: 32 hexadecimal digits of its SHA-256.
    pub(crate) fn digest(&self) -> String {
        hex::encode(&Sha256::digest(self.refresh.expose_secret())[..16])
    }
}

/// Our app at a platform: `x_client_id` and, of a confidential client, `x_client_secret`; `youtube_client_id` and
/// `youtube_client_secret`.
///
/// # Errors
/// When the secrets have no client id.
pub fn app(values: &SecretValues, platform: Platform) -> Result<ClientId, SecretError> {
    let (id, secret) = match platform {
        Platform::X => ("x_client_id", "x_client_secret"),
        Platform::YouTube => ("youtube_client_id", "youtube_client_secret"),
    };
    Ok(ClientId { id: values.newest(id)?.expose_secret().to_owned(), secret: values.newest(secret).ok().cloned() })
}
