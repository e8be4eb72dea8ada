//! Strikes out of a person's own words what belongs to others: handles, addresses of profiles and mail, numbers.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands where something was struck out.
pub(super) const STRUCK: &str = "■■■";

#[allow(clippy::unwrap_used, reason = "the pattern is part of the program, and a test compiles it")]
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        // A mail address, before a handle could take its second half.
        r"(?P<mail>[\p{L}\p{N}._%+-]+[@＠][\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)",
        // The address of a profile or of somebody's post.
        r"|(?P<profile>(?:https?://)?(?:www\.|mobile\.|m\.)?(?:x\.com|twitter\.com|youtube\.com/(?:@|channel/|c/|user/))/?[^\s　]*)",
        r"|[@＠](?P<handle>[\p{L}\p{N}_.-]+)",
        // A telephone, account or other long number, however it is grouped.
        r"|(?P<number>[+＋]?\p{Nd}(?:[\s　().（）・ー－‐−-]?\p{Nd}){8,})",
    ))
    .unwrap()
});

/// The text with everything struck out that points at somebody else. Of handles the person's own stays.
pub fn redact(text: &str, own_handle: Option<&str>) -> String {
    let own = own_handle.map(|handle| handle.trim_start_matches('@').to_lowercase());
    OTHERS
        .replace_all(text, |found: &Captures<'_>| {
            let all = found.get(0).map_or("", |all| all.as_str());
            match found.name("handle") {
                Some(handle) if own.as_deref() == Some(&handle.as_str().to_lowercase()) => all.to_owned(),
                Some(_) => format!("@{STRUCK}"),
                None => STRUCK.to_owned(),
            }
        })
        .into_owned()
}
