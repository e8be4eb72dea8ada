//! Published vectors of each rule, pauses, extensions, zones and alarms.
#![allow(clippy::unwrap_used)]

use super::*;
use jiff::civil::{Date, date};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clock(kind: DeadlineKind, arrived: &str) -> Clock {
    let zone = TimeZone::get("Europe/London").unwrap();
    let requester = matches!(kind, DeadlineKind::GdprResponse).then_some(&zone);
    Clock::start(&Law::shipped().unwrap(), &Holidays::shipped().unwrap(), kind, at(arrived), requester).unwrap()
}

fn last_day(kind: DeadlineKind, arrived: &str) -> Date {
    clock(kind, arrived).last_day(at(arrived)).unwrap()
}

#[test]
fn gdpr_month_ends_on_the_corresponding_day_or_the_next_working_day() {
    for (arrived, expected) in [
        ("2026-09-03T10:00:00Z", date(2026, 10, 5)),
        ("2026-01-30T10:00:00Z", date(2026, 3, 2)),
        ("2026-01-31T10:00:00Z", date(2026, 3, 2)),
        ("2026-03-31T10:00:00Z", date(2026, 4, 30)),
        ("2027-12-31T10:00:00Z", date(2028, 1, 31)),
        ("2024-01-31T10:00:00Z", date(2024, 2, 29)),
    ] {
        assert_eq!(last_day(DeadlineKind::GdprResponse, arrived), expected, "{arrived}");
    }
}

#[test]
fn gdpr_extension_counts_from_the_start() {
    let mut clock = clock(DeadlineKind::GdprResponse, "2026-01-31T10:00:00Z");
    clock.extend(at("2026-02-20T10:00:00Z")).unwrap();
    assert_eq!(clock.last_day(at("2026-02-20T10:00:00Z")).unwrap(), date(2026, 4, 30));
    assert!(matches!(clock.extend(at("2026-02-21T10:00:00Z")), Err(ClockError::AlreadyExtended(_))));
}

#[test]
fn gdpr_extension_after_the_month_is_refused() {
    let mut clock = clock(DeadlineKind::GdprResponse, "2026-09-03T10:00:00Z");
    assert!(matches!(clock.extend(at("2026-10-05T23:00:00Z")), Err(ClockError::ExtensionTooLate(_))));
    clock.extend(at("2026-10-05T22:59:59Z")).unwrap();
}

#[test]
fn gdpr_stands_still_while_identity_is_in_doubt_and_ccpa_does_not() {
    let arrived = at("2026-06-01T10:00:00Z");
    let kinds = [DeadlineKind::GdprResponse, DeadlineKind::CcpaResponse, DeadlineKind::XContent];
    let mut clocks =
        Clocks::start(&Law::shipped().unwrap(), &Holidays::shipped().unwrap(), kinds, arrived, None).unwrap();
    let before = clocks.clone();
    assert_eq!(clocks.pause(PauseReason::Identity, at("2026-06-05T10:00:00Z")).unwrap(), [DeadlineKind::GdprResponse]);
    assert_eq!(clocks.resume(at("2026-06-15T12:00:00Z")).unwrap(), [DeadlineKind::GdprResponse]);
    let now = at("2026-06-16T00:00:00Z");
    let day = |clocks: &Clocks, kind| clocks.get(kind).unwrap().last_day(now).unwrap();
    assert_eq!(day(&before, DeadlineKind::GdprResponse), date(2026, 7, 1));
    assert_eq!(day(&clocks, DeadlineKind::GdprResponse), date(2026, 7, 13), "ten days later is a Saturday");
    assert_eq!(day(&clocks, DeadlineKind::CcpaResponse), day(&before, DeadlineKind::CcpaResponse));
    assert_eq!(day(&clocks, DeadlineKind::XContent), day(&before, DeadlineKind::XContent));
    let error = clock(DeadlineKind::CcpaResponse, "2026-06-01T10:00:00Z").pause(PauseReason::Fee, now).unwrap_err();
    assert!(matches!(error, ClockError::NotPausable(DeadlineKind::CcpaResponse)));
}

#[test]
fn pauses_come_one_after_the_other() {
    let mut clock = clock(DeadlineKind::GdprResponse, "2026-06-01T10:00:00Z");
    assert!(clock.resume(at("2026-06-02T10:00:00Z")).is_err(), "runs already");
    assert!(clock.pause(PauseReason::Fee, at("2026-05-31T10:00:00Z")).is_err(), "before the arrival");
    clock.pause(PauseReason::Fee, at("2026-06-02T10:00:00Z")).unwrap();
    assert!(clock.pause(PauseReason::Fee, at("2026-06-03T10:00:00Z")).is_err(), "stands already");
    assert!(clock.resume(at("2026-06-01T10:00:00Z")).is_err(), "before the pause");
    assert_eq!(clock.last_day(at("2026-06-12T10:00:00Z")).unwrap(), date(2026, 7, 13), "moves while it stands");
}

#[test]
fn ccpa_days_and_business_days() {
    // Los Angeles: Wednesday 25 November 2026; Thanksgiving is the next day.
    assert_eq!(last_day(DeadlineKind::CcpaConfirmation, "2026-11-25T20:00:00Z"), date(2026, 12, 10));
    assert_eq!(last_day(DeadlineKind::CcpaResponse, "2026-11-25T20:00:00Z"), date(2027, 1, 9));
    // 05:00 UTC is still the day before in Los Angeles.
    assert_eq!(last_day(DeadlineKind::CcpaResponse, "2026-11-25T05:00:00Z"), date(2027, 1, 8));
    let mut clock = clock(DeadlineKind::CcpaResponse, "2026-06-01T20:00:00Z");
    clock.extend(at("2026-07-01T00:00:00Z")).unwrap();
    assert_eq!(clock.last_day(at("2026-07-01T00:00:00Z")).unwrap(), date(2026, 8, 30), "ninety days in all");
    assert!(matches!(clock.extend(at("2026-07-02T00:00:00Z")), Err(ClockError::AlreadyExtended(_))));
}

#[test]
fn suit_is_possible_from_the_day_after_two_weeks() {
    let now = at("2026-11-02T06:00:00Z");
    let due = |arrived: &str| clock(DeadlineKind::AppiSuableFrom, arrived).due(now).unwrap();
    assert_eq!(due("2026-11-02T15:00:00+09:00"), at("2026-11-17T00:00:00+09:00"));
    assert_eq!(due("2026-11-01T23:30:00Z"), at("2026-11-17T00:00:00+09:00"), "already the second in Tokyo");
    assert_eq!(due("2026-11-01T14:59:59Z"), at("2026-11-16T00:00:00+09:00"), "still the first in Tokyo");
}

#[test]
fn a_refusal_opens_the_way_to_court_at_once() {
    let arrived = at("2026-11-02T06:00:00Z");
    let kinds = [DeadlineKind::AppiSuableFrom, DeadlineKind::AppiDecision];
    let mut clocks =
        Clocks::start(&Law::shipped().unwrap(), &Holidays::shipped().unwrap(), kinds, arrived, None).unwrap();
    let refused = at("2026-11-04T03:00:00Z");
    clocks.refused(refused);
    assert_eq!(clocks.get(DeadlineKind::AppiSuableFrom).unwrap().due(refused).unwrap(), refused);
    clocks.refused(at("2026-12-04T03:00:00Z"));
    assert_eq!(clocks.get(DeadlineKind::AppiSuableFrom).unwrap().due(refused).unwrap(), refused);
}

#[test]
fn x_runs_to_the_second_and_youtube_seven_and_thirty_times_a_day() {
    let now = at("2026-11-02T06:00:00Z");
    for (kind, due) in [
        (DeadlineKind::XContent, "2026-11-03T15:30:30+09:00"),
        (DeadlineKind::YoutubeUserDeletion, "2026-11-09T15:30:30+09:00"),
        (DeadlineKind::YoutubeRevokedInApp, "2026-11-09T15:30:30+09:00"),
        (DeadlineKind::YoutubeRevokedAtGoogle, "2026-12-02T15:30:30+09:00"),
    ] {
        assert_eq!(clock(kind, "2026-11-02T15:30:30+09:00").due(now).unwrap(), at(due), "{kind:?}");
    }
}

#[test]
fn receipt_notice_skips_weekend_and_holiday() {
    // Saturday 31 October 2026; 3 November is a holiday, 2 November is not.
    assert_eq!(last_day(DeadlineKind::ReceiptNotice, "2026-10-31T10:00:00+09:00"), date(2026, 11, 2));
    assert_eq!(last_day(DeadlineKind::ReceiptNotice, "2026-11-02T10:00:00+09:00"), date(2026, 11, 4));
    assert_eq!(last_day(DeadlineKind::InquiryReply, "2026-09-18T10:00:00+09:00"), date(2026, 9, 30));
}

#[test]
fn the_earliest_clock_leads_until_it_is_met() {
    let arrived = at("2026-11-02T06:00:00Z");
    let law = Law::shipped().unwrap();
    let on = date(2026, 11, 2);
    let kinds = [crate::law::Right::AppiCessation, crate::law::Right::XContentDeletion]
        .iter()
        .flat_map(|right| law.right(*right, on).unwrap().deadlines.clone());
    let mut clocks = Clocks::start(&law, &Holidays::shipped().unwrap(), kinds, arrived, None).unwrap();
    let first = |clocks: &Clocks| clocks.earliest(arrived).unwrap().map(|(clock, _)| clock.kind());
    assert_eq!(first(&clocks), Some(DeadlineKind::XContent));
    for (kind, next) in [
        (DeadlineKind::XContent, Some(DeadlineKind::AppiSuppression)),
        (DeadlineKind::AppiSuppression, Some(DeadlineKind::ReceiptNotice)),
        (DeadlineKind::ReceiptNotice, Some(DeadlineKind::AppiErasure)),
        (DeadlineKind::AppiErasure, Some(DeadlineKind::AppiDecision)),
        (DeadlineKind::AppiDecision, None),
    ] {
        clocks.meet(kind, arrived).unwrap();
        assert_eq!(first(&clocks), next, "after {kind:?}");
    }
    assert!(matches!(clocks.meet(DeadlineKind::CcpaOptOut, arrived), Err(ClockError::NotRunning(_))));
}

#[test]
fn alarms_at_half_four_fifths_and_the_end() {
    let clock = clock(DeadlineKind::XContent, "2026-11-02T00:00:00Z");
    for (now, expected) in [
        ("2026-11-02T11:59:59Z", None),
        ("2026-11-02T12:00:00Z", Some(Alarm::Half)),
        ("2026-11-02T19:11:59Z", Some(Alarm::Half)),
        ("2026-11-02T19:12:00Z", Some(Alarm::FourFifths)),
        ("2026-11-02T23:59:59Z", Some(Alarm::FourFifths)),
        ("2026-11-03T00:00:00Z", Some(Alarm::Over)),
    ] {
        assert_eq!(clock.alarm(at(now)).unwrap(), expected, "{now}");
    }
    let mut met = clock;
    met.meet(at("2026-11-02T01:00:00Z"));
    assert_eq!(met.alarm(at("2026-12-01T00:00:00Z")).unwrap(), None);
}

#[test]
fn a_paused_clock_warns_by_the_time_that_ran() {
    let mut clock = clock(DeadlineKind::GdprResponse, "2026-06-01T00:00:00Z");
    clock.pause(PauseReason::Clarification, at("2026-06-02T00:00:00Z")).unwrap();
    assert_eq!(clock.alarm(at("2026-07-20T00:00:00Z")).unwrap(), None);
    clock.resume(at("2026-07-20T00:00:00Z")).unwrap();
    assert_eq!(clock.alarm(at("2026-07-20T00:00:01Z")).unwrap(), None, "one day of thirty has gone");
    assert_eq!(clock.alarm(at("2026-08-04T00:00:00Z")).unwrap(), Some(Alarm::Half));
}

#[test]
fn a_clock_survives_storage() {
    let mut clock = clock(DeadlineKind::GdprResponse, "2026-06-01T00:00:00Z");
    clock.pause(PauseReason::Identity, at("2026-06-02T00:00:00Z")).unwrap();
    let stored = serde_json::to_string(&clock).unwrap();
    assert_eq!(serde_json::from_str::<Clock>(&stored).unwrap(), clock);
}

#[test]
fn a_target_in_a_year_without_holidays_leaves_out_weekends_alone() {
    // Friday 7 January 2028: the Monday after it is a holiday that nobody has entered yet.
    assert_eq!(last_day(DeadlineKind::ReceiptNotice, "2028-01-07T10:00:00+09:00"), date(2028, 1, 10));
    // Nor does what is known of the year before count, where the days run into the next.
    assert_eq!(last_day(DeadlineKind::InquiryReply, "2027-12-28T10:00:00+09:00"), date(2028, 1, 4));
}
