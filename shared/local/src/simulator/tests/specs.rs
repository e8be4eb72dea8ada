//! The simulators' answers against the published OpenAPI of X and the discovery document of YouTube.

use std::path::PathBuf;

use http::Method;
use serde_json::{Value, json};

use crate::simulator::x::Webhook;

use super::world::{FAN, OURS, VIDEO, VIEWER, x_world, youtube_world};

/// Fields that YouTube documents but that are newer than the discovery document at hand.
const NEWER: [&str; 1] = ["imageUrl"];

/// What every list of posts is asked for.
const FIELDS: &str = "max_results=10&post.fields=created_at,entities,lang,conversation_id&expansions=author_id";

fn spec(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("SEKISHO_SPECS").map(PathBuf::from) else {
        println!("SEKISHO_SPECS is not set: the answers were not compared with the published descriptions");
        return None;
    };
    Some(serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap())
}

fn assert_x(api: &Value, schema: &str, body: &Value) {
    let root = json!({"$ref": format!("#/components/schemas/{schema}"), "components": api["components"]});
    let validator = jsonschema::validator_for(&root).unwrap();
    let errors: Vec<String> = validator.iter_errors(body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{schema}: {errors:?} in {body}");
}

#[tokio::test]
async fn xs_answers_are_those_of_its_openapi() {
    let Some(api) = spec("x-openapi-2.167.json") else { return };
    let world = x_world().await;
    world.x.state().enterprise = true;
    world.x.state().blocks.insert(OURS.to_owned(), vec![FAN.to_owned()]);
    let reply = world.reply.as_str();
    let look_up = format!("/2/tweets?ids={reply},999&post.fields=created_at,entities,lang&expansions=author_id");
    let hide = |id: &str| (Method::PUT, format!("/2/tweets/{id}/hidden"), Some("{\"hidden\":true}"));
    let calls = [
        ("HidePostsReplyResponse", 200, hide(reply)),
        ("ResourceNotFoundProblem", 404, hide("999")),
        ("Problem", 404, hide("999")),
        ("NotAuthorizedForResourceProblem", 403, hide(&world.foreign_reply)),
        ("InvalidRequestProblem", 400, hide("abc")),
        ("GetPostsByIdsResponse", 200, (Method::GET, look_up, None)),
        ("GetUsersBlockingResponse", 200, (Method::GET, format!("/2/users/{OURS}/blocking"), None)),
        ("GetUsersPostsResponse", 200, (Method::GET, format!("/2/users/{OURS}/tweets?{FIELDS}"), None)),
        ("GetUsersMentionsResponse", 200, (Method::GET, format!("/2/users/{OURS}/mentions?{FIELDS}"), None)),
        (
            "SearchPostsRecentResponse",
            200,
            (Method::GET, format!("/2/tweets/search/recent?query=conversation_id:{}&{FIELDS}", world.root), None),
        ),
        ("InvalidRequestProblem", 400, (Method::GET, "/2/tweets/search/recent?query=words".to_owned(), None)),
        ("GetUsersMeResponse", 200, (Method::GET, "/2/users/me".to_owned(), None)),
        ("DeletePostsResponse", 200, (Method::DELETE, format!("/2/tweets/{}", world.root), None)),
    ];
    for (schema, status, (method, path, body)) in calls {
        let got = world.call(method, &path, "token-ours", body).await;
        assert_eq!(got.status, status, "{path}");
        assert_x(&api, schema, &got.body);
    }
    world.x.state().enterprise = true;
    let webhook = Webhook { id: "77".to_owned(), url: "https://a.example/x".to_owned(), valid: false, answers: true };
    world.x.state().webhooks.push(webhook);
    for (schema, method, path) in [
        ("GetWebhooksResponse", Method::GET, "/2/webhooks"),
        ("ValidateWebhooksResponse", Method::PUT, "/2/webhooks/77"),
    ] {
        let got = world.call(method, path, "token-app", None).await;
        assert_eq!(got.status, 200, "{path}");
        assert_x(&api, schema, &got.body);
    }
    let about = |event: &str| json!({"event_type": event, "filter": {"user_id": OURS}, "webhook_id": "77"}).to_string();
    let asked = [
        ("CreateWebhooksResponse", "/2/webhooks", "token-app", json!({"url": "https://b.example/x"}).to_string()),
        ("CreateActivitySubscriptionResponse", "/2/activity/subscriptions", "token-ours", about("post.reply.create")),
        ("CreateActivitySubscriptionResponse", "/2/activity/subscriptions", "token-app", about("post.create")),
    ];
    for (schema, path, token, body) in asked {
        let got = world.call(Method::POST, path, token, Some(&body)).await;
        assert_eq!(got.status, 200, "{path}");
        assert_x(&api, schema, &got.body);
        let again = world.call(Method::POST, path, token, Some(&body)).await;
        assert_eq!(again.status, 400, "{path}: a second time");
    }
    let private = about("post.quote.create");
    let got = world.call(Method::POST, "/2/activity/subscriptions", "token-app", Some(&private)).await;
    assert_eq!(got.status, 403, "what is private, asked for by the app alone");
    let got = world.call(Method::GET, "/2/activity/subscriptions", "token-ours", None).await;
    assert_x(&api, "GetActivitySubscriptionsResponse", &got.body);
}

/// Every field must be one that the schema knows, of its type.
fn assert_youtube(api: &Value, schema: &Value, body: &Value, path: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return assert_youtube(api, &api["schemas"][name], body, path);
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            for (name, value) in body.as_object().unwrap() {
                let property = &schema["properties"][name];
                if property.is_null() {
                    assert!(NEWER.contains(&name.as_str()), "{path}.{name} is no known field");
                } else {
                    assert_youtube(api, property, value, &format!("{path}.{name}"));
                }
            }
        }
        "array" => {
            for item in body.as_array().unwrap() {
                assert_youtube(api, &schema["items"], item, path);
            }
        }
        "string" => {
            let text = body.as_str().unwrap_or_else(|| panic!("{path} is no string"));
            let closed = schema["enum"].as_array();
            assert!(closed.is_none_or(|values| values.contains(&text.into())), "{path}: {text}");
        }
        "integer" => assert!(body.is_u64(), "{path} is no integer"),
        "boolean" => assert!(body.is_boolean(), "{path} is no boolean"),
        other => panic!("{path}: {other} was not expected"),
    }
}

#[tokio::test]
async fn youtubes_answers_are_those_of_its_discovery_document() {
    let Some(api) = spec("youtube-v3-discovery-20260601.json") else { return };
    let world = youtube_world().await;
    {
        let mut state = world.youtube.state();
        state.reply(&world.comment, VIEWER, "返信").unwrap();
        state.comments.get_mut(&world.comment).unwrap().image_url = Some("https://img.example/1".to_owned());
    }
    let threads = format!("/commentThreads?part=id,snippet,replies&videoId={VIDEO}&maxResults=1");
    let replies = format!("/comments?part=id,snippet&parentId={}", world.comment);
    for (path, schema) in [(threads, "CommentThreadListResponse"), (replies, "CommentListResponse")] {
        let got = world.call(Method::GET, &path, "token-owner").await;
        assert_eq!((got.status, got.body["items"].as_array().unwrap().len()), (200, 1));
        assert_youtube(&api, &json!({"$ref": schema}), &got.body, schema);
    }
}
