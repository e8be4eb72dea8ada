//! What staff see and may do with the program itself, on the tables of a running stack.

use std::process::Command;

use local::connect::{Running, running_file};
use local::stack;
use privacy::file::ItemState;
use privacy::mail::thread::TicketId;
use serde_json::json;
use tests::World;
use tests::interface::{submit, verify};
use tests::sandbox::binary;
use tests::world::FAN;

/// `sekisho requests …` as it would be typed in the folder of a world: whether it did, and what it said.
async fn requests(world: &World, words: &[&str]) -> (bool, String) {
    let mut program = Command::new(binary("sekisho"));
    program.current_dir(world.folder.path()).env_remove("SEKISHO_TABLE").env_remove("SEKISHO_REQUESTS_TABLE");
    program.arg("requests").args(words);
    let done = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// A world that commands find as they find a running stack, and a request about the fan in it.
async fn asked(right: &str) -> (World, TicketId) {
    let world = Box::pin(World::new()).await;
    let folder = stack::folder(world.folder.path());
    std::fs::create_dir_all(&folder).unwrap();
    let running = Running {
        engine: world.engine.address.clone(),
        table: stack::table_name().unwrap(),
        secrets: world.folder.path().join("secrets.json"),
        objects: folder.clone(),
        x: world.x.origin(),
        youtube: world.youtube.origin(),
        control: String::new(),
    };
    std::fs::write(running_file(&folder), serde_json::to_vec(&running).unwrap()).unwrap();
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": [right]})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    (world, opened.ticket)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_a_suit_is_shown_and_a_refusal_needs_reason_article_and_another_person() {
    let (world, ticket) = Box::pin(asked("appi_disclosure")).await;
    let number = ticket.to_string();
    // Arrival on 20 November in Tokyo; the first day is left out.
    let (done, shown) = requests(&world, &["show", &number]).await;
    assert!(done && shown.contains("a suit is possible from: 2026-12-05 00:00"), "{shown}");

    let (done, listed) = requests(&world, &["list"]).await;
    assert!(done && listed.contains(&number), "{listed}");

    let refuse = ["decide", &number, "refuse", "--as", "hanako"];
    let refused = [
        (&[][..], "a refusal has one --reason with its article"),
        (&["--reason", "breach_of_other_law"], "no article"),
        (&["--reason", "just_so@33(2)"], "none of the codes"),
        (&["--reason", "breach_of_other_law@35(2)"], "is no ground"),
    ];
    for (reason, why) in refused {
        let (done, said) = requests(&world, &[&refuse[..], reason].concat()).await;
        assert!(!done && said.contains(why), "{reason:?}: {said}");
        assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Open, "{reason:?}");
    }
    let (done, said) = requests(&world, &[&refuse[..], &["--reason", "breach_of_other_law@33(2)"]].concat()).await;
    assert!(done && said.contains("proposed"), "{said}");
    let (done, said) = requests(&world, &["decide", &number, "second", "--as", "hanako"]).await;
    assert!(!done && said.contains("another person has to second this"), "{said}");
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Proposed);
    let (done, said) = requests(&world, &["decide", &number, "second", "--as", "jiro"]).await;
    assert!(done && said.contains("decided"), "{said}");
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fee_can_be_set_on_a_cessation() {
    let (world, ticket) = Box::pin(asked("appi_cessation")).await;
    let (done, said) =
        requests(&world, &["decide", &ticket.to_string(), "grant", "--fee", "500", "--as", "hanako"]).await;
    assert!(!done && said.contains("fee"), "{said}");
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn use_stops_at_once_when_what_is_asked_turns_out_to_be_erasure() {
    let (world, ticket) = Box::pin(asked("appi_disclosure")).await;
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    let number = ticket.to_string();
    let (done, said) = requests(&world, &["correct", &number, "--ask", "appi_cessation", "--as", "hanako"]).await;
    assert!(done, "{said}");
    assert!(world.store.is_suppressed(&person).await.unwrap());
    assert!(world.request(&ticket).await.suppressed);
}
