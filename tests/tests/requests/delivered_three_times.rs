//! The same event three times is one ticket and one receipt; the same person writing again is linked to it.

use privacy::file::ItemState;
use tests::desk::{Desk, TARO, mail};

const TEXT: &str = "私の個人データの開示を請求します。";

#[tokio::test]
async fn one_event_three_times_at_once_is_one_ticket_and_one_receipt() {
    let desk = Desk::new().await;
    let raw = mail(TARO, "1@example.jp", "開示請求", TEXT);
    let event = local::desk::receipt("same", TARO, local::desk::DESK_ADDRESS, desk.now());
    desk.event(&raw, event.clone()).await;
    let others = [desk.sandbox(), desk.sandbox()];
    let (first, second) = tokio::join!(others[0].handle(event.clone()), others[1].handle(event));
    first.unwrap();
    second.unwrap();
    assert_eq!((desk.files().await.len(), desk.letters().len()), (1, 1));
}

#[tokio::test]
async fn three_first_deliveries_at_once_are_one_ticket_and_one_receipt() {
    let desk = Desk::new().await;
    let raw = mail(TARO, "1@example.jp", "開示請求", TEXT);
    let event = local::desk::receipt("same", TARO, local::desk::DESK_ADDRESS, desk.now());
    desk.store(&raw, "same").await;
    let functions = [desk.sandbox(), desk.sandbox(), desk.sandbox()];
    let [a, b, c] = functions.each_ref().map(|function| retried(function, &event));
    let (a, b, c) = tokio::join!(a, b, c);
    assert!(a && b && c);
    assert_eq!((desk.files().await.len(), desk.letters().len()), (1, 1));
}

/// As Lambda tries an event that failed.
async fn retried(function: &local::desk::LocalDesk, event: &serde_json::Value) -> bool {
    for _ in 0..3 {
        if function.handle(event.clone()).await.is_ok() {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn the_same_mail_under_a_new_event_is_taken_up_once() {
    let desk = Desk::new().await;
    let raw = mail(TARO, "1@example.jp", "開示請求", TEXT);
    let first = desk.mail(&raw).await;
    desk.mail(&raw).await;
    assert_eq!((desk.files().await.len(), desk.letters().len()), (1, 1));
    assert_eq!(desk.stored(), [format!("mail/{first}")], "the other body is named by nothing");
}

#[tokio::test]
async fn the_same_person_writing_again_is_linked_and_one_file_is_active() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", TEXT)).await;
    desk.after(1);
    desk.mail(&mail("Taro <TARO+x@example.jp>", "2@example.jp", "再送：開示請求", TEXT)).await;
    let files = desk.files().await;
    assert_eq!(files.len(), 2);
    let (first, second) = (&files[0], &files[1]);
    assert_eq!(second.duplicate_of.as_ref(), Some(&first.ticket));
    assert!(first.linked.contains(&second.ticket));
    assert!(second.items.iter().all(|item| item.state == ItemState::Duplicate) && second.is_closed());
    assert!(!first.is_closed());
    assert_eq!(desk.letters().len(), 1);
}

#[tokio::test]
async fn once_it_is_closed_the_same_may_be_asked_anew() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", TEXT)).await;
    let first = desk.only_file().await;
    desk.function.app().desk().withdraw(&first.ticket, desk.now()).await.unwrap();
    desk.after(1);
    desk.mail(&mail(TARO, "2@example.jp", "開示請求", TEXT)).await;
    let files = desk.files().await;
    assert_eq!(files.len(), 2);
    assert!(files[1].duplicate_of.is_none() && !files[1].is_closed());
}

#[tokio::test]
async fn two_questions_are_two_files_and_one_asked_again_is_one() {
    let desk = Desk::new().await;
    let ask = async |id: &str, text: &str| {
        desk.mail(&mail(TARO, id, "質問", text)).await;
        desk.after(1);
    };
    ask("1@example.jp", "ガイドラインの第3条について質問があります。").await;
    ask("2@example.jp", "ガイドラインの最後の改定日について質問があります。").await;
    ask("3@example.jp", "ガイドラインの第3条について\n質問があります。").await;
    let files = desk.files().await;
    let duplicates: Vec<bool> = files.iter().map(|file| file.duplicate_of.is_some()).collect();
    assert_eq!(duplicates, [false, false, true]);
    assert_eq!(files[2].duplicate_of.as_ref(), Some(&files[0].ticket));
}
