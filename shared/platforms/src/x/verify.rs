//! Whether a delivery comes from X (X docs, webhooks/quickstart).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Whether the header `x-twitter-webhooks-signature` (`sha256=` and the base64 HMAC-SHA256 of the raw body)
/// was made with one of the secrets. Every secret is tried, in constant time; an empty one matches nothing.
pub fn signature_valid(secrets: &[SecretString], raw: &[u8], header: &str) -> bool {
    let Some(encoded) = header.trim().strip_prefix("sha256=") else { return false };
    let Ok(signature) = STANDARD.decode(encoded) else { return false };
    let mut valid = Choice::from(0);
    for secret in secrets.iter().filter(|secret| !secret.expose_secret().is_empty()) {
        if let Some(mac) = hmac_sha256(secret, raw) {
            valid |= mac.ct_eq(&signature);
        }
    }
    valid.into()
}

/// The JSON body that answers a CRC: `{"response_token":"sha256=…"}`. `secret` is the newest API secret.
pub fn crc_response(secret: &SecretString, crc_token: &str) -> String {
    let mac = hmac_sha256(secret, crc_token.as_bytes()).unwrap_or_default();
    format!(r#"{{"response_token":"sha256={}"}}"#, STANDARD.encode(mac))
}

/// `None` only if HMAC refused the key, which it does for no length.
fn hmac_sha256(secret: &SecretString, message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = "{\"text\":\"\u{ff8a}\u{ff9d}\u{ff76}\u{ff78} \\/\"}".as_bytes();

    fn signed(secret: &SecretString) -> String {
        format!("sha256={}", STANDARD.encode(hmac_sha256(secret, BODY).unwrap_or_default()))
    }

    #[test]
    fn old_and_new_secret_are_both_accepted_during_a_rotation() {
        let (old, new, other) = (SecretString::from("old"), SecretString::from("new"), SecretString::from("other"));
        let secrets = [old.clone(), new.clone()];
        assert!(signature_valid(&secrets, BODY, &signed(&old)));
        assert!(signature_valid(&secrets, BODY, &signed(&new)));
        assert!(!signature_valid(&secrets, BODY, &signed(&other)));
        assert!(!signature_valid(&[], BODY, &signed(&old)));
    }

    #[test]
    fn one_changed_byte_anywhere_is_refused() {
        let secret = SecretString::from("secret");
        let header = signed(&secret);
        for at in 0..BODY.len() {
            let mut forged = BODY.to_vec();
            forged[at] ^= 1;
            assert!(!signature_valid(std::slice::from_ref(&secret), &forged, &header), "byte {at}");
        }
    }

    #[test]
    fn other_schemes_and_broken_headers_are_refused() {
        let secrets = [SecretString::from("secret")];
        let good = signed(&secrets[0]);
        let bare = good.trim_start_matches("sha256=");
        for header in ["", "sha256", "sha256=", "sha256=!!!", "sha256=AAAA", bare, &format!("sha1={bare}")] {
            assert!(!signature_valid(&secrets, BODY, header), "{header}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let empty = SecretString::from("");
        assert!(!signature_valid(std::slice::from_ref(&empty), BODY, &signed(&empty)));
    }

    #[test]
    fn crc_answer_is_the_signature_of_the_token() {
        let secret = SecretString::from("secret");
        let answer = crc_response(&secret, "token");
        let value: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
        let token = value["response_token"].as_str().unwrap_or_default().to_owned();
        assert!(signature_valid(&[secret], b"token", &token), "{answer}");
    }
}
