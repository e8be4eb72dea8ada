//! Every key of the `requests` table.
//!
//! | pk | sk | item |
//! |---|---|---|
//! | `REQUEST#<ticket>` | `FILE` | state of a file, its place in the indexes; personal data in one attribute |
//! | | `LETTER#<n>` | a letter with its delivery; erased with the personal data |
//! | | `MAIL#<n>` | a received mail; erased with the personal data |
//! | | `SECRET` | keyed hash of what opens the file's status |
//! | | `CODE` | keyed hash of the code that was issued last; expires |
//! | `LOG#<ticket>` | `<seq>` | one entry of the audit chain; appended, never changed |
//! | `EVENT#<id>` | `SEEN` | an event of the mail service that was handled; expires |
//! | `FROM#<hmac of address>` | `MESSAGE#<hmac of Message-ID>` | a mail that was taken up; expires |
//! | | `ANSWERED#<at>#<random>` | an automatic answer; expires in a day |
//! | `MESSAGE#<hmac of Message-ID>` | `THREAD` | file, and letter, that an answer belongs to |
//! | `TOKEN#<token>` | `THREAD` | file that mail to this address belongs to |
//! | `ACTIVE#<hmac>` | `FILE` | the file that works on what one sender asks |
//! | `PERSON#<hmac>` | `<ticket>` | a file in which the person showed control of the account |
//! | `RATE#<what>#<hmac of who>` | `<hour>` | calls within an hour; expires |
//! | `INCIDENT` | `<id>` | a leak with its clocks |
//! | `ANSWERED#<hour>` | `COUNT` | automatic answers to everyone in an hour; expires |
//!
//! Index `waits` (sparse): `waits` = `<who>#<shard>`, `arrived`. Index `due` (sparse): `wakes` = `due#<shard>`, `due`.
//! Both hold keys only, so that personal data has one place.

use jiff::{SignedDuration, Timestamp};
use privacy::file::WaitsFor;
use privacy::mail::thread::TicketId;

use crate::keys::stamp;

/// Name of the index of files that wait for somebody.
pub const WAITS_INDEX: &str = "waits";
/// Name of the index of what time comes for.
pub const DUE_INDEX: &str = "due";
/// Spread of each bucket of both indexes.
pub const SHARDS: u8 = 4;

/// Sort key of a file.
pub const FILE: &str = "FILE";
/// Sort key of the keyed hash of the secret that opens a file.
pub const SECRET: &str = "SECRET";
/// Sort key of the keyed hash of the code that was issued last.
pub const CODE: &str = "CODE";
/// Sort key of an event that was handled.
pub const SEEN: &str = "SEEN";
/// Sort key of what leads to a file.
pub const THREAD: &str = "THREAD";
/// Sort key of a counter.
pub const COUNT: &str = "COUNT";
/// Prefix of the sort keys of letters.
pub const LETTER_PREFIX: &str = "LETTER#";
/// Prefix of the sort keys of received mails.
pub const MAIL_PREFIX: &str = "MAIL#";
/// Prefix of the sort keys of automatic answers to one sender.
pub const ANSWERED_PREFIX: &str = "ANSWERED#";

/// Partition of a file.
pub fn request(ticket: &TicketId) -> String {
    format!("REQUEST#{ticket}")
}

/// The ticket of a partition, or `None` for another kind of partition.
pub fn parse_request(pk: &str) -> Option<TicketId> {
    TicketId::parse(pk.strip_prefix("REQUEST#")?).ok()
}

/// Sort key of a letter.
pub fn letter(number: u32) -> String {
    format!("{LETTER_PREFIX}{number:06}")
}

/// The number of a letter by its sort key.
pub fn parse_letter(sk: &str) -> Option<u32> {
    sk.strip_prefix(LETTER_PREFIX)?.parse().ok()
}

/// Sort key of a received mail.
pub fn mail(number: u32) -> String {
    format!("{MAIL_PREFIX}{number:06}")
}

/// Partition of a chain.
pub fn log(ticket: &TicketId) -> String {
    format!("LOG#{ticket}")
}

/// Sort key of an entry.
pub fn entry(seq: u64) -> String {
    format!("{seq:010}")
}

/// Partition of an event of the mail service.
pub fn event(id: &str) -> String {
    format!("EVENT#{id}")
}

/// Partition of a sender.
pub fn from(sender: &str) -> String {
    format!("FROM#{sender}")
}

/// Sort key of a mail of a sender, and partition of what answers a mail.
pub fn message(id: &str) -> String {
    format!("MESSAGE#{id}")
}

/// Sort key of an automatic answer to a sender.
pub fn answered_at(at: Timestamp, random: &str) -> String {
    format!("{ANSWERED_PREFIX}{}#{random}", stamp(at))
}

/// Partition of a token.
pub fn token(token: &str) -> String {
    format!("TOKEN#{}", token.to_lowercase())
}

/// Partition of what a file works on.
pub fn active(key: &str) -> String {
    format!("ACTIVE#{key}")
}

/// Partition of the automatic answers to everyone in an hour.
pub fn answered_in(hour: Timestamp) -> String {
    format!("{ANSWERED_PREFIX}{}", &stamp(hour)[..13])
}

/// The hours that make up the last day.
pub fn hours_until(now: Timestamp) -> impl Iterator<Item = Timestamp> {
    (0..24).map(move |back| now - SignedDuration::from_hours(back))
}

/// Partition of a person's own files.
pub fn person(person: &str) -> String {
    format!("PERSON#{person}")
}

/// Keys of the calls of one caller within an hour.
pub fn rate(what: &str, who: &str, hour: Timestamp) -> (String, String) {
    (format!("RATE#{what}#{who}"), stamp(hour)[..13].to_owned())
}

/// Partition of all incidents; there are few.
pub const INCIDENT: &str = "INCIDENT";

/// One shard of those who wait for somebody.
pub fn waits(waits_for: WaitsFor, shard: u8) -> String {
    let who = match waits_for {
        WaitsFor::Staff => "staff",
        WaitsFor::Person => "person",
        WaitsFor::Fulfilment => "fulfilment",
    };
    format!("{who}#{shard}")
}

/// One shard of what is due.
pub fn due(shard: u8) -> String {
    format!("due#{shard}")
}

/// The shard of a ticket, whose characters are random.
pub fn shard(ticket: &TicketId) -> u8 {
    ticket.to_string().bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % SHARDS
}
