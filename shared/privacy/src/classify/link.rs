//! Links to X and YouTube, and handles, as keys for the platforms. Nothing is fetched.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::mail::Address;

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Link {
    /// A post on X.
    XPost {
        /// Numeric post id.
        id: String,
    },
    /// A profile on X.
    XProfile {
        /// Handle without `@`; handles are handed on, so it proves nothing.
        handle: String,
    },
    /// A video on YouTube, with a comment when the link names one.
    YoutubeVideo {
        /// Video id.
        id: String,
        /// Comment id.
        comment: Option<String>,
    },
    /// A channel on YouTube.
    YoutubeChannel {
        /// Channel id (`UC…`) or handle with `@`.
        id: String,
    },
}

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)(?:https?://)?(?:www\.|mobile\.|m\.)?(?:
        \b(?:x|twitter)\.com/i/(?:web/)?status/(?P<webpost>[0-9]{1,20})
        |\b(?:x|twitter)\.com/(?P<handle>[a-z0-9_]{1,15})(?:/status(?:es)?/(?P<post>[0-9]{1,20}))?
        |\byoutube\.com/(?:watch\?(?:[a-z0-9_=%-]+&)*v=|shorts/|live/)(?P<video>[a-z0-9_-]{11})(?P<query>[^\s<>]*)
        |\byoutu\.be/(?P<short>[a-z0-9_-]{11})(?P<shortquery>[^\s<>]*)
        |\byoutube\.com/channel/(?P<channel>UC[a-z0-9_-]{22})
        |\byoutube\.com/(?P<name>@[\w.-]{3,30})
        )",
    )
    .ok()
});

static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[?&]lc=([A-Za-z0-9_.-]{10,80})").ok());

static HANDLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^A-Za-z0-9_.@/+-])[@＠]([A-Za-z0-9_]{1,15})(?:[^A-Za-z0-9_.@-]|[.](?:\s|$)|$)").ok()
});

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}").ok());

/// E-mail addresses in a text, in their order.
pub(super) fn addresses(text: &str) -> Vec<Address> {
    let found = ADDRESS.iter().flat_map(|pattern| pattern.find_iter(text));
    found.filter_map(|found| Address::parse(found.as_str()).ok()).collect()
}

/// Paths of X that are no handles.
const RESERVED: [&str; 8] = ["i", "home", "search", "hashtag", "intent", "share", "settings", "explore"];
/// The most links and handles taken from one mail.
const MAX_FOUND: usize = 100;

/// Links in their order, each once.
pub fn links(text: &str) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    for link in LINK.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let part = |name: &str| link.name(name).map(|part| part.as_str().to_owned());
        let lc = |query: Option<String>| Some(COMMENT.as_ref()?.captures(&query?)?[1].to_owned());
        let link = if let Some(id) = part("post").or(part("webpost")) {
            Link::XPost { id }
        } else if let Some(handle) = part("handle") {
            if RESERVED.contains(&handle.to_lowercase().as_str()) {
                continue;
            }
            Link::XProfile { handle }
        } else if let Some(id) = part("video") {
            Link::YoutubeVideo { id, comment: lc(part("query")) }
        } else if let Some(id) = part("short") {
            Link::YoutubeVideo { id, comment: lc(part("shortquery")) }
        } else if let Some(id) = part("channel").or(part("name")) {
            Link::YoutubeChannel { id }
        } else {
            continue;
        };
        if !found.contains(&link) && found.len() < MAX_FOUND {
            found.push(link);
        }
    }
    found
}

/// Handles without `@`, each once. Addresses and paths are not handles.
pub fn handles(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for handle in HANDLE.iter().flat_map(|pattern| pattern.captures_iter(text)) {
        if !found.iter().any(|known| known.eq_ignore_ascii_case(&handle[1])) && found.len() < MAX_FOUND {
            found.push(handle[1].to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_become_keys() {
        for (text, expected) in [
            ("https://x.com/taro_1/status/1790000000000000001?s=20", Link::XPost { id: "1790000000000000001".into() }),
            ("twitter.com/i/web/status/12345", Link::XPost { id: "12345".into() }),
            ("見てhttps://mobile.twitter.com/taro_1。", Link::XProfile { handle: "taro_1".into() }),
            (
                "https://www.youtube.com/watch?t=1&v=abcdefghijk&lc=Ugxabcdefghij",
                Link::YoutubeVideo { id: "abcdefghijk".into(), comment: Some("Ugxabcdefghij".into()) },
            ),
            ("https://youtu.be/abcdefghijk?si=x", Link::YoutubeVideo { id: "abcdefghijk".into(), comment: None }),
            (
                "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
                Link::YoutubeChannel { id: "UCabcdefghijklmnopqrstuv".into() },
            ),
            ("https://www.youtube.com/@taro-ch", Link::YoutubeChannel { id: "@taro-ch".into() }),
        ] {
            assert_eq!(links(text), [expected], "{text}");
        }
        assert!(links("https://notx.com/taro https://x.com/search?q=a box.com/taro").is_empty());
    }

    #[test]
    fn handles_are_told_from_addresses() {
        assert_eq!(handles("私は @taro_1 です。(@Hanako) と＠jiro。"), ["taro_1", "Hanako", "jiro"]);
        assert!(handles("taro@example.jp user.@docomo.ne.jp x@taro").is_empty());
    }
}
