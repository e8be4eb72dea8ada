//! Plain words from the person's own mailbox take a request back, with a letter; nobody else's do, and nothing that was
//! erased comes back.

use privacy::file::{Extra, ItemState, Requests, Ruling, WaitsFor};
use privacy::law::Right;
use serde_json::json;
use tests::World;
use tests::desk::{Desk, TARO, answer, mail, mail_with};
use tests::interface::{Opened, call, grant, submit, tick, verify};
use tests::world::FAN;

const ASKS: &str = "私の個人データの開示を請求します。ガイドラインについても教えてください。";
const TAKES_BACK: &str = "開示の請求を取り下げます。よろしくお願いします。";

async fn asked() -> Desk {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", ASKS)).await;
    desk
}

#[tokio::test]
async fn the_person_takes_everything_back_and_is_told_once() {
    let desk = asked().await;
    let ticket = desk.only_file().await.ticket;
    let receipt = desk.letters().remove(0);
    desk.after(1);
    for id in ["2@example.jp", "3@example.jp"] {
        desk.mail_to(&answer(&receipt, TARO, id, TAKES_BACK), &receipt.reply_to()).await;
    }
    let file = desk.file(&ticket).await;
    assert!(file.items.len() == 2 && file.items.iter().all(|item| item.state == ItemState::Withdrawn));
    assert_eq!((file.closed, file.active), (Some(desk.now()), None));
    let letters = desk.letters();
    assert_eq!(letters.len(), 2, "the receipt, and one letter about it");
    let text = letters[1].text();
    for part in ["取り下げられたものとして終了", "個人データの開示", "ガイドライン", "いつでもお受けします"]
    {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    let events = desk.events(&ticket).await;
    assert_eq!(events.iter().filter(|event| *event == "withdrawn").count(), 2);
    desk.after(24 * 40);
    desk.tick().await;
    assert!(desk.alarms().is_empty(), "its clocks ended");
}

#[tokio::test]
async fn nobody_else_takes_it_back() {
    let desk = asked().await;
    let file = desk.only_file().await;
    let number = file.ticket.to_string();
    // A stranger who knows the number, and somebody under the person's address whom nobody vouches for.
    desk.mail(&mail("eve@example.com", "e@example.com", &format!("Re: 【{number}】受付"), TAKES_BACK)).await;
    let receipt = desk.letters().remove(0);
    let mut forged = local::desk::receipt(&desk.id(), "eve@example.com", &receipt.reply_to(), desk.now());
    for verdict in ["dmarcVerdict", "dkimVerdict", "spfVerdict"] {
        forged["Records"][0]["ses"]["receipt"][verdict] = json!({"status": "FAIL"});
    }
    desk.event(&answer(&receipt, TARO, "f@example.com", TAKES_BACK), forged).await;
    // An answer that speaks of it without doing it is read by one of us.
    let asks = answer(&receipt, TARO, "4@example.jp", "請求を取り下げる方法を教えてください。");
    desk.mail_to(&asks, &receipt.reply_to()).await;
    let after = desk.file(&file.ticket).await;
    assert_eq!(after.items, file.items);
    assert!(after.unread && after.waits_for() == Some(WaitsFor::Staff));
}

#[tokio::test]
async fn a_machine_that_answers_the_letter_takes_nothing_back_and_starts_no_loop() {
    let desk = asked().await;
    let file = desk.only_file().await;
    let receipt = desk.letters().remove(0);
    let auto = mail_with(TARO, "v@example.jp", "自動返信", TAKES_BACK, "Auto-Submitted: auto-replied\n");
    desk.mail_to(&auto, &receipt.reply_to()).await;
    assert_eq!(desk.file(&file.ticket).await.items, file.items);
    assert_eq!(desk.letters().len(), 1);
}

#[tokio::test]
async fn what_was_suppressed_for_it_alone_is_used_again_and_what_was_erased_never() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    let asked = || json!({"rights": ["appi_cessation"], "email": "fan@example.jp"});
    let withdraw = async |opened: &Opened| {
        let path = format!("/requests/{}/withdraw", opened.ticket);
        assert_eq!(call(&desk, "POST", &path, Some(&opened.secret), None).await.status, 204);
    };
    let first = submit(&desk, asked()).await;
    verify(&world, &desk, &first, FAN).await;
    assert!(world.store.is_suppressed(&person).await.unwrap());
    withdraw(&first).await;
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    let file = world.request(&first.ticket).await;
    assert!(!file.suppressed && world.happened(&first.ticket).await.contains(&"used_again".to_owned()));

    let erased = submit(&desk, asked()).await;
    verify(&world, &desk, &erased, FAN).await;
    grant(&world, &desk, &erased.ticket).await;
    tick(&desk).await;
    // The file of the erasure itself is over, with its link to the person, when the next request comes.
    world.pass(4 * 24 * 3600);
    tick(&desk).await;
    let again = submit(&desk, asked()).await;
    verify(&world, &desk, &again, FAN).await;
    withdraw(&again).await;
    assert!(world.store.is_suppressed(&person).await.unwrap(), "whoever was erased is not taken in again");
}

#[tokio::test]
async fn an_objection_that_was_granted_holds_when_the_erasure_beside_it_is_withdrawn() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["gdpr_objection", "gdpr_erasure"]})).await;
    verify(&world, &desk, &opened, FAN).await;
    let objection = world.request(&opened.ticket).await.items.into_iter();
    let number = objection.filter(|item| item.right() == Some(Right::GdprObjection)).map(|item| item.number).next();
    let (work, now) = (desk.app().desk(), world.clock.now());
    work.decide(&opened.ticket, number.unwrap(), &Ruling::Grant, &Extra::default(), "officer", now).await.unwrap();
    tick(&desk).await;
    let path = format!("/requests/{}/withdraw", opened.ticket);
    assert_eq!(call(&desk, "POST", &path, Some(&opened.secret), None).await.status, 204);
    let file = world.request(&opened.ticket).await;
    assert!(file.is_closed() && file.suppressed);
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(world.store.is_suppressed(&person).await.unwrap());
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_gets_no_letter() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"], "email": "victim@example.jp"})).await;
    let path = format!("/requests/{}/withdraw", opened.ticket);
    assert_eq!(call(&desk, "POST", &path, Some(&opened.secret), None).await.status, 204);
    assert_eq!(world.requests().letters(&opened.ticket).await.unwrap(), []);
    assert!(world.request(&opened.ticket).await.is_closed());
}
