#![allow(clippy::unwrap_used)]

use super::*;

fn incident(known_at: &str, triggers: &[Trigger]) -> Incident {
    Incident {
        id: "IN-1".to_owned(),
        kind: Kind::MisSent,
        known_at: known_at.parse().unwrap(),
        ticket: Some(TicketId::from_random([1; 7])),
        affected: vec!["aa".to_owned(), "bb".to_owned()],
        triggers: triggers.to_vec(),
        encrypted: false,
        outline: "別の宛先に届いた".to_owned(),
        met: Vec::new(),
        told: Vec::new(),
        version: 0,
    }
}

fn days(known_at: &str, triggers: &[Trigger]) -> [String; 3] {
    let timers = incident(known_at, triggers).timers(&Holidays::shipped().unwrap());
    [timers.prompt_from, timers.prompt_by, timers.full_by].map(|day| day.to_string())
}

#[test]
fn the_first_day_counts_and_lies_in_tokyo() {
    // 23:30 UTC on the 1st is the 2nd in Tokyo; the 30th day is Tuesday 1 December.
    assert_eq!(days("2026-11-01T23:30:00Z", &[]), ["2026-11-04", "2026-11-06", "2026-12-01"]);
    assert_eq!(days("2026-11-02T14:59:59Z", &[]), ["2026-11-04", "2026-11-06", "2026-12-01"]);
    assert_eq!(days("2026-11-02T15:00:00Z", &[]), ["2026-11-05", "2026-11-07", "2026-12-02"]);
}

#[test]
fn an_improper_purpose_gives_sixty_days() {
    // The 60th day from 2 November is Thursday 31 December.
    assert_eq!(days("2026-11-02T00:00:00Z", &[Trigger::ImproperPurpose])[2], "2026-12-31");
}

#[test]
fn a_last_day_without_offices_moves_on_and_the_prompt_report_does_not() {
    // 6 November: the 5th day is Tuesday the 10th, the 30th is Saturday 5 December.
    assert_eq!(days("2026-11-06T00:00:00Z", &[]), ["2026-11-08", "2026-11-10", "2026-12-07"]);
}

#[test]
fn what_is_strongly_encrypted_or_meets_no_trigger_need_not_be_reported() {
    assert!(!incident("2026-11-02T00:00:00Z", &[]).reportable());
    let mut reportable = incident("2026-11-02T00:00:00Z", &[Trigger::ManyPersons]);
    assert!(reportable.reportable());
    reportable.encrypted = true;
    assert!(!reportable.reportable());
    assert!(reportable.draft().other.contains("暗号化"));
}

#[test]
fn the_officer_is_told_at_the_opening_and_as_each_report_comes_near_and_is_late() {
    let holidays = Holidays::shipped().unwrap();
    let mut one = incident("2026-11-02T00:00:00Z", &[Trigger::ManyPersons]);
    let clock = |duty, alarm| Notice::Clock(duty, alarm);
    let (prompt, full) = (Duty::Prompt, Duty::Full);
    // 00:00 UTC is nine in the morning in Tokyo. The 30th day is 1 December.
    let days = [
        ("2026-11-02T00:00:00Z", vec![Notice::Opened]),
        ("2026-11-03T14:59:59Z", vec![]),
        ("2026-11-03T15:00:00Z", vec![clock(prompt, Alarm::Half)]),
        ("2026-11-06T00:00:00Z", vec![clock(prompt, Alarm::FourFifths)]),
        ("2026-11-06T15:00:00Z", vec![clock(prompt, Alarm::Over)]),
        ("2026-11-16T00:00:00Z", vec![clock(full, Alarm::Half)]),
        ("2026-11-25T00:00:00Z", vec![clock(full, Alarm::FourFifths)]),
        ("2026-12-01T14:59:59Z", vec![]),
        ("2026-12-01T15:00:00Z", vec![clock(full, Alarm::Over)]),
    ];
    for (now, expected) in days {
        let notices = one.notices(&holidays, now.parse().unwrap());
        assert_eq!(notices, expected, "{now}");
        let (subject, text) = one.letter(&notices, &holidays);
        assert!(subject.contains("IN-1") && text.contains("sekisho incidents show IN-1") && !text.contains("aa"));
        one.told.extend(notices);
    }
    one.told.clear();
    one.met = vec![prompt, full];
    assert_eq!(one.notices(&holidays, "2027-11-02T00:00:00Z".parse().unwrap()), [Notice::Opened]);
}

#[test]
fn the_draft_has_the_nine_items_and_names_nobody() {
    let draft = serde_json::to_value(incident("2026-11-02T00:00:00Z", &[]).draft()).unwrap();
    let fields: Vec<&str> = draft.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "outline",
        "items",
        "persons",
        "cause",
        "secondary_damage",
        "response_to_persons",
        "publication",
        "prevention",
        "other",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!(draft["persons"], 2);
    assert!(!draft.to_string().contains("aa"));
}
