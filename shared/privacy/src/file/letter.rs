//! A letter that was written and waits to be sent, with what became of it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::mail::Address;
use crate::mail::thread::TicketId;

/// What a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Receipt.
    Acknowledgement,
    /// The code that shows control of an account.
    ProofOfControl,
    /// An answer that the guidelines fix.
    StandardAnswer,
    /// An answer in a person's words.
    Reply,
    /// What was taken back is closed.
    Withdrawal,
    /// Whether letters shall go to another address; to both.
    Readdress,
    /// That they do from now on; to both.
    Readdressed,
    /// Which form of disclosure is wanted.
    FormOfDisclosure,
    /// That control of the account was not shown yet.
    Reminder,
    /// More time.
    Extension,
    /// Decisions.
    Decision,
    /// Where a disclosure can be fetched.
    Package,
    /// An alarm to our own privacy officer.
    OfficerAlarm,
}

impl LetterKind {
    /// Whether it is owed by law, so that it is sent even after a complaint.
    pub fn is_owed(self) -> bool {
        match self {
            LetterKind::Reminder
            | LetterKind::Extension
            | LetterKind::Decision
            | LetterKind::Package
            | LetterKind::OfficerAlarm => true,
            LetterKind::Acknowledgement
            | LetterKind::ProofOfControl
            | LetterKind::StandardAnswer
            | LetterKind::Reply
            | LetterKind::Withdrawal
            | LetterKind::Readdress
            | LetterKind::Readdressed
            | LetterKind::FormOfDisclosure => false,
        }
    }
}

/// How far a letter got on our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Written, not yet taken by the mail service.
    Pending,
    /// Taken by the mail service.
    Sent,
    /// Will not be taken.
    Failed,
}

/// How far it got on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Nothing is known.
    Unknown,
    /// The other server took it.
    Delivered,
    /// The other server keeps us waiting.
    Delayed,
    /// It came back for good.
    Bounced,
    /// The other provider complained.
    Complained,
}

/// A letter of a file. Its `Debug` hides text and address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedLetter {
    /// The file.
    pub ticket: TicketId,
    /// Its number within the file, from 1.
    pub number: u32,
    /// What it is for.
    pub kind: LetterKind,
    /// Where it goes.
    pub to: Address,
    /// Where answers go: the file's own token address.
    pub reply_to: Option<Address>,
    /// Subject on one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Further fields.
    pub headers: Vec<(String, String)>,
    /// When it was written.
    pub written: Timestamp,
    /// How far it got here.
    pub state: LetterState,
    /// Tries so far.
    pub attempts: u32,
    /// The last try, or when it was written.
    pub tried: Timestamp,
    /// `Message-ID` without brackets, once taken.
    pub message_id: Option<String>,
    /// How far it got there.
    pub delivery: Delivery,
}

impl QueuedLetter {
    /// When it may be tried: at once, then after ever longer pauses.
    pub fn due(&self) -> Timestamp {
        match self.attempts {
            0 => self.written,
            attempts => self.tried + SignedDuration::from_mins(1 << attempts.min(8)),
        }
    }
}

impl fmt::Debug for QueuedLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueuedLetter")
            .field("ticket", &self.ticket)
            .field("number", &self.number)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
