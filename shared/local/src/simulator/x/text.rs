//! What X makes of a post's words on the way out: short links, entities with positions, a cut for long posts.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::state::User;

/// Weighted length beyond which a post is long and its text is cut.
const SHORT: usize = 280;

/// A text as it goes over the wire.
pub(super) struct WireText {
    pub(super) text: String,
    pub(super) entities: Map<String, Value>,
}

/// Shortens links and lists links, mentions and hashtags by their place in code points.
pub(super) fn wire_text(written: &str, users: &BTreeMap<String, User>) -> WireText {
    let mut out = String::new();
    let mut at = 0;
    let (mut urls, mut mentions, mut hashtags) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = written;
    let mut word_before = false;
    while let Some(first) = rest.chars().next() {
        let (taken, put) = if rest.starts_with("https://") || rest.starts_with("http://") {
            let link = prefix(rest, |c| c.is_ascii_graphic());
            let short = short_link(link);
            urls.push(url(at, &short, link));
            (link.len(), short)
        } else if first == '@' && !word_before && !prefix(&rest[1..], is_handle).is_empty() {
            let handle = prefix(&rest[1..], is_handle);
            mentions.push(mention(at, handle, users));
            (1 + handle.len(), format!("@{handle}"))
        } else if matches!(first, '#' | '＃') && !word_before {
            let tag = prefix(&rest[first.len_utf8()..], |c| c.is_alphanumeric() || c == '_' || c == 'ー');
            if !tag.is_empty() {
                hashtags.push(json!({"start": at, "end": at + 1 + tag.chars().count(), "tag": tag}));
            }
            (first.len_utf8() + tag.len(), format!("{first}{tag}"))
        } else {
            (first.len_utf8(), first.to_string())
        };
        word_before = put.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        at += put.chars().count();
        out.push_str(&put);
        rest = &rest[taken..];
    }
    let mut entities = Map::new();
    for (name, list) in [("urls", urls), ("mentions", mentions), ("hashtags", hashtags)] {
        if !list.is_empty() {
            entities.insert(name.to_owned(), Value::Array(list));
        }
    }
    WireText { text: out, entities }
}

/// The short form of a link, always the same for the same link.
pub(super) fn short_link(link: &str) -> String {
    let digest = hex::encode(Sha256::digest(link.as_bytes()));
    format!("https://t.co/{}", &digest[..10])
}

/// One entry of `entities.urls`.
pub(super) fn url(at: usize, short: &str, link: &str) -> Value {
    let display: String = link.split_once("://").map_or(link, |(_, rest)| rest).trim_end_matches('/').to_owned();
    let display = match display.char_indices().nth(25) {
        Some((cut, _)) => format!("{}…", &display[..cut]),
        None => display,
    };
    json!({"start": at, "end": at + short.chars().count(), "url": short, "expanded_url": link, "display_url": display})
}

/// The text cut as X cuts long posts, if it is one: the full text then goes in a field of its own.
pub(super) fn cut(text: &str, id: &str) -> Option<String> {
    let weight = |c: char| if (c as u32) < 0x1100 { 1 } else { 2 };
    if text.chars().map(weight).sum::<usize>() <= SHORT {
        return None;
    }
    let link = short_link(&format!("https://x.com/i/web/status/{id}"));
    let room = SHORT - link.len() - 2;
    let mut used = 0;
    let kept = text.chars().take_while(|&c| {
        used += weight(c);
        used <= room
    });
    Some(format!("{}… {link}", kept.collect::<String>().trim_end()))
}

/// The language tag that X would guess; only Japanese and English are told apart.
pub(super) fn language(text: &str) -> &'static str {
    let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff66}'..='\u{ff9d}');
    let words = text.split_whitespace().filter(|word| !word.starts_with(['@', '#']) && !word.contains("://"));
    let (mut english, mut any_japanese) = (false, false);
    for c in words.flat_map(str::chars) {
        any_japanese |= japanese(c);
        english |= c.is_ascii_alphabetic();
    }
    match (any_japanese, english) {
        (true, _) => "ja",
        (false, true) => "en",
        (false, false) => "und",
    }
}

fn mention(at: usize, handle: &str, users: &BTreeMap<String, User>) -> Value {
    let mut entry = json!({"start": at, "end": at + 1 + handle.len(), "username": handle});
    if let Some(user) = users.values().find(|user| user.username.eq_ignore_ascii_case(handle)) {
        entry["id"] = user.id.clone().into();
    }
    entry
}

fn is_handle(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn prefix(text: &str, keep: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !keep(c)).unwrap_or(text.len());
    &text[..end]
}
