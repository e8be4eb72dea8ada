//! Fifty unverified requests about a person change nothing for the person's own, and nobody has to look at them.

use local::desk::LocalDesk;
use privacy::file::{ItemState, Requests, WaitsFor};
use serde_json::{Value, json};
use tests::World;
use tests::interface::{Opened, begin, check, grant, submit, tick, verify};
use tests::world::FAN;

fn erasure() -> Value {
    json!({"rights": ["appi_cessation"]})
}

async fn attack(desk: &LocalDesk, times: usize) -> Vec<Opened> {
    let mut opened = Vec::new();
    for _ in 0..times {
        let one = submit(desk, erasure()).await;
        begin(desk, &one, FAN).await;
        // The attacker cannot write into the victim's bio.
        assert_eq!(check(desk, &one).await, 409);
        opened.push(one);
    }
    opened
}

#[tokio::test]
async fn fifty_requests_of_others_leave_the_verified_one_alone() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let mut attacks = attack(&desk, 25).await;
    let own = submit(&desk, erasure()).await;
    verify(&world, &desk, &own, FAN).await;
    let verified = world.request(&own.ticket).await;
    attacks.extend(attack(&desk, 25).await);

    assert_eq!(world.request(&own.ticket).await, verified, "not a single entry was added");
    assert_eq!(verified.items[0].state, ItemState::Open);
    for attack in &attacks {
        let file = world.request(&attack.ticket).await;
        assert_eq!((file.items[0].state, file.verified), (ItemState::Unverified, None));
    }
    let requests = world.requests();
    let listed = requests.waiting(WaitsFor::Staff).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&own.ticket), "the usual list has the one");
    assert_eq!(requests.waiting(WaitsFor::Person).await.unwrap().len(), 50);
    grant(&world, &desk, &own.ticket).await;
    tick(&desk).await;
    assert_eq!(world.request(&own.ticket).await.items[0].state, ItemState::Answered, "it is carried out");
    for attack in &attacks {
        assert_eq!(world.request(&attack.ticket).await.items[0].state, ItemState::Unverified);
    }
}

#[tokio::test]
async fn a_second_verified_request_about_the_same_joins_the_older_one() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let (older, newer) = (submit(&desk, erasure()).await, submit(&desk, erasure()).await);
    verify(&world, &desk, &older, FAN).await;
    verify(&world, &desk, &newer, FAN).await;
    let file = world.request(&newer.ticket).await;
    assert_eq!(file.duplicate_of, Some(older.ticket.clone()));
    assert_eq!(file.items[0].state, ItemState::Duplicate);
    assert_eq!(world.request(&older.ticket).await.items[0].state, ItemState::Open);
}

#[tokio::test]
async fn use_stops_with_the_proof_and_goes_on_when_it_is_taken_back() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let own = submit(&desk, erasure()).await;
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(!world.store.is_suppressed(&person).await.unwrap(), "nothing before the proof");
    verify(&world, &desk, &own, FAN).await;
    assert!(world.store.is_suppressed(&person).await.unwrap());
    let path = format!("/requests/{}/withdraw", own.ticket);
    let answer = tests::interface::call(&desk, "POST", &path, Some(&own.secret), None).await;
    assert_eq!(answer.status, 204);
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    assert_eq!(world.request(&own.ticket).await.items[0].state, ItemState::Withdrawn);
}
