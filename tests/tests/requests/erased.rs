//! Granted, erased in every place, remembered without a name; and the file of the request itself loses its person, while
//! its chain still holds.

use data_request::carry::{MailPlace, PackagePlace};
use lambda_kit::objects::Objects;
use local::desk::{DESK_ADDRESS, LocalDesk, deliver};
use local::stack::{requests_table_name, table_name};
use privacy::classify::Ask;
use privacy::file::{Extra, ItemState, Requests, Ruling};
use privacy::law::{DeadlineKind, Right};
use privacy::mail::thread::TicketId;
use privacy::registry::{Holder, Place, Registry, Subject};
use serde_json::{Value, json};
use tests::World;
use tests::calls::{Call, Tape};
use tests::desk::mail;
use tests::flow::{PRAISE, THREAT};
use tests::interface::{Opened, call, grant, submit, tick, verify};
use tests::world::FAN;

pub(super) fn traces(items: &[Value]) -> Vec<&Value> {
    let known = [FAN, "fan_mihon", "ファン", THREAT, PRAISE];
    items.iter().filter(|item| known.iter().any(|trace| item.to_string().contains(trace))).collect()
}

pub(super) async fn erased(world: &World) -> Opened {
    let desk = world.desk();
    let body = json!({"rights": ["appi_cessation"], "email": "fan@example.jp", "language": "ja"});
    let opened = submit(&desk, body).await;
    verify(world, &desk, &opened, FAN).await;
    grant(world, &desk, &opened.ticket).await;
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    opened
}

#[tokio::test]
async fn a_letter_that_was_on_its_way_does_not_come_back() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"], "email": "fan@example.jp"})).await;
    verify(&world, &desk, &opened, FAN).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    let on_its_way = world.requests().letters(&opened.ticket).await.unwrap().remove(0);
    for _ in 0..4 {
        tick(&desk).await;
        world.pass(24 * 3600);
    }
    assert_eq!(world.request(&opened.ticket).await.person, None);
    let now = world.clock.now();
    desk.app().desk().not_sent(&on_its_way, "timeout", false, now).await.unwrap();
    desk.app().desk().sent(&on_its_way, "1@mail.example", now).await.unwrap();
    assert_eq!(world.requests().letters(&opened.ticket).await.unwrap(), []);
}

#[tokio::test]
async fn the_file_itself_loses_its_person_and_its_chain_still_holds() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let opened = Box::pin(erased(&world)).await;
    let file = world.request(&opened.ticket).await;
    let person = file.person.clone().expect("letters are still on their way");
    let salt = serde_json::to_string(&person.salt).unwrap();

    world.pass(3 * 24 * 3600);
    let desk = world.desk();
    tick(&desk).await;
    let requests = world.requests();
    let file = world.request(&opened.ticket).await;
    assert_eq!(file.person, None);
    assert!(requests.letters(&opened.ticket).await.unwrap().is_empty());
    let left = held(&world, &desk, std::slice::from_ref(&opened.ticket)).await;
    assert_eq!(left, [(Place::Decisions, 0), (Place::Requests, 0), (Place::Mail, 0), (Place::Packages, 0)]);
    let stored = tests::table::of(&world.engine.address, &requests_table_name().unwrap()).await;
    for trace in [FAN, "fan@example.jp", salt.trim_matches('"')] {
        let holding: Vec<_> = stored.iter().filter(|item| item.to_string().contains(trace)).collect();
        assert!(holding.is_empty(), "{trace} in {holding:?}");
    }
    let events = world.happened(&opened.ticket).await;
    for event in ["suppressed", "erased", "erasure_checked", "answered", "purged"] {
        assert!(events.contains(&event.to_owned()), "{event} in {events:?}");
    }
}

#[tokio::test]
async fn a_mail_that_nobody_has_read_is_not_erased_with_the_file() {
    let world = Box::pin(World::new()).await;
    let opened = Box::pin(erased(&world)).await;
    let desk = world.desk();
    world.pass(24 * 3600);
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", world.request(&opened.ticket).await.token));
    let raw = mail("fan@example.jp", "m1@example.jp", "Re: 決定", "まだ投稿が残っています。");
    Box::pin(deliver(&desk, "ses1", &raw, "fan@example.jp", &to, world.clock.now())).await.unwrap();
    world.pass(3 * 24 * 3600);
    tick(&desk).await;
    assert!(world.request(&opened.ticket).await.person.is_some());
    assert_eq!(world.requests().mails(&opened.ticket).await.unwrap()[0].text, "まだ投稿が残っています。");

    desk.app().desk().read(&opened.ticket, &[], "officer", world.clock.now()).await.unwrap();
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.person, None);
}

/// What each place holds of the person.
async fn held(world: &World, desk: &LocalDesk, tickets: &[TicketId]) -> Vec<(Place, u64)> {
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    let (objects, requests) = (&desk.app().objects, world.requests());
    let (mail, packages) =
        (MailPlace { objects, requests: &requests }, PackagePlace { objects: &desk.app().carrier.packages });
    let registry = Registry::new(vec![&world.store, &requests, &mail, &packages]).unwrap();
    registry.left(&Subject { person, tickets: tickets.to_vec() }).await.unwrap()
}

#[tokio::test]
async fn every_place_that_held_something_holds_nothing_in_the_end() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    // A package lies there from before, and the erasure is asked for by mail.
    let older = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    Box::pin(verify(&world, &desk, &older, FAN)).await;
    grant(&world, &desk, &older.ticket).await;
    tick(&desk).await;
    let text = "私のアカウント @fan_mihon について、個人データの利用停止を請求します。";
    let raw = mail("fan@example.jp", "m1@example.jp", "利用停止の請求", text);
    Box::pin(deliver(&desk, "ses1", &raw, "fan@example.jp", DESK_ADDRESS, world.clock.now())).await.unwrap();
    let ticket = world.requests().handled("ses1").await.unwrap().unwrap();
    world.bio(FAN, &world.code_by_letter());
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", world.request(&ticket).await.token));
    let raw = mail("fan@example.jp", "m2@example.jp", "Re: 確認", "書き込みました。");
    Box::pin(deliver(&desk, "ses2", &raw, "fan@example.jp", &to, world.clock.now())).await.unwrap();
    let both = [older.ticket.clone(), ticket.clone()];
    let before = held(&world, &desk, &both).await;
    assert!(before.len() == Place::ALL.len() && before.iter().all(|(_, count)| *count > 0), "{before:?}");

    grant(&world, &desk, &ticket).await;
    tick(&desk).await;
    let cleared = held(&world, &desk, &both).await;
    let of = |place: Place| cleared.iter().find(|(one, _)| *one == place).unwrap().1;
    assert_eq!((of(Place::Decisions), of(Place::Packages)), (0, 0), "at once");
    world.pass(3 * 24 * 3600);
    tick(&desk).await;
    let own = held(&world, &desk, std::slice::from_ref(&ticket)).await;
    assert_eq!(own, Place::ALL.map(|place| (place, 0)), "once the letter about it has had time to arrive");
    assert!(desk.app().objects.get("mail/ses1").await.unwrap().is_none());
    let told: Vec<String> = world.sent().iter().map(tests::desk::Letter::text).collect();
    assert!(told.iter().any(|text| text.contains("最長30日") && text.contains("印だけを残します")), "{told:?}");
    // The chain is checked on the way.
    assert_eq!(world.request(&ticket).await.person, None);
}

#[tokio::test]
async fn use_has_stopped_before_the_first_item_is_erased() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let tape = Tape::default();
    let desk = world.desk_on(&tape);
    // Asked as disclosure, and only found to be an erasure once control was shown: nothing was suppressed on the way.
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    verify(&world, &desk, &opened, FAN).await;
    let (work, now) = (desk.app().desk(), world.clock.now());
    work.correct(&opened.ticket, 1, Ask::Right(Right::AppiCessation), "officer", now).await.unwrap();
    grant(&world, &desk, &opened.ticket).await;
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    tape.take();
    tick(&desk).await;
    assert!(world.store.is_suppressed(&person).await.unwrap());
    let calls: Vec<Call> = tape.take().into_iter().filter(|call| call.resource == table_name().unwrap()).collect();
    let first = |found: &dyn Fn(&Call) -> bool| calls.iter().position(found).expect("such a call");
    let suppressed = first(&|call| call.keys == "SUPPRESSED#*" && call.action == "dynamodb:UpdateItem");
    let erases = |call: &Call| ["POST#*", "PERSON#*"].contains(&call.keys.as_str());
    let erased = first(&|call| erases(call) && !call.action.contains("Query") && !call.action.contains("Get"));
    assert!(suppressed < erased, "{calls:?}");
}

#[tokio::test]
async fn use_that_a_dead_run_left_going_on_stops_at_the_next_wake() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    verify(&world, &desk, &opened, FAN).await;
    let (work, now) = (desk.app().desk(), world.clock.now());
    work.correct(&opened.ticket, 1, Ask::Right(Right::AppiCessation), "officer", now).await.unwrap();
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    world.pass(12 * 3600);
    tick(&desk).await;
    assert!(world.store.is_suppressed(&person).await.unwrap());
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.suppressed, file.items[0].state), (true, ItemState::Open));
}

/// A request for disclosure and erasure together, of which the erasure was granted.
pub(super) async fn both_asked(world: &World, desk: &LocalDesk) -> Opened {
    Box::pin(world.decided_reply(PRAISE)).await;
    let opened = submit(desk, json!({"rights": ["appi_disclosure", "appi_cessation"]})).await;
    Box::pin(verify(world, desk, &opened, FAN)).await;
    let (work, now) = (desk.app().desk(), world.clock.now());
    work.decide(&opened.ticket, 2, &Ruling::Grant, &Extra::default(), "officer", now).await.unwrap();
    tick(desk).await;
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[1].right(), file.items[1].state), (Some(Right::AppiCessation), ItemState::Fulfilling));
    assert!(file.suppressed && !traces(&world.items("PERSON#", "").await).is_empty(), "not used, and still there");
    opened
}

#[tokio::test]
async fn what_is_asked_for_beside_erasure_is_disclosed_first_and_can_be_fetched() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = Box::pin(both_asked(&world, &desk)).await;
    grant(&world, &desk, &opened.ticket).await;
    world.pass(24 * 3600);
    tick(&desk).await;
    let file = world.request(&opened.ticket).await;
    assert!(file.items.iter().all(|item| item.state == ItemState::Answered));
    assert_eq!(traces(&world.items("", "").await), Vec::<&Value>::new());
    world.pass(13 * 24 * 3600);
    tick(&desk).await;
    let path = format!("/requests/{}/package?as=json", opened.ticket);
    let answer = call(&desk, "GET", &path, Some(&opened.secret), None).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let word = answer.headers["location"].as_str().unwrap().strip_prefix("/objects/").unwrap().to_owned();
    let packages = &desk.app().carrier.packages;
    let package = packages.get(&packages.linked(&word).unwrap().0).await.unwrap().expect("it lies there");
    assert!(String::from_utf8_lossy(&package).contains(PRAISE), "made before the erasure");
    world.pass(24 * 3600);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.person, None);
    let left = held(&world, &desk, std::slice::from_ref(&opened.ticket)).await;
    assert_eq!(left, Place::ALL.map(|place| (place, 0)), "the package went with the file");
}

#[tokio::test]
async fn erasure_waits_for_a_disclosure_only_as_long_as_it_may() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = Box::pin(both_asked(&world, &desk)).await;
    let file = world.request(&opened.ticket).await;
    let end = file.items[1].clocks.get(DeadlineKind::AppiErasure).unwrap().due(world.clock.now()).unwrap();
    let minutes = end.duration_since(world.clock.now()).as_mins() - 10;
    for minutes in [24 * 60, minutes - 24 * 60] {
        assert_eq!(world.request(&opened.ticket).await.items[1].state, ItemState::Fulfilling);
        world.pass(minutes * 60);
        tick(&desk).await;
    }
    assert!(world.clock.now() < end);
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[0].state, file.items[1].state), (ItemState::Open, ItemState::Answered));
    assert_eq!(traces(&world.items("", "").await), Vec::<&Value>::new());
}

#[tokio::test]
async fn a_hold_on_one_file_stops_what_another_file_of_the_person_asks() {
    let world = Box::pin(World::new()).await;
    let post = Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    let held = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    verify(&world, &desk, &held, FAN).await;
    let now = world.clock.now();
    desk.app().desk().hold(&held.ticket, privacy::law::RefusalReason::LegalClaims, "officer", now).await.unwrap();

    let other = submit(&desk, json!({"rights": ["appi_cessation"]})).await;
    verify(&world, &desk, &other, FAN).await;
    grant(&world, &desk, &other.ticket).await;
    tick(&desk).await;
    assert_eq!(world.request(&other.ticket).await.items[0].state, ItemState::Fulfilling);

    world.x.simulator.state().posts.get_mut(&post).unwrap().deleted = true;
    let posts = [format!("https://x.com/fan_mihon/status/{post}")];
    let gone = submit(&desk, json!({"rights": ["x_content_deletion"], "posts": posts})).await;
    tick(&desk).await;
    assert_eq!(world.request(&gone.ticket).await.items[0].state, ItemState::Unverified);
    assert!(!traces(&world.items("PERSON#", "").await).is_empty(), "still there");

    desk.app().desk().release(&held.ticket, "officer", world.clock.now()).await.unwrap();
    world.pass(24 * 3600);
    tick(&desk).await;
    for ticket in [&other.ticket, &gone.ticket] {
        assert_eq!(world.request(ticket).await.items[0].state, ItemState::Answered);
    }
}

#[tokio::test]
async fn a_hold_stops_erasure_but_not_that_use_stops() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"]})).await;
    verify(&world, &desk, &opened, FAN).await;
    let now = world.clock.now();
    desk.app().desk().hold(&opened.ticket, privacy::law::RefusalReason::LegalClaims, "officer", now).await.unwrap();
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Fulfilling);
    assert!(!traces(&world.items("PERSON#", "").await).is_empty(), "still there");
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(world.store.is_suppressed(&person).await.unwrap());
    desk.app().desk().release(&opened.ticket, "officer", world.clock.now()).await.unwrap();
    world.pass(24 * 3600);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    assert_eq!(world.store.verify(&Subject { person, tickets: Vec::new() }).await.unwrap(), 0);
    let path = format!("/requests/{}", opened.ticket);
    let status = call(&desk, "GET", &path, Some(&opened.secret), None).await.json();
    assert_eq!(status["items"][0]["decision"], "granted");
}
