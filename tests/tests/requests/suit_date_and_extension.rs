//! The day from which the person may sue is on the file, and an extension after the first month is refused.

use privacy::clocks::{ClockError, PauseReason};
use privacy::desk::DeskError;
use privacy::file::{Extra, Reason, Ruling};
use privacy::law::{DeadlineKind, RefusalReason};
use privacy::letters::ExtensionReason;
use tests::desk::{Desk, TARO, mail};

#[tokio::test]
async fn the_day_of_article_39_is_two_weeks_after_arrival_and_the_day_of_a_refusal() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    let file = desk.only_file().await;
    let suable = |file: &privacy::file::RequestFile| {
        file.items[0].clocks.get(DeadlineKind::AppiSuableFrom).unwrap().due(desk.now()).unwrap().to_string()
    };
    // Arrival on 24 November in Tokyo; the first day is left out.
    assert_eq!(suable(&file), "2026-12-08T15:00:00Z");
    desk.verify(&file.ticket).await;
    desk.after(48);
    let work = desk.function.app().desk();
    let why = Reason { reason: RefusalReason::BreachOfOtherLaw, article: "33(2)".to_owned(), substitute: None };
    work.decide(&file.ticket, 1, &Ruling::Refuse(why), &Extra::default(), "hanako", desk.now()).await.unwrap();
    work.second(&file.ticket, 1, "jiro", desk.now()).await.unwrap();
    assert_eq!(suable(&desk.file(&file.ticket).await), "2026-11-26T00:00:00Z");
}

#[tokio::test]
async fn a_gdpr_extension_is_told_within_the_first_month_and_refused_after_it() {
    let desk = Desk::new().await;
    let text = "Under Article 15 of the GDPR I request access to my personal data.";
    desk.mail(&mail(TARO, "1@example.jp", "Access request", text)).await;
    let work = desk.function.app().desk();
    let ticket = desk.only_file().await.ticket;
    desk.after(24 * 20);
    let until = work.extend(&ticket, 1, ExtensionReason::Complexity, "hanako", desk.now()).await.unwrap();
    // Three months from 24 November, a Wednesday.
    assert_eq!(until.to_string(), "2027-02-24");
    desk.tick().await;
    assert!(desk.letters().last().unwrap().text().contains("24 February 2027"));
    let error = work.extend(&ticket, 1, ExtensionReason::Complexity, "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Clock(ClockError::AlreadyExtended(_))), "{error}");

    let late = Desk::new().await;
    late.mail(&mail(TARO, "1@example.jp", "Access request", text)).await;
    let ticket = late.only_file().await.ticket;
    late.after(24 * 31);
    let work = late.function.app().desk();
    let error = work.extend(&ticket, 1, ExtensionReason::Complexity, "hanako", late.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Clock(ClockError::ExtensionTooLate(DeadlineKind::GdprResponse))), "{error}");
    assert_eq!(late.letters().len(), 1, "no letter of extension went out");
}

#[tokio::test]
async fn only_clocks_that_may_stand_still_do() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "Access", "Under the GDPR I request access to my personal data.")).await;
    let gdpr = desk.only_file().await.ticket;
    let work = desk.function.app().desk();
    let stand = work.pause(&gdpr, 1, PauseReason::Identity, "hanako", desk.now()).await.unwrap();
    assert_eq!(stand, [DeadlineKind::GdprResponse]);
    let last_day = async || {
        let file = desk.file(&gdpr).await;
        file.items[0].clocks.get(DeadlineKind::GdprResponse).unwrap().last_day(desk.now()).unwrap().to_string()
    };
    assert_eq!(last_day().await, "2026-12-24");
    desk.after(24 * 10);
    let run = work.resume(&gdpr, 1, "hanako", desk.now()).await.unwrap();
    // Ten days later is Sunday 3 January.
    assert_eq!((run.as_slice(), last_day().await.as_str()), (&[DeadlineKind::GdprResponse][..], "2027-01-04"));
    let other = "hanako@example.jp";
    desk.mail(&mail(other, "2@example.jp", "Know", "Under the CCPA I request to know my personal information.")).await;
    let files = desk.files().await;
    let ccpa = files.iter().find(|file| file.ticket != gdpr).unwrap();
    let stand = work.pause(&ccpa.ticket, 1, PauseReason::Identity, "hanako", desk.now()).await.unwrap();
    assert_eq!(stand, []);
}
