//! What is granted in part is carried out by one of us: only a person can tell which data the reasons keep back.

use lambda_kit::objects::shelf::Shelf;
use local::desk::proof;
use privacy::erasure::Tombstone;
use privacy::file::{Extra, ItemState, Reason, Ruling, WaitsFor};
use privacy::law::RefusalReason;
use privacy::mail::thread::TicketId;
use privacy::registry::{Holder, Subject};
use serde_json::json;
use tests::World;
use tests::flow::PRAISE;
use tests::interface::{submit, tick, verify};
use tests::world::FAN;

/// A request whose right was granted but for what a reason covers, after the next tick.
async fn granted_in_part(world: &World, right: &str, reason: RefusalReason, article: &str) -> TicketId {
    Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": [right], "email": "fan@example.jp"})).await;
    Box::pin(verify(world, &desk, &opened, FAN)).await;
    let (work, now) = (desk.app().desk(), world.clock.now());
    let ruling = Ruling::Partly(vec![Reason { reason, article: article.to_owned(), substitute: None }]);
    work.decide(&opened.ticket, 1, &ruling, &Extra::default(), "officer-1", now).await.unwrap();
    work.second(&opened.ticket, 1, "officer-2", now).await.unwrap();
    tick(&desk).await;
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[0].state, file.items[0].fulfil_at), (ItemState::Fulfilling, None));
    assert_eq!(file.items[0].task.as_deref(), Some("carry_out_in_part"));
    assert_eq!(file.waits_for(), Some(WaitsFor::Staff));
    opened.ticket
}

#[tokio::test]
async fn no_package_holds_what_was_kept_back() {
    let world = Box::pin(World::new()).await;
    let reason = RefusalReason::HarmToPersonOrThirdParty;
    let ticket = Box::pin(granted_in_part(&world, "appi_disclosure", reason, "33(2)")).await;
    let desk = world.desk();
    assert_eq!(desk.app().carrier.packages.list("").await.unwrap(), Vec::<String>::new());
    assert_eq!(world.request(&ticket).await.package, None);
    desk.app().desk().task_done(&ticket, 1, "officer-1", world.clock.now()).await.unwrap();
    tick(&desk).await;
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Answered);
    let told = world.sent().pop().expect("the decision").text();
    assert!(told.contains("一部に応じました"), "{told}");
}

#[tokio::test]
async fn nothing_that_was_kept_back_is_erased() {
    let world = Box::pin(World::new()).await;
    Box::pin(granted_in_part(&world, "gdpr_erasure", RefusalReason::LegalClaims, "17(3)(e)")).await;
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(world.store.is_suppressed(&person).await.unwrap(), "use has stopped all the same");
    assert!(world.store.verify(&Subject { person, tickets: Vec::new() }).await.unwrap() > 0);
    let ledger = proof(world.folder.path());
    assert_eq!(ledger.list(Tombstone::PREFIX).await.unwrap(), Vec::<String>::new());
}
