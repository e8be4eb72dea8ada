//! What `webhook` refuses, and what it keeps when it cannot do its work: nothing unsigned is stored, nothing signed lost.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_kit::objects::{FolderObjects, Objects};
use lambda_kit::queue::Queue;
use local::gateway;
use local::simulator::deliver::{Digest, websub_signature, x_event, x_signature};
use local::simulator::x::Link;
use local::stack::{X_USER, YOUTUBE_CHANNEL};
use serde_json::{Value, json};
use tests::deliver::{self, headers, status};
use tests::parts::{self, NoObjects, NoQueue};
use tests::table::{self, with_sort_key};
use tests::world::{FAN, WebhookSandbox, sqs_record, store};
use tests::{World, deliver::youtube};
use webhook::{App, Webhook};

const LIMIT: usize = 256 * 1024;
/// Where nothing listens.
const NOWHERE: &str = "http://127.0.0.1:1";
const NOTICE: &[u8] = br#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015">
<entry><yt:videoId>worldVideo1</yt:videoId><yt:channelId>UCsampleSocketsInc000001</yt:channelId></entry></feed>"#;

/// A genuine event: a fan answers a post of ours.
fn reply(world: &World) -> Vec<u8> {
    let mut state = world.x.simulator.state();
    let root = state.write(X_USER, "今日の一曲は何でしたか", Link::None).unwrap();
    let id = state.write(FAN, "夜明けの曲でした", Link::Reply(&root)).unwrap();
    x_event::post(&state, x_event::PostEvent::Reply, X_USER, &id, &x_event::uuid(1)).unwrap()
}

async fn post<O, Q>(webhook: &Webhook<O, Q>, path: &str, headers: &HeaderMap, body: &[u8]) -> Value
where
    O: Objects + 'static,
    Q: Queue + 'static,
{
    let body = Bytes::copy_from_slice(body);
    webhook.handle(gateway::event("POST", path, "", headers, &body)).await.unwrap()
}

fn signed(secret: &str, body: &[u8]) -> HeaderMap {
    headers("x-twitter-webhooks-signature", &x_signature(secret, body))
}

/// Neither an item nor a body nor a key is anywhere.
async fn nothing_stored(world: &World) {
    assert_eq!(table::items(&world.engine.address).await, Vec::<Value>::new());
    assert!(table::intake(world.folder.path()).is_empty(), "a body is kept");
    assert!(world.queue.take().is_empty(), "a key is queued");
}

async fn decisions(world: &World) -> usize {
    with_sort_key(&table::items(&world.engine.address).await, "DECISION#").len()
}

#[tokio::test]
async fn x_without_a_valid_signature_is_401_and_leaves_nothing() {
    let world = World::new().await;
    let webhook = world.webhook();
    let body = reply(&world);
    let secret = &world.secrets.x_consumer_secret[0];
    let genuine = x_signature(secret, &body);
    let hex = websub_signature(secret, &body, Digest::Sha256);
    let wrong = [
        HeaderMap::new(),
        signed("a secret that was never ours", &body),
        signed(secret, &[&body[..], b" "].concat()),
        signed("", &body),
        headers("x-twitter-webhooks-signature", ""),
        headers("x-twitter-webhooks-signature", "sha256="),
        headers("x-twitter-webhooks-signature", genuine.strip_prefix("sha256=").unwrap()),
        headers("x-twitter-webhooks-signature", &hex),
        headers("x-hub-signature", &genuine),
    ];
    for headers in &wrong {
        assert_eq!(status(&post(&webhook, "/x", headers, &body).await), 401, "{headers:?}");
    }
    nothing_stored(&world).await;
    let genuine = headers("x-twitter-webhooks-signature", &genuine);
    assert_eq!(status(&post(&webhook, "/x", &genuine, &body).await), 200);
    assert_eq!(decisions(&world).await, 1);
}

#[tokio::test]
async fn youtube_without_a_valid_signature_is_200_and_leaves_nothing() {
    let world = World::new().await;
    let webhook = world.webhook();
    let path = format!("/youtube/{}", world.secrets.youtube_callback_path);
    let secret = &world.secrets.youtube_websub_secret;
    let genuine = websub_signature(secret, NOTICE, Digest::Sha1);
    let wrong = [
        HeaderMap::new(),
        headers("x-hub-signature", &websub_signature("never ours", NOTICE, Digest::Sha1)),
        headers("x-hub-signature", &websub_signature(secret, b"another body", Digest::Sha256)),
        headers("x-hub-signature", &genuine.replace("sha1=", "md5=")),
        headers("x-hub-signature", &genuine.replace("sha1=", "sha256=")),
        headers("x-hub-signature", &x_signature(secret, NOTICE)),
        headers("x-hub-signature", "sha1="),
    ];
    for headers in &wrong {
        assert_eq!(status(&post(&webhook, &path, headers, NOTICE).await), 200, "{headers:?}");
    }
    nothing_stored(&world).await;
    for digest in [Digest::Sha1, Digest::Sha256] {
        let genuine = headers("x-hub-signature", &websub_signature(secret, NOTICE, digest));
        assert_eq!(status(&post(&webhook, &path, &genuine, NOTICE).await), 200);
    }
    assert_eq!(table::items(&world.engine.address).await.len(), 1, "one video on the watch list");
}

#[tokio::test]
async fn another_callback_path_is_404_whoever_signs() {
    let world = World::new().await;
    let webhook = world.webhook();
    let genuine =
        headers("x-hub-signature", &websub_signature(&world.secrets.youtube_websub_secret, NOTICE, Digest::Sha1));
    let ours = &world.secrets.youtube_callback_path;
    for path in ["guess", &ours[1..], &format!("{ours}0"), &ours.to_uppercase()] {
        assert_eq!(status(&post(&webhook, &format!("/youtube/{path}"), &genuine, NOTICE).await), 404, "{path}");
        assert_eq!(verify(&webhook, path, &subscribe(YOUTUBE_CHANNEL)).await, (404, String::new()), "{path}");
    }
    assert_eq!(status(&post(&webhook, "/youtube/", &genuine, NOTICE).await), 404);
    nothing_stored(&world).await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_one_at_the_limit_is_read() {
    let world = World::new().await;
    let webhook = world.webhook();
    let secret = &world.secrets.x_consumer_secret[0];
    let over = vec![b' '; LIMIT + 1];
    assert_eq!(status(&post(&webhook, "/x", &signed(secret, &over), &over).await), 413);
    let path = format!("/youtube/{}", world.secrets.youtube_callback_path);
    let hub = headers("x-hub-signature", &websub_signature(&world.secrets.youtube_websub_secret, &over, Digest::Sha1));
    assert_eq!(status(&post(&webhook, &path, &hub, &over).await), 413);
    let mut encoded = gateway::event("POST", "/x", "", &signed(secret, &over), &Bytes::new());
    encoded["body"] = BASE64_STANDARD.encode(&over).into();
    encoded["isBase64Encoded"] = true.into();
    assert_eq!(status(&webhook.handle(encoded).await.unwrap()), 413);
    nothing_stored(&world).await;

    let mut full = reply(&world);
    full.resize(LIMIT, b' ');
    assert_eq!(status(&post(&webhook, "/x", &signed(secret, &full), &full).await), 200);
    assert_eq!(decisions(&world).await, 1);
}

#[tokio::test]
async fn a_body_that_is_no_base64_is_400_and_a_valid_one_is_checked_as_its_bytes() {
    let world = World::new().await;
    let webhook = world.webhook();
    let body = reply(&world);
    let event = |text: &str| {
        let headers = signed(&world.secrets.x_consumer_secret[0], &body);
        let mut event = gateway::event("POST", "/x", "", &headers, &Bytes::new());
        event["body"] = text.into();
        event["isBase64Encoded"] = true.into();
        event
    };
    for text in ["%%%", "a", "あ", &String::from_utf8_lossy(&body)] {
        assert_eq!(status(&webhook.handle(event(text)).await.unwrap()), 400, "{text}");
    }
    nothing_stored(&world).await;
    assert_eq!(status(&webhook.handle(event(&BASE64_STANDARD.encode(&body))).await.unwrap()), 200);
    assert_eq!(decisions(&world).await, 1);
}

#[tokio::test]
async fn the_older_secret_is_accepted_as_long_as_it_is_kept() {
    let world = World::new().await;
    let webhook = world.webhook();
    let body = reply(&world);
    let older = signed(&world.secrets.x_consumer_secret[1], &body);
    assert_eq!(status(&post(&webhook, "/x", &older, &body).await), 200);
    assert_eq!(decisions(&world).await, 1);
}

#[tokio::test]
async fn a_secret_rotated_while_running_is_accepted_and_the_dropped_one_refused() {
    let world = World::new().await;
    let file = world.folder.path().join("rotated.json");
    parts::write_secrets(&file, &json!({"x_consumer_secret": ["second", "first"]}));
    let mut app = parts::app(&world, FolderObjects::new(world.folder.path()), world.queue.clone());
    app.secrets = parts::secrets(&world, &file);
    let webhook = Webhook::new(app);
    let body = reply(&world);
    assert_eq!(status(&post(&webhook, "/x", &signed("first", &body), &body).await), 200);

    parts::write_secrets(&file, &json!({"x_consumer_secret": ["third", "second"]}));
    // A flood of forged signatures must not become a flood of readings, so the file is not read again at once.
    assert_eq!(status(&post(&webhook, "/x", &signed("third", &body), &body).await), 401);
    pass(Duration::from_secs(31)).await;
    assert_eq!(status(&post(&webhook, "/x", &signed("third", &body), &body).await), 200);
    assert_eq!(status(&post(&webhook, "/x", &signed("first", &body), &body).await), 401);
    assert_eq!(decisions(&world).await, 1);
}

/// Lets time pass for what is kept in memory, without waiting for it.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

fn topic(channel: &str) -> String {
    format!("https%3A%2F%2Fwww.youtube.com%2Fxml%2Ffeeds%2Fvideos.xml%3Fchannel_id%3D{channel}")
}

const CHALLENGE: &str = "1234 <b>&/%+\u{3042}";

fn subscribe(channel: &str) -> String {
    let challenge = "1234+%3Cb%3E%26%2F%25%2B%E3%81%82";
    format!("hub.mode=subscribe&hub.topic={}&hub.challenge={challenge}&hub.lease_seconds=432000", topic(channel))
}

async fn verify(webhook: &WebhookSandbox, path: &str, query: &str) -> (u16, String) {
    let event = gateway::event("GET", &format!("/youtube/{path}"), query, &HeaderMap::new(), &Bytes::new());
    let answer = webhook.handle(event).await.unwrap();
    (status(&answer), answer["body"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_hub_is_confirmed_what_we_asked_for_and_nothing_else() {
    let world = World::new().await;
    let webhook = world.webhook();
    let path = &world.secrets.youtube_callback_path;
    let no = (404, String::new());
    assert_eq!(verify(&webhook, path, &subscribe("UCsomebodyElse0000000001")).await, no);
    let unsubscribe = subscribe(YOUTUBE_CHANNEL).replace("subscribe", "unsubscribe");
    assert_eq!(verify(&webhook, path, &unsubscribe).await, no, "we never end a subscription by ourselves");
    let without_challenge = format!("hub.mode=subscribe&hub.topic={}", topic(YOUTUBE_CHANNEL));
    assert_eq!(verify(&webhook, path, &without_challenge).await, no);
    for query in ["", "hub.mode=subscribe&hub.challenge=1", "hub.mode=publish&hub.challenge=1", "%ff=%00"] {
        assert_eq!(verify(&webhook, path, query).await, no, "{query}");
    }
    let denied = |channel| format!("hub.mode=denied&hub.topic={}&hub.reason=no", topic(channel));
    assert_eq!(verify(&webhook, path, &denied(YOUTUBE_CHANNEL)).await, (200, String::new()));
    assert_eq!(verify(&webhook, path, &denied("UCsomebodyElse0000000001")).await, no);
    nothing_stored(&world).await;

    assert_eq!(verify(&webhook, path, &subscribe(YOUTUBE_CHANNEL)).await, (200, CHALLENGE.to_owned()));
    let items = table::items(&world.engine.address).await;
    assert_eq!(items.len(), 1, "the lease and nothing else: {items:?}");
    assert_eq!((&items[0]["sk"], &items[0]["lease_seconds"]), (&json!("WEBSUB"), &json!(432_000)));
}

#[tokio::test]
async fn a_challenge_without_a_token_is_the_callers_fault() {
    let world = World::new().await;
    let webhook = world.webhook();
    let get = |query| webhook.handle(gateway::event("GET", "/x", query, &HeaderMap::new(), &Bytes::new()));
    for query in ["", "token=1"] {
        assert_eq!(status(&get(query).await.unwrap()), 400, "{query}");
    }
    let answer = get("crc_token=challenge").await.unwrap();
    assert_eq!((status(&answer), &answer["headers"]["content-type"]), (200, &json!("application/json")));
}

#[tokio::test]
async fn with_the_store_down_a_body_is_kept_and_decided_later() {
    let world = World::new().await;
    let body = reply(&world);
    assert_eq!(deliver::x(&world, &world.webhook_at(NOWHERE), &body).await, 200);
    let parked = world.queue.take();
    let [(key, delay)] = parked.as_slice() else { panic!("{} keys", parked.len()) };
    assert!(*delay > Duration::ZERO && *delay <= Duration::from_secs(900), "{delay:?}");
    assert_eq!(std::fs::read(world.folder.path().join(key)).unwrap(), body, "the body as it came");
    assert_eq!(decisions(&world).await, 0);

    // While the store is down, the key comes again.
    let answer = world.webhook_at(NOWHERE).handle(json!({"Records": [sqs_record("a", key)]})).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([{"itemIdentifier": "a"}]));

    let answer = world.webhook().handle(json!({"Records": [sqs_record("b", key)]})).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(decisions(&world).await, 1);
    assert!(table::intake(world.folder.path()).is_empty(), "the body goes once it is decided");
}

#[tokio::test]
async fn with_the_store_down_an_unreadable_body_and_a_notice_are_kept_too() {
    let world = World::new().await;
    let webhook = world.webhook_at(NOWHERE);
    assert_eq!(deliver::x(&world, &webhook, b"{").await, 200);
    assert_eq!(youtube(&world, &webhook, NOTICE).await, 200);
    assert_eq!(table::intake(world.folder.path()).len(), 2);
    world.take_up_parked(&world.webhook()).await;
    let items = table::items(&world.engine.address).await;
    assert_eq!(items.len(), 2, "{items:?}");
    assert_eq!(with_sort_key(&items, "VIDEO#").len(), 1);
    assert_eq!(table::intake(world.folder.path()).len(), 1, "only the unreadable body stays");
}

#[tokio::test]
async fn with_store_and_queue_down_the_platform_is_asked_to_come_again() {
    let world = World::new().await;
    let body = reply(&world);
    let nowhere = store(NOWHERE, &world.secrets);
    let folder = FolderObjects::new(world.folder.path());
    let no_queue = Webhook::new(App { store: nowhere.clone(), ..parts::app(&world, folder, NoQueue) });
    let no_objects = Webhook::new(App { store: nowhere, ..parts::app(&world, NoObjects, world.queue.clone()) });
    let headers = signed(&world.secrets.x_consumer_secret[0], &body);
    assert_eq!(status(&post(&no_queue, "/x", &headers, &body).await), 503);
    assert_eq!(status(&post(&no_objects, "/x", &headers, &body).await), 503);
    assert!(world.queue.take().is_empty(), "a key without a body helps nobody");

    // With the store up neither is needed.
    let no_objects = Webhook::new(parts::app(&world, NoObjects, NoQueue));
    assert_eq!(status(&post(&no_objects, "/x", &headers, &body).await), 200);
    assert_eq!(decisions(&world).await, 1);
}

#[tokio::test]
async fn without_secrets_the_platform_is_asked_to_come_again() {
    let world = World::new().await;
    let mut app = parts::app(&world, FolderObjects::new(world.folder.path()), world.queue.clone());
    app.secrets = parts::secrets(&world, &world.folder.path().join("missing.json"));
    let webhook = Webhook::new(app);
    let body = reply(&world);
    assert_eq!(deliver::x(&world, &webhook, &body).await, 503);
    assert_eq!(youtube(&world, &webhook, NOTICE).await, 503);
    nothing_stored(&world).await;
}

#[tokio::test]
async fn a_queue_message_fails_for_itself_alone() {
    let world = World::new().await;
    let body = reply(&world);
    assert_eq!(deliver::x(&world, &world.webhook_at(NOWHERE), &body).await, 200);
    let (key, _) = world.queue.take().remove(0);
    let gone = "intake/x/2026-11-20/0000000000000000000000000000000000000000000000000000000000000000";
    let foreign = ["hello", "", "intake/mastodon/2026-11-20/00", "intake/x/../../secrets.json", "{\"Records\":[]}"];
    let mut records = vec![sqs_record("gone", gone), sqs_record("ours", &key)];
    records.extend(foreign.iter().map(|body| sqs_record(body, body)));
    let answer = world.webhook().handle(json!({ "Records": records })).await.unwrap();
    let failed: Vec<Value> = foreign.iter().map(|body| json!({ "itemIdentifier": body })).collect();
    assert_eq!(answer["batchItemFailures"], json!(failed));
    assert_eq!(decisions(&world).await, 1);
}
