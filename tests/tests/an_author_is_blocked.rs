//! Blocking on X needs Enterprise access: with it the author is blocked, without it a person is asked to.

#![allow(clippy::unwrap_used)]

use casework::ledger::{Desk, WaitsFor};
use casework::planned::ActionState;
use local::stack::X_USER;
use rules::{ActionKind, TaskKind};
use tests::World;
use tests::flow::{THREAT, x_key};
use tests::world::FAN;

/// A reply whose author is to be blocked, and the tick that tries it.
async fn tried(world: &World) -> ActionState {
    let key = x_key(&world.decided_reply(THREAT).await);
    world.plan_instead(&key, ActionKind::HideReply, ActionKind::Block).await;
    world.tick().await;
    world.only_action(&key).await.state
}

fn blocked(world: &World) -> Vec<String> {
    world.x.simulator.state().blocks.get(X_USER).cloned().unwrap_or_default()
}

#[tokio::test]
async fn with_enterprise_access_the_author_is_blocked() {
    let world = World::new().await;
    {
        let mut x = world.x.simulator.state();
        x.enterprise = true;
        x.tokens.get_mut(&world.secrets.x_user_token).unwrap().scopes.insert("block.write".to_owned());
    }
    assert_eq!(tried(&world).await, ActionState::Done);
    assert_eq!(blocked(&world), [FAN]);
}

#[tokio::test]
async fn without_it_a_person_is_asked_to() {
    let world = World::new().await;
    assert_eq!(tried(&world).await, ActionState::Failed);
    assert_eq!(blocked(&world), Vec::<String>::new());
    let waiting = world.store.queue().await.unwrap();
    assert!(waiting.iter().any(|entry| matches!(entry.waits_for, WaitsFor::Task(TaskKind::BlockAuthor))));
}
