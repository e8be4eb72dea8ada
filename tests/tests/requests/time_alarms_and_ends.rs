//! Clocks warn the officer at a half, four fifths and their end, once each; what nobody verifies is closed and erased.

use local::desk::DESK_ADDRESS;
use privacy::clocks::Clock;
use privacy::file::{ItemState, Requests};
use privacy::law::DeadlineKind;
use tests::desk::{Desk, TARO, mail};

#[tokio::test]
async fn each_alarm_is_told_once_without_a_word_about_the_person() {
    let desk = Desk::new().await;
    let text = "私のツイートを削除してください。\nhttps://x.com/taro_mihon/status/1800000000000000001";
    desk.mail(&mail(TARO, "1@example.jp", "削除", text)).await;
    let ticket = desk.only_file().await.ticket;
    desk.after(11);
    desk.tick().await;
    assert_eq!(desk.alarms().len(), 0);
    for (hours, words) in [(1, "50%経過"), (8, "80%経過"), (4, "期限切れ")] {
        desk.after(hours);
        let before = desk.alarms().len();
        desk.tick().await;
        desk.tick().await;
        let alarms = desk.alarms();
        assert_eq!(alarms.len(), before + 1, "{words}");
        let alarm = alarms.last().unwrap();
        assert!(alarm.text().contains("x_content") && alarm.text().contains(words), "{}", alarm.text());
        assert!(alarm.mail.subject.contains(&ticket.to_string()));
        assert!(!alarm.text().contains("taro"));
    }
    let told = desk.events(&ticket).await.into_iter().filter(|event| event == "alarm").count();
    assert_eq!(told, 3);
}

#[tokio::test]
async fn what_nobody_verifies_is_closed_after_thirty_days_and_its_person_erased() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "@taro_mihon の個人データの開示を請求します。")).await;
    let ticket = desk.only_file().await.ticket;
    desk.after(24 * 30 - 1);
    desk.tick().await;
    assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Unverified);
    desk.after(1);
    for _ in 0..2 {
        desk.tick().await;
    }
    let file = desk.file(&ticket).await;
    assert_eq!(file.items[0].state, ItemState::Expired);
    assert!(file.person.is_none());
    assert_eq!(desk.requests.letters(&ticket).await.unwrap(), []);
    assert_eq!(desk.requests.mails(&ticket).await.unwrap(), []);
    assert_eq!(desk.stored(), Vec::<String>::new());
    assert_eq!(desk.requests.due(desk.now(), 10).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_only_worked_on_in_an_older_file_ends_with_it() {
    let desk = Desk::new().await;
    for id in ["1@example.jp", "2@example.jp"] {
        desk.mail(&mail(TARO, id, "開示", "@taro_mihon の個人データの開示を請求します。")).await;
        desk.after(1);
    }
    let older = desk.files().await.remove(0).ticket;
    desk.function.app().desk().read(&older, &[], "hanako", desk.now()).await.unwrap();
    desk.after(24 * 30);
    for _ in 0..2 {
        desk.tick().await;
    }
    let files = desk.files().await;
    assert_eq!(files[1].duplicate_of.as_ref(), Some(&older));
    assert!(files.iter().all(|file| file.person.is_none()));
    assert_eq!(desk.stored(), Vec::<String>::new());
}

#[tokio::test]
async fn a_duplicate_that_nobody_has_read_stays_when_its_file_ends() {
    let desk = Desk::new().await;
    for id in ["1@example.jp", "2@example.jp"] {
        desk.mail(&mail(TARO, id, "開示", "@taro_mihon の個人データの開示を請求します。")).await;
        desk.after(1);
    }
    let [older, newer] = &desk.files().await[..] else { panic!("two files") };
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", newer.token));
    desk.mail_to(&mail(TARO, "3@example.jp", "Re: 開示", "まだ届きません。"), &to).await;
    desk.function.app().desk().read(&older.ticket, &[], "hanako", desk.now()).await.unwrap();
    desk.after(24 * 30);
    for _ in 0..2 {
        desk.tick().await;
    }
    let (older, newer) = (desk.file(&older.ticket).await, desk.file(&newer.ticket).await);
    assert_eq!((older.person.is_some(), newer.person.is_some(), newer.unread), (false, true, true));
    assert_eq!(desk.requests.mails(&newer.ticket).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_letter_that_the_service_puts_off_goes_out_later() {
    let desk = Desk::new().await;
    // A file where the outbox should be: nothing can be sent.
    let outbox = local::desk::outbox(desk.folder.path());
    std::fs::write(&outbox, b"").unwrap();
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    std::fs::remove_file(&outbox).unwrap();
    assert_eq!(desk.letters().len(), 0);
    desk.after(1);
    desk.tick().await;
    assert_eq!(desk.letters().len(), 1);
    desk.tick().await;
    assert_eq!(desk.letters().len(), 1);
    let file = desk.only_file().await;
    let events = desk.events(&file.ticket).await;
    assert!(events.contains(&"letter_failed".to_owned()) && events.contains(&"letter_sent".to_owned()), "{events:?}");
    assert!(!file.unreachable);
}

#[tokio::test]
async fn a_mail_of_a_year_whose_holidays_nobody_entered_has_its_clocks_all_the_same() {
    let desk = Desk::new().await;
    // April 2028.
    desk.after(24 * 500);
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    let file = desk.only_file().await;
    assert!(file.items[0].clocks.get(DeadlineKind::ReceiptNotice).is_some_and(Clock::is_met));
    assert_eq!(desk.letters().len(), 1);
}
