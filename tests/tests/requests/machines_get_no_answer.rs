//! A vacation reply to our receipt gets nothing back, and two desks that write to each other fall silent at once.

use tests::desk::{Desk, TARO, answer, mail, mail_with};

#[tokio::test]
async fn a_vacation_reply_to_our_receipt_is_noted_and_not_answered() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", "私の個人データの開示を請求します。")).await;
    let letters = desk.letters();
    assert_eq!(letters.len(), 1);
    // Neither Auto-Submitted nor an empty return path: the subject alone tells.
    let receipt = &letters[0];
    let in_reply_to = receipt.mail.message_id.clone().unwrap();
    let headers = format!("In-Reply-To: <{in_reply_to}>\n");
    let away = mail_with(TARO, "2@example.jp", "自動返信: 不在にしております", "休暇中です。", &headers);
    desk.mail_to(&away, &receipt.reply_to()).await;
    assert_eq!(desk.letters().len(), 1);
    assert_eq!(
        desk.stored(),
        ["mail/ses00000000", "quarantine/ses00000001"],
        "no file names it, and it goes by itself"
    );
    let file = desk.only_file().await;
    assert_eq!((file.items.len(), file.mails), (1, 1), "nothing new is asked");
    assert!(desk.events(&file.ticket).await.contains(&"delivery_reported".to_owned()));
}

#[tokio::test]
async fn two_desks_that_write_to_each_other_stop_after_the_first_letter() {
    let (ours, theirs) = (Desk::new().await, Desk::new().await);
    ours.mail(&mail("privacy@other.example", "1@other.example", "開示請求", "個人データの開示を請求します。")).await;
    let letter = ours.letters().remove(0);
    // Our letter as the other desk gets it, and whatever it says comes back to us.
    let raw = std::fs::read(
        std::fs::read_dir(local::desk::outbox(ours.folder.path())).unwrap().next().unwrap().unwrap().path(),
    )
    .unwrap();
    theirs.mail(&raw).await;
    assert_eq!(theirs.letters().len(), 0, "it comes from what they take for their own address");
    // The other desk goes by another name, and has to know a machine by its marks alone.
    let raw = String::from_utf8(raw).unwrap().replace("@sockets.example", "@elsewhere.example");
    theirs.mail(raw.as_bytes()).await;
    assert_eq!(theirs.letters().len(), 0, "it says that a machine wrote it");
    // Even one that forgets to mark itself is answered no second time.
    ours.mail_to(
        &answer(&letter, "privacy@other.example", "2@other.example", "削除を請求します。"),
        &letter.reply_to(),
    )
    .await;
    assert_eq!(ours.letters().len(), 1);
}

#[tokio::test]
async fn one_sender_gets_three_receipts_a_day() {
    let desk = Desk::new().await;
    for number in 0..5 {
        let text = format!("@handle{number} の個人データの開示を請求します。");
        desk.mail(&mail(TARO, &format!("{number}@example.jp"), "開示", &text)).await;
    }
    assert_eq!((desk.letters().len(), desk.files().await.len()), (3, 5), "all are filed, three are answered");
    desk.after(25);
    desk.mail(&mail(TARO, "9@example.jp", "開示", "@handle9 の個人データの開示を請求します。")).await;
    assert_eq!(desk.letters().len(), 4);
}
