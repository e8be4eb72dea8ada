//! Every letter in both languages: complete, free of personal data, of holes and of ways to break out of a field.
#![allow(clippy::unwrap_used)]

use super::decided::Purpose;
use super::*;
use crate::classify::Inquiry;
use crate::law::RefusalReason;
use jiff::civil::date as day;

const TODAY: Date = day(2026, 11, 24);

fn all_letters(law: &Law) -> Vec<Letter> {
    let refuse =
        |right, reason, article: &str, substitute| law.refuse(right, reason, article, substitute, TODAY).unwrap();
    let asks: Vec<Ask> = Right::ALL
        .into_iter()
        .map(Ask::Right)
        .chain(
            [
                Inquiry::Guidelines,
                Inquiry::DecisionAndAppeal,
                Inquiry::DisputeBetweenUsers,
                Inquiry::Platform,
                Inquiry::Press,
                Inquiry::Other,
            ]
            .map(Ask::Inquiry),
        )
        .collect();
    let answers_by = vec![TODAY; asks.len()];
    let mut letters = vec![
        Letter::Acknowledgement {
            asks: asks.clone(),
            answers_by: answers_by.clone(),
            verification: Verification::Needed,
            mandate: true,
        },
        Letter::Acknowledgement {
            asks: asks.clone(),
            answers_by: answers_by.clone(),
            verification: Verification::UnlessGone,
            mandate: false,
        },
        Letter::Acknowledgement {
            asks: asks.clone(),
            answers_by: answers_by.clone(),
            verification: Verification::Unnamed,
            mandate: false,
        },
        Letter::Acknowledgement { asks, answers_by, verification: Verification::NotNeeded, mandate: false },
        Letter::ProofOfControl { place: Place::XBio, code: Code::from_random([7; 5]), expires: TODAY.at(9, 5, 0, 0) },
        Letter::ProofOfControl {
            place: Place::YoutubeDescription,
            code: Code::from_random([7; 5]),
            expires: TODAY.at(9, 5, 0, 0),
        },
        Letter::StandardAnswer(Standard::DisputeBetweenUsers),
        Letter::StandardAnswer(Standard::Platform),
        Letter::StandardAnswer(Standard::NoReplyOnPlatform),
        Letter::Readdress { code: Code::from_random([7; 5]), until: TODAY },
        Letter::Readdressed,
        Letter::Reminder { rights: Right::ALL.to_vec(), until: TODAY },
        Letter::Withdrawal(vec![Ask::Right(Right::AppiDisclosure), Ask::Inquiry(Inquiry::Press)]),
        Letter::FormOfDisclosure(vec![Form::Electronic, Form::Paper, Form::Other]),
    ];
    letters.push(Letter::Package {
        address: "https://privacy.example/requests/SK-0000000000".to_owned(),
        secret: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345".to_owned(),
        until: TODAY,
    });
    for reason in [ExtensionReason::Complexity, ExtensionReason::NumberOfRequests] {
        letters.push(Letter::Extension { rights: vec![Right::GdprAccess], until: TODAY, reason });
    }
    let granted =
        |right| Decision { right, outcome: Outcome::Granted, not_held: vec![], corrected: vec![], marked: true };
    let mut decisions: Vec<Decision> = Right::ALL.map(granted).to_vec();
    for right in Right::ALL {
        for ground in &law.right(right, TODAY).unwrap().grounds {
            let substitute = ground.reason.needs_substitute().then_some("hidden from view");
            let refusal = refuse(right, ground.reason, &ground.article, substitute);
            decisions.push(Decision {
                right,
                outcome: Outcome::Refused(refusal.clone()),
                not_held: vec![],
                corrected: vec![],
                marked: false,
            });
            decisions.push(Decision {
                right,
                outcome: Outcome::Partly(vec![refusal]),
                not_held: vec![DataItem::Gender],
                corrected: vec![],
                marked: false,
            });
        }
        decisions.push(Decision {
            right,
            outcome: Outcome::NotHeld,
            not_held: vec![],
            corrected: vec![],
            marked: false,
        });
    }
    decisions.push(Decision { corrected: DataItem::ALL.to_vec(), ..granted(Right::AppiCorrection) });
    letters.extend(decisions.iter().map(|one| Letter::Decision(vec![one.clone()])));
    letters.push(Letter::Decision(decisions));
    letters
}

fn written(letter: &Letter, language: Language) -> Written {
    let ticket = TicketId::from_random([3; 7]);
    let from = Address::parse("privacy@desk.example").unwrap();
    let thread = Thread { ticket: &ticket, language, in_reply_to: Some("m@example.jp"), references: &[], from: &from };
    write(letter, &thread, &Law::shipped().unwrap(), TODAY)
}

#[test]
fn every_code_has_words_in_both_languages() {
    let empty = |text: String, what: &str| assert!(!text.is_empty(), "{what}");
    for language in [Language::Ja, Language::En] {
        for right in Right::ALL {
            empty(term("right", right, language), &format!("{right:?}"));
            for ground in &Law::shipped().unwrap().right(right, TODAY).unwrap().grounds {
                empty(term("reason", ground.reason, language), &format!("{:?}", ground.reason));
            }
        }
        for purpose in Purpose::ALL {
            empty(term("purpose", purpose, language), &format!("{purpose:?}"));
        }
        for item in DataItem::ALL {
            empty(term("data", item, language), &format!("{item:?}"));
        }
    }
    assert_eq!((terms::group_size("right"), terms::group_size("data"), terms::group_size("reason")), (20, 6, 30));
}

#[test]
fn every_letter_is_whole_wrapped_and_in_one_language() {
    use unicode_width::UnicodeWidthStr;
    for letter in all_letters(&Law::shipped().unwrap()) {
        for language in [Language::Ja, Language::En] {
            let text = written(&letter, language);
            let all = format!("{}\n{}", text.subject, text.body);
            assert!(!all.contains("{{") && !all.contains("}}"), "{all}");
            assert!(text.subject.contains("SK-") && !text.subject.contains('\n'), "{}", text.subject);
            assert!(!all.contains(": \n") && !all.contains("・\n") && !all.contains("- \n"), "a hole in\n{all}");
            assert!(all.lines().all(|line| line.width() <= 80), "{all}");
            assert_eq!(crate::classify::language(&all), language, "{all}");
            assert!(!all.contains('@'), "{all}");
        }
    }
}

#[test]
fn a_refusal_names_reason_article_and_remedy() {
    let law = Law::shipped().unwrap();
    let refusal = law.refuse(Right::GdprErasure, RefusalReason::LegalClaims, "17(3)(e)", None, TODAY).unwrap();
    let one = Decision {
        right: Right::GdprErasure,
        outcome: Outcome::Refused(refusal),
        not_held: vec![],
        corrected: vec![],
        marked: false,
    };
    let body = written(&Letter::Decision(vec![one]), Language::En).body;
    for part in ["Refused", "legal claims", "GDPR Article 17(3)(e)", "supervisory authority", "judicial remedy"] {
        assert!(body.contains(part), "{part} missing in\n{body}");
    }
}

#[test]
fn a_grant_says_what_the_law_wants_said() {
    let granted = Decision {
        right: Right::AppiPurposeNotice,
        outcome: Outcome::Granted,
        not_held: vec![],
        corrected: vec![],
        marked: false,
    };
    let body = |one: &Decision| written(&Letter::Decision(vec![one.clone()]), Language::En).body;
    let purposes = body(&granted);
    assert!(purposes.contains("enforcing the Social Media Guidelines"), "{purposes}");
    let corrected = Decision { right: Right::AppiCorrection, corrected: vec![DataItem::Nickname], ..granted };
    let corrected = body(&corrected);
    assert!(corrected.contains("We have corrected") && corrected.contains("- nickname"), "{corrected}");
    assert!(!corrected.contains("enforcing"), "{corrected}");
}

#[test]
fn every_letter_is_marked_as_automatic_and_threads() {
    let letter = Letter::StandardAnswer(Standard::Platform);
    let headers = written(&letter, Language::Ja).headers;
    let value = |name: &str| headers.iter().find(|(of, _)| *of == name).map(|(_, value)| value.as_str());
    assert_eq!(value("Auto-Submitted"), Some("auto-replied"));
    assert_eq!(value("X-Auto-Response-Suppress"), Some("All"));
    assert_eq!(value("In-Reply-To"), Some("<m@example.jp>"));
    assert_eq!(value("X-Loop"), Some("privacy@desk.example"));
}

#[test]
fn a_strangers_message_id_cannot_add_a_header() {
    let ticket = TicketId::from_random([3; 7]);
    let from = Address::parse("privacy@desk.example").unwrap();
    let references = ["ok@x".to_owned(), "a@b>\r\nBcc: c@d".to_owned()];
    for (id, kept) in [("m@x", Some("<ok@x> <m@x>")), ("m@x>\r\nBcc: c@d", None), ("no-at", None)] {
        let thread = Thread {
            ticket: &ticket,
            language: Language::En,
            in_reply_to: Some(id),
            references: &references,
            from: &from,
        };
        let headers = headers(&thread);
        let found = headers.iter().find(|(name, _)| *name == "References").map(|(_, value)| value.as_str());
        assert_eq!(found, kept);
        assert!(headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
    }
}

#[test]
fn our_letters_are_not_taken_for_requests_by_a_reply() {
    for letter in all_letters(&Law::shipped().unwrap()) {
        let letter = written(&letter, Language::Ja);
        let quoted: String = letter.body.lines().map(|line| format!("> {line}\n")).collect();
        let reply = format!("承知しました。\n\n2026年11月24日(火) 9:00 窓口 <privacy@desk.example>:\n\n{quoted}");
        let found =
            crate::classify::classify(&format!("Re: {}", letter.subject), &crate::mail::quote::unquoted(&reply));
        assert!(
            found.items.iter().all(|item| matches!(item.ask, Ask::Inquiry(Inquiry::Other)) && item.maybe.is_none())
        );
    }
}
