//! A received mail as the file keeps it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail::loops::Silence;
use crate::mail::thread::TicketId;

/// Why a mail was put aside unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quarantine {
    /// The virus scan failed.
    Virus,
    /// It reached a limit of reading.
    TooBig,
    /// The stored mail was not there any more.
    Lost,
}

/// An attachment as announced; never opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// File name.
    pub name: Option<String>,
    /// Announced media type.
    pub media_type: String,
    /// Bytes in the mail.
    pub bytes: u64,
}

/// One received mail. Its `Debug` hides what the person wrote.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMail {
    /// The file.
    pub ticket: TicketId,
    /// Its number within the file, from 1.
    pub number: u32,
    /// When it arrived.
    pub at: Timestamp,
    /// The mail service's id of it.
    pub event: String,
    /// Key of the raw mail; `None` once deleted.
    pub object: Option<String>,
    /// `Message-ID` without brackets.
    pub message_id: Option<String>,
    /// Subject.
    pub subject: String,
    /// The part that the person wrote.
    pub text: String,
    /// What came along.
    pub attachments: Vec<Attached>,
    /// Why it got no automatic answer.
    pub silence: Option<Silence>,
}

impl fmt::Debug for ReceivedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedMail")
            .field("ticket", &self.ticket)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
