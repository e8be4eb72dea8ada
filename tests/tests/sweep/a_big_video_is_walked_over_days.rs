//! More comments than a day's quota: walked over days by chained work, while new ones are found at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::Method;
use jiff::SignedDuration;
use local::simulator::x::{Draft, Link};
use local::simulator::{Fault, Matcher};
use rules::Verdict;
use serde_json::json;
use tests::World;
use tests::flow::{THREAT, youtube_key};
use tests::world::{FAN, STRANGER, SweepSandbox, sqs_record};

/// Units of a day here, a hundredth of the real ones.
const UNITS: u32 = 100;

async fn small_world(comments: i64) -> (World, SweepSandbox, Vec<String>) {
    let world = World::new().await;
    // Just after midnight Pacific.
    world.clock.set("2026-11-20T08:00:00Z".parse().unwrap());
    world.youtube.simulator.state().quota.daily = UNITS;
    world.short_pages();
    let comments = world.comments(comments);
    let mut sweep = world.sweep();
    sweep.limits.youtube_daily_units = UNITS;
    (world, sweep, comments)
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_days_quota_is_walked_over_days_and_new_comments_never_wait() {
    // Ten pages of the list, of which the first poll reads three and the morning leaves a handful of units to the rest.
    let (world, sweep, comments) = small_world(100).await;
    world.poll_with(&sweep).await;
    let (first_day, _) = world.decided(&comments).await;
    assert!(first_day >= 30, "the newest three pages at once");
    let mut polls = 0;
    let mut new_ones = 0;
    while world.decided(&comments).await.0 < comments.len() {
        // Every other hour.
        world.pass(2 * 3600);
        let new = world.comment(THREAT);
        world.poll_with(&sweep).await;
        if world.verdicts(&youtube_key(&new)).await == [Verdict::Act] {
            new_ones += 1;
        }
        polls += 1;
        assert_eq!(new_ones, polls, "a new comment had to wait");
        assert!(polls < 60, "{:?} of {}", world.decided(&comments).await, comments.len());
        let day = world.day_spent().await;
        assert!(day.used <= UNITS, "{day:?}");
    }
    let (found, decisions) = world.decided(&comments).await;
    assert_eq!((found, decisions), (100, 100));
    assert!(world.youtube.simulator.requests().iter().all(|request| request.status != Some(403)), "quota exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_invocation_works_beyond_its_time_and_a_stop_anywhere_resumes() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(90);
    // Time passes with every look at the clock: a post takes ten times as long as in a Lambda, of ten times as many.
    let (start, seconds) = (world.clock.now(), Arc::new(AtomicI64::new(0)));
    let slow = |world: &World| {
        let (mut sweep, seconds) = (world.sweep(), Arc::clone(&seconds));
        sweep.clock =
            Arc::new(move || start + SignedDuration::from_millis(1500 * seconds.fetch_add(1, Ordering::SeqCst)));
        sweep
    };
    let time = || 1500 * seconds.load(Ordering::SeqCst) / 1000;
    let mut invocations = 0;
    let sweep = slow(&world);
    let before = time();
    sweep.handle(json!({"mode": "poll"})).await.unwrap();
    assert!(time() - before < 300, "the poll worked {} seconds", time() - before);
    while world.decided(&comments).await.0 < comments.len() {
        invocations += 1;
        assert!(invocations < 40, "{:?}", world.decided(&comments).await);
        let work = world.work.take();
        let before = time();
        if work.is_empty() {
            seconds.fetch_add(300, Ordering::SeqCst);
            slow(&world).handle(json!({"mode": "poll"})).await.unwrap();
        }
        for (body, _) in work {
            let before = time();
            let answer = slow(&world).handle(json!({"Records": [sqs_record("1", &body)]})).await.unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]));
            assert!(time() - before < 300, "chained work took {} seconds", time() - before);
        }
        assert!(time() - before < 900);
    }
    assert!(invocations > 1, "one invocation did it all");
    assert_eq!(world.decided(&comments).await, (90, 90));
}

#[tokio::test]
async fn work_that_comes_twice_or_for_nothing_does_nothing() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(45);
    let sweep = world.sweep();
    sweep.handle(json!({"mode": "poll"})).await.unwrap();
    let work = world.work.take();
    assert!(!work.is_empty());
    for _ in 0..2 {
        let records: Vec<_> = work.iter().map(|(body, _)| sqs_record("1", body)).collect();
        let answer = sweep.handle(json!({"Records": records})).await.unwrap();
        assert_eq!(answer["batchItemFailures"], json!([]));
    }
    assert_eq!(world.decided(&comments).await, (45, 45));
}

#[tokio::test]
async fn a_message_that_is_no_work_is_named_and_the_others_are_done() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(45);
    let sweep = world.sweep();
    sweep.handle(json!({"mode": "poll"})).await.unwrap();
    let (body, _) = world.work.take().remove(0);
    let records = [sqs_record("bad", "{\"poll\":{}}"), sqs_record("good", &body)];
    let answer = sweep.handle(json!({"Records": records})).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([{"itemIdentifier": "bad"}]));
    world.work_off(&sweep).await;
    assert_eq!(world.decided(&comments).await, (45, 45));
}

#[tokio::test]
async fn a_thread_of_many_replies_is_read_to_its_end() {
    let world = World::new().await;
    world.short_pages();
    let head = world.comment("みんなで語りましょう");
    let replies: Vec<String> = (0..42)
        .map(|number| {
            world.pass(1);
            world.comment_reply(&head, &format!("{number}番目の返信です"))
        })
        .collect();
    world.poll().await;
    assert_eq!(world.decided(&replies).await, (42, 42));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_replies_on_x_is_walked_between_two_times() {
    let world = World::new().await;
    world.short_pages();
    let root = world.write(local::stack::X_USER, "本日のお知らせです", Link::None);
    let first = world.write(FAN, "一番乗りです", Link::Reply(&root));
    world.pass(3_600);
    let now = world.clock.now();
    let replies: Vec<String> = {
        let mut state = world.x.simulator.state();
        (0..103)
            .map(|place| {
                let at = Some(now - SignedDuration::from_secs(103 - place));
                let (text, link) = (format!("{place}番目の返信です"), Link::Reply(&first));
                state.publish(Draft { id: None, at, author: STRANGER, text: &text, photo: None, link }).unwrap()
            })
            .collect()
    };
    let sweep = world.sweep();
    sweep.handle(json!({"mode": "poll"})).await.unwrap();
    assert_eq!(
        world.backlogs().await.iter().filter(|item| item["list"].as_str().unwrap().starts_with("x.")).count(),
        1
    );
    world.x.simulator.fail_next(Matcher::call(Method::GET, "/2/tweets/search/recent"), Fault::EmptyPage);
    world.work_off(&sweep).await;
    let items = world.items("POST#x#", "DECISION#").await;
    let decided = |id: &String| items.iter().filter(|item| item["pk"] == format!("POST#x#{id}")).count();
    assert!(replies.iter().all(|id| decided(id) == 1), "{:?}", replies.iter().find(|id| decided(id) != 1));
}
