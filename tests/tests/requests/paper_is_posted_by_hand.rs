//! A disclosure on paper is a task for one of us; no electronic link is made.

use lambda_kit::objects::shelf::Shelf;
use privacy::file::{Extra, ItemState, LetterKind, Requests, Ruling};
use privacy::letters::Form;
use serde_json::json;
use tests::World;
use tests::desk::{Desk, TARO, mail};
use tests::interface::{call, grant, submit, tick, verify};
use tests::world::FAN;

#[tokio::test]
async fn paper_opens_a_task_and_no_link_is_sent() {
    let desk = Desk::new().await;
    let text = "私の個人データの開示を請求します。書面での郵送を希望します。";
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", text)).await;
    let file = desk.only_file().await;
    assert_eq!(file.form, Some(Form::Paper));
    desk.verify(&file.ticket).await;
    let work = desk.function.app().desk();
    work.decide(&file.ticket, 1, &Ruling::Grant, &Extra::default(), "hanako", desk.now()).await.unwrap();
    work.second(&file.ticket, 1, "jiro", desk.now()).await.unwrap();
    desk.after(1);
    desk.tick().await;
    let waiting = desk.file(&file.ticket).await;
    assert_eq!(waiting.items[0].task.as_deref(), Some("post_paper"));
    assert_eq!((waiting.items[0].state, waiting.items[0].fulfil_at), (ItemState::Fulfilling, None));
    assert_eq!(waiting.waits_for(), Some(privacy::file::WaitsFor::Staff));
    work.task_done(&file.ticket, 1, "hanako", desk.now()).await.unwrap();
    desk.tick().await;
    let closed = desk.file(&file.ticket).await;
    assert_eq!(closed.items[0].state, ItemState::Answered);
    let kinds: Vec<LetterKind> =
        desk.requests.letters(&file.ticket).await.unwrap().iter().map(|letter| letter.kind).collect();
    assert!(!kinds.contains(&LetterKind::Package), "{kinds:?}");
    assert!(closed.package.is_none() && !closed.secret, "nothing lies anywhere to be fetched");
    let packages = desk.function.app().carrier.packages.list("").await.unwrap();
    assert_eq!(packages, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_wants_paper_through_the_interface_is_led_to_no_link() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"], "form": "paper"})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].task.as_deref(), Some("post_paper"));
    let path = format!("/requests/{}/package", opened.ticket);
    assert_eq!(call(&desk, "GET", &path, Some(&opened.secret), None).await.status, 409);
    assert_eq!(desk.app().carrier.packages.list("").await.unwrap(), Vec::<String>::new());
}
