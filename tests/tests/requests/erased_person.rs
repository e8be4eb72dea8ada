//! A person is erased: nothing is left, decisions stand, others keep theirs, and no later delivery brings the person
//! back. A threat is still answered.

use casework::decision::PostKey;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::X_USER;
use privacy::erasure::Cause;
use privacy::file::ItemState;
use privacy::package::Record;
use privacy::registry::{Holder, Subject};
use rules::{ActionKind, Platform, UserId, Verdict};
use serde_json::{Value, json};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key};
use tests::interface::{grant, submit, tick, verify};
use tests::many_posts::Texts;
use tests::world::{FAN, STRANGER};

fn subject(world: &World) -> Subject {
    Subject { person: world.store.person(Platform::X, &UserId(FAN.to_owned())), tickets: Vec::new() }
}

async fn collected(world: &World) -> Vec<Record> {
    let mut records = Vec::new();
    let mut take = |record| {
        records.push(record);
        Ok(())
    };
    world.store.collect(&subject(world), &mut take).await.unwrap();
    records
}

async fn suppressed_and_erased(world: &World) -> u64 {
    let subject = subject(world);
    world.store.suppress(&subject.person, Cause::Request, world.clock.now()).await.unwrap();
    let erased = world.store.erase(&subject, world.clock.now()).await.unwrap();
    assert_eq!(world.store.verify(&subject).await.unwrap(), 0);
    erased
}

/// Everything by which the fan could be found.
fn traces(world: &World) -> Vec<String> {
    [FAN, "fan_mihon", "ファン", THREAT, PRAISE].map(str::to_owned).into_iter().chain([subject(world).person]).collect()
}

fn found<'a>(items: &'a [Value], traces: &[String]) -> Vec<&'a Value> {
    items.iter().filter(|item| traces.iter().any(|trace| item.to_string().contains(trace))).collect()
}

/// A world in which the fan wrote praise and a threat, with a profile, and a stranger the same praise.
async fn a_busy_fan() -> (World, Vec<PostKey>) {
    let world = Box::pin(World::new()).await;
    let praise = Box::pin(world.decided_reply(PRAISE)).await;
    let threat = Box::pin(world.decided_reply(THREAT)).await;
    let mention = world.write(FAN, &format!("@SOCKETS_JP {PRAISE}"), Link::None);
    world.deliver(PostEvent::Mention, &mention).await;
    let ours = world.write(X_USER, "お知らせ", Link::None);
    let others = world.write(STRANGER, PRAISE, Link::Reply(&ours));
    world.deliver(PostEvent::Reply, &others).await;
    let keys = [praise, threat, mention].map(|id| x_key(&id)).to_vec();
    (world, keys)
}

#[tokio::test]
async fn everything_held_is_collected() {
    let (world, posts) = a_busy_fan().await;
    let records = collected(&world).await;
    let count = |kind: &str| records.iter().filter(|record| record.kind() == kind).count();
    let kinds = ["item", "seen", "post", "case", "strike"].map(count);
    assert_eq!(kinds, [4, 1, 3, 3, 1], "four of the six items of the guidelines are disclosed by X");
    for post in &posts {
        let of_it = |record: &&Record| match record {
            Record::Post { id, .. } | Record::Case { id, .. } => *id == post.id,
            Record::Item { .. }
            | Record::Seen { .. }
            | Record::Strike { .. }
            | Record::Request { .. }
            | Record::Mail { .. }
            | Record::File { .. } => false,
        };
        assert_eq!(records.iter().filter(of_it).count(), 2, "{post}");
    }
}

#[tokio::test]
async fn nothing_is_left_of_an_erased_person_and_the_decisions_stand() {
    let (world, posts) = a_busy_fan().await;
    assert!(found(&world.items("", "").await, &traces(&world)).len() > 6);
    let strangers = world.items("PERSON#", "").await.len();

    assert!(suppressed_and_erased(&world).await > 6);
    let items = world.items("", "").await;
    // The stranger wrote the same praise; that is the stranger's.
    let others = world.store.person(Platform::X, &UserId(STRANGER.to_owned()));
    let left: Vec<_> =
        found(&items, &traces(&world)).into_iter().filter(|item| item["pk"] != format!("PERSON#{others}")).collect();
    assert_eq!(left, Vec::<&Value>::new());
    assert!(collected(&world).await.is_empty());
    assert_eq!(world.items("CLAIM", "").await.len(), 0);
    for post in &posts {
        let case = world.case(post).await;
        assert_eq!((case.post, case.evidence.len(), case.decisions.len()), (None, 0, 1));
        assert_eq!(case.decisions[0].version, "erased");
        assert!(world.items_of(post, "CLAIM#").await.is_empty(), "a claim's key is a hash");
    }
    assert_eq!(world.case(&posts[1]).await.decisions[0].verdict, Verdict::Act);
    let kept = world.items("PERSON#", "").await;
    assert!(!kept.is_empty() && kept.len() < strangers, "the stranger keeps what is the stranger's");

    assert_eq!(world.store.erase(&subject(&world), world.clock.now()).await.unwrap(), 0, "erasing again finds nothing");
}

#[tokio::test]
async fn no_delivery_brings_an_erased_person_back() {
    let (world, posts) = a_busy_fan().await;
    suppressed_and_erased(&world).await;
    let before = world.items("", "").await;
    for post in &posts {
        world.deliver(PostEvent::Reply, &post.id).await;
    }
    let new = world.decided_reply("こちらも素敵です").await;
    assert_eq!(world.items("", "").await, before, "neither the old posts nor a new one left anything");
    assert!(world.x_visible(&new));
}

#[tokio::test]
async fn a_threat_of_an_erased_person_is_hidden_and_only_the_decision_is_kept() {
    let (world, _) = a_busy_fan().await;
    suppressed_and_erased(&world).await;
    let persons = world.items("PERSON#", "").await;
    let sightings = world.items("SAME#", "").await;

    let threat = world.decided_reply("お前を必ず殺す").await;
    let action = world.only_action(&x_key(&threat)).await;
    assert_eq!(action.key.kind, ActionKind::HideReply);
    world.tick().await;
    assert!(!world.x_visible(&threat));
    assert_eq!((world.items("PERSON#", "").await, world.items("SAME#", "").await), (persons, sightings));
    let items = world.items("", "").await;
    let mut traces = traces(&world);
    traces.retain(|trace| trace != PRAISE);
    traces.push("必ず殺す".to_owned());
    assert_eq!(found(&items, &traces), Vec::<&Value>::new());
    assert_eq!(world.store.verify(&subject(&world)).await.unwrap(), 0);

    world.deliver(PostEvent::Reply, &threat).await;
    assert_eq!(world.case(&x_key(&threat)).await.decisions.len(), 1, "decided once");
}

#[tokio::test]
async fn what_is_suppressed_is_no_longer_used_even_before_it_is_erased() {
    let (world, posts) = a_busy_fan().await;
    world.store.suppress(&subject(&world).person, Cause::Request, world.clock.now()).await.unwrap();
    let case = world.case(&posts[1]).await;
    assert_eq!((case.post, case.evidence.len(), case.strikes), (None, 0, 0));
    assert!(!collected(&world).await.is_empty(), "it is still there, to be disclosed or erased");
}

#[tokio::test]
async fn a_suppression_is_listed_for_review_and_can_be_ended() {
    let (world, _) = a_busy_fan().await;
    suppressed_and_erased(&world).await;
    let since = world.clock.now();
    world.pass(3600);
    world.store.suppress(&subject(&world).person, Cause::Incident, world.clock.now()).await.unwrap();
    let listed = world.store.suppressions().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].since, listed[0].cause.as_str()), (since, "request"), "the first cause and time stay");
    assert!(listed[0].review_at > since);
    assert_ne!(listed[0].mark, subject(&world).person);

    world.store.lift_suppression(&subject(&world).person).await.unwrap();
    assert!(world.store.suppressions().await.unwrap().is_empty());
    Box::pin(world.decided_reply(PRAISE)).await;
    assert!(!collected(&world).await.is_empty(), "what the person makes public is collected again");
}

#[tokio::test]
async fn a_post_that_waits_for_a_ruling_can_still_be_ruled_on() {
    let world = Box::pin(World::new()).await;
    let id = Box::pin(world.decided_reply(THREAT)).await;
    suppressed_and_erased(&world).await;
    let key = x_key(&id);
    let ruling = casework::decide::Ruling::Undo;
    let now = world.clock.now();
    let ruled = casework::decide::decide(&world.store, world.rulebook(), &key, ruling, "a victim telling", "me", now);
    let ruled = ruled.await.unwrap();
    assert_eq!(ruled.decision.number, 2);
    world.deliver(PostEvent::Reply, &id).await;
    let case = world.case(&x_key(&id)).await;
    assert_eq!(case.decisions.len(), 2, "what a person ruled is left as it is");
}

/// Collects, then erases through the function: how many posts were collected, and what is left.
async fn much_is_asked_for(count: usize, texts: Texts) {
    let world = Box::pin(World::new()).await;
    world.with_posts(count, texts).await;
    let mut posts = 0;
    let mut take = |record: Record| {
        posts += usize::from(record.kind() == "post");
        Ok(())
    };
    world.store.collect(&subject(&world), &mut take).await.unwrap();
    assert_eq!(posts, count);

    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"]})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    // The chain is checked on the way.
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    assert_eq!(world.store.verify(&subject(&world)).await.unwrap(), 0);
    let traces = traces(&world);
    assert_eq!(found(&world.items("", "").await, &traces), Vec::<&Value>::new());
}

#[tokio::test]
async fn a_person_with_very_many_posts_is_collected_and_erased_in_pages() {
    let count = if cfg!(feature = "full") { 10_000 } else { 300 };
    Box::pin(much_is_asked_for(count, Texts::Own)).await;
}

#[tokio::test]
async fn very_many_posts_with_one_text_leave_no_sighting() {
    Box::pin(much_is_asked_for(300, Texts::Same)).await;
}
