//! The register of corrections, through the store.

use casework::corrections::{CorrectionError, CorrectionState, Opener, Register, Report, advance, open};
use casework::ledger::LedgerError;
use tests::World;
use tests::flow::x_key;

use crate::support::{own_post, pass_hours};

fn report(post: &casework::decision::PostKey) -> Report {
    let by = Opener::Staff("hanako".to_owned());
    Report { post: post.clone(), by, rule: None, wrong: "23分".to_owned(), right: Some("32分".to_owned()) }
}

#[tokio::test]
async fn from_reported_to_corrected_with_the_hours_that_it_took() {
    let world = World::new().await;
    let key = x_key(&own_post(&world, "ご予定より23分長くかかりました").await);
    let opened = open(&world.store, report(&key), world.clock.now()).await.unwrap().unwrap();
    assert_eq!((opened.number, opened.state), (1, CorrectionState::Reported));
    pass_hours(&world, 3);
    let at = (&key, 1);
    advance(&world.store, at, CorrectionState::Confirmed, "jiro", "measured", world.clock.now()).await.unwrap();
    assert_eq!(world.store.open_corrections().await.unwrap().len(), 1);
    pass_hours(&world, 2);
    let closed = advance(&world.store, at, CorrectionState::Corrected, "jiro", "posted by hand", world.clock.now())
        .await
        .unwrap();
    assert_eq!(closed.hours_open(world.clock.now()), 5.0);
    assert!(world.store.open_corrections().await.unwrap().is_empty());
    let kept = world.store.corrections_of(&key).await.unwrap();
    assert_eq!(kept[0].steps.len(), 2);
    assert!(world.x_requests().is_empty(), "nothing is ever posted");
}

#[tokio::test]
async fn only_our_own_posts_have_corrections_and_two_at_once_do_not_overwrite() {
    let world = World::new().await;
    let theirs = x_key(&world.decided_reply("新曲とても良かったです").await);
    let refused = open(&world.store, report(&theirs), world.clock.now()).await;
    assert_eq!(refused, Err(CorrectionError::NotOurs(theirs)));

    let key = x_key(&own_post(&world, "ご予定より23分長くかかりました").await);
    let opened = open(&world.store, report(&key), world.clock.now()).await.unwrap().unwrap();
    let confirmed = opened.advanced(CorrectionState::Confirmed, "a", "yes", world.clock.now()).unwrap();
    let dismissed = opened.advanced(CorrectionState::Dismissed, "b", "no", world.clock.now()).unwrap();
    world.store.replace_correction(&opened, &confirmed).await.unwrap();
    let second = world.store.replace_correction(&opened, &dismissed).await;
    assert!(matches!(second, Err(LedgerError::Conflict(_))), "{second:?}");
    assert!(matches!(world.store.add_correction(&opened).await, Err(LedgerError::Conflict(_))));
}
