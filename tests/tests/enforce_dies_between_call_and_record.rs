//! After a call whose outcome is not known, YouTube is asked first, and X's idempotent call is repeated once at most.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use casework::ledger::{Desk, WaitsFor};
use casework::planned::ActionState;
use http::Method;
use jiff::SignedDuration;
use local::simulator::{Effect, Fault, Matcher};
use local::stack::tick_event;
use rules::TaskKind;
use serde_json::{Value, json};
use store::{ACTION_LEASE_SECONDS, keys};
use tests::World;
use tests::fault::{self, Proxy};
use tests::flow::{THREAT, x_key, youtube_key};

/// A minute of the schedule, and longer than the pause after a first failure.
const LATER: i64 = 60;

/// Kills a sandbox of `enforce` when it records an outcome; everything before has happened.
async fn die_at_the_record(world: &World, event: Value, after: bool) {
    // Only the record of an outcome adds to an action's log.
    let proxy = Proxy::on(&world.engine.address, &["list_append"], fault::Fault::Dead { after }).await;
    let answer = world.enforce_at(&proxy.address).handle(event).await;
    assert!(answer.is_err() || answer.unwrap()["batchItemFailures"] != json!([]), "the failure is told");
}

/// State, outcome and repetitions of the only action about a post.
async fn standing(world: &World, key: &casework::decision::PostKey) -> (ActionState, String, u32) {
    let action = world.only_action(key).await;
    (action.state, action.outcome.unwrap_or_default(), action.repeats)
}

#[tokio::test]
async fn what_the_dead_did_not_come_to_is_not_uncertain() {
    let world = World::new().await;
    let first = world.decided_reply(THREAT).await;
    world.pass(1);
    let second = world.decided_reply(THREAT).await;
    die_at_the_record(&world, tick_event(), false).await;
    assert!(!world.x_visible(&first) && world.x_visible(&second));
    assert_eq!(world.only_action(&x_key(&second)).await.state, ActionState::Pending);
    world.pass(ACTION_LEASE_SECONDS);
    world.tick().await;
    assert_eq!(standing(&world, &x_key(&second)).await, (ActionState::Done, "done".to_owned(), 0));
}

#[tokio::test]
async fn what_there_was_no_time_for_is_left_as_it_was() {
    let world = World::new().await;
    for _ in 0..6 {
        world.decided_reply(THREAT).await;
        world.decided_comment(THREAT).await;
    }
    for event in [tick_event(), world.stream_event().await] {
        let mut enforce = world.enforce();
        // Whatever is done takes its time: the clock is read before each claim, and before each call.
        let clock = world.clock.clone();
        enforce.clock = Box::new(move || {
            clock.advance(SignedDuration::from_secs(8));
            clock.now()
        });
        let answer = enforce.handle(event).await.unwrap();
        assert!(answer.is_null() || answer["batchItemFailures"] == json!([]));
    }
    let left = world.items("POST#", keys::ACTION_PREFIX).await;
    let stages = left.iter().map(|action| (action["stage"].as_str().unwrap(), action["repeats"].as_u64().unwrap()));
    let stages: Vec<_> = stages.collect();
    assert!(stages.contains(&("done", 0)) && stages.contains(&("pending", 0)), "{stages:?}");
    assert!(!stages.iter().any(|(stage, repeats)| *stage == "running" || *repeats > 0), "{stages:?}");
}

#[tokio::test]
async fn x_is_called_again_once_and_the_repetition_is_recorded() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    die_at_the_record(&world, world.stream_event().await, false).await;
    assert_eq!(world.x_effects(&id).changes, 1);
    assert_eq!(standing(&world, &x_key(&id)).await.0, ActionState::Running);

    world.pass(ACTION_LEASE_SECONDS - 1);
    world.tick().await;
    assert_eq!(world.x_effects(&id).calls, 1, "not before the lease has ended");

    world.pass(1);
    world.tick().await;
    assert_eq!(standing(&world, &x_key(&id)).await, (ActionState::Done, "done, repeated".to_owned(), 1));
    let effects = world.x_effects(&id);
    assert_eq!((effects.calls, effects.changes), (2, 1));
}

#[tokio::test]
async fn a_record_that_was_written_before_the_death_is_not_repeated() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    die_at_the_record(&world, world.stream_event().await, true).await;
    world.pass(ACTION_LEASE_SECONDS);
    world.tick().await;
    assert_eq!(standing(&world, &x_key(&id)).await, (ActionState::Done, "done".to_owned(), 0));
    assert_eq!(world.x_effects(&id).calls, 1);
}

#[tokio::test]
async fn after_a_second_death_a_person_has_to_look() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    for _ in 0..2 {
        die_at_the_record(&world, tick_event(), false).await;
        world.pass(ACTION_LEASE_SECONDS);
    }
    world.tick().await;
    handed_over_after_two_calls(&world, &id).await;
}

#[tokio::test]
async fn after_two_lost_answers_a_person_has_to_look() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    for _ in 0..2 {
        world.x.simulator.fail_next(Matcher::any(), Fault::CloseConnection { effect: Effect::NotPerformed });
        world.tick().await;
        world.pass(2 * LATER);
    }
    assert_eq!(world.x.simulator.faults_left(), 0);
    world.tick().await;
    handed_over_after_two_calls(&world, &id).await;
}

/// Two calls, then a task to look, and nothing after that.
async fn handed_over_after_two_calls(world: &World, id: &str) {
    let key = x_key(id);
    for _ in 0..3 {
        let (state, outcome, _) = standing(world, &key).await;
        assert_eq!((state, world.x_effects(id).calls), (ActionState::HandedOver, 2), "{outcome}");
        world.pass(24 * 3600);
        world.tick().await;
    }
    let tasks = world.open_tasks(&key).await;
    assert!(tasks.contains(&TaskKind::CheckOutcome), "{tasks:?}");
    let queue = world.store.queue().await.unwrap();
    let waits = |entry: &casework::ledger::QueueEntry| entry.waits_for == WaitsFor::Task(TaskKind::CheckOutcome);
    assert_eq!(queue.iter().filter(|entry| waits(entry)).map(|entry| &entry.post).collect::<Vec<_>>(), [&key]);
}

/// Every way in which X or YouTube leaves open whether a call was carried out.
fn uncertain(effect: Effect) -> [Fault; 4] {
    [
        Fault::Status5xx { status: 500, retry_after: None, effect },
        Fault::Status5xx { status: 503, retry_after: None, effect },
        Fault::CloseConnection { effect },
        Fault::Timeout { effect },
    ]
}

#[tokio::test]
async fn an_uncertain_answer_of_x_is_followed_by_one_repetition() {
    for effect in [Effect::Performed, Effect::NotPerformed] {
        for fault in uncertain(effect) {
            let world = World::new().await;
            let id = world.decided_reply(THREAT).await;
            world.x.simulator.fail_next(Matcher::any(), fault.clone());
            // The answer is held for ever, so that even a short patience ends.
            let enforce = world.enforce_with(&world.engine.address, Duration::from_millis(500));
            enforce.handle(tick_event()).await.unwrap();
            let (state, _, repeats) = standing(&world, &x_key(&id)).await;
            assert_eq!((state, repeats), (ActionState::Pending, 1), "{fault:?}");
            assert_eq!(world.x_visible(&id), effect == Effect::NotPerformed);
            world.tick().await;
            assert_eq!(world.x_effects(&id).calls, 1, "{fault:?}: not at once");

            world.pass(LATER);
            world.tick().await;
            assert_eq!(standing(&world, &x_key(&id)).await.1, "done, repeated", "{fault:?}");
            let effects = world.x_effects(&id);
            assert_eq!((effects.calls, effects.changes), (2, 1), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn x_that_asks_to_come_back_later_did_nothing() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let fault = Fault::Status5xx { status: 503, retry_after: Some(120), effect: Effect::NotPerformed };
    world.x.simulator.fail_next(Matcher::any(), fault);
    world.tick().await;
    let action = world.only_action(&x_key(&id)).await;
    assert_eq!(action.due_at, world.clock.now() + SignedDuration::from_secs(120));
    world.pass(120);
    world.tick().await;
    assert_eq!(standing(&world, &x_key(&id)).await, (ActionState::Done, "done".to_owned(), 0));
}

#[tokio::test]
async fn youtube_is_asked_and_not_called_again() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.decided_comment(THREAT).await);
    }
    die_at_the_record(&world, world.stream_event().await, false).await;
    assert_eq!(world.moderations().len(), 1, "one call for all three");
    assert!(ids.iter().all(|id| !world.youtube_visible(id)));

    let before = world.youtube.simulator.requests().len();
    world.pass(ACTION_LEASE_SECONDS);
    world.tick().await;
    let since = &world.youtube.simulator.requests()[before..];
    assert!(!since.is_empty() && since.iter().all(|request| request.method == Method::GET), "only asked: {since:?}");
    for id in &ids {
        let (state, outcome, _) = standing(&world, &youtube_key(id)).await;
        assert_eq!((state, outcome.as_str()), (ActionState::Done, "goal met: already"));
        let effects = world.youtube.simulator.effects(id);
        assert_eq!((effects.calls, effects.changes), (1, 1));
    }
}

#[tokio::test]
async fn an_uncertain_answer_of_youtube_is_followed_by_asking() {
    for effect in [Effect::Performed, Effect::NotPerformed] {
        for fault in uncertain(effect) {
            let world = World::new().await;
            let id = world.decided_comment(THREAT).await;
            let moderation = Matcher::call(Method::POST, "/youtube/v3/comments/setModerationStatus");
            world.youtube.simulator.fail_next(moderation, fault.clone());
            let enforce = world.enforce_with(&world.engine.address, Duration::from_millis(500));
            enforce.handle(tick_event()).await.unwrap();
            let (state, _, repeats) = standing(&world, &youtube_key(&id)).await;
            assert_eq!((state, repeats), (ActionState::Pending, 1), "{fault:?}");

            world.pass(LATER);
            world.tick().await;
            let (calls, outcome) = match effect {
                Effect::Performed => (1, "goal met: already"),
                Effect::NotPerformed => (2, "done, repeated"),
            };
            assert_eq!(standing(&world, &youtube_key(&id)).await.1, outcome, "{fault:?}");
            let effects = world.youtube.simulator.effects(&id);
            assert_eq!((effects.calls, effects.changes), (calls, 1), "{fault:?}");
        }
    }
}
