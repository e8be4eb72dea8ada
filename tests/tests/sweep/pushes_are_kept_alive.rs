//! The lease of video notices is renewed at half-time, and an invalid webhook is challenged anew.

use axum::http::Method;
use local::simulator::{Fault, Matcher};
use serde_json::json;
use tests::World;
use tests::flow::x_account;
use tests::sweeping::channel;
use tests::world::PUBLIC_URL;

/// Ten days, as the hub names them.
const LEASE: i64 = 864_000;

/// The hub verifies what it was asked for, at the webhook.
async fn verify(world: &World) -> usize {
    let asked = std::mem::take(&mut world.youtube.simulator.state().subscriptions);
    for subscription in &asked {
        let path = subscription.callback.strip_prefix(PUBLIC_URL).unwrap();
        assert_eq!(path, format!("/youtube/{}", world.secrets.youtube_callback_path));
        assert_eq!(subscription.secret, world.secrets.youtube_websub_secret);
        let event = json!({
            "version": "2.0", "rawPath": path, "headers": {},
            "rawQueryString": form(&[("hub.mode", "subscribe"), ("hub.topic", &subscription.topic),
                ("hub.challenge", "challenge"), ("hub.lease_seconds", &LEASE.to_string())]),
            "requestContext": {"http": {"method": "GET", "path": path, "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1", "userAgent": ""}},
            "isBase64Encoded": false,
        });
        let answer = world.webhook().handle(event).await.unwrap();
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!("challenge")));
    }
    asked.len()
}

fn form(pairs: &[(&str, &str)]) -> String {
    reqwest::Url::parse_with_params("http://host/", pairs).unwrap().query().unwrap().to_owned()
}

#[tokio::test]
async fn the_lease_is_asked_for_once_and_again_at_half_time() {
    let world = World::new().await;
    world.poll().await;
    assert_eq!(verify(&world).await, 1);
    let lease = world.store.websub(&channel()).await.unwrap();
    assert_eq!(lease.until.unwrap().duration_since(world.clock.now()).as_secs(), LEASE);
    world.pass(LEASE / 2 - 60);
    world.poll().await;
    assert_eq!(verify(&world).await, 0, "before half-time");
    world.pass(60);
    world.poll().await;
    assert_eq!(verify(&world).await, 1, "at half-time");
    world.poll().await;
    assert_eq!(verify(&world).await, 0);
}

#[tokio::test]
async fn a_hub_that_knows_another_secret_is_asked_again() {
    let world = World::new().await;
    world.poll().await;
    assert_eq!(verify(&world).await, 1);
    // What a hub was told before a secret was rotated.
    world.store.websub_asked(&channel(), Ok("another"), world.clock.now()).await.unwrap();
    world.pass(3600);
    world.poll().await;
    assert_eq!(verify(&world).await, 1);
    world.pass(3600);
    world.poll().await;
    assert_eq!(verify(&world).await, 0, "it knows ours now");
}

#[tokio::test]
async fn a_hub_that_refuses_is_asked_again_an_hour_later() {
    let world = World::new().await;
    let subscribe = Matcher::call(Method::POST, "/subscribe");
    let refusal =
        Fault::Status5xx { status: 503, retry_after: Some(120), effect: local::simulator::Effect::NotPerformed };
    world.youtube.simulator.fail_next(subscribe, refusal);
    world.poll().await;
    assert_eq!(world.store.websub(&channel()).await.unwrap().refused.as_deref(), Some("http-503"));
    world.poll().await;
    assert_eq!(verify(&world).await, 0, "not at once");
    world.pass(3600);
    world.poll().await;
    assert_eq!(verify(&world).await, 1);
    assert_eq!(world.store.websub(&channel()).await.unwrap().refused, None);
}

#[tokio::test]
async fn an_invalid_webhook_is_challenged_anew_within_the_hour() {
    let world = World::new().await;
    world.poll().await;
    assert_eq!(world.store.webhook_state(&x_account()).await.unwrap().state.as_deref(), Some("valid"));
    world.x.simulator.state().webhooks[0].valid = false;
    world.pass(1800);
    world.poll().await;
    assert!(!world.x.simulator.state().webhooks[0].valid, "looked at more than once an hour");
    world.pass(1800);
    world.poll().await;
    assert!(world.x.simulator.state().webhooks[0].valid);
    assert_eq!(world.store.webhook_state(&x_account()).await.unwrap().state.as_deref(), Some("valid"));

    {
        let webhook = &mut world.x.simulator.state().webhooks[0];
        (webhook.valid, webhook.answers) = (false, false);
    }
    world.pass(3600);
    world.poll().await;
    assert_eq!(world.store.webhook_state(&x_account()).await.unwrap().state.as_deref(), Some("invalid"));
}

/// How the store says that X's pushes stand.
async fn state(world: &World) -> Option<String> {
    world.store.webhook_state(&x_account()).await.unwrap().state
}

#[tokio::test]
async fn a_webhook_that_is_missing_is_registered_and_subscribed() {
    let world = World::new().await;
    {
        let mut x = world.x.simulator.state();
        x.webhooks.clear();
        x.subscriptions.clear();
    }
    let refused = Fault::Status5xx { status: 503, retry_after: None, effect: local::simulator::Effect::NotPerformed };
    world.x.simulator.fail_next(Matcher::call(Method::POST, "/2/webhooks"), refused.clone());
    world.poll().await;
    assert_eq!(state(&world).await.as_deref(), Some("missing"));

    world.pass(3600);
    world.x.simulator.fail_next(Matcher::call(Method::POST, "/2/activity/subscriptions"), refused.clone());
    world.poll().await;
    assert_eq!(state(&world).await.as_deref(), Some("unsubscribed"));

    // What X does not tell is asked again with the next poll, and is no state of ours.
    world.pass(3600);
    world.x.simulator.fail_next(Matcher::call(Method::GET, "/2/activity/subscriptions"), refused);
    world.poll().await;
    assert_eq!(state(&world).await.as_deref(), Some("unsubscribed"));
    world.poll().await;
    assert_eq!(state(&world).await.as_deref(), Some("valid"));
    let x = world.x.simulator.state();
    assert_eq!(x.webhooks.iter().map(|webhook| webhook.url.clone()).collect::<Vec<_>>(), [format!("{PUBLIC_URL}/x")]);
    let mut told: Vec<&str> = x.subscriptions.iter().map(|subscription| subscription.event.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["post.create", "post.delete", "post.mention.create", "post.quote.create", "post.reply.create"]);
    assert!(x.subscriptions.iter().all(|it| it.webhook == x.webhooks[0].id && it.user == local::stack::X_USER));
}
