//! X: blocking needs Enterprise access, listing blocks does not.

use http::Method;
use serde_json::json;

use super::world::{FAN, OURS, STRANGER, x_world};

#[tokio::test]
async fn blocking_without_enterprise_names_the_enrolment_it_needs() {
    let world = x_world().await;
    let path = format!("/2/users/{OURS}/blocking");
    world.x.state().tokens.get_mut("token-ours").unwrap().scopes.insert("block.write".to_owned());
    let got = world.call(Method::POST, &path, "token-ours", Some("{\"target_user_id\":\"2002\"}")).await;
    assert_eq!((got.status, got.problem()), (403, "client-forbidden"));
    assert_eq!(got.body["required_enrollment"], "Enterprise");
    let got = world.call(Method::DELETE, &format!("{path}/{FAN}"), "token-ours", None).await;
    assert_eq!((got.status, got.problem()), (403, "client-forbidden"));
    assert_eq!(world.x.effects(FAN).performed, 0);
}

#[tokio::test]
async fn an_enterprise_app_blocks_and_unblocks_for_its_own_user() {
    let world = x_world().await;
    world.x.state().enterprise = true;
    let path = format!("/2/users/{OURS}/blocking");
    let block = |body| world.call(Method::POST, &path, "token-ours", Some(body));
    assert_eq!(block("{\"target_user_id\":\"2002\"}").await.status, 403, "the scope is missing");
    world.x.state().tokens.get_mut("token-ours").unwrap().scopes.insert("block.write".to_owned());
    for _ in 0..2 {
        assert_eq!(block("{\"target_user_id\":\"2002\"}").await.body, json!({"data": {"blocking": true}}));
    }
    assert_eq!(block("{\"target_user_id\":2002}").await.status, 400);
    assert_eq!(block("{\"target_user_id\":\"2002\",\"x\":1}").await.status, 400);
    assert_eq!(block("{\"target_user_id\":\"1001\"}").await.status, 403, "oneself");
    assert_eq!(block("{\"target_user_id\":\"404\"}").await.status, 404);
    let other = format!("/2/users/{STRANGER}/blocking");
    let got = world.call(Method::POST, &other, "token-ours", Some("{\"target_user_id\":\"2002\"}")).await;
    assert_eq!(got.status, 403);
    let got = world.call(Method::DELETE, &format!("{path}/{FAN}"), "token-ours", None).await;
    assert_eq!(got.body, json!({"data": {"blocking": false}}));
    assert_eq!((world.x.effects(FAN).performed, world.x.effects(FAN).changes), (3, 2));
}

#[tokio::test]
async fn blocks_are_listed_newest_first_in_pages() {
    let world = x_world().await;
    let blocked = vec![FAN.to_owned(), STRANGER.to_owned()];
    world.x.state().blocks.insert(OURS.to_owned(), blocked);
    let path = format!("/2/users/{OURS}/blocking?max_results=1");
    let first = world.call(Method::GET, &path, "token-ours", None).await;
    assert_eq!(first.body["data"][0], json!({"id": STRANGER, "name": "Passer-by", "username": "passer_by"}));
    let next = first.body["meta"]["next_token"].as_str().unwrap();
    assert!(next.len() >= 16);
    let second = world.call(Method::GET, &format!("{path}&pagination_token={next}"), "token-ours", None).await;
    assert_eq!((second.body["data"][0]["id"].as_str(), second.body["meta"].get("next_token")), (Some(FAN), None));
    assert_eq!(second.header("x-rate-limit-limit"), Some(15));
    for bad in ["max_results=0", "max_results=1001", "pagination_token=made-up-by-somebody", "page=2"] {
        let got = world.call(Method::GET, &format!("/2/users/{OURS}/blocking?{bad}"), "token-ours", None).await;
        assert_eq!(got.status, 400, "{bad}");
    }
    let got = world.call(Method::GET, &format!("/2/users/{FAN}/blocking"), "token-ours", None).await;
    assert_eq!(got.status, 403);
    let empty = world.call(Method::GET, &format!("/2/users/{FAN}/blocking"), "token-fan", None).await;
    assert_eq!(empty.body, json!({"meta": {"result_count": 0}}));
}
