//! Replies under a comment that are refused or can't be read: they keep nothing else back, and are not asked for without
//! end.

use axum::http::Method;
use casework::quota::{DAILY_UNITS, QuotaDay, Spender};
use local::simulator::youtube::Draft;
use local::simulator::{Fault, Matcher, Request};
use metrics_util::CompositeKey;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tests::World;
use tests::flow::{PRAISE, youtube_account, youtube_key};
use tests::world::{COMMENTER, VIDEO};

/// Two comments with more replies than the list shows, and one with none.
async fn threads() -> (World, Vec<String>) {
    let world = World::new().await;
    let mut comments = vec![world.comment(PRAISE)];
    for _ in 0..2 {
        world.pass(1);
        let head = world.comment("みんなで語りましょう");
        for number in 0..8 {
            world.pass(1);
            comments.push(world.comment_reply(&head, &format!("{number}番目の返信です")));
        }
        comments.push(head);
    }
    world.pass(60);
    (world, comments)
}

#[tokio::test]
async fn a_thread_whose_replies_are_refused_keeps_nothing_else_back() {
    let (world, comments) = threads().await;
    // The newest thread is the first that is asked for.
    let refused = Matcher::call(Method::GET, "/youtube/v3/comments");
    world.youtube.simulator.fail_next(refused, Fault::ProcessingFailure);
    // Without the walk of the last days that it begins, which would find them.
    world.sweep().handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    assert_eq!(
        world.decided(&comments).await,
        (comments.len() - 3, comments.len() - 3),
        "what it shows, and the others"
    );
    let mark = world.store.watermark(&youtube_account(), "youtube.published").await.unwrap();
    assert_eq!(mark.done, Some(world.clock.now()), "it may be refused for ever");
    assert!(world.day_spent().await.put_off.contains(&("youtube.replies".to_owned(), 1)));
    world.pass(300);
    world.poll().await;
    assert_eq!(world.decided(&comments).await, (comments.len(), comments.len()));
}

/// The calls for the replies of a thread.
fn asked_for_replies(world: &World) -> usize {
    let of_a_thread = |request: &Request| request.query.iter().any(|(name, _)| name == "parentId");
    world.youtube.simulator.requests().iter().filter(|request| of_a_thread(request)).count()
}

#[tokio::test]
async fn replies_that_are_always_refused_are_not_asked_for_without_end() {
    let world = World::new().await;
    let head = world.comment("みんなで語りましょう");
    for number in 0..8 {
        world.pass(1);
        world.comment_reply(&head, &format!("{number}番目の返信です"));
    }
    for _ in 0..5 {
        let refused = Matcher::call(Method::GET, "/youtube/v3/comments");
        world.youtube.simulator.fail_next(refused, Fault::ProcessingFailure);
    }
    let sweep = world.sweep();
    for _ in 0..5 {
        // Without the walks that it begins, which would ask too.
        sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
        world.pass(300);
    }
    assert_eq!(asked_for_replies(&world), 3);
    world.comment_reply(&head, "もう一つの返信です");
    sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    assert_eq!(asked_for_replies(&world), 4, "the thread has changed");
}

#[tokio::test]
async fn a_rest_of_replies_that_is_always_refused_is_not_asked_for_without_end() {
    let world = World::new().await;
    world.short_pages();
    let head = world.comment("みんなで語りましょう");
    for number in 0..42 {
        world.pass(1);
        world.comment_reply(&head, &format!("{number}番目の返信です"));
    }
    let sweep = world.sweep();
    sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    let before = asked_for_replies(&world);
    for _ in 0..5 {
        let refused = Matcher::call(Method::GET, "/youtube/v3/comments");
        world.youtube.simulator.fail_next(refused, Fault::ProcessingFailure);
    }
    for _ in 0..5 {
        world.work_off(&sweep).await;
        world.pass(16 * 60);
        sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    }
    assert_eq!(asked_for_replies(&world) - before, 3);
    let left = world.backlogs().await;
    assert!(left.iter().all(|left| !left["list"].as_str().unwrap().starts_with("youtube.replies")), "{left:?}");
}

#[tokio::test]
async fn a_thread_with_a_comment_that_can_not_be_read_is_looked_at_three_times() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let world = World::new().await;
    let head = world.comment(PRAISE);
    world.pass(1);
    let answers = Some(head.as_str());
    // No id holds such a sign.
    let id = Some("broken+reply");
    let draft = Draft { id, at: None, video: VIDEO, answers, author: COMMENTER, text: PRAISE, image: None };
    world.youtube.simulator.state().publish(draft).unwrap();
    let sweep = world.sweep();
    for _ in 0..5 {
        sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
        world.pass(300);
    }
    assert_eq!(world.verdicts(&youtube_key(&head)).await.len(), 1);
    let counted = snapshotter.snapshot().into_vec();
    let unreadable = |key: &CompositeKey| {
        let mut labels = key.key().labels().map(|label| label.value());
        key.key().name() == lambda_kit::metrics::POLL_POSTS && labels.any(|value| value == "unreadable")
    };
    let unreadable: Vec<_> = counted.iter().filter(|(key, ..)| unreadable(key)).map(|(.., value)| value).collect();
    assert_eq!(unreadable, [&DebugValue::Counter(3)]);
}

#[tokio::test]
async fn replies_that_the_day_has_no_units_for_keep_nothing_else_back() {
    let (world, comments) = threads().await;
    let day = QuotaDay::of(world.clock.now());
    let ceiling = day.ceiling(Spender::Replies, DAILY_UNITS);
    let account = youtube_account();
    assert!(world.store.spend(&account, &day.name, "replies", ceiling, ceiling, world.clock.now()).await.unwrap());
    world.poll().await;
    assert_eq!(world.decided(&comments).await, (comments.len() - 6, comments.len() - 6), "what the list shows");
    let mark = world.store.watermark(&account, "youtube.published").await.unwrap();
    assert_eq!(mark.done, None, "the rest is read again");
    world.clock.set(day.resets_at);
    world.poll().await;
    assert_eq!(world.decided(&comments).await, (comments.len(), comments.len()));
}
