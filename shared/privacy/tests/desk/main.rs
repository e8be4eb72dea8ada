//! The desk over a table in memory: what becomes of a mail, one case each.
#![allow(clippy::unwrap_used)]

mod gone_at_once;
mod memory;
mod nobody_shows_control;
mod nothing_goes_unread;
mod one_platform;
mod people_among_machines;
mod raw_mails;

use jiff::Timestamp;
use memory::{Memory, now_or_never};
use privacy::clocks::Holidays;
use privacy::desk::{Addresses, Arrived, Desk, TakenIn};
use privacy::law::Law;
use privacy::mail::loops::{Envelope, Verdict};
use privacy::mail::{Address, read};

/// When the first mail arrives.
const NOON: &str = "2026-11-24T03:00:00Z";
const OFFICER: &str = "officer@desk.example";
const TARO: &str = "taro@example.jp";

/// A desk with nothing on it.
struct Office {
    requests: Memory,
    law: Law,
    holidays: Holidays,
    addresses: Addresses,
}

impl Office {
    fn new() -> Office {
        let address = |text| Address::parse(text).unwrap();
        Office {
            requests: Memory::default(),
            law: Law::shipped().unwrap(),
            holidays: Holidays::shipped().unwrap(),
            addresses: Addresses { desk: address("privacy@desk.example"), officer: address(OFFICER), own: Vec::new() },
        }
    }

    fn desk(&self) -> Desk<'_, Memory> {
        Desk { requests: &self.requests, law: &self.law, holidays: &self.holidays, addresses: &self.addresses }
    }

    /// A mail that passed every check arrives.
    fn arrive(&self, id: &str, raw: &str, at: Timestamp) -> TakenIn {
        let mail = read(raw.as_bytes());
        let source = mail.sender().map(Address::to_header).unwrap_or_default();
        let passed = Envelope { source, dmarc: Verdict::Pass, ..Envelope::default() };
        self.arrive_at(id, raw, passed, &self.addresses.desk, at)
    }

    /// A mail arrives at an address of ours, in an envelope of its own.
    fn arrive_at(&self, id: &str, raw: &str, envelope: Envelope, to: &Address, at: Timestamp) -> TakenIn {
        let arrived = Arrived {
            id,
            object: &format!("mail/{id}"),
            at,
            envelope,
            recipients: vec![to.clone()],
            raw: Some(raw.as_bytes()),
        };
        now_or_never(self.desk().arrive(&arrived, at)).unwrap()
    }
}

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

/// A plain mail; `head` are further header lines, each ended by `\n`.
fn mail(from: &str, head: &str, text: &str) -> String {
    format!("From: {from}\n{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n")
}
