//! What waits too long is told, and after a day handed to a person.

use casework::account::Mode;
use casework::ledger::{Accounts, Desk, WaitsFor};
use casework::planned::ActionState;
use rules::{TaskKind, Verdict};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_account, x_key};

use crate::support::{audit, pass_hours};

#[tokio::test]
async fn an_action_that_nobody_takes_up_is_late_after_an_hour_and_a_persons_after_a_day() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    pass_hours(&world, 2);
    let report = audit(&world).await;
    assert_eq!((report.pending.unfinished, report.pending.late, report.pending.handed_over), (1, 1, 0));
    assert_eq!(report.pending.late_named[0].post, x_key(&id));
    assert_eq!(report.pending.late_named[0].hours, 2);
    assert_eq!(world.only_action(&x_key(&id)).await.state, ActionState::Pending);

    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert_eq!((report.pending.late, report.pending.handed_over), (1, 1));
    assert_eq!(world.only_action(&x_key(&id)).await.state, ActionState::HandedOver);
    let queue = world.store.queue().await.unwrap();
    assert!(queue.iter().any(|entry| entry.waits_for == WaitsFor::Task(TaskKind::CheckOutcome)));

    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert_eq!((report.pending.unfinished, report.pending.tasks["check_outcome"]), (0, 1));
}

#[tokio::test]
async fn a_paused_account_hands_nothing_over() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    world.store.set_mode(&x_account(), Mode::Paused, world.clock.now()).await.unwrap();
    pass_hours(&world, 30);
    let report = audit(&world).await;
    assert_eq!((report.pending.late, report.pending.handed_over), (1, 0));
    assert_eq!(world.only_action(&x_key(&id)).await.state, ActionState::Pending);
}

#[tokio::test]
async fn what_waits_for_a_person_is_counted_longest_first() {
    let world = World::new().await;
    world.store.set_mode(&x_account(), Mode::Paused, world.clock.now()).await.unwrap();
    let first = world.decided_reply(THREAT).await;
    pass_hours(&world, 30);
    let second = world.decided_reply("必ず殺すからな").await;
    world.decided_reply(PRAISE).await;
    assert_eq!(world.case(&x_key(&second)).await.decisions[0].verdict, Verdict::Review);
    let report = audit(&world).await;
    assert_eq!((report.pending.reviews, report.pending.over_a_day, report.pending.longest_hours), (2, 1, 30));
    let named: Vec<_> = report.pending.named.iter().map(|one| one.post.clone()).collect();
    assert_eq!(named, [x_key(&first), x_key(&second)]);
    assert_eq!(report.pending.named[0].clause.as_deref(), Some("criminal"));
}
