//! Changing a file: every change is an entry of its chain, saved together with it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Event, ItemState, QueuedLetter, ReceivedMail, RequestFile, RequestItem};
use crate::chain::{Entry, Field, commit};
use crate::mail::Address;

/// What is saved in the same transaction as the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Beside {
    /// A new letter, or one whose state changed. A new one is due at once.
    Letter(QueuedLetter),
    /// The letter with this number is not kept.
    NoLetter(u32),
    /// A received mail, new or with its raw body deleted.
    Mail(ReceivedMail),
    /// An event of the mail service that must be handled once.
    Once(String),
    /// A mail of this sender with this `Message-ID`, which must be taken up once.
    OnceFrom(Address, String),
    /// An answer to this `Message-ID` belongs to this file; of a letter, with its number.
    Answers(String, Option<u32>),
    /// Mail to this token's address belongs to this file.
    Token(String),
    /// This file works on what this key stands for, until it is closed.
    Active(String),
    /// The file no longer does.
    Inactive(String),
    /// The keyed hash of the secret that opens the file's status from now on.
    Secret(String),
    /// The keyed hash of the code that was issued last, and until when it may be used.
    Code(String, Timestamp),
    /// This file is of the person with this key, who showed control of the account.
    Of(String),
    /// An automatic answer went to this address.
    AnsweredTo(Address),
}

/// A file being changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The file as it will be.
    pub file: RequestFile,
    /// Entries of the chain that the store holds; 0 for a new file.
    pub before: u64,
    /// The new entries.
    pub entries: Vec<Entry>,
    /// What else is saved.
    pub beside: Vec<Beside>,
}

impl Edit {
    /// Starts to change a file as it was loaded, or a new one.
    pub fn of(file: RequestFile) -> Self {
        Self { before: file.log.entries, file, entries: Vec::new(), beside: Vec::new() }
    }

    /// Writes an entry.
    pub fn log<const N: usize>(&mut self, at: Timestamp, event: Event, fields: [(&str, Field); N]) {
        let fields: BTreeMap<String, Field> =
            fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
        let entry = Entry::at_head(self.file.log, at, &event.code(), fields);
        self.file.log = entry.head();
        self.entries.push(entry);
    }

    /// A code, number or date for an entry.
    pub fn plain(value: impl ToString) -> Field {
        Field::Plain(value.to_string())
    }

    /// A value of a closed list for an entry, as its code.
    pub fn code(value: impl serde::Serialize) -> Field {
        Field::Plain(crate::word(value))
    }

    /// A personal value for an entry, as a commitment. After the personal data was erased nothing personal is left to
    /// commit to, and the field says so.
    pub fn personal(&self, name: &str, value: &str) -> Field {
        match &self.file.person {
            Some(person) => commit(&person.salt, name, value),
            None => Field::Plain("erased".to_owned()),
        }
    }

    /// An item to change.
    pub fn item_mut(&mut self, number: u32) -> Option<&mut RequestItem> {
        self.file.items.iter_mut().find(|item| item.number == number)
    }

    /// Closes an item, and with the last one the file.
    pub fn close_item(&mut self, number: u32, state: ItemState, event: Event, at: Timestamp) {
        let Some(item) = self.item_mut(number) else { return };
        item.state = state;
        item.proposal = None;
        item.fulfil_at = None;
        for kind in item.clocks.iter().map(crate::clocks::Clock::kind).collect::<Vec<_>>() {
            // Only a clock that runs can be met, and these do.
            let _ = item.clocks.meet(kind, at);
        }
        self.log(at, event, [("item", Self::plain(number))]);
        if self.file.is_closed() && self.file.closed.is_none() {
            self.file.closed = Some(at);
            if let Some(active) = self.file.active.take() {
                // What was not saved yet need not be taken back.
                let before = self.beside.len();
                self.beside.retain(|one| *one != Beside::Active(active.clone()));
                if self.beside.len() == before {
                    self.beside.push(Beside::Inactive(active));
                }
            }
        }
    }

    /// Erases who the file is about. Letters and mails are erased by the store with it.
    pub fn purge(&mut self, at: Timestamp) {
        self.file.person = None;
        self.file.unread = false;
        self.log(at, Event::Purged, []);
    }

    /// Whether anything changed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.beside.is_empty()
    }
}
