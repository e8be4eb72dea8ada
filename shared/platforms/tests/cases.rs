//! Our own deliveries say what is written beside them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use casework::event::{Event, Unreadable, VideoNotice};
use platforms::{Accounts, x, youtube};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn accounts() -> Accounts {
    Accounts { x: "900100".into(), youtube: "UCours".into() }
}

/// Every delivery by its path in the folder.
fn deliveries() -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for platform in ["x", "youtube"] {
        let before = found.len();
        for file in std::fs::read_dir(folder().join(platform)).unwrap() {
            let path = file.unwrap().path();
            let name = format!("{platform}/{}", path.file_name().unwrap().to_str().unwrap());
            found.insert(name, std::fs::read(path).unwrap());
        }
        assert!(found.len() > before, "no cases in {platform}");
    }
    found
}

fn read(name: &str, raw: &[u8]) -> Value {
    let told = |events: Result<Vec<Event>, Unreadable>| match events {
        Ok(events) => events.into_iter().map(told_event).collect(),
        Err(error) => json!({ "unreadable": error.reason }),
    };
    if name.starts_with("x/") {
        return told(x::parse::parse(raw, &accounts()));
    }
    if name.ends_with(".xml") {
        return told(youtube::parse::parse(raw, &accounts()));
    }
    match serde_json::from_slice(raw) {
        Ok(value) => told(youtube::parse::comment(&value, "UCours").map(|post| vec![Event::Post(Box::new(post))])),
        Err(_) => Value::Null,
    }
}

fn told_event(event: Event) -> Value {
    let notice = |notice: VideoNotice| json!({ "channel": notice.channel, "video": notice.video, "at": notice.at });
    match event {
        Event::Post(post) => json!({ "post": post }),
        Event::Outbound(outbound) => json!({ "outbound": outbound }),
        Event::OwnPostDeleted { id } => json!({ "own_post_deleted": id }),
        Event::AccessRevoked { user, at } => json!({ "access_revoked": user, "at": at }),
        Event::Video(video) => json!({ "video": notice(video) }),
        Event::VideoDeleted(video) => json!({ "video_deleted": notice(video) }),
        Event::Counted { kind } => json!({ "counted": kind }),
    }
}

#[test]
fn every_delivery_says_what_is_written_beside_it() {
    let found: BTreeMap<String, Value> =
        deliveries().into_iter().map(|(name, raw)| (name.clone(), read(&name, &raw))).collect();
    if std::env::var_os("SEKISHO_WRITE_CASES").is_some() {
        let mut text = serde_json::to_string_pretty(&found).unwrap();
        text.push('\n');
        std::fs::write(folder().join("expected.json"), text).unwrap();
    }
    let expected = std::fs::read(folder().join("expected.json")).unwrap();
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&expected).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, found) in found {
        assert_eq!(found, expected[&name], "{name}");
        assert_eq!(name.contains("unreadable_"), found.get("unreadable").is_some(), "{name}");
        assert!(!found.to_string().contains("KEEPOUT"), "{name} repeats what it has to forget");
    }
}

#[test]
fn no_cut_and_no_flipped_byte_makes_a_parser_panic() {
    for (name, raw) in deliveries() {
        for at in 0..raw.len() {
            read(&name, &raw[..at]);
            let mut flipped = raw.clone();
            flipped[at] ^= 0x15;
            read(&name, &flipped);
        }
    }
}

#[test]
fn the_version_of_a_comment_changes_with_its_text_and_its_picture_only() {
    let raw = std::fs::read(folder().join("youtube/comment_top.json")).unwrap();
    let comment: Value = serde_json::from_slice(&raw).unwrap();
    let version = |change: fn(&mut Value)| {
        let mut changed = comment.clone();
        change(&mut changed["snippet"]);
        youtube::parse::comment(&changed, "UCours").unwrap().version
    };
    let first = version(|_| {});
    assert_eq!(first, version(|snippet| snippet["likeCount"] = json!(7)));
    assert_ne!(first, version(|snippet| snippet["textOriginal"] = json!("これはすごい & 楽しい!")));
    assert_ne!(first, version(|snippet| snippet["imageUrl"] = json!("https://img.example/1.gif")));
}

#[test]
fn a_feed_over_the_limit_is_unreadable() {
    let feed = std::fs::read_to_string(folder().join("youtube/video.xml")).unwrap();
    let padded = |size: usize| feed.replace("</feed>", &format!("{}</feed>", " ".repeat(size - feed.len())));
    let limit = youtube::parse::MAX_BODY;
    assert!(youtube::parse::parse(padded(limit).as_bytes(), &accounts()).is_ok());
    assert!(youtube::parse::parse(padded(limit + 1).as_bytes(), &accounts()).is_err());
}
