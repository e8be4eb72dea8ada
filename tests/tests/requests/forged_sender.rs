//! "Send me all data" under a forged address: filed, its clocks running, nothing sent to the address.

use privacy::classify::Ask;
use privacy::law::{DeadlineKind, Right};
use privacy::mail::loops::Silence;
use serde_json::json;
use tests::desk::{Desk, TARO, mail};

#[tokio::test]
async fn a_mail_that_fails_dmarc_is_filed_and_its_sender_hears_nothing() {
    let desk = Desk::new().await;
    let raw = mail(TARO, "1@example.jp", "開示請求", "私の個人データをすべて開示してください。");
    let mut event = local::desk::receipt(&desk.id(), "attacker@evil.example", local::desk::DESK_ADDRESS, desk.now());
    for verdict in ["dmarcVerdict", "dkimVerdict"] {
        event["Records"][0]["ses"]["receipt"][verdict] = json!({"status": "FAIL"});
    }
    let id = desk.event(&raw, event).await;
    assert_eq!(desk.stored(), [format!("mail/{id}")], "the mail itself is kept");
    let file = desk.only_file().await;
    assert_eq!(file.items[0].ask, Ask::Right(Right::AppiDisclosure));
    assert_eq!((file.silence, file.authenticated), (Some(Silence::NotAuthenticated), false));
    assert_eq!(file.waits_for(), Some(privacy::file::WaitsFor::Staff), "a person has to look at it");
    let (kind, due) = file.earliest(desk.now()).unwrap().unwrap();
    assert_eq!((kind, due.to_string().as_str()), (DeadlineKind::ReceiptNotice, "2026-11-25T15:00:00Z"));
    desk.after(24 * 20);
    desk.tick().await;
    assert_eq!(desk.letters().len(), 0);
    assert!(!desk.alarms().is_empty(), "the clocks ran all the same");
}

#[tokio::test]
async fn a_forged_mail_never_stands_in_the_way_of_the_true_one() {
    let desk = Desk::new().await;
    let mut event = local::desk::receipt(&desk.id(), "attacker@evil.example", local::desk::DESK_ADDRESS, desk.now());
    event["Records"][0]["ses"]["receipt"]["dmarcVerdict"] = json!({"status": "FAIL"});
    desk.event(&mail(TARO, "0@evil.example", "開示", "個人データの開示を請求します。"), event).await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "個人データの開示を請求します。")).await;
    let files = desk.files().await;
    assert!(files.iter().all(|file| file.duplicate_of.is_none()));
    assert_eq!((files.len(), desk.letters().len()), (2, 1));
}
