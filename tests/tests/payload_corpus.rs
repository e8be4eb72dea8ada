//! Every payload case, ours and the corpus', through the real handlers: what becomes of it, and what never does.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::http::HeaderMap;
use casework::decision::PostKey;
use casework::ledger::Desk;
use lambda_kit::objects::FolderObjects;
use lambda_kit::trigger::Unsupported;
use local::gateway;
use rules::Platform;
use serde::Deserialize;
use serde_json::{Value, json};
use tests::case::{Case, Expect, PostCase};
use tests::deliver::{self, headers};
use tests::table::{self, with_sort_key};
use tests::world::WebhookSandbox;
use tests::{World, case, corpus, parts};
use webhook::Webhook;

#[tokio::test]
async fn own_cases_end_as_their_manifest_says() {
    check(case::own(&own_folder())).await;
}

#[tokio::test]
async fn corpus_cases_end_as_their_manifest_says() {
    if let Some(folder) = corpus::folder("payloads") {
        check(case::corpus(&folder)).await;
    }
}

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/payloads")
}

async fn check(cases: Vec<Case>) {
    assert!(!cases.is_empty(), "a folder without a case proves nothing");
    for case in &cases {
        println!("{}: {:?}", case.name, std::mem::discriminant(&case.expect));
        let world = World::new().await;
        let mut app = parts::app(&world, FolderObjects::new(world.folder.path()), world.queue.clone());
        app.accounts = case.accounts.clone();
        let webhook = Webhook::new(app);
        if case.expect == Expect::Trigger {
            trigger(&world, &webhook, case).await;
        } else {
            delivery(&world, &webhook, case).await;
        }
    }
    no_body_fails_at_any_door(&cases).await;
}

/// One signed delivery into an empty world, and everything that is there afterwards.
async fn delivery(world: &World, webhook: &WebhookSandbox, case: &Case) {
    let name = &case.name;
    assert_eq!(deliver_to(case.platform, world, webhook, &case.body).await, 200, "{name}");
    assert!(world.queue.take().is_empty(), "{name}: put off");
    let items = table::items(&world.engine.address).await;
    let kept = table::intake(world.folder.path());
    let decided = with_sort_key(&items, "DECISION#").len();
    let unreadable: Vec<&Value> =
        items.iter().filter(|item| item["pk"].as_str().is_some_and(|pk| pk.starts_with("UNREADABLE#"))).collect();
    match &case.expect {
        Expect::Post(posts) => {
            assert_eq!(decided, posts.len(), "{name}: decisions");
            for post in posts {
                decision(world, name, post).await;
            }
        }
        Expect::Outbound(posts) => {
            assert_eq!(items.len(), posts.len(), "{name}: items");
            for post in posts {
                outbound(world, case, post).await;
            }
        }
        Expect::Deleted(id) => {
            let [item] = items.as_slice() else { panic!("{name}: {} items", items.len()) };
            assert_eq!(item["pk"], format!("POST#x#{id}"), "{name}");
            assert!(item["deleted_at"].is_string(), "{name}");
            assert_eq!(item.as_object().unwrap().len(), 4, "{name}: keys, platform and time are all that is kept");
        }
        Expect::Disconnected => {
            let [item] = items.as_slice() else { panic!("{name}: {} items", items.len()) };
            assert_eq!(item["pk"], format!("ACCOUNT#x#{}", case.accounts.x), "{name}");
            assert_eq!(item["sk"], "STATE", "{name}");
        }
        Expect::Counted => assert!(items.is_empty(), "{name}: something is kept of what is only counted: {items:?}"),
        Expect::Unreadable => {
            let [item] = unreadable.as_slice() else { panic!("{name}: {} items", unreadable.len()) };
            assert_eq!(items.len(), 1, "{name}: items");
            let reason = item["reason"].as_str().unwrap();
            assert!(!reason.is_empty() && reason.is_ascii(), "{name}: {reason}");
            let [file] = kept.as_slice() else { panic!("{name}: {} bodies", kept.len()) };
            assert_eq!(std::fs::read(file).unwrap(), case.body, "{name}: the body as it came");
            assert!(file.ends_with(item["body_key"].as_str().unwrap()), "{name}: the item names the body");
        }
        Expect::Videos { watched, gone } => videos(case, &items, watched, gone),
        Expect::Harmless => assert_eq!(decided, 0, "{name}: a decision about no event"),
        Expect::Trigger => panic!("{name}: no delivery"),
    }
    if !matches!(case.expect, Expect::Unreadable | Expect::Harmless) {
        assert!(kept.is_empty(), "{name}: a body is kept");
        assert!(unreadable.is_empty(), "{name}: {unreadable:?}");
    }
}

async fn deliver_to(platform: Platform, world: &World, webhook: &WebhookSandbox, body: &[u8]) -> u16 {
    match platform {
        Platform::X => deliver::x(world, webhook, body).await,
        Platform::YouTube => deliver::youtube(world, webhook, body).await,
    }
}

async fn decision(world: &World, name: &str, post: &PostCase) {
    let key = PostKey { platform: Platform::X, id: post.id.clone() };
    let file = world.store.case_file(&key, world.clock.now()).await.unwrap();
    let file = file.unwrap_or_else(|| panic!("{name}: no case of {key}"));
    assert_eq!(file.decisions.len(), 1, "{name}: {key}");
    assert_eq!(file.post.unwrap().text, post.text, "{name}: {key}");
}

async fn outbound(world: &World, case: &Case, post: &PostCase) {
    let name = &case.name;
    let key = PostKey { platform: Platform::X, id: post.id.clone() };
    let file = world.store.case_file(&key, world.clock.now()).await.unwrap().unwrap();
    assert!(file.decisions.is_empty(), "{name}: our own words are not judged here");
    let outbound = file.outbound.unwrap();
    assert_eq!((outbound.account, &outbound.text), (case.accounts.x.clone(), &post.text), "{name}");
    assert_eq!(outbound.retweet_of.is_some(), post.text.is_empty(), "{name}");
}

fn videos(case: &Case, items: &[Value], watched: &[String], gone: &[String]) {
    let name = &case.name;
    assert_eq!(items.len(), watched.len() + gone.len(), "{name}: items");
    for (video, is_gone) in watched.iter().map(|video| (video, false)).chain(gone.iter().map(|video| (video, true))) {
        let (pk, sk) = (format!("ACCOUNT#youtube#{}", case.accounts.youtube), format!("VIDEO#{video}"));
        let item = items.iter().find(|item| item["pk"] == pk && item["sk"] == sk);
        let item = item.unwrap_or_else(|| panic!("{name}: {video} is not on the list"));
        assert_eq!(item["gone_at"].is_string(), is_gone, "{name}: {video}");
        assert!(item["noticed_at"].is_string(), "{name}: {video}");
    }
}

/// An event for both handlers: refused with a reason of ours, or answered below 500.
async fn trigger(world: &World, webhook: &WebhookSandbox, case: &Case) {
    let name = &case.name;
    let event: Value = serde_json::from_slice(&case.body).unwrap();
    for answer in [webhook.handle(event.clone()).await, world.enforce().handle(event).await] {
        match answer {
            Ok(answer) => {
                let status = answer["statusCode"].as_u64();
                let failures = answer["batchItemFailures"].as_array();
                assert!(
                    status.is_some_and(|status| (200..500).contains(&status)) || failures.is_some() || answer.is_null(),
                    "{name}: {answer}"
                );
            }
            Err(error) => {
                let typed = error.downcast_ref::<Unsupported>().is_some();
                assert!(typed || error.to_string().contains(" is not wired to "), "{name}: {error:#}");
            }
        }
    }
    assert!(table::items(&world.engine.address).await.is_empty(), "{name}: something is kept");
    assert!(world.x.simulator.requests().is_empty(), "{name}: X was called");
}

/// Every body, signed, at the doors of both platforms, one after the other in the same world.
async fn no_body_fails_at_any_door(cases: &[Case]) {
    let world = World::new().await;
    let webhook = world.webhook();
    for case in cases {
        for platform in [Platform::X, Platform::YouTube] {
            assert_eq!(deliver_to(platform, &world, &webhook, &case.body).await, 200, "{} at {platform}", case.name);
        }
    }
}

#[derive(Deserialize)]
struct Vector {
    #[serde(alias = "key")]
    secret: String,
    message: String,
    expected: String,
}

#[derive(Deserialize)]
struct Vectors {
    x: Vec<Vector>,
    websub: Vec<Vector>,
}

#[tokio::test]
async fn own_vectors_hold() {
    let text = std::fs::read_to_string(own_folder().join("vectors.toml")).unwrap();
    check_vectors(toml::from_str(&text).unwrap()).await;
}

#[tokio::test]
async fn corpus_vectors_hold() {
    let Some(folder) = corpus::folder("payloads") else { return };
    let vectors: Value = serde_json::from_slice(&std::fs::read(folder.join("vectors.json")).unwrap()).unwrap();
    // Its OAuth 1 vectors belong to calls that this program does not make.
    let list = |name: &str| -> Vec<Vector> { serde_json::from_value(vectors[name].clone()).unwrap() };
    let mut websub = list("x_hub_signature_sha1_hex");
    let prefixed = |vector: Vector| Vector { expected: format!("sha256={}", vector.expected), ..vector };
    websub.extend(list("hmac_sha256_hex").into_iter().map(prefixed));
    check_vectors(Vectors { x: list("x_webhook_hmac_sha256_base64"), websub }).await;
}

async fn check_vectors(vectors: Vectors) {
    assert!(!vectors.x.is_empty() && !vectors.websub.is_empty(), "no vector proves nothing");
    for Vector { secret, message, expected } in &vectors.x {
        let (world, webhook) = signed_with(&json!({"x_consumer_secret": secret})).await;
        let query = format!("crc_token={}", form_encoded(message));
        let answer = webhook.handle(gateway::event("GET", "/x", &query, &HeaderMap::new(), &Bytes::new())).await;
        let answer: Value = serde_json::from_str(answer.unwrap()["body"].as_str().unwrap()).unwrap();
        assert_eq!(answer, json!({"response_token": expected}), "{message}");

        let body = Bytes::from(message.clone());
        let post = |signature: &str| {
            let headers = headers("x-twitter-webhooks-signature", signature);
            webhook.handle(gateway::event("POST", "/x", "", &headers, &body))
        };
        assert_eq!(deliver::status(&post(expected).await.unwrap()), 200, "{message}");
        assert_eq!(deliver::status(&post(&changed(expected)).await.unwrap()), 401, "{message}");
        drop(world);
    }
    for Vector { secret, message, expected } in &vectors.websub {
        // No vector's message is a feed: an accepted one is kept as unreadable, a refused one is not.
        let values = json!({"youtube_websub_secret": secret, "youtube_callback_path": "here"});
        let (world, webhook) = signed_with(&values).await;
        let body = Bytes::from(message.clone());
        for (signature, kept) in [(changed(expected), 0), (expected.clone(), 1)] {
            let headers = headers("x-hub-signature", &signature);
            let answer = webhook.handle(gateway::event("POST", "/youtube/here", "", &headers, &body)).await;
            assert_eq!(deliver::status(&answer.unwrap()), 200, "{message}");
            assert_eq!(table::intake(world.folder.path()).len(), kept, "{message} with {signature}");
        }
    }
}

/// A sandbox with these secrets.
async fn signed_with(secrets: &Value) -> (World, WebhookSandbox) {
    let world = World::new().await;
    let file = world.folder.path().join("vector.json");
    parts::write_secrets(&file, secrets);
    let mut app = parts::app(&world, FolderObjects::new(world.folder.path()), world.queue.clone());
    app.secrets = parts::secrets(&world, &file);
    (world, Webhook::new(app))
}

fn form_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The same signature with another digit in the middle.
fn changed(signature: &str) -> String {
    let middle = signature.len() / 2;
    let digit = if &signature[middle..=middle] == "0" { "1" } else { "0" };
    format!("{}{digit}{}", &signature[..middle], &signature[middle + 1..])
}
