//! One reply is decided and hidden once, however often and under whatever event ids X delivers it.

#![allow(clippy::unwrap_used)]

use casework::planned::ActionState;
use futures::future::join_all;
use lambda_kit::queue::Queue;
use local::simulator::deliver::x_event::PostEvent;
use serde_json::{Value, json};
use store::CLAIM_LEASE_SECONDS;
use tests::fault::{Fault, Proxy};
use tests::flow::{THREAT, x_key};
use tests::world::{WebhookSandbox, sqs_record};
use tests::{World, deliver};

/// Delivers the bodies all at once, each to one of three sandboxes; every one is answered 200.
async fn at_once(world: &World, bodies: &[Vec<u8>]) {
    let sandboxes: Vec<WebhookSandbox> = (0..3).map(|_| world.webhook()).collect();
    let calls = bodies.iter().enumerate().map(|(place, body)| deliver::x(world, &sandboxes[place % 3], body));
    assert_eq!(join_all(calls).await, vec![200; bodies.len()]);
}

/// Wakes three sandboxes of `enforce` at once, by the stream and by the schedule.
async fn enforce_at_once(world: &World) {
    let stream = world.stream_event().await;
    let sandboxes = [world.enforce(), world.enforce(), world.enforce()];
    let woken = sandboxes.iter().flat_map(|sandbox| [sandbox.handle(stream.clone()), sandbox.handle(stream.clone())]);
    for answer in join_all(woken).await {
        assert_eq!(answer.unwrap()["batchItemFailures"], json!([]));
    }
    world.tick().await;
}

/// One decision, one action, one call that changed what X shows.
async fn decided_and_hidden_once(world: &World, id: &str) {
    let key = x_key(id);
    assert_eq!(world.items_of(&key, "DECISION#").await.len(), 1);
    let claims = world.items_of(&key, "CLAIM#").await;
    assert_eq!(claims.iter().map(|claim| &claim["stage"]).collect::<Vec<_>>(), ["done"]);
    let action = world.only_action(&key).await;
    assert_eq!((action.state, action.outcome.as_deref()), (ActionState::Done, Some("done")));
    let effects = world.x_effects(id);
    assert_eq!((effects.calls, effects.performed, effects.changes), (1, 1, 1));
    assert!(!world.x_visible(id));
    assert_eq!(intake_files(world), 0, "no raw body is left behind");
}

fn intake_files(world: &World) -> usize {
    tests::table::intake(world.folder.path()).len()
}

#[tokio::test]
async fn ten_deliveries_at_once_hide_once() {
    let world = World::new().await;
    let id = world.reply(THREAT);
    at_once(&world, &vec![world.x_body(PostEvent::Reply, &id, 1); 10]).await;
    world.take_up_parked(&world.webhook()).await;
    enforce_at_once(&world).await;
    decided_and_hidden_once(&world, &id).await;
}

#[tokio::test]
async fn three_event_ids_of_one_post_hide_once() {
    let world = World::new().await;
    let id = world.reply(THREAT);
    let events = [(PostEvent::Mention, 1), (PostEvent::Reply, 2), (PostEvent::Quote, 3)];
    at_once(&world, &events.map(|(event, number)| world.x_body(event, &id, number))).await;
    world.take_up_parked(&world.webhook()).await;
    enforce_at_once(&world).await;
    for (event, number) in events {
        at_once(&world, &[world.x_body(event, &id, number)]).await;
    }
    enforce_at_once(&world).await;
    decided_and_hidden_once(&world, &id).await;
}

#[tokio::test]
async fn a_late_redelivery_changes_nothing() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.tick().await;
    let before = world.items("", "").await;
    // X's own redelivery comes up to a day later; a replay may come a week later.
    for seconds in [60, 24 * 3600, 7 * 24 * 3600] {
        world.pass(seconds);
        at_once(&world, &vec![world.x_body(PostEvent::Reply, &id, 1); 3]).await;
        enforce_at_once(&world).await;
    }
    assert!(world.queue.take().is_empty(), "nothing is parked for what is decided");
    assert!(world.items("", "").await == before, "the table is as it was");
    decided_and_hidden_once(&world, &id).await;
}

#[tokio::test]
async fn a_delivery_that_meets_a_live_lease_parks_itself_and_resumes_after_a_crash() {
    let world = World::new().await;
    let id = world.reply(THREAT);
    let body = world.x_body(PostEvent::Reply, &id, 1);
    // A sandbox dies right after its claim, which follows the look at the rulebook in force.
    let proxy = Proxy::start(&world.engine.address, vec![(1, Fault::Dead { after: true })]).await;
    deliver::x(&world, &world.webhook_at(&proxy.address), &body).await;
    world.queue.take();
    assert_eq!(world.items_of(&x_key(&id), "CLAIM#").await[0]["stage"], "leased");

    world.pass(10);
    at_once(&world, &[body]).await;
    let parked = world.queue.take();
    assert_eq!(parked.len(), 1);
    let lease = u64::try_from(CLAIM_LEASE_SECONDS).unwrap();
    assert_eq!(parked[0].1.as_secs(), lease - 10, "delayed until the lease ends");
    assert_eq!(world.items_of(&x_key(&id), "DECISION#").await, Vec::<Value>::new());

    // A message that comes before its time parks itself anew.
    let message = json!({ "Records": [sqs_record("1", &parked[0].0)] });
    let answer = world.webhook().handle(message).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    let parked = world.queue.take();
    assert_eq!(parked.len(), 1, "still held");

    world.pass(CLAIM_LEASE_SECONDS);
    world.queue.send(&parked[0].0, parked[0].1).await.unwrap();
    world.take_up_parked(&world.webhook()).await;
    enforce_at_once(&world).await;
    decided_and_hidden_once(&world, &id).await;
}

#[tokio::test]
async fn praise_redelivered_is_decided_once_and_never_touched() {
    let world = World::new().await;
    let id = world.reply(tests::flow::PRAISE);
    at_once(&world, &vec![world.x_body(PostEvent::Reply, &id, 1); 10]).await;
    world.take_up_parked(&world.webhook()).await;
    world.tick().await;
    assert_eq!(world.items_of(&x_key(&id), "DECISION#").await.len(), 1);
    assert_eq!(world.items_of(&x_key(&id), "ACTION#").await, Vec::<Value>::new());
    assert_eq!(world.x_effects(&id).calls, 0);
    assert!(world.x_visible(&id));
}
