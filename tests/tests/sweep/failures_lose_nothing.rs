//! Whatever a list call meets, nothing is lost, nothing is decided twice, and what was put off is counted.

use axum::http::Method;
use casework::account::{AccountKey, AccountStop};
use casework::ledger::Accounts;
use casework::quota::{DAILY_UNITS, QuotaDay};
use jiff::SignedDuration;
use local::simulator::x::Link;
use local::simulator::{Effect, Fault, Matcher};
use local::stack::X_USER;
use metrics_util::debugging::DebuggingRecorder;
use rules::Verdict;
use std::time::Duration;
use tests::World;
use tests::fault::{Fault as StoreFault, Proxy};
use tests::flow::{PRAISE, THREAT, x_account, x_key, youtube_account, youtube_key};
use tests::world::{FAN, STRANGER};

/// Every list call of a poll.
const X_LISTS: [&str; 3] = ["/2/users/*/tweets", "/2/users/*/mentions", "/2/tweets/search/recent"];
const YOUTUBE_LISTS: [&str; 2] = ["/youtube/v3/commentThreads", "/youtube/v3/comments"];

/// What a poll has to find.
struct Scene {
    world: World,
    x: Vec<String>,
    youtube: Vec<String>,
}

async fn scene() -> Scene {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let reply = world.write(FAN, PRAISE, Link::Reply(&root));
    let nested = world.write(STRANGER, THREAT, Link::Reply(&reply));
    let quote = world.write(STRANGER, "引用です。とても好きです", Link::Quote(&root));
    let mention = world.write(FAN, "@SOCKETS_JP いつも聴いています", Link::None);
    let comment = world.comment(PRAISE);
    let mut youtube = vec![comment.clone(), world.comment(THREAT)];
    for number in 0..8 {
        world.pass(1);
        youtube.push(world.comment_reply(&comment, &format!("{number}番目の返信です")));
    }
    world.pass(60);
    Scene { world, x: vec![reply, nested, quote, mention], youtube }
}

impl Scene {
    /// Everything was decided, and once.
    async fn is_whole(&self, what: &str) {
        for id in &self.x {
            assert_eq!(self.world.verdicts(&x_key(id)).await.len(), 1, "{what}: {id}");
        }
        for id in &self.youtube {
            assert_eq!(self.world.verdicts(&youtube_key(id)).await.len(), 1, "{what}: {id}");
        }
        assert_eq!(self.world.verdicts(&x_key(&self.x[1])).await, [Verdict::Act], "{what}");
    }

    /// Polls with a sandbox of little patience, then again until the world has no more to fail with.
    async fn poll_through(&self) {
        for _ in 0..3 {
            let sweep = self.world.sweep_with(&self.world.engine.address, Duration::from_millis(200));
            self.world.poll_with(&sweep).await;
            self.world.x.simulator.release();
            self.world.youtube.simulator.release();
            self.world.pass(16 * 60);
        }
    }
}

fn faults(now: jiff::Timestamp) -> Vec<Fault> {
    vec![
        Fault::Status429 { reset: now + SignedDuration::from_mins(15) },
        Fault::Status5xx { status: 500, retry_after: None, effect: Effect::NotPerformed },
        Fault::Status5xx { status: 503, retry_after: Some(60), effect: Effect::NotPerformed },
        Fault::Timeout { effect: Effect::NotPerformed },
        Fault::CloseConnection { effect: Effect::NotPerformed },
        Fault::EmptyPage,
        Fault::Unauthorized,
    ]
}

#[tokio::test]
async fn every_failure_of_every_list_on_x_is_made_good() {
    for path in X_LISTS {
        for fault in faults("2026-11-20T03:01:08Z".parse().unwrap()) {
            let what = format!("{path} {fault:?}");
            let scene = scene().await;
            scene.world.x.simulator.fail_next(Matcher::call(Method::GET, path), fault);
            scene.poll_through().await;
            assert_eq!(scene.world.x.simulator.faults_left(), 0, "{what}: nothing failed");
            scene.is_whole(&what).await;
        }
    }
}

#[tokio::test]
async fn every_failure_of_every_list_on_youtube_is_made_good() {
    for path in YOUTUBE_LISTS {
        for fault in faults("2026-11-20T03:01:08Z".parse().unwrap()) {
            let what = format!("{path} {fault:?}");
            let scene = scene().await;
            scene.world.youtube.simulator.fail_next(Matcher::call(Method::GET, path), fault);
            scene.poll_through().await;
            assert_eq!(scene.world.youtube.simulator.faults_left(), 0, "{what}: nothing failed");
            scene.is_whole(&what).await;
        }
    }
}

#[tokio::test]
async fn a_spent_quota_that_another_function_met_is_told_at_each_poll() {
    let world = World::new().await;
    let until = world.clock.now() + SignedDuration::from_hours(1);
    world.store.stop(&youtube_account(), &AccountStop::Until(until), world.clock.now()).await.unwrap();
    for polls in 1..=2 {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        let _recording = metrics::set_default_local_recorder(&recorder);
        world.poll().await;
        let counted = snapshotter.snapshot().into_vec();
        let mut stopped = counted.iter().filter(|(key, ..)| key.key().name() == lambda_kit::metrics::ACCOUNT_STOPPED);
        let (key, ..) = stopped.next().unwrap_or_else(|| panic!("not told at poll {polls}"));
        let labels: Vec<&str> = key.key().labels().map(|label| label.value()).collect();
        assert_eq!(labels, ["youtube", "quota"]);
        world.pass(180);
    }
}

#[tokio::test]
async fn a_spent_quota_stops_everything_on_youtube_until_midnight_pacific() {
    let scene = scene().await;
    let world = &scene.world;
    let first = Matcher::call(Method::GET, "/youtube/v3/commentThreads");
    world.youtube.simulator.fail_next(first, Fault::QuotaExceeded);
    world.poll().await;
    assert_eq!(world.list_calls(), 1, "the other lists are not even tried");
    let until = world.store.account(&youtube_account()).await.unwrap().stopped_until.unwrap();
    assert_eq!(until.to_string(), "2026-11-20T08:00:00Z");
    assert!(world.day_spent().await.put_off.iter().any(|(list, count)| list == "youtube.published" && *count == 1));
    world.pass(3600);
    world.poll().await;
    assert_eq!(world.list_calls(), 1);
    world.clock.set(until);
    world.poll().await;
    scene.is_whole("after midnight").await;
}

/// A call that reads nothing of anybody's posts.
fn asks_how_pushes_stand(path: &str) -> bool {
    ["/2/webhooks", "/2/activity/subscriptions", "/2/oauth2/token"].contains(&path)
}

#[tokio::test]
async fn a_spend_cap_and_a_spent_credit_stop_everything_on_x_until_a_person_acts() {
    for fault in [Fault::UsageCapped, Fault::CreditsDepleted] {
        let scene = scene().await;
        let world = &scene.world;
        world.x.simulator.fail_next(Matcher::call(Method::GET, "/2/users/*/mentions"), fault);
        world.poll().await;
        let state = world.store.account(&x_account()).await.unwrap();
        assert!(state.spending_stopped.is_some());
        let sent = world.x_requests().len();
        world.pass(86_400);
        world.poll().await;
        let since = world.x_requests().split_off(sent);
        assert!(since.iter().all(|request| asks_how_pushes_stand(&request.path)), "{since:?}");
        world.store.set_mode(&x_account(), casework::account::Mode::Active, world.clock.now()).await.unwrap();
        world.poll().await;
        scene.is_whole("after the account was resumed").await;
    }
}

#[tokio::test]
async fn a_page_token_that_expires_begins_the_list_anew() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(65);
    let second = Matcher::call(Method::GET, "/youtube/v3/commentThreads");
    // The first three pages are the poll's own; the fourth is the first of the backlog.
    let sweep = world.sweep();
    sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    world.youtube.simulator.fail_next(second, Fault::PageExpired);
    world.work_off(&sweep).await;
    assert_eq!(world.youtube.simulator.faults_left(), 0);
    assert_eq!(world.decided(&comments).await, (65, 65));
    assert!(world.backlogs().await.is_empty());
}

#[tokio::test]
async fn page_tokens_that_never_last_do_not_keep_a_walk_going_without_end() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(65);
    let sweep = world.sweep();
    sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
    let later_page = || Matcher::call(Method::GET, "/youtube/v3/commentThreads").of_a_later_page();
    for _ in 0..40 {
        world.youtube.simulator.fail_next(later_page(), Fault::PageExpired);
    }
    world.work_off(&sweep).await;
    let met = 40 - world.youtube.simulator.faults_left();
    assert!((2..=10).contains(&met), "{met} page tokens tried");
    assert!(!world.backlogs().await.is_empty(), "the rest waits");
    for _ in 0..40 {
        world.pass(16 * 60);
        world.poll().await;
    }
    assert_eq!(world.youtube.simulator.faults_left(), 0);
    assert_eq!(world.decided(&comments).await, (65, 65));
}

#[tokio::test]
async fn a_walk_passes_a_thread_whose_replies_can_not_be_read() {
    let server = Fault::Status5xx { status: 500, retry_after: None, effect: Effect::NotPerformed };
    for (fault, times) in [(server, 2), (Fault::PageExpired, 12)] {
        let world = World::new().await;
        world.short_pages();
        let older = world.comments(15);
        world.pass(1);
        let head = world.comment("みんなで語りましょう");
        let replies: Vec<String> = (0..15)
            .map(|number| {
                world.pass(1);
                world.comment_reply(&head, &format!("{number}番目の返信です"))
            })
            .collect();
        world.pass(40);
        // More than the poll reads by itself.
        let newer = world.comments(35);
        let sweep = world.sweep();
        sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap();
        let matcher = Matcher::call(Method::GET, "/youtube/v3/comments");
        let matcher = if fault == Fault::PageExpired { matcher.of_a_later_page() } else { matcher };
        for _ in 0..times {
            world.youtube.simulator.fail_next(matcher.clone(), fault.clone());
        }
        // The rest of the list, and the last days.
        world.work_off(&sweep).await;
        assert_eq!(world.decided(&older).await, (15, 15), "{fault:?}");
        assert_eq!(world.decided(&newer).await, (35, 35), "{fault:?}");
        assert!(world.decided(&replies).await.0 < replies.len(), "{fault:?}");
        while world.youtube.simulator.faults_left() > 0 {
            world.pass(65 * 60);
            world.poll().await;
        }
        world.pass(65 * 60);
        world.poll().await;
        assert_eq!(world.decided(&replies).await, (15, 15), "{fault:?}");
    }
}

/// Beyond the ten minutes by which every list is read again, only the order counts: recorded first, marked as read
/// then. No list is read for edits or refreshed in between, which would find it too.
#[tokio::test]
async fn what_could_not_be_recorded_is_read_again_however_old_it_is() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    world.poll().await;
    world.pass(60);
    // The second begins the refresh of everything, and ends it.
    world.poll().await;
    // More than a page of them, so that a reader who trusts a mark set too early stops before the last.
    world.short_pages();
    let (reply, comments) = (world.write(FAN, PRAISE, Link::Reply(&root)), world.comments(20));
    world.pass(14 * 60);
    let proxy = Proxy::on(&world.engine.address, &["DECISION#"], StoreFault::Throttled).await;
    let sweep = world.sweep_with(&proxy.address, Duration::from_secs(2));
    sweep.handle(serde_json::json!({"mode": "poll"})).await.unwrap_err();
    assert!(world.items("POST#", "DECISION#").await.is_empty());
    world.pass(4 * 60);
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&reply)).await.len(), 1);
    assert_eq!(world.decided(&comments).await, (20, 20));
}

#[tokio::test]
async fn after_a_raid_has_used_up_moderations_units_new_comments_are_found_all_the_same() {
    let world = World::new().await;
    world.clock.set("2026-11-20T11:00:00Z".parse().unwrap());
    let (account, now) = (youtube_account(), world.clock.now());
    let day = QuotaDay::of(now).name;
    assert!(world.store.spend(&account, &day, "moderation", 6_240, DAILY_UNITS, now).await.unwrap());
    let comment = world.comment(THREAT);
    world.poll().await;
    assert_eq!(world.verdicts(&youtube_key(&comment)).await, [Verdict::Act]);
}

#[tokio::test]
async fn a_page_that_is_refused_keeps_no_earlier_page_back() {
    let world = World::new().await;
    world.short_pages();
    let comments = world.comments(15);
    world.youtube.simulator.state().quota.daily = 1;
    world.poll().await;
    assert_eq!(world.decided(&comments).await, (10, 10));
    let mark = world.store.watermark(&youtube_account(), "youtube.published").await.unwrap();
    assert_eq!(mark.done, None);
}

#[tokio::test]
async fn a_comment_that_is_deleted_between_listing_and_acting_ends_as_gone() {
    let world = World::new().await;
    let comment = world.comment(THREAT);
    world.poll().await;
    world.youtube.simulator.state().comments.get_mut(&comment).unwrap().deleted = true;
    world.tick().await;
    let action = world.only_action(&youtube_key(&comment)).await;
    assert_eq!(action.outcome.as_deref(), Some("goal met: gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_dies_at_any_store_call_costs_a_repeat_and_nothing_else() {
    let healthy = scene().await;
    let proxy = Proxy::start(&healthy.world.engine.address, Vec::new()).await;
    healthy.world.poll_with(&healthy.world.sweep_with(&proxy.address, Duration::from_secs(2))).await;
    let calls = proxy.calls().len();
    assert!(calls > 100, "{calls} calls of a whole poll");
    // Each kind of call is met somewhere: the step shares no factor with the number of calls for one post.
    for place in (0..calls).step_by(29) {
        for after in [false, true] {
            let scene = scene().await;
            let proxy = Proxy::start(&scene.world.engine.address, vec![(place, StoreFault::Dead { after })]).await;
            let sweep = scene.world.sweep_with(&proxy.address, Duration::from_secs(2));
            // It may have died after its last write, so that nothing tells of it.
            let _ = sweep.handle(serde_json::json!({"mode": "poll"})).await;
            drop(scene.world.work.take());
            scene.world.pass(700);
            scene.world.poll().await;
            scene.is_whole(&format!("dead at call {place}, after {after}")).await;
        }
    }
}

#[tokio::test]
async fn a_day_of_x_is_bounded_by_what_it_may_cost() {
    let scene = scene().await;
    let mut sweep = scene.world.sweep();
    sweep.limits.x_daily_posts = 1;
    scene.world.poll_with(&sweep).await;
    scene.world.pass(300);
    let asked = scene.world.x_requests().len();
    scene.world.poll_with(&sweep).await;
    let since = scene.world.x_requests().split_off(asked);
    assert!(since.iter().all(|request| asks_how_pushes_stand(&request.path)), "{since:?}");
    let account = AccountKey { ..x_account() };
    let day = scene.world.store.day_spent(&account, "2026-11-20").await.unwrap();
    assert!(day.used >= 4 && !day.put_off.is_empty(), "{day:?}");
    scene.world.pass(86_400);
    let reply = scene.world.write(FAN, PRAISE, Link::Reply(&scene.x[0]));
    scene.world.poll_with(&sweep).await;
    assert_eq!(scene.world.verdicts(&x_key(&reply)).await.len(), 1, "the next day goes on");
}
