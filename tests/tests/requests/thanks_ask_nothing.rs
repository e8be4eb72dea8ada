//! An answer that quotes our letter below "thank you" asks nothing new, although our letter speaks of deletion.

use tests::desk::{Desk, TARO, answer, mail};

#[tokio::test]
async fn thanks_above_our_quoted_letter_are_no_request() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "削除", "私の個人データの削除を請求します。")).await;
    let letter = desk.letters().remove(0);
    let before = desk.only_file().await;
    desk.mail_to(&answer(&letter, TARO, "2@example.jp", "ありがとうございました。"), &letter.reply_to()).await;
    let after = desk.only_file().await;
    assert_eq!((after.items.len(), after.mails), (before.items.len(), 2));
    assert!(!after.unread, "nobody has to read it");
    assert_eq!(desk.letters().len(), 1);
}

#[tokio::test]
async fn a_new_question_in_the_thread_is_added_with_its_own_clock() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "削除", "私の個人データの削除を請求します。")).await;
    let letter = desk.letters().remove(0);
    desk.after(30);
    let text = "ついでに、個人データの開示も請求します。";
    // Found by its number alone, as after a change of mail programs.
    let raw = mail(TARO, "2@example.jp", &format!("Re: {}", letter.mail.subject), text);
    desk.mail(&raw).await;
    let file = desk.only_file().await;
    assert_eq!(file.items.len(), 2);
    assert_eq!(file.items[1].clocks.started(), Some(desk.now()));
    assert!(file.unread);
}

#[tokio::test]
async fn a_stranger_in_the_thread_reveals_and_advances_nothing() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "削除", "私の個人データの削除を請求します。")).await;
    let letter = desk.letters().remove(0);
    let before = desk.only_file().await;
    let raw = answer(&letter, "stranger@evil.example", "2@evil.example", "開示の進み具合を教えてください。");
    desk.mail_to(&raw, &letter.reply_to()).await;
    assert_eq!(desk.file(&before.ticket).await, before);
    let files = desk.files().await;
    assert_eq!(files.len(), 2, "what the stranger asks is a file of its own");
    let theirs = files.iter().find(|file| file.ticket != before.ticket).unwrap();
    assert_eq!(theirs.linked, std::slice::from_ref(&before.ticket));
    for letter in desk.letters().iter().filter(|letter| letter.to != TARO) {
        assert!(!letter.text().contains(&before.ticket.to_string()));
    }
}
