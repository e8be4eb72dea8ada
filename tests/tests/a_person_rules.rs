//! A person rules on real cases: what was done is taken back, what is pending is cancelled, what can't be undone is said.

#![allow(clippy::unwrap_used)]

use casework::account::Mode;
use casework::decide::{DecideError, Ruled, Ruling, decide};
use casework::decision::{Decider, PostKey};
use casework::ledger::{Accounts, Desk, WaitsFor};
use casework::planned::ActionState;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::X_USER;
use rules::{ActionKind, TaskKind, Verdict};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_account, x_key, youtube_key};
use tests::world::FAN;

async fn rule(world: &World, key: &PostKey, ruling: Ruling) -> Result<Ruled, DecideError> {
    decide(&world.store, world.rulebook(), key, ruling, "looked at it", "reviewer", world.clock.now()).await
}

#[tokio::test]
async fn a_hidden_reply_that_is_undone_is_in_sight_again() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.tick().await;
    assert!(!world.x_visible(&id));

    let ruled = rule(&world, &x_key(&id), Ruling::Undo).await.unwrap();
    assert_eq!(ruled.planned, [ActionKind::UnhideReply]);
    world.tick().await;
    assert!(world.x_visible(&id));
    let case = world.case(&x_key(&id)).await;
    assert_eq!(case.decisions.len(), 2);
    assert_eq!(case.decisions[1].by, Decider::Person("reviewer".to_owned()));
    assert_eq!(rule(&world, &x_key(&id), Ruling::Undo).await, Err(DecideError::NothingToUndo(x_key(&id))));
}

#[tokio::test]
async fn undoing_before_it_was_done_cancels_it() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let ruled = rule(&world, &x_key(&id), Ruling::Undo).await.unwrap();
    assert_eq!(ruled.cancelled, [ActionKind::HideReply]);
    world.tick().await;
    assert_eq!(world.x_effects(&id).calls, 0);
    assert_eq!(world.only_action(&x_key(&id)).await.state, ActionState::Cancelled);
}

#[tokio::test]
async fn a_held_comment_that_is_undone_is_published() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    world.tick().await;
    assert!(!world.youtube_visible(&id));
    rule(&world, &youtube_key(&id), Ruling::Undo).await.unwrap();
    world.tick().await;
    assert!(world.youtube_visible(&id));
}

#[tokio::test]
async fn a_rejected_comment_is_honestly_beyond_undoing() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    // The shipped policy never rejects, so the record of a rejection is made from the planned hold.
    world.plan_instead(&youtube_key(&id), ActionKind::Hold, ActionKind::Reject).await;
    world.tick().await;
    assert!(!world.youtube_visible(&id));
    let before = world.case(&youtube_key(&id)).await;
    let refused = rule(&world, &youtube_key(&id), Ruling::Undo).await;
    assert_eq!(refused, Err(DecideError::Irreversible(ActionKind::Reject)));
    assert_eq!(world.case(&youtube_key(&id)).await, before, "nothing was changed");
}

#[tokio::test]
async fn a_person_can_act_on_what_the_rules_allowed() {
    let world = World::new().await;
    let id = world.decided_reply(PRAISE).await;
    assert_eq!(rule(&world, &x_key(&id), Ruling::Act(None)).await, Err(DecideError::NoClause(x_key(&id))));
    let clause = Some(rules::Clause::Other);
    assert_eq!(rule(&world, &x_key(&id), Ruling::Act(clause)).await.unwrap().planned, [ActionKind::HideReply]);
    world.tick().await;
    assert!(!world.x_visible(&id));
}

#[tokio::test]
async fn acting_on_a_post_of_our_own_deletes_it() {
    let world = World::new().await;
    let id = world.write(X_USER, "新曲を公開しました", Link::None);
    world.deliver(PostEvent::Create, &id).await;
    rule(&world, &x_key(&id), Ruling::Act(None)).await.unwrap();
    world.tick().await;
    assert!(world.x.simulator.state().live(&id).is_err());
}

#[tokio::test]
async fn what_the_platform_can_not_do_waits_as_a_task_until_it_is_done_by_hand() {
    let world = World::new().await;
    let id = world.write(FAN, &format!("@SOCKETS_JP {THREAT}"), Link::None);
    world.deliver(PostEvent::Mention, &id).await;
    let waiting = world.store.queue().await.unwrap();
    assert!(waiting.iter().any(|entry| entry.post == x_key(&id)
        && entry.waits_for == WaitsFor::Task(TaskKind::ReportPost)
        && entry.decision.verdict == Verdict::Act));
    rule(&world, &x_key(&id), Ruling::Done).await.unwrap();
    assert_eq!(world.store.queue().await.unwrap(), []);
    assert_eq!(rule(&world, &x_key(&id), Ruling::Done).await, Err(DecideError::NoTask(x_key(&id))));
}

/// Rules while the account is paused, and says that the task that follows was done by hand before it goes on.
async fn done_by_hand_meanwhile(world: &World, key: &PostKey, ruling: Option<Ruling>, task: TaskKind) {
    let now = world.clock.now();
    world.store.set_mode(&x_account(), Mode::Paused, now).await.unwrap();
    if let Some(ruling) = ruling {
        rule(world, key, ruling).await.unwrap();
    }
    world.tick().await;
    let queue = world.store.queue().await.unwrap();
    assert!(queue.iter().any(|entry| entry.waits_for == WaitsFor::Task(task)), "{queue:?}");
    rule(world, key, Ruling::Done).await.unwrap();
    world.store.set_mode(&x_account(), Mode::Active, now).await.unwrap();
    world.pass(300);
    world.tick().await;
}

#[tokio::test]
async fn what_is_done_by_hand_leaves_what_is_still_pending() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    done_by_hand_meanwhile(&world, &x_key(&id), None, TaskKind::BlockAuthor).await;
    assert!(!world.x_visible(&id), "the author was blocked by hand, the reply is hidden all the same");

    let id = world.decided_reply(THREAT).await;
    world.tick().await;
    assert!(!world.x_visible(&id));
    done_by_hand_meanwhile(&world, &x_key(&id), Some(Ruling::Allow), TaskKind::UnblockAuthor).await;
    assert!(world.x_visible(&id), "and what was allowed is in sight again");
}

#[tokio::test]
async fn who_was_blocked_by_hand_is_unblocked_by_hand() {
    let world = World::new().await;
    let key = x_key(&world.decided_reply(THREAT).await);
    world.tick().await;
    assert_eq!(world.open_tasks(&key).await, [TaskKind::BlockAuthor]);
    rule(&world, &key, Ruling::Done).await.unwrap();
    rule(&world, &key, Ruling::Act(None)).await.unwrap();
    assert_eq!(world.open_tasks(&key).await, [], "nobody is asked to block whom they blocked");

    rule(&world, &key, Ruling::Undo).await.unwrap();
    assert_eq!(world.open_tasks(&key).await, [TaskKind::UnblockAuthor]);
    world.tick().await;
    assert_eq!(rule(&world, &key, Ruling::Undo).await, Err(DecideError::NothingToUndo(key.clone())));
    rule(&world, &key, Ruling::Allow).await.unwrap();
    assert_eq!(world.open_tasks(&key).await, [TaskKind::UnblockAuthor], "another ruling forgets no task");
    rule(&world, &key, Ruling::Done).await.unwrap();
    rule(&world, &key, Ruling::Allow).await.unwrap();
    assert_eq!(world.open_tasks(&key).await, [], "the author is free");
    rule(&world, &key, Ruling::Act(None)).await.unwrap();
    assert_eq!(world.open_tasks(&key).await, [TaskKind::BlockAuthor], "and may be blocked again");
}

#[tokio::test]
async fn a_strike_ends_with_the_ruling_whatever_is_left_of_the_text() {
    let world = World::new().await;
    let key = x_key(&world.decided_reply(THREAT).await);
    let strikes = async || world.items("PERSON#", "STRIKE#").await;
    let counted = strikes().await;
    assert_eq!(counted.len(), 1);
    world.tick().await;
    world.pass(20 * 24 * 3600);
    rule(&world, &key, Ruling::Done).await.unwrap();
    assert_eq!(strikes().await, counted, "what is done by hand prolongs nothing");
    world.pass(20 * 24 * 3600);
    assert_eq!(world.case(&key).await.post, None, "the text has expired");
    rule(&world, &key, Ruling::Undo).await.unwrap();
    assert_eq!(strikes().await.len(), 0);
}

#[tokio::test]
async fn a_ruling_needs_a_reason_and_a_case() {
    let world = World::new().await;
    let key = x_key("1");
    assert_eq!(rule(&world, &key, Ruling::Allow).await, Err(DecideError::NotFound(key.clone())));
    let silent = decide(&world.store, world.rulebook(), &key, Ruling::Allow, " ", "reviewer", world.clock.now()).await;
    assert_eq!(silent, Err(DecideError::NoReason));
}
