//! What neither webhook nor poll brought is found and decided like any other.

use casework::quota::{DAILY_UNITS, LIST_UNITS, QuotaDay, Spender};
use http::Method;
use local::simulator::x::Link;
use local::simulator::youtube::Draft;
use local::simulator::{Effect, Fault, Matcher, Request};
use local::stack::X_USER;
use rules::Verdict;
use sweep::audit::report::attention::{Level, attention};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_account, youtube_key};
use tests::world::{COMMENTER, FAN, STRANGER, VIDEO};

use crate::support::{audit, own_post, pass_hours, revoke_x};

#[tokio::test]
async fn comments_and_answers_that_nobody_delivered_are_decided() {
    let world = World::new().await;
    let root = own_post(&world, "本日のお知らせです").await;
    let known = world.decided_comment(PRAISE).await;
    let threat = world.comment(THREAT);
    let reply = world.youtube.simulator.state().reply(&known, COMMENTER, THREAT).unwrap();
    let answer = world.write(FAN, PRAISE, Link::Reply(&root));
    // No event reports an answer to an answer.
    let deep = world.write(STRANGER, THREAT, Link::Reply(&answer));
    let own = world.write(X_USER, "リリースのお知らせです", Link::None);
    pass_hours(&world, 2);

    let report = audit(&world).await;
    for key in [youtube_key(&threat), youtube_key(&reply), x_key(&deep)] {
        assert_eq!(world.case(&key).await.decisions.last().unwrap().verdict, Verdict::Act, "{key}");
        let named = report.missed.named.iter().find(|missed| missed.post == key).unwrap();
        assert_eq!((named.verdict.as_str(), named.hours), ("act", 2));
    }
    assert_eq!(world.case(&x_key(&answer)).await.decisions.last().unwrap().verdict, Verdict::Allow);
    assert!(world.case(&x_key(&own)).await.outbound.is_some());
    assert_eq!((report.missed.missed, report.missed.missed_own), (4, 1));
    assert!(report.missed.put_off.is_empty(), "{:?}", report.missed.put_off);
    assert!(report.missed.named.iter().all(|missed| missed.post != youtube_key(&known)), "it was known");
}

#[tokio::test]
async fn what_is_older_than_seven_days_is_left_alone() {
    let world = World::new().await;
    let old = world.comment(THREAT);
    pass_hours(&world, 24 * 8);
    let report = audit(&world).await;
    assert_eq!(report.missed.missed, 0);
    assert!(world.items_of(&youtube_key(&old), "").await.is_empty());
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_told_and_the_other_is_listed() {
    let world = World::new().await;
    let threat = world.comment(THREAT);
    revoke_x(&world);
    let report = audit(&world).await;
    assert_eq!(report.missed.missed, 1);
    assert_eq!(world.case(&youtube_key(&threat)).await.decisions.len(), 1);
    assert!(report.missed.put_off.iter().any(|reason| reason.starts_with("x: ")), "{:?}", report.missed.put_off);
}

/// Two threads with more replies than the list shows; gives all comments of each, those of the newest thread last.
fn long_threads(world: &World) -> Vec<Vec<String>> {
    let threads = (0..2).map(|_| {
        world.pass(1);
        let head = world.comment(PRAISE);
        let replies = (0..8).map(|number| {
            world.pass(1);
            world.comment_reply(&head, &format!("{number}番目の返信です"))
        });
        replies.collect::<Vec<_>>().into_iter().chain([head]).collect()
    });
    threads.collect()
}

/// The calls for the replies of a thread.
fn asked_for_replies(world: &World) -> usize {
    let of_a_thread = |request: &Request| request.query.iter().any(|(name, _)| name == "parentId");
    world.youtube.simulator.requests().iter().filter(|request| of_a_thread(request)).count()
}

#[tokio::test]
async fn replies_are_read_for_the_units_that_the_day_has_left_for_it() {
    let world = World::new().await;
    let threads = long_threads(&world);
    let (account, now) = (youtube_account(), world.clock.now());
    let day = QuotaDay::of(now);
    // Enough for the page of the list and the replies of one thread.
    let spent = day.ceiling(Spender::Window, DAILY_UNITS) - 2 * LIST_UNITS;
    assert!(world.store.spend(&account, &day.name, "refresh", spent, DAILY_UNITS, now).await.unwrap());
    let report = audit(&world).await;
    assert_eq!(asked_for_replies(&world), 1);
    assert_eq!(world.decided(&threads[1]).await, (9, 9), "the newest thread, whole");
    assert_eq!(world.decided(&threads[0]).await, (6, 6), "what the list shows of the other");
    assert!(report.missed.put_off.iter().any(|reason| reason.contains("the day's units")), "{:?}", report.missed);
}

#[tokio::test]
async fn a_thread_whose_replies_are_refused_keeps_nothing_else_from_being_listed() {
    let server = Fault::Status5xx { status: 500, retry_after: None, effect: Effect::NotPerformed };
    for fault in [Fault::ProcessingFailure, server] {
        let world = World::new().await;
        let threads = long_threads(&world);
        let replies = Matcher::call(Method::GET, "/youtube/v3/comments");
        world.youtube.simulator.fail_next(replies, fault.clone());
        let report = audit(&world).await;
        assert_eq!(world.decided(&threads[1]).await, (6, 6), "{fault:?}: what the list shows");
        assert_eq!(world.decided(&threads[0]).await, (9, 9), "{fault:?}");
        let youtube = report.missed.put_off.iter().filter(|reason| reason.starts_with("youtube: "));
        assert_eq!(youtube.count(), 1, "{fault:?}: {:?}", report.missed.put_off);
    }
}

#[tokio::test]
async fn what_was_read_before_the_platform_stopped_is_decided() {
    let world = World::new().await;
    let threads = long_threads(&world);
    world.youtube.simulator.fail_next(Matcher::call(Method::GET, "/youtube/v3/comments"), Fault::QuotaExceeded);
    audit(&world).await;
    assert_eq!(asked_for_replies(&world), 1, "no other thread is asked for");
    for thread in &threads {
        assert_eq!(world.decided(thread).await, (6, 6), "what the list shows");
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_told() {
    let world = World::new().await;
    let head = world.comment(PRAISE);
    let answers = Some(head.as_str());
    // No id holds such a sign.
    let id = Some("broken+reply");
    let draft = Draft { id, at: None, video: VIDEO, answers, author: COMMENTER, text: PRAISE, image: None };
    world.youtube.simulator.state().publish(draft).unwrap();
    let report = audit(&world).await;
    assert_eq!(report.missed.unreadable, 1);
    let told = attention(&report);
    let unreadable = told.iter().find(|told| told.key == "posts_unreadable").unwrap();
    assert_eq!((unreadable.level, unreadable.count), (Level::Warning, 1));
    assert!(unreadable.en.starts_with("1 listed post could not be read"), "{}", unreadable.en);
}
