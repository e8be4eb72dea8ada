//! What a person does with what the machine leaves: answers questions, reads, says what is really asked, sends a proposal
//! back. And to whom no machine writes: spam, and whoever complained about our mail.

use privacy::classify::{Ask, Inquiry};
use privacy::desk::{DeskError, Stand};
use privacy::file::{ClassifiedBy, Delivery, Extra, ItemState, LetterKind, Reason, Requests, Ruling, WaitsFor};
use privacy::law::{DeadlineKind, RefusalReason, Right};
use privacy::mail::loops::Silence;
use privacy::mail::thread::TicketId;
use serde_json::json;
use tests::desk::{Desk, TARO, answer, mail};

const QUESTION: &str = "ガイドラインの第3条について質問があります。";
const DISCLOSURE: &str = "私の個人データの開示を請求します。";

async fn asked(text: &str) -> (Desk, TicketId) {
    let desk = Desk::new().await;
    desk.mail(&mail(TARO, "1@example.jp", "お願い", text)).await;
    let ticket = desk.only_file().await.ticket;
    (desk, ticket)
}

#[tokio::test]
async fn a_question_is_answered_in_a_persons_words_and_closed() {
    let (desk, ticket) = asked(QUESTION).await;
    let work = desk.function.app().desk();
    let error = work.reply(&ticket, 1, None, "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::DoesNotFit(_)), "{error}");
    assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Open);
    work.reply(&ticket, 1, Some("第3条は差別的な表現についての条です。"), "hanako", desk.now()).await.unwrap();
    desk.tick().await;
    let letters = desk.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[1].text().contains("第3条は差別的な表現についての条です。"), "{}", letters[1].text());
    assert!(letters[1].head.contains("In-Reply-To: <"), "{}", letters[1].head);
    let file = desk.file(&ticket).await;
    assert!(file.is_closed() && !file.unread);
    assert!(file.items[0].clocks.get(DeadlineKind::InquiryReply).unwrap().is_met());
}

#[tokio::test]
async fn a_reply_to_a_right_leaves_it_open() {
    let (desk, ticket) = asked(DISCLOSURE).await;
    desk.verify(&ticket).await;
    let work = desk.function.app().desk();
    work.reply(&ticket, 1, Some("どの期間についてのご請求でしょうか。"), "hanako", desk.now()).await.unwrap();
    desk.tick().await;
    assert!(desk.letters()[1].text().contains("どの期間"));
    let file = desk.file(&ticket).await;
    assert_eq!(file.items[0].state, ItemState::Open);
    assert!(!file.items[0].clocks.get(DeadlineKind::AppiDecision).unwrap().is_met());
}

#[tokio::test]
async fn what_was_read_waits_no_more_and_only_questions_are_closed_with_it() {
    let (desk, ticket) = asked(DISCLOSURE).await;
    let letter = desk.letters().remove(0);
    desk.mail_to(&answer(&letter, TARO, "2@example.jp", "ガイドラインについて質問があります。"), &letter.reply_to())
        .await;
    let file = desk.file(&ticket).await;
    assert!(file.unread);
    let question = file.items.iter().find(|item| item.right().is_none()).unwrap().number;
    let work = desk.function.app().desk();
    let error = work.read(&ticket, &[1], "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Stage(1, ItemState::Unverified)), "{error}");
    assert!(desk.file(&ticket).await.unread);
    work.read(&ticket, &[question], "hanako", desk.now()).await.unwrap();
    let file = desk.file(&ticket).await;
    assert!(!file.unread && !file.is_closed());
    assert_eq!(file.item(question).unwrap().state, ItemState::Answered);
}

#[tokio::test]
async fn what_a_person_says_is_asked_is_kept_with_what_the_machine_had_read() {
    let (desk, ticket) = asked("この前の件、どうなっていますか。").await;
    assert_eq!(desk.file(&ticket).await.items[0].ask, Ask::Inquiry(Inquiry::Other));
    let arrived = desk.now();
    desk.after(30);
    let (work, right) = (desk.function.app().desk(), Right::AppiDisclosure);
    work.correct(&ticket, 1, Ask::Right(right), "hanako", desk.now()).await.unwrap();
    let file = desk.file(&ticket).await;
    let item = &file.items[0];
    assert_eq!((item.ask, item.state), (Ask::Right(right), ItemState::Unverified));
    let reviewer = ClassifiedBy::Reviewer { by: "hanako".to_owned(), was: Ask::Inquiry(Inquiry::Other) };
    assert_eq!(item.classified_by, reviewer);
    assert_eq!(item.clocks.started(), Some(arrived), "its clocks run from the arrival all the same");
    assert!(item.clocks.get(DeadlineKind::AppiSuableFrom).is_some());
    assert!(desk.events(&ticket).await.contains(&"reclassified".to_owned()));
}

#[tokio::test]
async fn a_proposal_that_was_sent_back_is_open_and_cannot_be_seconded() {
    let (desk, ticket) = asked(DISCLOSURE).await;
    desk.verify(&ticket).await;
    let work = desk.function.app().desk();
    let extra = Extra::default();
    assert_eq!(work.decide(&ticket, 1, &Ruling::Grant, &extra, "hanako", desk.now()).await.unwrap(), Stand::Proposed);
    work.send_back(&ticket, 1, "jiro", desk.now()).await.unwrap();
    assert_eq!(desk.file(&ticket).await.items[0].state, ItemState::Open);
    let error = work.second(&ticket, 1, "jiro", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::Stage(1, ItemState::Open)), "{error}");
}

#[tokio::test]
async fn a_mail_that_looks_like_spam_is_a_file_for_a_person() {
    let desk = Desk::new().await;
    let mut event = local::desk::receipt(&desk.id(), TARO, local::desk::DESK_ADDRESS, desk.now());
    event["Records"][0]["ses"]["receipt"]["spamVerdict"] = json!({"status": "FAIL"});
    desk.event(&mail(TARO, "1@example.jp", "開示請求", DISCLOSURE), event).await;
    let file = desk.only_file().await;
    assert_eq!((file.silence, file.waits_for()), (Some(Silence::Spam), Some(WaitsFor::Staff)));
    assert_eq!(file.items[0].right(), Some(Right::AppiDisclosure), "it is read all the same");
    assert_eq!(desk.letters().len(), 0);
}

#[tokio::test]
async fn after_a_complaint_only_what_is_owed_is_written() {
    let (desk, ticket) = asked(DISCLOSURE).await;
    desk.verify(&ticket).await;
    let id = desk.letters()[0].mail.message_id.clone().unwrap();
    let complaint = json!({"source": "aws.ses", "detail-type": "Email Complaint Received", "detail":
        {"eventType": "Complaint", "complaint": {}, "mail": {"messageId": id.split('@').next().unwrap()}}});
    desk.function.handle(complaint).await.unwrap();
    let file = desk.file(&ticket).await;
    assert!(file.complained && !file.unreachable);
    assert_eq!(desk.requests.letters(&ticket).await.unwrap()[0].delivery, Delivery::Complained);
    let work = desk.function.app().desk();
    let error = work.reply(&ticket, 1, Some("お待ちください。"), "hanako", desk.now()).await.unwrap_err();
    assert!(matches!(error, DeskError::DoesNotFit(_)), "{error}");
    let why = Reason { reason: RefusalReason::BreachOfOtherLaw, article: "33(2)".to_owned(), substitute: None };
    work.decide(&ticket, 1, &Ruling::Refuse(why), &Extra::default(), "hanako", desk.now()).await.unwrap();
    work.second(&ticket, 1, "jiro", desk.now()).await.unwrap();
    desk.tick().await;
    let kinds: Vec<LetterKind> =
        desk.requests.letters(&ticket).await.unwrap().iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, [LetterKind::Acknowledgement, LetterKind::Decision]);
    assert_eq!(desk.letters().len(), 2);
}
