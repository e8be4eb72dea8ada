//! A backup that comes back is erased again, in both tables; no delivery takes the person in, and no letter is sent.

use aws_sdk_dynamodb::types::AttributeValue;
use data_request::carry::{Replayed, replay};
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::objects::shelf::Shelf;
use local::desk::{DESK_ADDRESS, LocalDesk, deliver, mailbox, proof};
use local::simulator::deliver::x_event::PostEvent;
use local::stack::{requests_table_name, table_name};
use privacy::erasure::Tombstone;
use privacy::file::{ItemState, Requests, WaitsFor};
use privacy::mail::thread::TicketId;
use privacy::registry::Place;
use serde_json::{Value, json};
use tests::World;
use tests::desk::mail;
use tests::flow::{PRAISE, THREAT, x_key};
use tests::interface::{grant, submit, tick};
use tests::world::FAN;

use super::erased::{both_asked, erased, traces};

async fn restore(world: &World, table: &str, items: &[Value]) {
    let client = tests::table::client(&world.engine.address);
    for item in items {
        let item = serde_dynamo::to_item(item).unwrap();
        client.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    }
}

async fn lose(world: &World, table: &str, items: &[Value]) {
    let client = tests::table::client(&world.engine.address);
    for item in items {
        let key = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
        let delete = client.delete_item().table_name(table).key("pk", key("pk")).key("sk", key("sk"));
        delete.send().await.unwrap();
    }
}

async fn replayed(world: &World) -> Replayed {
    let ledger = proof(world.folder.path());
    let mail = mailbox(world.folder.path());
    Box::pin(replay(&world.store, &world.requests(), &mail, &ledger, world.clock.now())).await.unwrap()
}

/// What the requests table holds, with a letter that waits to be sent.
async fn backup_with_a_letter_on_its_way(world: &World) -> Vec<Value> {
    let mut items = world.items_of_requests().await;
    let files: Vec<Value> = items.iter().filter(|item| item["sk"] == "FILE").cloned().collect();
    let letter = items.iter_mut().find(|item| item["sk"].as_str().unwrap().starts_with("LETTER#")).unwrap();
    let file = files.iter().find(|file| file["pk"] == letter["pk"]).unwrap();
    letter["wakes"] = file["wakes"].clone();
    letter["due"] = letter["letter"]["written"].clone();
    letter["letter"]["state"] = json!("pending");
    items
}

/// Files a mail that asks for erasure.
async fn asked_by_mail(world: &World, desk: &LocalDesk, event: &str, from: &str) -> TicketId {
    let text = "私のアカウント @fan_mihon について、個人データの利用停止を請求します。";
    let raw = mail(from, &format!("{event}@example.jp"), "利用停止の請求", text);
    Box::pin(deliver(desk, event, &raw, from, DESK_ADDRESS, world.clock.now())).await.unwrap();
    world.requests().handled(event).await.unwrap().unwrap()
}

/// What the requests table holds of who asked.
async fn told_of_who_asked(world: &World) -> Vec<Value> {
    let known = [FAN, "fan_mihon", "fan@example.jp", "LETTER#", "MAIL#", "PERSON#", "ACTIVE#"];
    let mut items = world.items_of_requests().await;
    items.retain(|item| known.iter().any(|trace| item.to_string().contains(trace)));
    items
}

#[tokio::test]
async fn everything_is_gone_and_stays_gone_after_a_restore() {
    let world = Box::pin(World::new()).await;
    let (praise, threat) = (Box::pin(world.decided_reply(PRAISE)).await, Box::pin(world.decided_reply(THREAT)).await);
    let backup = world.items("", "").await;
    assert!(!traces(&backup).is_empty());
    let opened = Box::pin(erased(&world)).await;
    assert_eq!(traces(&world.items("", "").await), Vec::<&Value>::new());

    let ledger = proof(world.folder.path());
    let keys = ledger.list(Tombstone::PREFIX).await.unwrap();
    assert_eq!(keys, [format!("erasures/{}.json", opened.ticket)]);
    let body = ledger.get(&keys[0]).await.unwrap().unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    for trace in [FAN, "fan_mihon", "fan@example.jp", praise.as_str(), threat.as_str()] {
        assert!(!text.contains(trace), "the tombstone holds {trace}");
    }
    let tombstone: Tombstone = serde_json::from_str(&text).unwrap();
    assert!(
        tombstone.complete() && tombstone.cleared.iter().any(|one| one.place == Place::Decisions && one.erased > 4)
    );
    assert!(!ledger.put_locked(&keys[0], "{}".into(), 0).await.unwrap(), "nobody replaces it");

    // A backup of before the erasure comes back, the suppression of after it is lost with the table.
    let suppressed = world.items("SUPPRESSED#", "").await;
    let table = table_name().unwrap();
    lose(&world, &table, &suppressed).await;
    restore(&world, &table, &backup).await;
    assert!(!traces(&world.items("", "").await).is_empty());
    world.pass(3 * 3600);
    let first = replayed(&world).await;
    assert!(first.tombstones == 1 && first.erased > 4);
    let again = world.store.suppressions().await.unwrap();
    let since: Vec<Timestamp> = again.iter().map(|one| one.since).collect();
    assert_eq!(since, [tombstone.decided_at], "a restore puts off no review");
    assert_eq!(traces(&world.items("", "").await), Vec::<&Value>::new());
    assert_eq!(replayed(&world).await.erased, 0);
    let file = world.request(&opened.ticket).await;
    assert!(file.person.is_some(), "its letter is still on its way");

    let before = world.items("", "").await;
    for id in [&praise, &threat] {
        Box::pin(world.deliver(PostEvent::Reply, id)).await;
    }
    assert_eq!(world.items("", "").await, before, "no delivery takes the person in again");
    let persons = world.items("PERSON#", "").await;
    world.pass(3600);
    Box::pin(world.poll()).await;
    assert!(!world.items("", "SWEEP#").await.is_empty(), "the lists were read");
    assert_eq!(traces(&world.items("", "").await), Vec::<&Value>::new(), "nor does the next poll");
    assert_eq!(world.items("PERSON#", "").await, persons);
}

#[tokio::test]
async fn a_file_that_comes_back_open_or_closed_ends_again_and_writes_to_nobody() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    let ticket = Box::pin(asked_by_mail(&world, &desk, "ses1", "fan@example.jp")).await;
    // The same again, which is worked on in the first.
    let same = Box::pin(asked_by_mail(&world, &desk, "ses2", "fan@example.jp")).await;
    assert_eq!(world.request(&same).await.duplicate_of.as_ref(), Some(&ticket));
    world.bio(FAN, &world.code_by_letter());
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", world.request(&ticket).await.token));
    let raw = mail("fan@example.jp", "m3@example.jp", "Re: 確認", "書き込みました。");
    Box::pin(deliver(&desk, "ses3", &raw, "fan@example.jp", &to, world.clock.now())).await.unwrap();
    desk.app().desk().read(&ticket, &[], "officer", world.clock.now()).await.unwrap();
    let open = backup_with_a_letter_on_its_way(&world).await;
    grant(&world, &desk, &ticket).await;
    tick(&desk).await;
    let closed = backup_with_a_letter_on_its_way(&world).await;
    world.pass(3 * 24 * 3600);
    // Replayed before the tick that ends the file, on what no backup brought back.
    replayed(&world).await;
    assert_eq!(desk.app().objects.list("mail/").await.unwrap(), Vec::<String>::new());
    tick(&desk).await;
    assert_eq!(told_of_who_asked(&world).await, Vec::<Value>::new());

    let (table, sent) = (requests_table_name().unwrap(), world.sent().len());
    for backup in [open, closed] {
        lose(&world, &table, &world.items_of_requests().await).await;
        restore(&world, &table, &backup).await;
        assert!(!told_of_who_asked(&world).await.is_empty());
        assert!(replayed(&world).await.erased > 3);
        assert_eq!(told_of_who_asked(&world).await, Vec::<Value>::new());
        for ticket in [&ticket, &same] {
            let file = world.request(ticket).await;
            assert_eq!((file.person.is_some(), file.is_closed(), file.waits_for()), (false, true, None));
        }
        assert_eq!(replayed(&world).await.erased, 0);
        tick(&desk).await;
        assert_eq!(world.sent().len(), sent, "the letter that came back is not sent");
    }
}

#[tokio::test]
async fn what_comes_back_beside_a_file_without_its_person_is_erased_again() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    // Nobody shows control of the account, and no tombstone tells of it.
    let ticket = Box::pin(asked_by_mail(&world, &desk, "ses1", "fan@example.jp")).await;
    let mut backup = backup_with_a_letter_on_its_way(&world).await;
    backup.push(json!({"pk": "PERSON#1", "sk": ticket.to_string(), "ticket": ticket.to_string()}));
    assert!(backup.iter().any(|item| item["pk"].as_str().unwrap().starts_with("ACTIVE#")));
    world.pass(40 * 24 * 3600);
    tick(&desk).await;
    tick(&desk).await;
    assert_eq!((world.request(&ticket).await.person, told_of_who_asked(&world).await), (None, Vec::new()));

    Box::pin(asked_by_mail(&world, &desk, "ses2", "other@example.jp")).await;
    let kept = told_of_who_asked(&world).await;
    assert!(kept.len() > 3);
    let there = world.items_of_requests().await;
    backup.retain(|item| !there.iter().any(|one| one["pk"] == item["pk"] && one["sk"] == item["sk"]));
    restore(&world, &requests_table_name().unwrap(), &backup).await;
    let sent = world.sent().len();
    assert!(replayed(&world).await.erased >= 3);
    assert_eq!(replayed(&world).await.erased, 0);
    tick(&desk).await;
    assert_eq!(world.sent().len(), sent);
    assert_eq!(told_of_who_asked(&world).await, kept, "and nothing else");
}

#[tokio::test]
async fn a_file_that_comes_back_with_more_to_answer_waits_for_one_of_us() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = Box::pin(both_asked(&world, &desk)).await;
    let backup = world.items_of_requests().await;
    grant(&world, &desk, &opened.ticket).await;
    world.pass(24 * 3600);
    tick(&desk).await;
    world.pass(40 * 24 * 3600);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.person, None);
    let table = requests_table_name().unwrap();
    lose(&world, &table, &world.items_of_requests().await).await;
    restore(&world, &table, &backup).await;
    replayed(&world).await;
    let file = world.request(&opened.ticket).await;
    assert!(file.person.is_some() && file.waits_for() == Some(WaitsFor::Staff));
}

#[tokio::test]
async fn what_was_asked_after_the_erasure_is_not_ended_by_a_replay() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(PRAISE)).await;
    let opened = Box::pin(erased(&world)).await;
    let desk = world.desk();
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", world.request(&opened.ticket).await.token));
    let raw = mail("fan@example.jp", "m1@example.jp", "再度の請求", "個人データの利用停止を請求します。");
    Box::pin(deliver(&desk, "ses1", &raw, "fan@example.jp", &to, world.clock.now())).await.unwrap();
    desk.app().desk().read(&opened.ticket, &[], "officer", world.clock.now()).await.unwrap();
    let asked = world.request(&opened.ticket).await;
    assert_eq!((asked.items.len(), asked.is_closed()), (2, false));
    world.pass(4 * 24 * 3600);
    replayed(&world).await;
    assert_eq!(world.request(&opened.ticket).await, asked);
}

#[tokio::test]
async fn a_post_that_was_deleted_as_gone_is_deleted_again() {
    let world = Box::pin(World::new()).await;
    let (gone, other) = (Box::pin(world.decided_reply(THREAT)).await, Box::pin(world.decided_reply(PRAISE)).await);
    let backup = world.items("", "").await;
    world.x.simulator.state().posts.get_mut(&gone).unwrap().deleted = true;
    let desk = world.desk();
    // Of the second nothing was ever kept, and nothing is remembered.
    let posts = [&gone, "1999999999999999999"].map(|id| format!("https://x.com/fan_mihon/status/{id}"));
    let asked = submit(&desk, json!({"rights": ["x_content_deletion"], "posts": posts})).await;
    tick(&desk).await;
    assert_eq!(world.request(&asked.ticket).await.items[0].state, ItemState::Answered);
    assert!(world.case(&x_key(&gone)).await.post.is_none());
    let ledger = proof(world.folder.path()).list(Tombstone::PREFIX).await.unwrap();
    assert_eq!(ledger, [format!("erasures/posts/{}", world.store.digest_of(&x_key(&gone)))]);
    assert!(!ledger[0].contains(&gone));

    restore(&world, &table_name().unwrap(), &backup).await;
    assert!(world.case(&x_key(&gone)).await.post.is_some());
    let first = replayed(&world).await;
    assert!(first.tombstones == 1 && first.erased > 1);
    assert!(world.case(&x_key(&gone)).await.post.is_none() && world.case(&x_key(&other)).await.post.is_some());
    assert!(!world.items("", "").await.iter().any(|item| item.to_string().contains(THREAT)));
    assert_eq!(replayed(&world).await.erased, 0);
}
