//! X: replies are hidden and shown again, own posts deleted, posts looked up, and everything else refused.

use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::world::{FAN, OURS, x_world};
use crate::simulator::x::Link;
use crate::simulator::{Effects, Endpoint};

#[tokio::test]
async fn hiding_is_idempotent_and_can_be_undone() {
    let world = x_world().await;
    for hidden in [true, true, false] {
        let got = world.hide(&world.reply, hidden).await;
        assert_eq!((got.status, got.body), (200, json!({"data": {"hidden": hidden}})));
    }
    assert!(world.x.state().visible(&world.reply));
    assert_eq!(world.x.effects(&world.reply), Effects { calls: 3, performed: 3, changes: 2 });
}

#[tokio::test]
async fn only_replies_in_own_conversations_can_be_hidden() {
    let world = x_world().await;
    for post in [&world.foreign_reply, &world.root] {
        let got = world.hide(post, true).await;
        assert_eq!((got.status, got.problem()), (403, "not-authorized-for-resource"));
        assert_eq!(got.kind, "application/problem+json");
        assert!(world.x.state().visible(post));
    }
    let got = world.hide("999", true).await;
    assert_eq!((got.status, got.problem()), (404, "resource-not-found"));
}

#[tokio::test]
async fn the_body_must_be_the_one_flag_and_nothing_else() {
    let world = x_world().await;
    let path = format!("/2/tweets/{}/hidden", world.reply);
    for body in ["", "{}", "{\"hidden\":\"true\"}", "{\"hidden\":true,\"reason\":\"spam\"}", "[true]"] {
        let got = world.call(Method::PUT, &path, "token-ours", Some(body)).await;
        assert_eq!((got.status, got.problem()), (400, "invalid-request"), "body {body:?}");
    }
    let wrong_calls = [
        (Method::POST, path.clone()),
        (Method::PUT, format!("{path}?dry_run=true")),
        (Method::PUT, "/2/tweets/not-a-number/hidden".to_owned()),
        (Method::PUT, format!("/1.1/tweets/{}/hidden", world.reply)),
    ];
    for (method, path) in wrong_calls {
        let got = world.call(method, &path, "token-ours", Some("{\"hidden\":true}")).await;
        assert_eq!((got.status, got.problem()), (400, "invalid-request"), "{path}");
    }
    assert!(world.x.state().visible(&world.reply));
    assert_eq!(world.x.unwanted_requests().len(), 2, "the wrong method and the wrong path");
}

#[tokio::test]
async fn tokens_are_checked_for_life_kind_and_scope() {
    let world = x_world().await;
    let path = format!("/2/tweets/{}/hidden", world.reply);
    let body = Some("{\"hidden\":true}");
    let hide = |token| world.call(Method::PUT, &path, token, body);
    assert_eq!(hide("unheard-of").await.status, 401);
    let app = hide("token-app").await;
    assert_eq!((app.status, app.problem()), (403, "unsupported-authentication"));
    world.x.state().tokens.get_mut("token-ours").unwrap().scopes.remove("tweet.moderate.write");
    assert_eq!(hide("token-ours").await.status, 403);
    let later = world.clock.now().checked_add(SignedDuration::from_hours(2)).unwrap();
    world.x.state().grant("token-2", "second", OURS);
    world.x.state().tokens.get_mut("token-2").unwrap().expires_at = Some(later);
    assert_eq!(hide("token-2").await.status, 200);
    world.clock.set(later);
    assert_eq!(hide("token-2").await.status, 401);
    let names: Vec<_> = world.x.requests().into_iter().map(|request| request.token).collect();
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(names, [None, named("app"), named("ours"), named("second"), named("second")]);
}

#[tokio::test]
async fn fifty_hides_in_a_window_then_wait_until_its_reset() {
    let world = x_world().await;
    for done in 1..=50 {
        let got = world.hide(&world.reply, true).await;
        assert_eq!((got.status, got.header("x-rate-limit-remaining")), (200, Some(50 - done)));
        assert_eq!(got.header("x-rate-limit-limit"), Some(50));
    }
    let got = world.hide(&world.reply, false).await;
    assert_eq!((got.status, got.problem()), (429, "rate-limit-exceeded"));
    assert_eq!(got.header("x-rate-limit-remaining"), Some(0));
    let reset = got.header("x-rate-limit-reset").unwrap();
    assert_eq!(reset, world.clock.now().as_second() + 900);
    assert!(!world.x.state().visible(&world.reply));
    world.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(world.hide(&world.reply, false).await.status, 200);
}

#[tokio::test]
async fn own_posts_are_deleted_with_all_their_versions() {
    let world = x_world().await;
    let edited = world.x.state().edit(&world.root, "新しいお茶を発売しました（訂正）。").unwrap();
    let delete = |id: &str| {
        let path = format!("/2/tweets/{id}");
        let world = &world;
        async move { world.call(Method::DELETE, &path, "token-ours", None).await }
    };
    let got = delete(&world.reply).await;
    assert_eq!((got.status, got.problem()), (403, "not-authorized-for-resource"));
    assert_eq!(delete(&edited).await.body, json!({"data": {"deleted": true}}));
    assert_eq!(delete(&world.root).await.status, 404);
    // The conversation stays ours.
    assert_eq!(world.hide(&world.reply, true).await.status, 200);
}

#[tokio::test]
async fn looking_up_many_answers_200_with_errors_for_the_missing() {
    let world = x_world().await;
    let path = format!("/2/tweets?ids={},999&tweet.fields=author_id,created_at&expansions=author_id", world.reply);
    let got = world.call(Method::GET, &path, "token-app", None).await;
    assert_eq!(got.status, 200);
    let post = &got.body["data"][0];
    assert_eq!(post["text"], "@sekisho_shop おいしそう！");
    assert_eq!((post["author_id"].as_str(), post.get("lang")), (Some(FAN), None));
    assert_eq!(got.body["includes"]["users"][0]["username"], "fan_hana");
    assert_eq!(got.body["errors"][0]["value"], "999");
    let got = world.call(Method::GET, "/2/tweets?ids=999", "token-app", None).await;
    assert_eq!((got.status, got.body.get("data")), (200, None));
    let many = vec!["1"; 101].join(",");
    for bad in [format!("?ids={many}"), "?ids=abc".to_owned(), String::new(), "?ids=1&tweet.fields=hidden".to_owned()] {
        assert_eq!(world.call(Method::GET, &format!("/2/tweets{bad}"), "token-app", None).await.status, 400);
    }
}

#[tokio::test]
async fn what_would_publish_is_refused_and_logged_as_such() {
    let world = x_world().await;
    let calls = [
        (Method::POST, "/2/tweets".to_owned()),
        (Method::POST, format!("/2/users/{OURS}/likes")),
        (Method::POST, format!("/2/users/{OURS}/retweets")),
        (Method::POST, format!("/2/users/{OURS}/following")),
        (Method::POST, format!("/2/dm_conversations/with/{FAN}/messages")),
        (Method::POST, "/1.1/statuses/update.json".to_owned()),
    ];
    let before = world.x.state().posts.len();
    for (method, path) in &calls {
        let got = world.call(method.clone(), path, "token-ours", Some("{\"text\":\"hi\"}")).await;
        assert_eq!(got.status, 403, "{path}");
    }
    assert_eq!(world.x.state().posts.len(), before);
    let logged = world.x.unwanted_requests();
    assert_eq!(logged.len(), calls.len());
    assert!(logged.iter().all(|request| request.endpoint == Endpoint::Publishing && request.status == Some(403)));
    assert!(!format!("{logged:?}").contains("hi\""), "bodies are not printed");
}

#[tokio::test]
async fn replies_and_reposts_need_what_they_are_attached_to() {
    let world = x_world().await;
    let mut state = world.x.state();
    assert!(state.write(FAN, "?", Link::Reply("999")).is_err());
    assert!(state.write("nobody", "?", Link::None).is_err());
    assert!(state.edit(&world.reply, "edited").is_err(), "replies to others can't be edited");
}
