//! Every request that we send is one that the platforms' published specifications describe.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod server;

use std::path::PathBuf;

use casework::platform::{Moderation, Target};
use platforms::Accounts;
use platforms::x::list::{List, Span, Subscription};
use platforms::youtube::list::{Queue, Threads};
use rules::{ActionKind, Platform, UserId};
use serde_json::{Value, json};
use server::{Asked, Server};

/// Calls of Enterprise access, which the public OpenAPI leaves out.
const NOT_IN_THE_OPENAPI: [(&str, &str); 2] =
    [("POST", "/2/users/{id}/blocking"), ("DELETE", "/2/users/{id}/blocking/{target}")];

/// Fields of a post that the wire knows by these names (X docs, data dictionary), where the OpenAPI has others or none.
const WIRE_FIELDS: [&str; 5] =
    ["author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "note_tweet", "referenced_tweets"];

/// A specification beside the corpus, or `None` (said aloud) where there is none.
fn specification(file: &str) -> Option<Value> {
    let path = std::env::var_os("SEKISHO_CORPUS").map(|corpus| PathBuf::from(corpus).join("../specs").join(file));
    let Some(path) = path.filter(|path| path.exists()) else {
        println!("{file} is not there: requests were not compared with it");
        return None;
    };
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// Everything that the clients ask one platform when each action is asked about and performed.
async fn all_requests(platform: Platform, post: &str) -> Vec<Asked> {
    let target = Target { post: post.to_owned(), author: Some(UserId("800200".into())) };
    let targets = [target.clone(), target];
    let mut asked = Vec::new();
    for kind in ActionKind::ALL {
        // The first page of a list leads to a second, and each change is refused once, so that it is read again.
        let page = json!({ "data": [], "items": [], "meta": { "next_token": "7140dibdnow9c7btw4827c3yb0pfg7mg" } });
        let server = Server::start([json!({ "status": 200, "body": page })]).await;
        let _ = server.clients().needed(platform, "900100", kind, &targets, jiff::Timestamp::UNIX_EPOCH).await;
        asked.extend(server.asked());
        let server = Server::start([json!({ "status": 403 })]).await;
        server.clients().perform(platform, "900100", kind, &targets, jiff::Timestamp::UNIX_EPOCH).await;
        asked.extend(server.asked());
    }
    asked.extend(list_requests(platform, post).await);
    assert!(!asked.is_empty());
    asked
}

/// Everything that the clients ask one platform when the poll and the audit read it.
async fn list_requests(platform: Platform, post: &str) -> Vec<Asked> {
    let now: jiff::Timestamp = "2026-11-20T12:00:00.5Z".parse().unwrap();
    let accounts = Accounts { x: "900100".into(), youtube: "UC900100".into() };
    let page = json!({ "data": [], "items": [], "meta": { "result_count": 0 } });
    let server = Server::start(std::iter::repeat_n(json!({ "status": 200, "body": page }), 40)).await;
    let clients = server.clients();
    match platform {
        Platform::X => {
            let spans = [
                Span::default(),
                Span { since: Some(now), until: Some(now), page: Some("7140dibdnow9c7btw4827c3yb0pfg7mg") },
            ];
            for list in [List::OwnPosts, List::Mentions, List::Search("(conversation_id:1) -from:900100")] {
                for span in spans {
                    clients.x_page(&accounts, list, span, now).await.unwrap();
                }
            }
            clients.x_posts(&accounts, &[post, post], now).await.unwrap();
            clients.x_webhooks(now).await.unwrap();
            clients.validate_x_webhook("1234", now).await.unwrap();
            // The answer of an empty list tells of no webhook.
            let _ = clients.add_x_webhook("https://hooks.example.jp/x", now).await;
            clients.x_subscriptions(now).await.unwrap();
            for event in platforms::x::list::SUBSCRIBED {
                let (event, user) = (event.to_owned(), "900100".to_owned());
                clients.x_subscribe(&Subscription { event, user, webhook: "1234".to_owned() }, now).await.unwrap();
            }
        }
        Platform::YouTube => {
            for status in Queue::ALL {
                for of in [Threads::Channel("UC900100"), Threads::Video("video")] {
                    for page in [None, Some("token")] {
                        clients.youtube_threads(&accounts, of, status, page, now).await.unwrap();
                    }
                }
            }
            clients.youtube_replies(&accounts, post, None, now).await.unwrap();
            clients.youtube_replies(&accounts, post, Some("token"), now).await.unwrap();
        }
    }
    // The answer of an empty list tells nothing of whose token it is.
    let _ = clients.connected_account(platform, now).await;
    server.asked()
}

/// The values of a path's placeholders, if the path has the template's form.
fn placeholders<'a>(template: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    if template.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut values = Vec::new();
    for (wanted, found) in template.split('/').zip(path.split('/')) {
        match wanted.strip_prefix('{').and_then(|wanted| wanted.strip_suffix('}')) {
            Some(name) => values.push((name, found)),
            None if wanted == found => {}
            None => return None,
        }
    }
    Some(values)
}

fn queries(asked: &Asked) -> Vec<(String, String)> {
    let url = url::Url::parse(&format!("http://platform{}?{}", asked.path, asked.query)).unwrap();
    url.query_pairs().into_owned().collect()
}

/// Fails unless the value fits a schema of the OpenAPI.
fn fits(openapi: &Value, schema: &Value, value: &Value, what: &str) {
    let mut whole = schema.clone();
    whole["components"] = openapi["components"].clone();
    let validator = jsonschema::validator_for(&whole).unwrap();
    assert!(validator.is_valid(value), "{what}: {value} does not fit {schema}");
}

#[tokio::test]
async fn every_request_to_x_is_in_its_openapi() {
    let Some(openapi) = specification("x-openapi-2.167.json") else { return };
    let mut seen = Vec::new();
    for asked in all_requests(Platform::X, "1990000000000000001").await {
        let what = format!("{} {}", asked.method, asked.path);
        let method = asked.method.to_lowercase();
        let found = openapi["paths"].as_object().unwrap().iter().find_map(|(template, operations)| {
            let values = placeholders(template, &asked.path)?;
            operations.get(&method).map(|operation| (operation, values))
        });
        let excepted = NOT_IN_THE_OPENAPI
            .iter()
            .find(|(method, template)| *method == asked.method && placeholders(template, &asked.path).is_some());
        let (operation, values) = match (found, excepted) {
            (Some(found), None) => found,
            (None, Some(exception)) => {
                seen.push(*exception);
                continue;
            }
            (None, None) => panic!("{what} is no call of X"),
            (Some(_), Some(_)) => panic!("{what} is in the OpenAPI now: take it off the exceptions"),
        };
        let resolved = |parameter: &Value| match parameter["$ref"].as_str() {
            Some(reference) => openapi.pointer(reference.trim_start_matches('#')).unwrap().clone(),
            None => parameter.clone(),
        };
        let parameters: Vec<Value> = operation["parameters"].as_array().into_iter().flatten().map(resolved).collect();
        let parameter = |place: &str, name: &str| {
            let wanted = parameters.iter().find(|parameter| parameter["in"] == place && parameter["name"] == name);
            wanted.unwrap_or_else(|| panic!("{what} has no {place} parameter {name}"))
        };
        for (name, value) in values {
            fits(&openapi, &parameter("path", name)["schema"], &json!(value), &what);
        }
        let app = operation["security"]
            .as_array()
            .is_some_and(|ways| ways.iter().all(|way| way["OAuth2UserToken"].is_null()));
        let token = asked.headers["authorization"].to_str().unwrap();
        assert_eq!(token == "Bearer app", app, "{what}: {token}");
        for (name, value) in queries(&asked) {
            let known = if name == "tweet.fields" { "post.fields" } else { &name };
            let schema = &parameter("query", known)["schema"];
            let value = match schema["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().unwrap()),
                Some("array") => {
                    let wire = |one: &&str| name == "tweet.fields" && WIRE_FIELDS.contains(one);
                    json!(value.split(',').filter(|one| !wire(one)).collect::<Vec<_>>())
                }
                _ => json!(value),
            };
            fits(&openapi, schema, &value, &what);
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body.is_null(), asked.body.is_empty(), "{what}: body");
        if !body.is_null() {
            assert_eq!(asked.headers["content-type"], "application/json", "{what}");
            fits(&openapi, body, &serde_json::from_str(&asked.body).unwrap(), &what);
        }
    }
    for exception in NOT_IN_THE_OPENAPI {
        assert!(seen.contains(&exception), "{exception:?} is no longer sent: take it off the exceptions");
    }
}

#[tokio::test]
async fn every_request_to_youtube_is_in_its_discovery_document() {
    let Some(discovery) = specification("youtube-v3-discovery-20260601.json") else { return };
    let methods = ["comments", "commentThreads", "channels"]
        .map(|resource| discovery["resources"][resource]["methods"].as_object().unwrap())
        .into_iter()
        .flatten();
    let methods: Vec<&Value> = methods.map(|(_, method)| method).collect();
    for asked in all_requests(Platform::YouTube, "UgzAbc-_1.9b").await {
        let what = format!("{} {}", asked.method, asked.path);
        let method = methods.iter().find(|method| {
            method["httpMethod"] == asked.method.as_str()
                && format!("/{}", method["path"].as_str().unwrap()) == asked.path
        });
        let method = method.unwrap_or_else(|| panic!("{what} is no call of YouTube's comments"));
        assert!(method["request"].is_null() && asked.body.is_empty(), "{what}: body");
        let parameters = method["parameters"].as_object().unwrap();
        let queries = queries(&asked);
        for (name, value) in &queries {
            let parameter = parameters.get(name).unwrap_or_else(|| panic!("{what} has no parameter {name}"));
            if let Some(allowed) = parameter["enum"].as_array() {
                assert!(allowed.contains(&json!(value)), "{what}: {name}={value}");
            }
            match parameter["type"].as_str().unwrap() {
                "integer" => assert!(value.parse::<u32>().is_ok(), "{what}: {name}={value}"),
                "boolean" => assert!(["true", "false"].contains(&value.as_str()), "{what}: {name}={value}"),
                "string" => assert!(parameter["repeated"] == true || !value.contains(','), "{what}: {name}={value}"),
                other => panic!("{what}: {name} has the type {other}, which no test knows"),
            }
        }
        for (name, parameter) in parameters {
            let given = queries.iter().filter(|(given, _)| given == name).count();
            assert!(
                given == 1 || (given == 0 && parameter["required"] != true),
                "{what}: {name} is there {given} times"
            );
        }
    }
}

#[tokio::test]
async fn no_request_publishes_replies_likes_or_sends_a_message() {
    for (platform, post) in [(Platform::X, "1990000000000000001"), (Platform::YouTube, "UgzAbc")] {
        for asked in all_requests(platform, post).await {
            let (method, path) = (asked.method.as_str(), asked.path.as_str());
            let known = match platform {
                Platform::X => {
                    placeholders("/2/tweets/{id}/hidden", path).is_some() && method == "PUT"
                        || placeholders("/2/tweets/{id}", path).is_some() && method == "DELETE"
                        || placeholders("/2/users/{id}/blocking", path).is_some() && ["GET", "POST"].contains(&method)
                        || placeholders("/2/users/{id}/blocking/{target}", path).is_some() && method == "DELETE"
                        || placeholders("/2/webhooks/{id}", path).is_some() && method == "PUT"
                        || ["/2/webhooks", "/2/activity/subscriptions"].contains(&path) && method == "POST"
                        || method == "GET"
                }
                Platform::YouTube => [
                    ("GET", "/youtube/v3/comments"),
                    ("GET", "/youtube/v3/commentThreads"),
                    ("GET", "/youtube/v3/channels"),
                    ("DELETE", "/youtube/v3/comments"),
                    ("POST", "/youtube/v3/comments/setModerationStatus"),
                ]
                .contains(&(method, path)),
            };
            assert!(known, "{method} {path}");
        }
    }
}
