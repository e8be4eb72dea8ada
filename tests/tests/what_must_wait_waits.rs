//! Limits, quotas, refusals and the operator's switches: what must wait waits, what can't be goes to a person.

#![allow(clippy::unwrap_used)]

use casework::account::{AccountKey, AccountState, Mode};
use casework::decide::{Ruling, decide};
use casework::decision::PostKey;
use casework::ledger::{Accounts, Desk, WaitsFor};
use casework::planned::{Action, ActionState};
use casework::quota::{DAILY_UNITS, QuotaDay};
use enforce::limits::limits;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::simulator::{Fault, Matcher};
use local::stack::{X_USER, tick_event};
use metrics_util::debugging::{DebuggingRecorder, Snapshotter};
use rules::{ActionKind, Platform, TaskKind, Verdict};
use serde_json::json;
use store::{ACTION_LEASE_SECONDS, keys};
use tests::World;
use tests::fault::{self, Proxy};
use tests::flow::{PRAISE, THREAT, stream_event_of, x_account, x_key, youtube_account, youtube_key};
use tests::world::{FAN, STRANGER};

/// A quarter of an hour.
const QUARTER: i64 = 900;
/// For how long what the store failed is put off.
const HALF_A_MINUTE: SignedDuration = SignedDuration::from_secs(30);

async fn account(world: &World, key: &AccountKey) -> AccountState {
    world.store.account(key).await.unwrap()
}

async fn set_mode(world: &World, mode: Mode) {
    world.store.set_mode(&x_account(), mode, world.clock.now()).await.unwrap();
}

async fn state(world: &World, key: &PostKey) -> ActionState {
    world.only_action(key).await.state
}

/// Asserts that an action is done, by one call that changed something.
async fn done(world: &World, id: &str) {
    let Action { state, outcome, repeats, .. } = world.only_action(&x_key(id)).await;
    assert_eq!((state, outcome.as_deref(), repeats), (ActionState::Done, Some("done"), 0));
    assert_eq!(world.x_effects(id).changes, 1);
}

#[tokio::test]
async fn a_used_up_window_is_waited_for_to_the_second() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let reset = world.clock.now() + SignedDuration::from_secs(437);
    world.x.simulator.fail_next(Matcher::any(), Fault::Status429 { reset });
    world.tick().await;
    assert_eq!(world.only_action(&x_key(&id)).await.due_at, reset);

    // Another action of the same window is not even tried: X said that nothing is left.
    let other = world.decided_reply(THREAT).await;
    world.pass(436);
    world.tick().await;
    assert_eq!(world.x_requests().len(), 1, "nothing is sent before the reset");
    world.pass(1);
    world.tick().await;
    done(&world, &id).await;
    done(&world, &other).await;
}

#[tokio::test]
async fn a_spent_quota_stops_the_channel_until_midnight_pacific() {
    let moderation = Matcher::call(Method::POST, "/youtube/v3/comments/setModerationStatus");
    for call in [Matcher::any(), moderation] {
        let world = World::new().await;
        let midnight: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let first = world.decided_comment(THREAT).await;
        let (second, reply) = (world.decided_comment(THREAT).await, world.decided_reply(THREAT).await);
        world.youtube.simulator.fail_next(call, Fault::QuotaExceeded);
        world.enforce().handle(stream_event_of(&[world.only_action(&youtube_key(&first)).await.key])).await.unwrap();
        assert_eq!(account(&world, &youtube_account()).await.stopped_until, Some(midnight));

        let sent = world.youtube.simulator.requests().len();
        world.tick().await;
        for id in [&first, &second] {
            assert_eq!(world.only_action(&youtube_key(id)).await.due_at, midnight);
        }
        world.clock.set(midnight - SignedDuration::from_secs(1));
        world.tick().await;
        assert_eq!(world.youtube.simulator.requests().len(), sent, "nothing is sent before midnight");
        done(&world, &reply).await;

        world.clock.set(midnight);
        world.tick().await;
        for id in [&first, &second] {
            assert_eq!(state(&world, &youtube_key(id)).await, ActionState::Done);
            assert!(!world.youtube_visible(id));
        }
    }
}

#[tokio::test]
async fn what_reading_takes_of_a_greater_quota_leaves_moderation_its_own() {
    let world = World::new().await;
    let granted = 10 * DAILY_UNITS;
    let now = world.clock.now();
    let day = QuotaDay::of(now);
    assert!(world.store.spend(&youtube_account(), &day.name, "new", 2 * DAILY_UNITS, granted, now).await.unwrap());
    let id = world.decided_comment(THREAT).await;
    let mut enforce = world.enforce();
    enforce.limits = Box::new(move |policy| limits(policy, granted));
    enforce.handle(tick_event()).await.unwrap();
    assert_eq!(state(&world, &youtube_key(&id)).await, ActionState::Done);
    let calls = |units| limits(world.rulebook().policy(), units).budgets[&(Platform::YouTube, ActionKind::Hold)].calls;
    assert_eq!((calls(DAILY_UNITS), calls(granted)), (120, 1200));
}

#[tokio::test]
async fn a_question_that_is_refused_is_asked_again_and_then_left_to_a_person() {
    for (list, fault) in [
        ("comments", Fault::ProcessingFailure),
        ("commentThreads", Fault::PageExpired),
        ("comments", Fault::PageExpired),
    ] {
        let world = World::new().await;
        let (first, second) = (world.decided_comment(THREAT).await, world.decided_comment(THREAT).await);
        let question = Matcher::call(Method::GET, &format!("/youtube/v3/{list}"));
        world.youtube.simulator.fail_next(question.clone(), fault.clone());
        world.tick().await;
        assert_eq!(state(&world, &youtube_key(&first)).await, ActionState::Pending);
        world.pass(60);
        world.tick().await;
        for id in [&first, &second] {
            assert_eq!(world.only_action(&youtube_key(id)).await.outcome.as_deref(), Some("done"));
            assert!(!world.youtube_visible(id));
        }

        let third = world.decided_comment(THREAT).await;
        for _ in 0..8 {
            world.youtube.simulator.fail_next(question.clone(), fault.clone());
            world.tick().await;
            world.pass(3600);
        }
        assert_eq!(state(&world, &youtube_key(&third)).await, ActionState::HandedOver);
        assert!(world.open_tasks(&youtube_key(&third)).await.contains(&TaskKind::CheckOutcome));
    }
}

#[tokio::test]
async fn a_spending_cap_stops_the_account_until_a_person_resumes_it() {
    for (fault, reason) in [(Fault::UsageCapped, "usage-capped"), (Fault::CreditsDepleted, "credits-depleted")] {
        let world = World::new().await;
        let first = world.decided_reply(THREAT).await;
        world.x.simulator.fail_next(Matcher::any(), fault);
        world.tick().await;
        assert_eq!(account(&world, &x_account()).await.spending_stopped.as_deref(), Some(reason));

        let second = world.decided_reply(THREAT).await;
        for _ in 0..3 {
            world.pass(24 * 3600);
            world.tick().await;
        }
        assert_eq!(world.x_requests().len(), 1, "no waiting cures it");
        set_mode(&world, Mode::Active).await;
        world.pass(QUARTER);
        world.tick().await;
        done(&world, &first).await;
        done(&world, &second).await;
    }
}

#[tokio::test]
async fn a_token_refused_twice_disconnects_the_account() {
    let world = World::new().await;
    let first = world.decided_reply(THREAT).await;
    for _ in 0..2 {
        world.x.simulator.fail_next(Matcher::any(), Fault::Unauthorized);
    }
    world.tick().await;
    assert_eq!(world.x_requests().len(), 2, "once more with a renewed token");
    assert!(account(&world, &x_account()).await.disconnected.is_some());

    let second = world.decided_reply(THREAT).await;
    world.pass(3600);
    world.tick().await;
    assert_eq!(world.x_requests().len(), 2, "nothing is sent while disconnected");
    set_mode(&world, Mode::Active).await;
    world.pass(QUARTER);
    world.tick().await;
    done(&world, &first).await;
    done(&world, &second).await;
}

#[tokio::test]
async fn a_token_refused_once_is_renewed_at_once() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.x.simulator.fail_next(Matcher::any(), Fault::Unauthorized);
    world.tick().await;
    done(&world, &id).await;
    assert_eq!(account(&world, &x_account()).await, AccountState::default());
}

#[tokio::test]
async fn a_reply_in_somebody_elses_conversation_becomes_a_persons_task() {
    let world = World::new().await;
    let root = world.write(STRANGER, "今日の天気", Link::None);
    let ours = world.write(X_USER, "晴れています", Link::Reply(&root));
    let id = world.write(FAN, THREAT, Link::Reply(&ours));
    world.deliver(PostEvent::Reply, &id).await;
    world.tick().await;
    let action = world.only_action(&x_key(&id)).await;
    assert_eq!(action.state, ActionState::Failed);
    assert_eq!(action.outcome.as_deref(), Some("failed: not-authorized-for-resource"));
    assert!(world.open_tasks(&x_key(&id)).await.contains(&TaskKind::ReportPost));
    world.pass(24 * 3600);
    world.tick().await;
    assert_eq!(world.x_effects(&id).calls, 1, "never tried again");
    assert!(account(&world, &x_account()).await.disconnected.is_none(), "the account is not to blame");
}

#[tokio::test]
async fn a_reply_that_its_author_deleted_meets_the_goal() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.x.simulator.state().posts.get_mut(&id).unwrap().deleted = true;
    world.tick().await;
    let action = world.only_action(&x_key(&id)).await;
    assert_eq!((action.state, action.outcome.as_deref()), (ActionState::Done, Some("goal met: gone")));
    assert!(!world.open_tasks(&x_key(&id)).await.contains(&TaskKind::CheckOutcome));
}

#[tokio::test]
async fn what_exceeds_the_daily_cap_goes_back_to_review() {
    let world = World::new().await;
    let mut enforce = world.enforce();
    enforce.limits = Box::new(|policy| {
        let mut limits = limits(policy, DAILY_UNITS);
        limits.daily_caps.insert(ActionKind::HideReply, 2);
        limits
    });
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.decided_reply(THREAT).await);
        world.pass(1);
        enforce.handle(tick_event()).await.unwrap();
    }
    done(&world, &ids[0]).await;
    done(&world, &ids[1]).await;
    let capped = x_key(&ids[2]);
    let action = world.only_action(&capped).await;
    assert_eq!(action.state, ActionState::Cancelled);
    assert_eq!(action.outcome.as_deref(), Some("daily cap reached: back to review"));
    assert_eq!(world.x_effects(&ids[2]).calls, 0);
    let queue = world.store.queue().await.unwrap();
    let rulings = queue.iter().filter(|entry| entry.waits_for == WaitsFor::Ruling(Verdict::Review));
    assert_eq!(rulings.map(|entry| &entry.post).collect::<Vec<_>>(), [&capped]);

    // A new day alone hides nothing; a person's ruling does, and counts against the new day.
    world.pass(24 * 3600);
    enforce.handle(tick_event()).await.unwrap();
    assert!(world.x_visible(&ids[2]));
    let now = world.clock.now();
    decide(&world.store, world.rulebook(), &capped, Ruling::Act(None), "脅迫である", "hanako", now).await.unwrap();
    enforce.handle(tick_event()).await.unwrap();
    assert!(!world.x_visible(&ids[2]));
    assert!(
        world.store.queue().await.unwrap().iter().all(|entry| entry.waits_for != WaitsFor::Ruling(Verdict::Review))
    );
}

/// Hidden for its words alone: an insult, no threat.
const INSULT: &str = "死ね、ブス";

#[tokio::test]
async fn calls_are_kept_for_threats_and_for_giving_back() {
    let world = World::new().await;
    let mut enforce = world.enforce();
    enforce.limits = Box::new(|policy| {
        let mut limits = limits(policy, DAILY_UNITS);
        let moderation = limits.budgets.values_mut().filter(|budget| budget.name == "youtube_moderation");
        moderation.for_each(|budget| (budget.calls, budget.kept) = (3, 2));
        limits
    });
    let mut comments = Vec::new();
    for text in [INSULT, INSULT, THREAT] {
        let id = world.decided_comment(text).await;
        world.pass(1);
        enforce.handle(tick_event()).await.unwrap();
        comments.push(youtube_key(&id));
    }
    let [first, second, threat] = &comments[..] else { panic!("three comments") };
    assert_eq!(state(&world, first).await, ActionState::Done);
    let waiting = world.only_action(second).await;
    let midnight = "put off until 2026-11-20T08:00:00.000Z: rate budget used up";
    assert_eq!((waiting.state, waiting.outcome.as_deref()), (ActionState::Pending, Some(midnight)));
    assert_eq!(state(&world, threat).await, ActionState::Done);

    let now = world.clock.now();
    decide(&world.store, world.rulebook(), first, Ruling::Allow, "引用だった", "hanako", now).await.unwrap();
    enforce.handle(tick_event()).await.unwrap();
    assert!(world.youtube_visible(&first.id));
    assert_eq!(state(&world, second).await, ActionState::Pending);
    let spent = world.store.day_spent(&youtube_account(), &QuotaDay::of(now).name).await.unwrap().by_purpose;
    assert_eq!(spent, [("moderation".to_owned(), 52), ("urgent".to_owned(), 104)]);
}

#[tokio::test]
async fn a_wait_of_hours_is_told_from_a_short_one() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let world = World::new().await;
    let mut enforce = world.enforce();
    enforce.limits = Box::new(move |policy| {
        let mut limits = limits(policy, DAILY_UNITS);
        limits.budgets.values_mut().for_each(|budget| (budget.calls, budget.kept) = (1, 0));
        limits
    });
    for _ in 0..2 {
        world.decided_comment(THREAT).await;
        world.decided_reply(THREAT).await;
        enforce.handle(tick_event()).await.unwrap();
    }
    let mut outcomes = outcomes(&snapshotter);
    outcomes.sort();
    let expected = [("hide_reply", "done"), ("hide_reply", "put_off"), ("hold", "done"), ("hold", "put_off_long")];
    assert_eq!(outcomes, expected.map(|(kind, outcome)| (kind.to_owned(), outcome.to_owned())));
}

/// Kinds of the attempts that were counted, and how they ended.
fn outcomes(snapshotter: &Snapshotter) -> Vec<(String, String)> {
    let counted = snapshotter.snapshot().into_vec();
    let attempts = counted.iter().filter(|(key, ..)| key.key().name() == lambda_kit::metrics::ACTIONS);
    let value =
        |key: &metrics::Key, name: &str| key.labels().find(|label| label.key() == name).unwrap().value().to_owned();
    attempts.map(|(key, ..)| (value(key.key(), "kind"), value(key.key(), "outcome"))).collect()
}

#[tokio::test]
async fn the_forty_sixth_hide_of_a_quarter_of_an_hour_waits() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for _ in 0..46 {
        ids.push(world.decided_reply(THREAT).await);
    }
    world.tick().await;
    world.tick().await;
    assert_eq!(world.x_requests().len(), 45);
    let hidden = || ids.iter().filter(|id| !world.x_visible(id)).count();
    assert_eq!(hidden(), 45);
    world.pass(QUARTER - 1);
    world.tick().await;
    assert_eq!(hidden(), 45);
    world.pass(1);
    world.tick().await;
    assert_eq!(hidden(), 46);
    let refused = world.x_requests().iter().filter(|request| request.status != Some(200)).count();
    assert_eq!(refused, 0, "our budget ends before X's window");
}

#[tokio::test]
async fn a_paused_account_decides_and_does_nothing() {
    let world = World::new().await;
    let before = world.decided_reply(THREAT).await;
    set_mode(&world, Mode::Paused).await;
    let during = world.decided_reply(THREAT).await;
    for _ in 0..3 {
        world.tick().await;
        world.pass(3600);
    }
    assert_eq!(world.x_requests().len(), 0);
    assert_eq!(state(&world, &x_key(&before)).await, ActionState::Pending);
    let case = world.case(&x_key(&during)).await;
    assert!(case.actions.is_empty());
    assert_eq!(case.decisions[0].verdict, Verdict::Review);
    assert_eq!(case.decisions[0].limited.as_deref(), Some("account paused"));

    set_mode(&world, Mode::Active).await;
    world.tick().await;
    done(&world, &before).await;
    assert!(world.x_visible(&during), "what was decided meanwhile waits for a person");
}

#[tokio::test]
async fn a_long_wait_is_told_once() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    set_mode(&world, Mode::Paused).await;
    for _ in 0..10 {
        world.tick().await;
        world.pass(3600);
    }
    set_mode(&world, Mode::Active).await;
    let reset = world.clock.now() + SignedDuration::from_secs(QUARTER);
    world.x.simulator.fail_next(Matcher::any(), Fault::Status429 { reset });
    world.tick().await;
    world.clock.set(reset);
    world.tick().await;
    done(&world, &id).await;
    let action = world.items_of(&x_key(&id), keys::ACTION_PREFIX).await.remove(0);
    let log = action["log"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap());
    let log: Vec<&str> = log.map(|what| what.split(" until").next().unwrap()).collect();
    assert_eq!(log, ["put off", "put off", "done"], "the pause, the window, the end");
}

#[tokio::test]
async fn a_terminated_account_cancels_and_keeps_nothing_new() {
    let world = World::new().await;
    let pending = world.decided_reply(THREAT).await;
    set_mode(&world, Mode::Terminated).await;
    world.tick().await;
    assert_eq!(state(&world, &x_key(&pending)).await, ActionState::Cancelled);
    assert_eq!(world.x_requests().len(), 0);

    let table = world.items("", "").await;
    for text in [THREAT, PRAISE] {
        let reply = world.reply(text);
        world.deliver(PostEvent::Reply, &reply).await;
        world.deliver(PostEvent::Mention, &reply).await;
    }
    let ours = world.write(X_USER, "お知らせ", Link::None);
    world.deliver(PostEvent::Create, &ours).await;
    assert!(world.items("", "").await == table, "the table is as it was");
    assert!(tests::table::intake(world.folder.path()).is_empty());
    assert!(world.queue.take().is_empty());
}

#[tokio::test]
async fn a_batch_of_the_stream_names_only_the_record_that_failed() {
    for failing in [0, 1] {
        let world = World::new().await;
        let mut ids = vec![world.decided_reply(THREAT).await, world.decided_reply(THREAT).await];
        let mut actions = Vec::new();
        for id in &ids {
            actions.push(world.only_action(&x_key(id)).await.key);
        }
        let partition = format!("POST#x#{}", ids[failing]);
        let proxy = Proxy::on(&world.engine.address, &["list_append", &partition], fault::Fault::Throttled).await;
        let answer = world.enforce_at(&proxy.address).handle(stream_event_of(&actions)).await.unwrap();
        let sequence = (100 + failing).to_string();
        assert_eq!(answer["batchItemFailures"], json!([{ "itemIdentifier": sequence }]));

        let failed = ids.remove(failing);
        done(&world, &ids[0]).await;
        // Handed on again, it is left to its lease.
        let again = world.enforce().handle(stream_event_of(&actions[failing..])).await.unwrap();
        assert_eq!(again["batchItemFailures"], json!([]));
        world.pass(ACTION_LEASE_SECONDS);
        world.tick().await;
        assert_eq!(world.only_action(&x_key(&failed)).await.outcome.as_deref(), Some("done, repeated"));
        let effects = world.x_effects(&failed);
        assert_eq!((effects.calls, effects.changes), (2, 1));
    }
}

#[tokio::test]
async fn a_store_that_fails_before_the_call_makes_nothing_uncertain() {
    for words in [["ACCOUNT#x#", "\"STATE\""], ["CAP#", "hide_reply"], ["BUDGET#", "x_hidden"]] {
        let world = World::new().await;
        let id = world.decided_reply(THREAT).await;
        let proxy = Proxy::on(&world.engine.address, &words, fault::Fault::Throttled).await;
        let enforce = world.enforce_at(&proxy.address);
        for _ in 0..2 {
            enforce.handle(tick_event()).await.unwrap_err();
            let waiting = world.only_action(&x_key(&id)).await;
            assert_eq!((waiting.state, waiting.due_at), (ActionState::Pending, world.clock.now() + HALF_A_MINUTE));
            world.pass(30);
        }
        world.tick().await;
        done(&world, &id).await;
        assert_eq!(world.x_effects(&id).calls, 1, "{words:?}");
    }
}

#[tokio::test]
async fn what_has_been_due_longest_is_told_however_many_are_taken() {
    let world = World::new().await;
    world.decided_reply(THREAT).await;
    let since = world.clock.now();
    world.pass(QUARTER);
    world.decided_reply(THREAT).await;
    let (due, longest) = world.store.due_since(world.clock.now(), 1).await.unwrap();
    assert_eq!((due.len(), longest), (1, Some(since)));
}

#[tokio::test]
async fn the_severest_goes_first_however_much_has_waited_longer() {
    let world = World::new().await;
    for _ in 0..30 {
        world.decided_comment(INSULT).await;
        world.pass(1);
    }
    let threat = world.decided_comment(THREAT).await;
    let (due, _) = world.store.due_since(world.clock.now(), 1).await.unwrap();
    assert_eq!(due.iter().map(|key| key.post.id.as_str()).collect::<Vec<_>>(), [threat]);
}
