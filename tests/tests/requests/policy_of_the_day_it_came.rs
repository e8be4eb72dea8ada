//! A request is decided by the law file as it stood when it came, whatever the file says later.

use std::sync::Arc;

use data_request::{App, DataRequest};
use privacy::desk::DeskError;
use privacy::file::{Extra, Reason, Ruling};
use privacy::law::{Law, LawError, RefusalReason, Right};
use tests::desk::{Desk, TARO, mail};

/// The shipped law without one ground and with another citation of the right.
fn edited() -> Law {
    let appi = include_str!("../../../shared/privacy/law/appi.toml")
        .replace("    { reason = \"impedes_business_seriously\", article = \"33(2)\" },\n", "")
        .replace("第33条第2項", "第99条");
    let deadlines = include_str!("../../../shared/privacy/law/deadlines.toml");
    let law = Law::parse(deadlines, &[("appi.toml", &appi)]).unwrap();
    let day = jiff::civil::date(2026, 11, 24);
    assert!(law.refuse(Right::AppiDisclosure, RefusalReason::ImpedesBusinessSeriously, "33(2)", None, day).is_err());
    law
}

#[tokio::test]
async fn an_open_request_keeps_its_law_and_a_new_one_has_the_new() {
    let desk = Desk::new().await;
    let text = "私の個人データの開示を請求します。";
    desk.mail(&mail(TARO, "1@example.jp", "開示", text)).await;
    let old = desk.only_file().await.ticket;
    desk.verify(&old).await;

    let clock = desk.clock.clone();
    let app = desk.sandbox();
    let app = app.app();
    let deployed = DataRequest::new(App {
        requests: desk.requests.clone(),
        law: edited(),
        holidays: app.holidays.clone(),
        addresses: app.addresses.clone(),
        name: None,
        objects: app.objects.clone(),
        mailer: app.mailer.clone(),
        carrier: app.carrier.clone(),
        clock: Arc::new(move || clock.now()),
    });
    let work = deployed.app().desk();
    let why = Reason { reason: RefusalReason::ImpedesBusinessSeriously, article: "33(2)".to_owned(), substitute: None };
    let ruling = Ruling::Refuse(why);
    work.decide(&old, 1, &ruling, &Extra::default(), "hanako", desk.now()).await.unwrap();
    work.second(&old, 1, "jiro", desk.now()).await.unwrap();
    desk.tick().await;
    let letter = desk.letters().pop().unwrap().text();
    assert!(letter.contains("第33条第2項") && !letter.contains("第99条"), "{letter}");

    desk.after(1);
    let event = local::desk::receipt("new", "jiro@example.jp", local::desk::DESK_ADDRESS, desk.now());
    let raw = mail("jiro@example.jp", "2@example.jp", "開示", text);
    lambda_kit::objects::Objects::put(&app.objects, "mail/new", raw.into()).await.unwrap();
    deployed.handle(event).await.unwrap();
    let new = desk.files().await.pop().unwrap().ticket;
    desk.verify(&new).await;
    let error = work.decide(&new, 1, &ruling, &Extra::default(), "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Law(LawError::NoGround(..))), "{error}");
}
