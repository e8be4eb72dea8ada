//! Whether a WebSub delivery is signed by the hub with our secret, and whether a topic is the one we asked for.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use url::Url;

/// Whether the header `X-Hub-Signature` (`sha1=` or `sha256=` and the hexadecimal HMAC of the raw body) was made
/// with one of the secrets. Every secret is tried, in constant time; an empty one matches nothing.
///
/// A delivery that fails is answered with 2xx and ignored (PubSubHubbub Core 0.4, section 8).
pub fn signature_valid(secrets: &[SecretString], raw: &[u8], header: &str) -> bool {
    let Some((method, digits)) = header.trim().split_once('=') else { return false };
    let Ok(signature) = hex::decode(digits) else { return false };
    let sign = match method {
        "sha1" => hmac_sha1,
        "sha256" => hmac_sha256,
        _ => return false,
    };
    let mut valid = Choice::from(0);
    for secret in secrets.iter().filter(|secret| !secret.expose_secret().is_empty()) {
        if let Some(mac) = sign(secret, raw) {
            valid |= mac.ct_eq(&signature);
        }
    }
    valid.into()
}

/// The channel that a feed topic is about, in any of the forms that Google's pages have shown:
/// `/xml/feeds/videos.xml` or `/feeds/videos.xml`, http or https, with or without `www.`.
pub fn topic_channel(topic: &str) -> Option<String> {
    let url = Url::parse(topic).ok()?;
    let host = url.host_str()?;
    let known = matches!(url.scheme(), "http" | "https")
        && matches!(host, "www.youtube.com" | "youtube.com")
        && url.port().is_none()
        && matches!(url.path(), "/xml/feeds/videos.xml" | "/feeds/videos.xml");
    let mut channels = url.query_pairs().filter(|(name, _)| name == "channel_id");
    let (_, channel) = channels.next()?;
    (known && channels.next().is_none() && !channel.is_empty()).then(|| channel.into_owned())
}

/// Whether two topics are the feed of the same channel.
pub fn same_topic(one: &str, other: &str) -> bool {
    topic_channel(one).is_some_and(|channel| topic_channel(other) == Some(channel))
}

fn hmac_sha1(secret: &SecretString, message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

fn hmac_sha256(secret: &SecretString, message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"<feed/>";

    #[test]
    fn both_digests_and_either_case_are_accepted() {
        let secret = SecretString::from("secret");
        let (short, long) = (hmac_sha1(&secret, BODY), hmac_sha256(&secret, BODY));
        for (method, mac) in [("sha1", short), ("sha256", long)] {
            let digits = hex::encode(mac.unwrap_or_default());
            for digits in [digits.clone(), digits.to_uppercase()] {
                let header = format!("{method}={digits}");
                assert!(signature_valid(std::slice::from_ref(&secret), BODY, &header), "{header}");
                assert!(!signature_valid(std::slice::from_ref(&secret), b"<feed />", &header), "{header}");
                assert!(!signature_valid(&[SecretString::from("other")], BODY, &header), "{header}");
            }
        }
    }

    #[test]
    fn broken_headers_and_empty_secrets_are_refused() {
        let secrets = [SecretString::from("secret"), SecretString::from("")];
        let unsigned = hex::encode(hmac_sha1(&secrets[1], BODY).unwrap_or_default());
        for header in ["", "sha1", "sha1=", "sha1=zz", "sha1=00", "md5=00", &unsigned, &format!("sha1={unsigned}")] {
            assert!(!signature_valid(&secrets, BODY, header), "{header}");
        }
    }

    #[test]
    fn topics_are_compared_by_channel() {
        let ours = "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UC-1";
        for same in [
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC-1",
            "http://www.youtube.com/xml/feeds/videos.xml?channel_id=UC-1",
            "https://youtube.com/xml/feeds/videos.xml?channel_id=UC%2D1",
        ] {
            assert!(same_topic(ours, same), "{same}");
        }
        for other in [
            "",
            "https://www.youtube.com/xml/feeds/videos.xml",
            "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UC-2",
            "https://www.youtube.com/xml/feeds/videos.xml?channel_id=uc-1",
            "https://www.youtube.com/xml/feeds/videos.xml?channel_id=UC-1&channel_id=UC-2",
            "https://www.youtube.com.example.com/xml/feeds/videos.xml?channel_id=UC-1",
            "https://www.youtube.com/xml/feeds/playlists.xml?channel_id=UC-1",
            "ftp://www.youtube.com/xml/feeds/videos.xml?channel_id=UC-1",
        ] {
            assert!(!same_topic(ours, other), "{other}");
        }
    }
}
