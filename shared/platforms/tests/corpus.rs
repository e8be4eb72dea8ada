//! Every published payload of the corpus behaves as its manifest says.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod server;

use std::path::PathBuf;

use casework::event::{Event, Unreadable};
use casework::platform::{Effect, Moderation, Need, PlatformError, Target};
use platforms::{Accounts, x, youtube};
use rules::{ActionKind, Platform, UserId};
use serde_json::{Value, json};
use server::Server;

/// The corpus, or `None` (said aloud) where only the project's own cases run.
fn payloads() -> Option<PathBuf> {
    match std::env::var_os("SEKISHO_CORPUS") {
        Some(folder) => Some(PathBuf::from(folder).join("payloads")),
        None => {
            println!("SEKISHO_CORPUS is not set: only the project's own cases ran");
            None
        }
    }
}

fn accounts() -> Accounts {
    Accounts { x: "1111111111111111111".into(), youtube: "UC0".into() }
}

/// No event that is judged or acted upon.
fn harmless(outcome: &Result<Vec<Event>, Unreadable>) -> bool {
    outcome.as_ref().map_or(true, |events| events.iter().all(|event| matches!(event, Event::Counted { .. })))
}

#[test]
fn every_payload_behaves_as_its_manifest_says() {
    let Some(folder) = payloads() else { return };
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let mut read = 0;
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (file, expect) = (columns[0], columns[1]);
        let raw = std::fs::read(folder.join(file)).unwrap();
        let outcome = x::parse::parse(&raw, &accounts());
        let one = outcome.as_deref().unwrap_or_default().first();
        match expect {
            // The manifest counts a plain retweet as a post event; it holds nothing of the retweeter's to judge.
            "post" if file.contains("repost_create") => {
                assert_eq!(one, Some(&Event::Counted { kind: "post.repost.create".into() }), "{file}");
            }
            "post" => assert!(matches!(one, Some(Event::Post(_))), "{file}: {outcome:?}"),
            "event-counted" if file.contains("post_delete") => {
                assert!(matches!(one, Some(Event::OwnPostDeleted { .. })), "{file}: {outcome:?}");
            }
            "event-counted" => assert!(outcome.is_ok() && harmless(&outcome), "{file}: {outcome:?}"),
            "unreadable" => assert!(outcome.unwrap_err().reason.contains("line "), "{file}"),
            "api-answer" | "v1-object" | "aws-trigger" => assert!(harmless(&outcome), "{file}: {outcome:?}"),
            "websub-notice" => notice(file, &raw),
            other => panic!("{file}: the manifest expects {other:?}, which no test knows"),
        }
        if expect == "api-answer" && file.starts_with("youtube/") {
            comments(file, &serde_json::from_slice(&raw).unwrap());
        }
        read += 1;
    }
    assert!(read >= 100, "only {read} payloads");
}

/// A notice about our channel gives its videos, and is only counted for everybody else.
fn notice(file: &str, raw: &[u8]) {
    let text = std::str::from_utf8(raw).unwrap();
    let (_, entry) = text.split_once("<entry>").unwrap();
    let (_, rest) = entry.split_once("<yt:channelId>").unwrap();
    let channel = rest.split_once('<').unwrap().0;
    let ours = Accounts { youtube: channel.into(), ..accounts() };
    let events = youtube::parse::parse(raw, &ours).unwrap();
    let mut videos: Vec<&str> =
        text.split("<yt:videoId>").skip(1).map(|rest| rest.split_once('<').unwrap().0).collect();
    videos.dedup();
    let found: Vec<&str> = events
        .iter()
        .map(|event| {
            let Event::Video(notice) = event else { panic!("{file}: {event:?}") };
            assert!(notice.at.is_some(), "{file}: a notice without time");
            notice.video.as_str()
        })
        .collect();
    assert_eq!(found, videos, "{file}");
    assert!(harmless(&youtube::parse::parse(raw, &accounts())), "{file}");
}

/// Each comment or thread in a YouTube answer can be read; what is neither is refused, not misread.
fn comments(file: &str, answer: &Value) {
    let items = match answer["items"].as_array() {
        Some(items) => items.clone(),
        None => vec![answer.clone()],
    };
    for item in items {
        let outcome = youtube::parse::comment(&item, "UC0");
        match item["kind"].as_str() {
            Some("youtube#comment" | "youtube#commentThread") => {
                let post = outcome.unwrap_or_else(|error| panic!("{file}: {error}"));
                let comment = if item["snippet"]["topLevelComment"].is_object() {
                    &item["snippet"]["topLevelComment"]
                } else {
                    &item
                };
                assert_eq!(comment["id"], post.id.as_str(), "{file}");
                assert_eq!(comment["snippet"]["textOriginal"], post.text.as_str(), "{file}");
                assert_eq!(comment["snippet"]["parentId"].as_str(), post.answers.as_deref(), "{file}");
            }
            _ => assert!(outcome.is_err(), "{file}"),
        }
    }
}

#[test]
fn published_signature_vectors_hold() {
    let Some(folder) = payloads() else { return };
    let vectors: Value = serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap();
    let of = |name: &str| vectors[name].as_array().filter(|list| !list.is_empty()).unwrap().clone();
    let field = |vector: &Value, name: &str| vector[name].as_str().unwrap().to_owned();
    for vector in of("x_webhook_hmac_sha256_base64") {
        let (secret, message) = (field(&vector, "secret").into(), field(&vector, "message"));
        let expected = field(&vector, "expected");
        assert!(x::verify::crc_response(&secret, &message).contains(&expected), "{vector}");
        assert!(x::verify::signature_valid(&[secret], message.as_bytes(), &expected), "{vector}");
    }
    for vector in of("x_hub_signature_sha1_hex") {
        let secrets = [field(&vector, "secret").into()];
        let (message, expected) = (field(&vector, "message"), field(&vector, "expected"));
        assert!(youtube::verify::signature_valid(&secrets, message.as_bytes(), &expected), "{vector}");
    }
    for vector in of("hmac_sha256_hex") {
        let secrets = [field(&vector, "key").into()];
        let (message, expected) = (field(&vector, "message"), format!("sha256={}", field(&vector, "expected")));
        assert!(youtube::verify::signature_valid(&secrets, message.as_bytes(), &expected), "{vector}");
    }
}

#[tokio::test]
async fn published_answers_to_our_calls_are_understood() {
    let Some(folder) = payloads() else { return };
    let published = |status: u16, file: &str| {
        let body: Value = serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        json!({ "status": status, "body": body })
    };
    let invalid = || Err(PlatformError::Permanent { reason: "invalid-request".into() });
    let now = jiff::Timestamp::UNIX_EPOCH;
    for (kind, status, file, expected) in [
        (ActionKind::HideReply, 200, "x/xdevplatform__docs__hide_reply_02.json", Ok(Effect::Done)),
        (ActionKind::DeleteOwn, 200, "x/xdevplatform__docs__webhooks_05.json", Ok(Effect::Done)),
        (ActionKind::Block, 200, "x/sns-sdks__python-twitter__apis_user_block_user_resp.json", Ok(Effect::Done)),
        (ActionKind::HideReply, 400, "x/xdevplatform__docs__v2_error_01.json", invalid()),
        (ActionKind::HideReply, 400, "x/sns-sdks__python-twitter__streams_delete_error.json", invalid()),
    ] {
        let target = Target { post: "11".into(), author: Some(UserId("12".into())) };
        let clients = Server::start([published(status, file)]).await.clients();
        let performed = clients.perform(Platform::X, "1", kind, &[target], now).await;
        assert_eq!(performed.results, [expected], "{file}");
    }

    let file = "x/sns-sdks__python-twitter__apis_user_blocking_users_list_resp.json";
    let page = published(200, file);
    let blocked: Vec<&str> =
        page["body"]["data"].as_array().unwrap().iter().filter_map(|user| user["id"].as_str()).collect();
    let targets: Vec<Target> =
        blocked.iter().map(|id| Target { post: "11".into(), author: Some(UserId((*id).into())) }).collect();
    assert!(!targets.is_empty());
    let clients = Server::start([page.clone()]).await.clients();
    let needs = clients.needed(Platform::X, "1", ActionKind::Block, &targets, now).await.unwrap();
    assert!(needs.iter().all(|need| *need == Need::Met), "{file}");

    // A list by ids shows no moderation status: what is held is asked of the held queue, here an empty one.
    let list = published(200, "youtube/sns-sdks__python-youtube__apidata_comments_comments_single.json");
    let there = Target { post: list["body"]["items"][0]["id"].as_str().unwrap().into(), author: None };
    let gone = Target { post: "UgxGone".into(), author: None };
    let held = json!({ "status": 200, "body": { "kind": "youtube#commentThreadListResponse", "items": [] } });
    let clients = Server::start([list.clone(), held]).await.clients();
    let needs = clients.needed(Platform::YouTube, "UC0", ActionKind::Hold, &[there, gone], now).await.unwrap();
    assert_eq!(needs, [Need::Needed, Need::Gone]);

    let item = published(404, "youtube/Fullscreen__yt__error_404_videoNotFound_item.json")["body"].clone();
    let answer = json!({ "status": 404, "body": { "error": { "code": 404, "errors": [item] } } });
    let clients = Server::start([answer]).await.clients();
    let target = Target { post: "UgxGone".into(), author: None };
    let performed = clients.perform(Platform::YouTube, "UC0", ActionKind::Reject, &[target], now).await;
    assert_eq!(performed.results, [Ok(Effect::GoalMet)]);
}
