//! Writing a letter into a file: it is saved with what it tells of, and sent afterwards.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Addresses;
use crate::classify::Language;
use crate::file::{Beside, Delivery, Edit, Event, LetterKind, LetterState, QueuedLetter};
use crate::letters::{self, Letter, Thread, Written};
use crate::mail::Address;

impl Addresses {
    /// Writes a letter to the person, to be sent once the file is saved. `false` where nobody can be written to: without
    /// an address, or after a complaint when the letter is not owed.
    pub fn write(&self, edit: &mut Edit, kind: LetterKind, letter: &Letter, now: Timestamp) -> bool {
        let address = edit.file.person.as_ref().and_then(|person| person.address.clone());
        address.is_some_and(|to| self.write_to(edit, &to, kind, letter, now))
    }

    /// The same to a certain mailbox; one that is not the file's own is told no ids of the thread.
    pub(super) fn write_to(
        &self,
        edit: &mut Edit,
        to: &Address,
        kind: LetterKind,
        letter: &Letter,
        now: Timestamp,
    ) -> bool {
        if edit.file.complained && !kind.is_owed() {
            return false;
        }
        let own = edit.file.person.as_ref().filter(|person| person.address.as_ref() == Some(to));
        let (last, earlier) = match own.and_then(|person| person.thread.split_last()) {
            Some((last, earlier)) => (Some(last.as_str()), earlier),
            None => (None, &[][..]),
        };
        let thread = Thread {
            ticket: &edit.file.ticket,
            language: edit.file.language,
            in_reply_to: last,
            references: earlier,
            from: &self.desk,
        };
        let written = letters::write(letter, &thread, &edit.file.law.law(), edit.file.law.on());
        let letter = self.numbered(edit, kind, to.clone(), written, now);
        edit.beside.push(Beside::Letter(letter));
        true
    }

    /// Writes to our own privacy officer, in Japanese and without a thread.
    pub(super) fn write_officer(&self, edit: &mut Edit, subject: String, body: String, now: Timestamp) {
        let headers = vec![("Auto-Submitted", "auto-generated".to_owned())];
        let written = Written { subject, body, headers };
        let letter = self.numbered(edit, LetterKind::OfficerAlarm, self.officer.clone(), written, now);
        edit.beside.push(Beside::Letter(letter));
    }

    fn numbered(
        &self,
        edit: &mut Edit,
        kind: LetterKind,
        to: Address,
        written: Written,
        now: Timestamp,
    ) -> QueuedLetter {
        edit.file.letters += 1;
        let number = edit.file.letters;
        edit.log(now, Event::LetterQueued, [("letter", Edit::plain(number)), ("kind", Edit::code(kind))]);
        QueuedLetter {
            ticket: edit.file.ticket.clone(),
            number,
            kind,
            to,
            reply_to: self.with_token(&edit.file.token),
            subject: written.subject,
            body: written.body,
            headers: written.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            written: now,
            state: LetterState::Pending,
            attempts: 0,
            tried: now,
            message_id: None,
            delivery: Delivery::Unknown,
        }
    }
}

/// A moment as the reader's clock shows it: Japan's for Japanese, UTC for English.
pub fn local(at: Timestamp, language: Language) -> jiff::civil::DateTime {
    let zone = match language {
        Language::Ja => jiff::tz::offset(9).to_time_zone(),
        Language::En => TimeZone::UTC,
    };
    at.to_zoned_datetime(zone).datetime()
}
