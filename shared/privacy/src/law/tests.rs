//! The shipped law files hold together, and refusals and fees obey them.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::date;

const TODAY: Date = date(2026, 11, 24);

#[test]
fn every_right_and_every_deadline_is_in_force() {
    let law = Law::shipped().unwrap();
    for right in Right::ALL {
        let rule = law.right(right, TODAY).unwrap();
        assert!(!rule.deadlines.is_empty(), "{right:?} starts no clock");
        let article = law.article(right.regime(), &rule.article, TODAY).unwrap();
        assert!(!article.ja.is_empty() && !article.en.is_empty() && !article.gist.is_empty());
    }
    for kind in DeadlineKind::ALL {
        law.deadline(kind, TODAY).unwrap();
    }
}

#[test]
fn a_refusal_needs_a_ground_of_its_right_with_its_article() {
    let law = Law::shipped().unwrap();
    let refusal = law.refuse(Right::AppiDisclosure, RefusalReason::BreachOfOtherLaw, "33(2)", None, TODAY).unwrap();
    assert_eq!((refusal.reason(), refusal.article()), (RefusalReason::BreachOfOtherLaw, "33(2)"));
    for (right, reason, article) in [
        (Right::AppiDisclosure, RefusalReason::BreachOfOtherLaw, ""),
        (Right::AppiDisclosure, RefusalReason::BreachOfOtherLaw, "35(2)"),
        (Right::AppiDisclosure, RefusalReason::StillNeeded, "33(2)"),
        (Right::YoutubeDeletion, RefusalReason::StillNeeded, "III.E.4.g"),
    ] {
        let error = law.refuse(right, reason, article, None, TODAY).unwrap_err();
        assert!(matches!(error, LawError::NoGround(..)), "{right:?} {error}");
    }
}

#[test]
fn cost_is_a_ground_only_with_a_substitute_measure() {
    let law = Law::shipped().unwrap();
    let refuse =
        |substitute| law.refuse(Right::AppiCessation, RefusalReason::CostlyWithSubstitute, "35(2)", substitute, TODAY);
    assert!(matches!(refuse(None), Err(LawError::SubstituteMissing)));
    assert!(matches!(refuse(Some("  ")), Err(LawError::SubstituteMissing)));
    assert_eq!(refuse(Some("hidden from view")).unwrap().substitute(), Some("hidden from view"));
}

#[test]
fn a_fee_is_taken_for_purpose_and_disclosure_only() {
    let law = Law::shipped().unwrap();
    for right in Right::ALL {
        let allowed = matches!(right, Right::AppiPurposeNotice | Right::AppiDisclosure | Right::AppiProvisionRecords);
        assert_eq!(law.fee(right, 500, TODAY).is_ok(), allowed, "{right:?}");
    }
}

#[test]
fn a_file_cannot_bring_in_a_fee_for_cessation() {
    let appi = include_str!("../../law/appi.toml");
    let start = appi.find("right = \"appi_cessation\"").unwrap();
    let changed =
        format!("{}{}", &appi[..start], appi[start..].replacen("fee_allowed = false", "fee_allowed = true", 1));
    let error = Law::parse(include_str!("../../law/deadlines.toml"), &[("appi.toml", &changed)]).unwrap_err();
    assert!(error.to_string().contains("APPI 38"), "{error}");
}

#[test]
fn a_right_that_names_a_missing_article_is_refused() {
    let gdpr = include_str!("../../law/gdpr.toml").replace("number = \"15\"", "number = \"99\"");
    let error = Law::parse(include_str!("../../law/deadlines.toml"), &[("gdpr.toml", &gdpr)]).unwrap_err();
    assert!(error.to_string().contains("article 15"), "{error}");
}

#[test]
fn a_later_length_does_not_touch_an_earlier_request() {
    let longer = include_str!("../../law/deadlines.toml").to_owned()
        + "\n[[deadline]]\nkind = \"x_content\"\neffective_from = \"2027-01-01\"\nclass = \"platform\"\nlength = { hours = 12 }\nzone = \"Asia/Tokyo\"\nsource = \"a test\"\n";
    let law = Law::parse(&longer, &[]).unwrap();
    assert_eq!(law.deadline(DeadlineKind::XContent, date(2026, 12, 31)).unwrap().length, Length::Hours(24));
    assert_eq!(law.deadline(DeadlineKind::XContent, date(2027, 1, 1)).unwrap().length, Length::Hours(12));
}

#[test]
fn before_a_right_existed_it_is_not_in_force() {
    let law = Law::shipped().unwrap();
    let error = law.right(Right::AppiNeedlessOrHarmful, date(2021, 1, 1)).unwrap_err();
    assert!(matches!(error, LawError::NotInForce(Right::AppiNeedlessOrHarmful, _)), "{error}");
}
