//! No refusal without a ground of the right and its article, no fee where the law allows none, and four eyes.

use privacy::desk::{DeskError, Stand};
use privacy::file::{Extra, ItemState, Reason, Ruling};
use privacy::law::{LawError, RefusalReason, Right};
use tests::desk::{Desk, TARO, mail};

async fn verified(text: &str) -> (Desk, privacy::mail::thread::TicketId) {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "お願い", text)).await;
    let ticket = desk.only_file().await.ticket;
    desk.verify(&ticket).await;
    (desk, ticket)
}

fn reason(reason: RefusalReason, article: &str) -> Reason {
    Reason { reason, article: article.to_owned(), substitute: None }
}

#[tokio::test]
async fn a_refusal_without_ground_or_article_is_rejected() {
    let (desk, ticket) = verified("私の個人データの開示を請求します。").await;
    let work = desk.function.app().desk();
    for (why, article) in [
        (RefusalReason::BreachOfOtherLaw, ""),
        (RefusalReason::BreachOfOtherLaw, "35(2)"),
        (RefusalReason::StillNeeded, "33(2)"),
    ] {
        let ruling = Ruling::Refuse(reason(why, article));
        let error = work.decide(&ticket, 1, &ruling, &Extra::default(), "hanako", desk.now()).await.unwrap_err();
        assert!(matches!(error, DeskError::Law(LawError::NoGround(..))), "{error}");
    }
    let empty = Ruling::Partly(Vec::new());
    let error = work.decide(&ticket, 1, &empty, &Extra::default(), "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::DoesNotFit(_)), "{error}");
    assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Open);
}

#[tokio::test]
async fn a_fee_on_a_cessation_request_is_rejected() {
    let extra = Extra { fee_yen: Some(500), ..Extra::default() };
    for (text, right) in [
        ("私の個人データの利用停止を請求します。", Right::AppiCessation),
        ("私の個人データの第三者提供の停止を請求します。", Right::AppiProvisionCessation),
        ("私の個人データはもう必要ないはずですので、利用停止を請求します。", Right::AppiNeedlessOrHarmful),
    ] {
        let (desk, ticket) = verified(text).await;
        assert_eq!(desk.file(&ticket).await.items[0].right(), Some(right));
        let work = desk.function.app().desk();
        let error = work.decide(&ticket, 1, &Ruling::Grant, &extra, "hanako", desk.now()).await.unwrap_err();
        assert!(matches!(error, DeskError::Law(LawError::FeeNotAllowed(_))), "{right:?}: {error}");
        assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Open);
    }
    // Where the law allows one it is taken.
    let (desk, ticket) = verified("私の個人データの開示を請求します。").await;
    let work = desk.function.app().desk();
    let stand = work.decide(&ticket, 1, &Ruling::Grant, &extra, "hanako", desk.now()).await.unwrap();
    assert_eq!(stand, Stand::Proposed);
}

#[tokio::test]
async fn a_refusal_needs_two_and_is_told_with_reason_and_article() {
    let (desk, ticket) = verified("私の個人データの開示を請求します。").await;
    let work = desk.function.app().desk();
    let ruling = Ruling::Refuse(reason(RefusalReason::ImpedesBusinessSeriously, "33(2)"));
    let extra = Extra::default();
    let stand = work.decide(&ticket, 1, &ruling, &extra, "hanako", desk.now()).await.unwrap();
    assert_eq!(stand, Stand::Proposed);
    for _ in 0..2 {
        let error = work.decide(&ticket, 1, &ruling, &extra, "hanako", desk.now()).await.unwrap_err();
        assert!(matches!(error, DeskError::SamePerson), "{error}");
    }
    let error = work.second(&ticket, 1, "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::SamePerson), "{error}");
    assert_eq!(desk.letters().len(), 1, "nothing was told yet");
    let other = Ruling::Refuse(reason(RefusalReason::BreachOfOtherLaw, "33(2)"));
    let error = work.decide(&ticket, 1, &other, &extra, "jiro", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::DoesNotFit(_)), "{error}");
    assert_eq!(work.decide(&ticket, 1, &ruling, &extra, "jiro", desk.now()).await.unwrap(), Stand::Decided);
    desk.tick().await;
    let letters = desk.letters();
    let text = letters[1].text();
    for part in ["ご請求に応じないことにしました", "著しい支障", "第33条第2項"] {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    let file = desk.file(&ticket).await;
    let decided = file.items[0].decided.as_ref().unwrap();
    assert_eq!((decided.proposal.by.as_str(), decided.seconded_by.as_deref()), ("hanako", Some("jiro")));
}

#[tokio::test]
async fn an_unverified_request_cannot_be_granted() {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "開示", "私の個人データの開示を請求します。")).await;
    let ticket = desk.only_file().await.ticket;
    let work = desk.function.app().desk();
    let error = work.decide(&ticket, 1, &Ruling::Grant, &Extra::default(), "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Stage(1, ItemState::Unverified)), "{error}");
}
