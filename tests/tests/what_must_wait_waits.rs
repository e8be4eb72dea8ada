//! What the platforms, the caps and the switch hold back: it waits, stops or goes to a person, and is not lost.

#![allow(clippy::unwrap_used)]

use casework::account::Mode;
use casework::ledger::{Accounts, Desk, WaitsFor};
use casework::planned::ActionState;
use jiff::SignedDuration;
use local::simulator::{Fault, Matcher};
use rules::{TaskKind, Verdict};
use tests::World;
use tests::flow::{THREAT, x_account, x_key, youtube_account, youtube_key};

#[tokio::test]
async fn a_used_up_window_is_waited_out() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let reset = world.clock.now() + SignedDuration::from_mins(10);
    world.x.simulator.fail_next(Matcher::any(), Fault::Status429 { reset });
    world.tick().await;
    assert_eq!(world.only_action(&x_key(&id)).await.due_at, reset);

    world.pass(599);
    world.tick().await;
    assert_eq!(world.x_requests().len(), 1, "not before the reset");
    world.pass(1);
    world.tick().await;
    assert!(!world.x_visible(&id));
}

#[tokio::test]
async fn a_spent_quota_stops_the_channel_until_midnight_in_california() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    world.youtube.simulator.fail_next(Matcher::any(), Fault::QuotaExceeded);
    world.tick().await;
    let midnight = "2026-11-20T08:00:00Z".parse().unwrap();
    assert_eq!(world.store.account(&youtube_account()).await.unwrap().stopped_until, Some(midnight));
    assert_eq!(world.only_action(&youtube_key(&id)).await.due_at, midnight);

    let later = world.decided_comment("お前を必ず殺す").await;
    let calls = world.youtube.simulator.requests().len();
    world.tick().await;
    assert_eq!(world.youtube.simulator.requests().len(), calls, "no call before midnight");
    world.clock.set(midnight);
    world.tick().await;
    assert!(!world.youtube_visible(&id) && !world.youtube_visible(&later));
}

#[tokio::test]
async fn a_spent_credit_and_a_dead_grant_stop_the_account_until_a_person_resumes_it() {
    for (faults, disconnected) in
        [(vec![Fault::UsageCapped], false), (vec![Fault::CreditsDepleted], false), (vec![Fault::Unauthorized; 2], true)]
    {
        let world = World::new().await;
        let id = world.decided_reply(THREAT).await;
        for fault in faults {
            world.x.simulator.fail_next(Matcher::any(), fault);
        }
        world.tick().await;
        let state = world.store.account(&x_account()).await.unwrap();
        assert_eq!((state.disconnected.is_some(), state.spending_stopped.is_some()), (disconnected, !disconnected));
        let calls = world.x_requests().len();
        world.pass(3600);
        world.tick().await;
        assert_eq!(world.x_requests().len(), calls, "no call while it is stopped");

        world.store.set_mode(&x_account(), Mode::Active, world.clock.now()).await.unwrap();
        world.pass(3600);
        world.tick().await;
        assert!(!world.x_visible(&id));
    }
}

#[tokio::test]
async fn a_reply_that_is_gone_has_met_its_goal() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.x.simulator.state().posts.get_mut(&id).unwrap().deleted = true;
    world.tick().await;
    let action = world.only_action(&x_key(&id)).await;
    assert_eq!((action.state, action.outcome.as_deref()), (ActionState::Done, Some("goal met: gone")));
}

#[tokio::test]
async fn a_paused_account_decides_but_does_nothing() {
    let world = World::new().await;
    let before = world.decided_reply(THREAT).await;
    world.store.set_mode(&x_account(), Mode::Paused, world.clock.now()).await.unwrap();
    let meanwhile = world.decided_reply(THREAT).await;
    world.tick().await;
    assert_eq!(world.x_requests().len(), 0);
    let decision = world.case(&x_key(&meanwhile)).await.decisions.remove(0);
    assert_eq!((decision.verdict, decision.limited.as_deref()), (Verdict::Review, Some("account paused")));
    let queue = world.store.queue().await.unwrap();
    assert!(
        queue
            .iter()
            .any(|entry| entry.post == x_key(&meanwhile) && entry.waits_for == WaitsFor::Ruling(Verdict::Review))
    );

    world.store.set_mode(&x_account(), Mode::Active, world.clock.now()).await.unwrap();
    world.pass(600);
    world.tick().await;
    assert!(!world.x_visible(&before));
    assert!(world.x_visible(&meanwhile));
}

#[tokio::test]
async fn a_terminated_account_keeps_nothing_new_and_does_nothing_old() {
    let world = World::new().await;
    let before = world.decided_reply(THREAT).await;
    world.store.set_mode(&x_account(), Mode::Terminated, world.clock.now()).await.unwrap();
    let after = world.decided_reply(THREAT).await;
    assert_eq!(world.items_of(&x_key(&after), "").await.len(), 0);
    world.tick().await;
    assert_eq!(world.only_action(&x_key(&before)).await.state, ActionState::Cancelled);
    assert_eq!(world.x_requests().len(), 0);
}

#[tokio::test]
async fn what_exceeds_the_cap_of_the_day_goes_back_to_review() {
    let world = World::new().await;
    let (first, second) = (world.decided_reply(THREAT).await, world.decided_reply(THREAT).await);
    let mut enforce = world.enforce();
    enforce.limits.daily_caps.insert(rules::ActionKind::HideReply, 1);
    enforce.handle(local::stack::tick_event()).await.unwrap();
    let visible = [first, second].into_iter().filter(|id| world.x_visible(id)).collect::<Vec<_>>();
    let [capped] = visible.as_slice() else { panic!("one of two is hidden") };
    assert_eq!(world.only_action(&x_key(capped)).await.state, ActionState::Cancelled);
    assert!(world.store.queue().await.unwrap().iter().any(|entry| entry.post == x_key(capped)));
}

#[tokio::test]
async fn our_own_budget_stays_below_the_platforms_limit() {
    let world = World::new().await;
    for _ in 0..46 {
        world.decided_reply(THREAT).await;
    }
    world.tick().await;
    assert_eq!(world.x_requests().len(), 45);
    world.pass(900);
    world.tick().await;
    assert_eq!(world.x_requests().len(), 46);
}

#[tokio::test]
async fn a_conversation_that_is_not_ours_ends_as_a_persons_task() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    // The platform sees it differently: somebody else started the conversation.
    let root = world.write(tests::world::STRANGER, "雨の日の曲", local::simulator::x::Link::None);
    world.x.simulator.state().posts.get_mut(&id).unwrap().conversation = root;
    world.tick().await;
    let case = world.case(&x_key(&id)).await;
    assert_eq!(case.actions[0].state, ActionState::Failed);
    assert!(case.tasks.iter().any(|(_, task)| *task == TaskKind::ReportPost));
}
