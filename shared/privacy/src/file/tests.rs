//! Edits keep state and chain together, and erasing a person leaves a valid chain.
#![allow(clippy::unwrap_used)]

use jiff::civil::date;

use super::*;
use crate::chain;
use crate::classify::{Ask, Inquiry};
use crate::clocks::{Alarm, Clocks, Holidays};
use crate::law::{DeadlineKind, Law, RefusalReason, Right};
use crate::mail::Address;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn item(number: u32, ask: Ask, kinds: &[DeadlineKind], arrived: Timestamp) -> RequestItem {
    let clocks =
        Clocks::start(&Law::shipped().unwrap(), &Holidays::shipped().unwrap(), kinds.iter().copied(), arrived, None);
    RequestItem {
        number,
        ask,
        maybe: None,
        classified_by: ClassifiedBy::Patterns,
        state: ItemState::Open,
        clocks: clocks.unwrap(),
        alarms_told: Vec::new(),
        draft: None,
        proposal: None,
        decided: None,
        fulfil_at: None,
        reminded: false,
        task: None,
    }
}

fn file(arrived: Timestamp) -> RequestFile {
    let right = Right::XContentDeletion;
    RequestFile {
        ticket: TicketId::from_random([7; 7]),
        channel: Channel::Mail,
        arrived,
        language: Language::Ja,
        token: "k7".to_owned(),
        items: vec![
            item(1, Ask::Right(right), &[DeadlineKind::XContent], arrived),
            item(2, Ask::Inquiry(Inquiry::Other), &[DeadlineKind::InquiryReply], arrived),
        ],
        person: Some(Person::new(Some(Address::parse("taro@example.jp").unwrap()), Vec::new()).unwrap()),
        authenticated: true,
        silence: None,
        verified: None,
        agent: None,
        quarantine: None,
        hold: None,
        unreachable: false,
        complained: false,
        unread: false,
        form: None,
        duplicate_of: None,
        linked: Vec::new(),
        active: None,
        law: Snapshot::take(&Law::shipped().unwrap(), [right], date(2026, 11, 24)).unwrap(),
        secret: false,
        suppressed: false,
        package: None,
        identify_at: None,
        look_at: None,
        letters: 0,
        mails: 0,
        closed: None,
        log: chain::Head::default(),
    }
}

#[test]
fn erasing_the_person_leaves_a_chain_that_verifies_and_opens_nothing() {
    let mut edit = Edit::of(file(at("2026-11-24T00:00:00Z")));
    let address = edit.personal("address", "taro@example.jp");
    edit.log(at("2026-11-24T00:00:00Z"), Event::Received, [("address", address), ("items", Edit::plain(2))]);
    let salt = edit.file.person.as_ref().unwrap().salt.clone();
    assert!(edit.entries[0].opens("address", "taro@example.jp", &salt));
    edit.purge(at("2026-12-24T00:00:00Z"));
    assert_eq!(chain::verify(&edit.entries, Some(edit.file.log.hash)), Ok(edit.file.log.hash));
    assert_eq!(edit.file.log.entries, 2);
    let stored = serde_json::to_string(&(&edit.file, &edit.entries)).unwrap();
    assert!(!stored.contains("taro") && !stored.contains(&serde_json::to_string(&salt).unwrap()), "{stored}");
}

#[test]
fn a_file_waits_until_its_last_item_is_closed() {
    let mut edit = Edit::of(file(at("2026-11-24T00:00:00Z")));
    assert_eq!(edit.file.waits_for(), Some(WaitsFor::Staff));
    edit.close_item(2, ItemState::Answered, Event::Answered, at("2026-11-24T01:00:00Z"));
    edit.item_mut(1).unwrap().state = ItemState::Unverified;
    assert_eq!((edit.file.waits_for(), edit.file.closed), (Some(WaitsFor::Person), None));
    edit.close_item(1, ItemState::Expired, Event::Expired, at("2026-12-24T00:00:00Z"));
    assert_eq!((edit.file.waits_for(), edit.file.is_closed()), (None, true));
    assert_eq!(edit.file.wakes_at().unwrap(), Some(at("2029-12-23T00:00:00Z")), "then the time of keeping runs");
    edit.purge(at("2029-12-23T00:00:00Z"));
    assert_eq!(edit.file.wakes_at().unwrap(), None);
}

#[test]
fn a_mail_that_nobody_has_read_puts_the_end_of_keeping_off_but_not_for_ever() {
    let mut edit = Edit::of(file(at("2026-11-24T00:00:00Z")));
    for number in [1, 2] {
        edit.close_item(number, ItemState::Expired, Event::Expired, at("2026-12-24T00:00:00Z"));
    }
    edit.file.unread = true;
    assert!(!edit.file.is_over(at("2027-01-22T23:59:59Z")));
    assert_eq!(edit.file.wakes_at().unwrap(), Some(at("2027-01-23T00:00:00Z")));
    assert!(edit.file.is_over(at("2027-01-23T00:00:00Z")));
    edit.file.unread = false;
    assert!(edit.file.is_over(at("2026-12-24T00:00:00Z")), "once it was read, nothing is worth keeping");
}

#[test]
fn a_file_on_hold_is_kept_until_the_hold_ends() {
    let mut edit = Edit::of(file(at("2026-11-24T00:00:00Z")));
    for number in [1, 2] {
        edit.close_item(number, ItemState::Expired, Event::Expired, at("2026-12-24T00:00:00Z"));
    }
    let since = at("2026-12-01T00:00:00Z");
    edit.file.hold = Some(Hold { by: "counsel".to_owned(), reason: RefusalReason::LegalClaims, since });
    assert!(!edit.file.is_over(at("2030-01-01T00:00:00Z")));
    assert_eq!(edit.file.wakes_at().unwrap(), None);
    edit.file.hold = None;
    assert!(edit.file.is_over(at("2030-01-01T00:00:00Z")));
}

#[test]
fn the_next_alarm_is_reached_exactly_when_it_says() {
    let arrived = at("2026-11-24T00:00:00Z");
    let mut item = item(1, Ask::Right(Right::XContentDeletion), &[DeadlineKind::XContent], arrived);
    let moments = ["2026-11-24T12:00:00Z", "2026-11-24T19:12:00Z", "2026-11-25T00:00:00Z"];
    for (alarm, moment) in [Alarm::Half, Alarm::FourFifths, Alarm::Over].into_iter().zip(moments) {
        let moment = at(moment);
        assert_eq!(item.next_alarm().unwrap(), Some((DeadlineKind::XContent, alarm, moment)));
        let clock = item.clocks.get(DeadlineKind::XContent).unwrap();
        assert_eq!(clock.alarm(moment).unwrap(), Some(alarm));
        assert_ne!(clock.alarm(moment - SignedDuration::from_secs(1)).unwrap(), Some(alarm));
        item.alarms_told = vec![(DeadlineKind::XContent, alarm)];
    }
    assert_eq!(item.next_alarm().unwrap(), None);
}

#[test]
fn a_paused_clock_wakes_nobody_and_runs_on_where_it_stood() {
    let arrived = at("2026-09-03T00:00:00Z");
    let mut item = item(1, Ask::Right(Right::GdprAccess), &[DeadlineKind::GdprResponse], arrived);
    item.clocks.pause(crate::clocks::PauseReason::Identity, at("2026-09-10T00:00:00Z")).unwrap();
    assert_eq!(item.next_alarm().unwrap(), None);
    item.clocks.resume(at("2026-09-20T00:00:00Z")).unwrap();
    let (_, alarm, moment) = item.next_alarm().unwrap().unwrap();
    let clock = item.clocks.get(DeadlineKind::GdprResponse).unwrap();
    assert_eq!(clock.alarm(moment).unwrap(), Some(alarm));
    assert_eq!(clock.alarm(moment - SignedDuration::from_secs(1)).unwrap(), None);
}

#[test]
fn debug_output_of_a_file_names_nobody() {
    let shown = format!("{:?}", file(at("2026-11-24T00:00:00Z")));
    assert!(!shown.contains("taro"), "{shown}");
}
