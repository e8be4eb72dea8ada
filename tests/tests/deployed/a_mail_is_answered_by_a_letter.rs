//! A mail in: a file in the requests table and a letter out, on two engines.

use bytes::Bytes;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use local::desk::receipt;
use privacy::mail::read;

use crate::account::{Account, Tables};

/// A request for disclosure, as a Japanese mail program writes it.
const MAIL: &str = "From: taro@example.jp\r\nTo: privacy@desk.example.com\r\nMessage-ID: <one@example.jp>\r\n\
    Subject: =?utf-8?B?6ZaL56S66KuL5rGC?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Transfer-Encoding: 8bit\r\n\r\n私の個人データの開示を請求します。Xのアカウントは @fan_mihon です。\r\n";

async fn answered(tables: Tables) {
    let account = Account::new().await;
    account.bucket("Mail").put("mail/ses00000001", Bytes::from(MAIL)).await.unwrap();
    let mut desk = account.function("data-request", tables).await;
    let event = receipt("ses00000001", "taro@example.jp", "privacy@desk.example.com", Timestamp::now());
    desk.sandbox.invoke(event.clone()).await.unwrap();
    let letters = desk.services.sent();
    assert_eq!(letters.len(), 1, "one letter");
    let letter = read(letters[0].as_bytes());
    assert!(letters[0].contains("Auto-Submitted: auto-replied"), "machines know it by its head");
    assert!(letter.text.contains("開示"), "{}", letter.text);
    assert_eq!(account.requests(tables).heads().await.unwrap().len(), 1, "one file with its chain");

    // SES tells of a mail at least once, and the clocks tick on.
    desk.sandbox.invoke(event).await.unwrap();
    desk.sandbox.invoke(local::stack::tick_event()).await.unwrap();
    assert_eq!(desk.services.sent().len(), 1, "a mail told of twice is answered once");
    assert_eq!(account.requests(tables).heads().await.unwrap().len(), 1);
    let roots = desk.services.stored().into_iter().filter(|key| key.starts_with("roots/")).count();
    assert!(roots > 0, "the day before is closed by its root");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_embedded_dynamodb() {
    answered(Tables::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_motos_own_dynamodb() {
    answered(Tables::Moto).await;
}
