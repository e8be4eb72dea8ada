//! A letter that comes back makes the person unreachable, for staff to see; no clock stops.

use privacy::file::{Delivery, Requests, WaitsFor};
use serde_json::{Value, json};
use tests::desk::{Desk, TARO, mail, mail_with};

fn bounce(id: &str, kind: &str) -> Value {
    json!({"source": "aws.ses", "detail-type": "Email Bounced", "detail":
        {"eventType": "Bounce", "bounce": {"bounceType": kind}, "mail": {"messageId": id}}})
}

#[tokio::test]
async fn a_permanent_bounce_is_seen_and_stops_nothing() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    let file = desk.only_file().await;
    assert_eq!(file.waits_for(), Some(WaitsFor::Person));
    let due = file.earliest(desk.now()).unwrap();
    let id = desk.letters()[0].mail.message_id.clone().unwrap();
    let id = id.split('@').next().unwrap();

    desk.function.handle(bounce(id, "Transient")).await.unwrap();
    assert!(!desk.file(&file.ticket).await.unreachable);
    for _ in 0..2 {
        desk.function.handle(bounce(id, "Permanent")).await.unwrap();
    }
    let after = desk.file(&file.ticket).await;
    assert!(after.unreachable);
    assert_eq!(after.waits_for(), Some(WaitsFor::Staff));
    assert_eq!(desk.requests.waiting(WaitsFor::Staff).await.unwrap(), std::slice::from_ref(&file.ticket));
    assert_eq!(after.earliest(desk.now()).unwrap(), due, "the clocks run on");
    assert_eq!(desk.requests.letters(&file.ticket).await.unwrap()[0].delivery, Delivery::Bounced);
    let reports = desk.events(&file.ticket).await.into_iter().filter(|event| event == "delivery_reported").count();
    assert_eq!(reports, 2, "each report that changed something, once");
    desk.function.handle(bounce("unknown", "Permanent")).await.unwrap();
}

#[tokio::test]
async fn a_bounce_that_comes_as_mail_is_seen_too() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    let letter = desk.letters().remove(0);
    let headers = format!("In-Reply-To: <{}>\n", letter.mail.message_id.clone().unwrap());
    let text = "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n削除を請求します。";
    let raw = mail_with("MAILER-DAEMON@example.jp", "b@example.jp", "Undelivered Mail", text, &headers);
    let mut event = local::desk::receipt(&desk.id(), "", &letter.reply_to(), desk.now());
    event["Records"][0]["ses"]["mail"]["source"] = json!("<>");
    desk.event(&raw, event).await;
    let file = desk.only_file().await;
    assert_eq!(file.items.len(), 1);
    assert_eq!(desk.letters().len(), 1);
    assert!(file.unreachable);
    assert_eq!(file.waits_for(), Some(WaitsFor::Staff));
}
