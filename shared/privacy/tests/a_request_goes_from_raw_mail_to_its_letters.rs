//! The parts together: a Japanese mail with two rights and a question becomes clocks, one acknowledgement and a decision.
#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use jiff::civil::date;
use privacy::classify::{Ask, Inquiry, classify};
use privacy::clocks::{Clocks, Holidays};
use privacy::identity::{Tier, required};
use privacy::law::{DeadlineKind, Law, Right};
use privacy::letters::{Decision, Letter, Outcome, Thread, Verification, write};
use privacy::mail::thread::TicketId;
use privacy::mail::{Address, quote, read};

#[test]
fn two_rights_and_a_question_get_one_letter_and_the_strictest_clock_leads() {
    let law = Law::shipped().unwrap();
    let mail = read(include_bytes!("../cases/mail/two-rights-and-a-question.eml"));
    assert_eq!(mail.attachments.len(), 1, "the uninvited licence is listed and not opened");
    let found = classify(&mail.subject, &quote::unquoted(&mail.text));
    let asks: Vec<Ask> = found.items.iter().map(|item| item.ask).collect();
    let expected =
        [Ask::Right(Right::AppiDisclosure), Ask::Right(Right::XContentDeletion), Ask::Inquiry(Inquiry::Guidelines)];
    assert_eq!(asks, expected);

    let arrived: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
    let on = date(2026, 11, 24);
    let kinds = asks.iter().flat_map(|ask| match ask {
        Ask::Right(right) => law.right(*right, on).unwrap().deadlines.clone(),
        Ask::Inquiry(_) => vec![DeadlineKind::ReceiptNotice, DeadlineKind::InquiryReply],
    });
    let clocks = Clocks::start(&law, &Holidays::shipped().unwrap(), kinds, arrived, None).unwrap();
    assert_eq!(clocks.iter().count(), 5);
    let (first, due) = clocks.earliest(arrived).unwrap().unwrap();
    assert_eq!((first.kind(), due.to_string().as_str()), (DeadlineKind::XContent, "2026-11-25T00:00:00Z"));
    assert_eq!(required(law.right(Right::AppiDisclosure, on).unwrap(), false, false), Tier::Account);

    let last = |kind| clocks.get(kind).unwrap().last_day(arrived).unwrap();
    let answers_by =
        [DeadlineKind::AppiDecision, DeadlineKind::XContent, DeadlineKind::InquiryReply].map(last).to_vec();
    let ticket = TicketId::from_random([1; 7]);
    let from = Address::parse("privacy+k7@desk.example").unwrap();
    let thread = Thread {
        ticket: &ticket,
        language: found.language,
        in_reply_to: mail.message_id.as_deref(),
        references: &mail.references,
        from: &from,
    };
    let receipt = Letter::Acknowledgement { asks, answers_by, verification: Verification::Needed, mandate: false };
    let letter = write(&receipt, &thread, &law, on);
    for part in ["個人データの開示: 2026年12月8日", "Xの投稿データの削除: 2026年11月25日", "ガイドライン"]
    {
        assert!(letter.body.contains(part), "{part} missing in\n{}", letter.body);
    }
    assert!(letter.headers.contains(&("In-Reply-To", "<1@example.jp>".to_owned())));
    assert!(!letter.body.contains("taro") && !letter.body.contains("請求します"), "nothing of the mail is repeated");

    let decision = Decision {
        right: Right::XContentDeletion,
        outcome: Outcome::Granted,
        not_held: vec![],
        corrected: vec![],
        marked: true,
    };
    let letter = write(&Letter::Decision(vec![decision]), &thread, &law, on);
    assert!(letter.body.contains("ご請求に応じました。"));
}
