//! Letters go to another address once both mailboxes have sent back the code that went to each.

use privacy::file::Requests;
use tests::desk::{Desk, Letter, TARO, answer, mail};

const NEW: &str = "taro.new@example.com";
const WISH: &str = "今後の連絡先を taro.new@example.com に変更してください。";

/// The code of a letter.
fn code(letter: &Letter) -> String {
    let line = letter.mail.text.lines().map(str::trim).find(|line| line.len() == 9 && line.as_bytes()[4] == b'-');
    line.expect("a code").to_owned()
}

/// A desk at which the person asked for disclosure, then for another address: with the letters to the old and the new.
async fn wished() -> (Desk, Letter, Letter) {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", "私の個人データの開示を請求します。")).await;
    let receipt = desk.letters().remove(0);
    desk.mail_to(&answer(&receipt, TARO, "2@example.jp", WISH), &receipt.reply_to()).await;
    let mut letters = desk.letters().split_off(1);
    assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), [TARO, NEW]);
    let (new, old) = (letters.remove(1), letters.remove(0));
    (desk, old, new)
}

async fn send(desk: &Desk, letter: &Letter, from: &str, id: &str, text: &str) {
    desk.mail_to(&answer(letter, from, id, text), &letter.reply_to()).await;
}

async fn address(desk: &Desk) -> String {
    let file = desk.files().await.remove(0);
    file.person.unwrap().address.unwrap().to_header()
}

#[tokio::test]
async fn both_codes_from_where_they_went_change_it_and_both_are_told() {
    let (desk, old, new) = wished().await;
    assert_ne!(code(&old), code(&new));
    assert!(!old.text().contains(NEW) && !new.text().contains(TARO), "neither letter names the other address");
    assert!(!new.head.contains("In-Reply-To"), "the new mailbox learns no ids of the thread");
    send(&desk, &new, NEW, "n1@example.com", &code(&new)).await;
    assert_eq!(address(&desk).await, TARO, "one is not enough");
    send(&desk, &old, TARO, "3@example.jp", &format!("{} です。", code(&old))).await;
    assert_eq!(address(&desk).await, NEW);
    let told: Vec<String> = desk.letters().split_off(3).into_iter().map(|letter| letter.to).collect();
    assert_eq!(told, [TARO, NEW]);
    assert_eq!(desk.files().await.len(), 1, "the new mailbox opened no file of its own");
    let ticket = desk.only_file().await.ticket;
    let letters = desk.requests.letters(&ticket).await.unwrap();
    assert!(letters.iter().all(|letter| !letter.body.contains(&code(&old)) && !letter.body.contains(&code(&new))));
    // From now on the new mailbox is the person's, and the old one a stranger's.
    send(&desk, &new, NEW, "n2@example.com", "利用目的も通知してください。").await;
    assert_eq!(desk.only_file().await.items.len(), 2);
    send(&desk, &old, TARO, "4@example.jp", "開示の請求を取り下げます。").await;
    assert!(desk.files().await.iter().find(|file| file.ticket == ticket).unwrap().closed.is_none());
}

#[tokio::test]
async fn a_code_from_the_other_mailbox_or_a_wrong_one_changes_nothing() {
    let (desk, old, new) = wished().await;
    send(&desk, &old, TARO, "3@example.jp", &code(&new)).await;
    send(&desk, &new, NEW, "n1@example.com", &code(&old)).await;
    send(&desk, &new, NEW, "n2@example.com", "ABCD-EFGH").await;
    assert_eq!(address(&desk).await, TARO);
    let file = desk.only_file().await;
    assert!(file.unread, "one of us looks at it");
    let refused = desk.events(&file.ticket).await.into_iter().filter(|event| event == "code_refused").count();
    assert_eq!(refused, 3);
}

#[tokio::test]
async fn after_a_week_the_codes_are_over() {
    let (desk, old, new) = wished().await;
    desk.after(24 * 7);
    send(&desk, &old, TARO, "3@example.jp", &code(&old)).await;
    send(&desk, &new, NEW, "n1@example.com", &code(&new)).await;
    assert_eq!(address(&desk).await, TARO);
}

#[tokio::test]
async fn a_stranger_who_knows_the_number_cannot_ask_for_it() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示請求", "私の個人データの開示を請求します。")).await;
    let number = desk.only_file().await.ticket;
    let before = desk.letters().len();
    desk.mail(&mail(NEW, "n@example.com", &format!("Re: 【{number}】"), WISH)).await;
    assert!(desk.file(&number).await.person.unwrap().moving.is_none());
    assert!(desk.letters().split_off(before).iter().all(|letter| letter.to == NEW), "the person hears nothing of it");
}
