//! However long X takes to answer, what was read is recorded, and what was not is read again.

use std::sync::Arc;

use jiff::SignedDuration;
use local::simulator::x::{Draft, Link};
use local::stack::X_USER;
use metrics_util::debugging::DebuggingRecorder;
use serde_json::json;
use tests::World;
use tests::flow::{PRAISE, x_account, x_key};
use tests::world::{FAN, STRANGER, SweepSandbox};

/// A sandbox for which each call to X takes so many seconds, and nothing else takes any.
fn slow(world: &World, seconds: i64) -> SweepSandbox {
    let (start, x) = (world.clock.now(), world.x.simulator.clone());
    let before = x.requests().len();
    let mut sweep = world.sweep();
    sweep.clock = Arc::new(move || {
        let calls = i64::try_from(x.requests().len() - before).unwrap();
        start + SignedDuration::from_secs(seconds * calls)
    });
    sweep
}

/// Posts that mention us, a second apart, ending now; gives their ids, oldest first.
fn mentions(world: &World, count: i64) -> Vec<String> {
    let now = world.clock.now();
    let mut state = world.x.simulator.state();
    (0..count)
        .map(|place| {
            let at = Some(now - SignedDuration::from_secs(count - place));
            let text = format!("@SOCKETS_JP {place}回目に聴きました");
            state.publish(Draft { id: None, at, author: STRANGER, text: &text, photo: None, link: Link::None }).unwrap()
        })
        .collect()
}

async fn decided(world: &World, ids: &[String]) -> usize {
    let mut decided = 0;
    for id in ids {
        decided += world.verdicts(&x_key(id)).await.len();
    }
    decided
}

#[tokio::test]
async fn more_than_can_be_read_in_time_is_recorded_as_far_as_it_was_read() {
    let world = World::new().await;
    world.short_pages();
    let mentions = mentions(&world, 80);
    slow(&world, 25).handle(json!({"mode": "poll"})).await.unwrap();
    let first = decided(&world, &mentions).await;
    assert!(first >= 20, "{first} after the slow poll");
    world.pass(300);
    world.poll().await;
    assert_eq!(decided(&world, &mentions).await, mentions.len());
}

#[tokio::test]
async fn what_does_not_say_when_it_was_made_moves_no_watermark_when_it_is_left() {
    let world = World::new().await;
    world.write(X_USER, "本日のお知らせです", Link::None);
    let mention = world.write(FAN, &format!("@SOCKETS_JP {PRAISE}"), Link::None);
    // An id has no more than nineteen digits.
    let id = Some("10000000000000000000");
    let unreadable = Draft { id, at: None, author: FAN, text: "@SOCKETS_JP", photo: None, link: Link::None };
    world.x.simulator.state().publish(unreadable).unwrap();
    // The mentions are read to their end, and then the time is over.
    slow(&world, 130).handle(json!({"mode": "poll"})).await.unwrap();
    assert_eq!(world.store.watermark(&x_account(), "x.mentions").await.unwrap().done, None);
    world.pass(300);
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&mention)).await.len(), 1);
}

#[tokio::test]
async fn a_walk_that_another_invocation_goes_on_with_is_not_put_off() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let world = World::new().await;
    world.short_pages();
    let mentions = mentions(&world, 150);
    world.sweep().handle(json!({"mode": "poll"})).await.unwrap();
    // Each walk has time for two pages.
    for _ in 0..4 {
        world.work_off(&slow(&world, 120)).await;
    }
    assert_eq!(decided(&world, &mentions).await, mentions.len());
    let counted = snapshotter.snapshot().into_vec();
    let put_off = counted.iter().filter(|(key, ..)| key.key().name() == lambda_kit::metrics::POLL_PUT_OFF);
    assert_eq!(put_off.count(), 0);
}
