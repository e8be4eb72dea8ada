//! What is asked in an old thread waits as long as what was asked first, and of whoever has shown control of the account
//! nothing is to be shown again.

use lambda_kit::objects::Objects;
use local::desk::{DESK_ADDRESS, LocalDesk, deliver};
use privacy::file::{ItemState, Requests};
use privacy::law::Right;
use privacy::mail::thread::TicketId;
use serde_json::json;
use tests::World;
use tests::desk::{Desk, TARO, answer, mail};
use tests::interface::{grant, submit, tick, verify};
use tests::world::FAN;

#[tokio::test]
async fn an_item_expires_thirty_days_after_the_mail_that_asks_it() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "ご質問", "ガイドラインの第3条について質問があります。")).await;
    let ticket = desk.only_file().await.ticket;
    let letter = desk.letters().remove(0);
    desk.after(24 * 40);
    let text = "私の個人データの開示を請求します。";
    desk.mail_to(&answer(&letter, TARO, "2@example.jp", text), &letter.reply_to()).await;
    for (hours, state) in [(1, ItemState::Unverified), (24 * 29, ItemState::Unverified), (24, ItemState::Expired)] {
        desk.after(hours);
        desk.tick().await;
        assert_eq!(desk.file(&ticket).await.items[1].state, state);
    }
}

/// A file whose person showed control of an account and got an answer months ago.
async fn answered(world: &World, desk: &LocalDesk) -> TicketId {
    let opened = submit(desk, json!({"rights": ["appi_disclosure"], "email": "fan@example.jp"})).await;
    Box::pin(verify(world, desk, &opened, FAN)).await;
    grant(world, desk, &opened.ticket).await;
    tick(desk).await;
    world.pass(60 * 24 * 3600);
    opened.ticket
}

async fn asks_erasure(world: &World, desk: &LocalDesk, ticket: &TicketId, vouched_for: bool) {
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", world.request(ticket).await.token));
    let raw = mail("fan@example.jp", "m1@example.jp", "Re: 決定", "私の個人データの消去を請求します。");
    if vouched_for {
        Box::pin(deliver(desk, "ses1", &raw, "fan@example.jp", &to, world.clock.now())).await.unwrap();
        return;
    }
    let mut event = local::desk::receipt("ses1", "eve@example.com", &to, world.clock.now());
    for verdict in ["dmarcVerdict", "dkimVerdict", "spfVerdict"] {
        event["Records"][0]["ses"]["receipt"][verdict] = json!({"status": "FAIL"});
    }
    desk.app().objects.put("mail/ses1", raw.into()).await.unwrap();
    Box::pin(desk.handle(event)).await.unwrap();
}

#[tokio::test]
async fn whoever_has_shown_control_need_not_show_it_again() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = answered(&world, &desk).await;
    let letters = world.sent().len();
    asks_erasure(&world, &desk, &ticket, true).await;
    tick(&desk).await;
    let file = world.request(&ticket).await;
    assert_eq!((file.items[1].right(), file.items[1].state), (Some(Right::AppiCessation), ItemState::Open));
    assert_eq!(world.sent().len(), letters, "no code is sent");
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(world.store.is_suppressed(&person).await.unwrap(), "use stops at once");
}

#[tokio::test]
async fn a_forged_address_opens_nothing() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = answered(&world, &desk).await;
    asks_erasure(&world, &desk, &ticket, false).await;
    let file = world.request(&ticket).await;
    assert!(file.items.iter().skip(1).all(|item| item.state == ItemState::Unverified));
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert!(!world.store.is_suppressed(&person).await.unwrap());
    assert_eq!(world.requests().handled("ses1").await.unwrap(), Some(ticket));
}
