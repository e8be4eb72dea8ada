//! Codes end by time, by guesses and by use; tiers follow the law file.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::law::{Law, Right};
use jiff::civil::date;

const PEPPER: &[u8] = b"pepper of the tests";

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn issued() -> (Code, Challenge) {
    let code = Code::from_random([0x12, 0x34, 0x56, 0x78, 0x9A]);
    let challenge = Challenge::issue(PEPPER, "r1", &code, &[], now()).unwrap();
    (code, challenge)
}

#[test]
fn the_right_code_works_once() {
    let (code, mut challenge) = issued();
    assert_eq!(challenge.check(PEPPER, "r1", code.reveal(), after(1)), Ok(()));
    assert_eq!(challenge.check(PEPPER, "r1", code.reveal(), after(2)), Err(CodeError::Used));
}

#[test]
fn five_wrong_guesses_lock_it_even_for_the_right_one() {
    let (code, mut challenge) = issued();
    for _ in 0..MAX_ATTEMPTS {
        assert_eq!(challenge.check(PEPPER, "r1", "0000-0000", after(1)), Err(CodeError::Wrong));
    }
    assert_eq!(challenge.check(PEPPER, "r1", code.reveal(), after(1)), Err(CodeError::Locked));
    assert_eq!(challenge.attempts(), MAX_ATTEMPTS);
}

#[test]
fn the_end_is_absolute() {
    let (code, mut challenge) = issued();
    assert_eq!(challenge.clone().check(PEPPER, "r1", code.reveal(), after(30 * 60 - 1)), Ok(()));
    assert_eq!(challenge.check(PEPPER, "r1", code.reveal(), after(30 * 60)), Err(CodeError::Expired));
}

#[test]
fn request_and_pepper_are_part_of_it() {
    let (code, mut challenge) = issued();
    assert_eq!(challenge.check(PEPPER, "r2", code.reveal(), after(1)), Err(CodeError::OtherRequest));
    assert_eq!(challenge.attempts(), 0, "another request cannot use up the guesses");
    assert_eq!(challenge.check(b"other", "r1", code.reveal(), after(1)), Err(CodeError::Wrong));
}

#[test]
fn it_is_read_as_people_type_it_and_found_in_a_bio() {
    let code = Code::from_random([0; 5]);
    assert_eq!(code.reveal(), "0000-0000");
    for typed in ["00000000", "OOOO-oooo", "００００－００００", " 0000 0000 "] {
        let mut challenge = Challenge::issue(PEPPER, "r1", &code, &[], now()).unwrap();
        assert_eq!(challenge.check(PEPPER, "r1", typed, after(1)), Ok(()), "{typed}");
    }
    let (code, mut challenge) = issued();
    let bio = format!("音楽好き。WXYZ-WXYZ 確認:{}。よろしく", code.reveal());
    assert_eq!(challenge.check_text(PEPPER, "r1", "まだ何もない", after(1)), Err(CodeError::Wrong));
    assert_eq!(challenge.check_text(PEPPER, "r1", &bio, after(2)), Ok(()));
    assert_eq!(challenge.attempts(), 2);
    let guesses = (0..100).map(|n| format!("{n:04}-0000")).collect::<Vec<_>>().join(" ") + " " + code.reveal();
    let (_, mut challenge) = issued();
    assert_eq!(challenge.check_text(PEPPER, "r1", &guesses, after(1)), Err(CodeError::Wrong), "a list of guesses");
}

#[test]
fn three_codes_an_hour() {
    let (code, _) = issued();
    let earlier = [after(-3_599), after(-10), after(-5)];
    assert_eq!(Challenge::issue(PEPPER, "r1", &code, &earlier, now()), Err(CodeError::TooManyIssued));
    assert!(Challenge::issue(PEPPER, "r1", &code, &earlier, after(1)).is_ok(), "the oldest is an hour old");
}

#[test]
fn neither_code_nor_hash_is_printed_and_the_store_keeps_no_code() {
    let (code, challenge) = issued();
    assert_eq!(format!("{code:?}"), "Code(hidden)");
    let stored = serde_json::to_string(&challenge).unwrap();
    assert!(!stored.contains(code.reveal()) && !format!("{challenge:?}").contains("mac"));
    assert_eq!(serde_json::from_str::<Challenge>(&stored).unwrap(), challenge);
}

#[test]
fn random_codes_differ() {
    let codes: std::collections::BTreeSet<String> =
        (0..100).map(|_| Code::random().unwrap().reveal().to_owned()).collect();
    assert_eq!(codes.len(), 100);
}

#[test]
fn tiers_follow_right_agent_and_platform() {
    let law = Law::shipped().unwrap();
    let needed = |right, agent, gone| required(law.right(right, date(2026, 11, 24)).unwrap(), agent, gone);
    assert_eq!(needed(Right::AppiDisclosure, false, false), Tier::Account);
    assert_eq!(needed(Right::AppiDisclosure, false, true), Tier::Account, "a gone post proves nothing about a person");
    assert_eq!(needed(Right::AppiDisclosure, true, false), Tier::Mandate);
    assert_eq!(needed(Right::AppiPurposeNotice, true, false), Tier::None);
    assert_eq!(needed(Right::CcpaOptOut, false, false), Tier::None);
    assert_eq!(needed(Right::XContentDeletion, false, false), Tier::Account);
    assert_eq!(needed(Right::XContentDeletion, true, true), Tier::None);
}
