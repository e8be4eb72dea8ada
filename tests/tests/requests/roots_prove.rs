//! Each day is closed once, where nobody can change it; an export verifies without us, before and after the persons in
//! it are erased, and a changed entry or a missing chain is found.

use data_request::carry::export;
use local::command::audit::read_export;
use local::desk::proof;
use privacy::proof::{Fault, verify as check};
use serde_json::json;
use tests::World;
use tests::interface::{grant, submit, tick, verify};
use tests::world::FAN;

async fn exported(world: &World) -> String {
    let mut out = Vec::new();
    export(&world.requests(), &proof(world.folder.path()), &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn chains_and_roots_verify_from_an_export_even_after_erasure() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"], "email": "fan@example.jp"})).await;
    submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    tick(&desk).await;
    for _ in 0..4 {
        verify_or_pass(&world, &desk, &opened).await;
        world.pass(24 * 3600);
        tick(&desk).await;
        tick(&desk).await;
    }
    assert_eq!(world.request(&opened.ticket).await.person, None, "erased by then");
    let (chains, roots) = read_export(exported(&world).await.as_bytes()).unwrap();
    assert_eq!((chains.len(), roots.len()), (2, 5), "a root for each day, once");
    let verified = check(chains.clone(), &roots);
    assert_eq!((verified.chains, verified.roots, verified.faults), (2, 5, Vec::new()));

    let mut changed = chains.clone();
    let place = changed.iter().position(|chain| chain.ticket == opened.ticket).unwrap();
    changed[place].entries[0].event = "something_else".to_owned();
    assert!(matches!(check(changed, &roots).faults.first(), Some(Fault::Chain(ticket, _)) if *ticket == opened.ticket));
    let without: Vec<_> = chains.into_iter().filter(|chain| chain.ticket != opened.ticket).collect();
    assert!(check(without, &roots).faults.iter().all(|fault| matches!(fault, Fault::Missing(..))));
}

#[tokio::test]
async fn what_is_appended_during_an_export_is_no_cut() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"], "email": "fan@example.jp"})).await;
    let [head] = world.requests().heads().await.unwrap().try_into().unwrap();
    verify(&world, &desk, &opened, FAN).await;
    let export = world.requests().export(&head).await.unwrap();
    assert_eq!(check(vec![export], &[]).faults, Vec::new());
}

/// Shows control and grants in the first round; later rounds only let time pass.
async fn verify_or_pass(world: &World, desk: &local::desk::LocalDesk, opened: &tests::interface::Opened) {
    if world.request(&opened.ticket).await.verified.is_none() {
        verify(world, desk, opened, FAN).await;
        grant(world, desk, &opened.ticket).await;
    }
}
