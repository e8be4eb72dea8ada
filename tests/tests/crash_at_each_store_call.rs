//! Whatever store call a sandbox crashes at, or whatever fails there, ends in one decision and one effect.

#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::sync::Arc;

use casework::planned::ActionState;
use local::simulator::deliver::x_event::PostEvent;
use local::stack::tick_event;
use serde_json::json;
use store::{ACTION_LEASE_SECONDS, CLAIM_LEASE_SECONDS};
use tests::fault::{Fault, Proxy};
use tests::flow::{THREAT, x_key};
use tests::{World, deliver};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Every way in which one call fails.
const FAULTS: [Fault; 7] = [
    Fault::Dead { after: false },
    Fault::Dead { after: true },
    Fault::AnswerLost,
    Fault::Unanswered,
    Fault::Throttled,
    Fault::Conflict,
    Fault::Stale,
];

/// Worlds that run at the same time.
const AT_ONCE: usize = 6;

/// How what a failing `webhook` left undone comes back.
#[derive(Clone, Copy, Debug)]
enum Comeback {
    /// The platform delivers again; what the sandbox parked is lost with it.
    Redelivery,
    /// Nobody delivers again; the sandbox lived and parked the body.
    Queue,
}

/// Whether a sandbox gets no further; a single failed call is tried again by its client.
fn dies(fault: Fault) -> bool {
    matches!(fault, Fault::Dead { .. })
}

/// Runs one check for every point, each in a world of its own, and names the points that failed.
async fn everywhere<P, F>(points: Vec<P>, check: impl Fn(P) -> F)
where
    P: Copy + std::fmt::Debug + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let (turns, mut runs, mut failed) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new(), Vec::new());
    for point in points {
        let (turns, run) = (Arc::clone(&turns), check(point));
        runs.spawn(async move {
            let _turn = turns.acquire_owned().await.unwrap();
            tokio::spawn(run).await.map_err(|_| point)
        });
    }
    while let Some(run) = runs.join_next().await {
        failed.extend(run.unwrap().err());
    }
    assert!(failed.is_empty(), "failed at {failed:?}");
}

/// Store calls of a delivery that meets no fault.
async fn calls_of_a_delivery() -> usize {
    let world = World::new().await;
    let body = world.x_body(PostEvent::Reply, &world.reply(THREAT), 1);
    let proxy = Proxy::start(&world.engine.address, Vec::new()).await;
    assert_eq!(deliver::x(&world, &world.webhook_at(&proxy.address), &body).await, 200);
    let calls = proxy.calls();
    assert_eq!(calls.last().map(String::as_str), Some("TransactWriteItems"), "the decision is recorded last");
    calls.len()
}

/// Store calls of `enforce`, woken by the stream or by the schedule, for one action that meets no fault.
async fn calls_of_enforce(by_stream: bool) -> usize {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let proxy = Proxy::start(&world.engine.address, Vec::new()).await;
    let event = if by_stream { world.stream_event().await } else { tick_event() };
    world.enforce_at(&proxy.address).handle(event).await.unwrap();
    assert_eq!(world.x_effects(&id).changes, 1);
    proxy.calls().len()
}

/// One decision, its claim done, its action done with one effect.
async fn consistent(world: &World, id: &str) {
    let key = x_key(id);
    let claims = world.items_of(&key, "CLAIM#").await;
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0]["stage"], "done");
    assert_eq!(world.items_of(&key, "DECISION#").await.len(), 1);
    assert_eq!(world.items_of(&key, "HEAD").await[0]["decisions"], 1);
    assert_eq!(world.items("PERSON#", "CONTENT#").await.len(), 1);
    assert_eq!(world.items("PERSON#", "STRIKE#").await.len(), 1);
    assert_eq!(world.items("SAME#", "").await.len(), 1);
    let action = world.only_action(&key).await;
    assert_eq!(action.state, ActionState::Done, "{:?}", action.outcome);
    let item = &world.items_of(&key, "ACTION#").await[0];
    assert!(item.get("queue").is_none() && item.get("lease").is_none(), "nothing is left to do");
    assert_eq!(world.x_effects(id).changes, 1);
    assert!(!world.x_visible(id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhook_fails_at_each_store_call() {
    let calls = calls_of_a_delivery().await;
    assert!(calls >= 8, "{calls} calls: claim, reads, profile, record");
    let mut points = Vec::new();
    for at in 0..calls {
        points.extend(FAULTS.map(|fault| (at, fault, Comeback::Redelivery)));
        // A living sandbox behind a dead store parks the body.
        points.push((at, Fault::Dead { after: false }, Comeback::Queue));
        points.push((at, Fault::Dead { after: true }, Comeback::Queue));
    }
    everywhere(points, |(at, fault, comeback)| async move {
        let world = World::new().await;
        let id = world.reply(THREAT);
        let body = world.x_body(PostEvent::Reply, &id, 1);
        let proxy = Proxy::start(&world.engine.address, vec![(at, fault)]).await;
        let status = deliver::x(&world, &world.webhook_at(&proxy.address), &body).await;
        if !dies(fault) {
            assert_eq!(world.items_of(&x_key(&id), "DECISION#").await.len(), 1, "one failed call delays nothing");
            assert!(world.queue.take().is_empty());
        }
        match comeback {
            Comeback::Redelivery => {
                world.queue.take();
                world.pass(CLAIM_LEASE_SECONDS);
                assert_eq!(deliver::x(&world, &world.webhook(), &body).await, 200);
            }
            Comeback::Queue => {
                assert_eq!(status, 200, "parked, so the platform need not deliver again");
                world.pass(CLAIM_LEASE_SECONDS);
            }
        }
        world.take_up_parked(&world.webhook()).await;
        world.tick().await;
        world.pass(ACTION_LEASE_SECONDS);
        world.tick().await;
        consistent(&world, &id).await;
        assert_eq!(world.x_effects(&id).calls, 1, "a crash of webhook never repeats a call of enforce");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enforce_fails_at_each_store_call() {
    let calls = calls_of_enforce(true).await;
    assert!(calls >= 6, "{calls} calls: claim, head, account, cap, budget, record");
    let points = (0..calls).flat_map(|at| FAULTS.map(|fault| (at, fault))).collect();
    everywhere(points, |(at, fault)| async move {
        let world = World::new().await;
        let id = world.decided_reply(THREAT).await;
        let stream = world.stream_event().await;
        let proxy = Proxy::start(&world.engine.address, vec![(at, fault)]).await;
        world.enforce_at(&proxy.address).handle(stream.clone()).await.unwrap();
        if !dies(fault) {
            // Who can't tell whether it opened the budget's window comes back a second later.
            world.pass(1);
            world.tick().await;
            let outcome = world.only_action(&x_key(&id)).await.outcome;
            assert_eq!(outcome.as_deref(), Some("done"), "one failed call leaves nothing uncertain");
        }
        // Lambda hands a failed record on again at once, while the lease may still be held.
        let again = world.enforce().handle(stream).await.unwrap();
        assert_eq!(again["batchItemFailures"], json!([]));
        world.pass(ACTION_LEASE_SECONDS);
        world.tick().await;
        consistent(&world, &id).await;
        assert!(world.x_effects(&id).calls <= 2, "repeated at most once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enforce_dies_or_reads_stale_at_each_store_call_of_a_tick() {
    let calls = calls_of_enforce(false).await;
    let faults = [Fault::Dead { after: false }, Fault::Dead { after: true }, Fault::Stale];
    let points = (0..calls).flat_map(|at| faults.map(|fault| (at, fault))).collect();
    everywhere(points, |(at, fault)| async move {
        let world = World::new().await;
        let id = world.decided_reply(THREAT).await;
        let proxy = Proxy::start(&world.engine.address, vec![(at, fault)]).await;
        // A tick over a dead store fails as a whole, so that it is counted as an error.
        let failed = world.enforce_at(&proxy.address).handle(tick_event()).await.is_err();
        assert_eq!(failed, fault != Fault::Stale);
        world.tick().await;
        world.pass(ACTION_LEASE_SECONDS);
        world.tick().await;
        consistent(&world, &id).await;
        assert!(world.x_effects(&id).calls <= 2, "repeated at most once");
    })
    .await;
}
