//! What is asked of the store that keeps files.

use std::future::Future;

use jiff::Timestamp;

use super::{Edit, QueuedLetter, ReceivedMail, RequestFile, WaitsFor};
use crate::chain::Entry;
use crate::mail::Address;
use crate::mail::loops::Sent;
use crate::mail::thread::{ThreadKey, TicketId};

/// Why the store did not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No answer or a refusal; the call may be made again.
    #[error("store: {0}")]
    Unavailable(String),
    /// What is stored has a shape that this program does not know.
    #[error("stored data: {0}")]
    Corrupt(String),
}

/// The result of a call to the store.
pub type Result<T> = std::result::Result<T, FileError>;

/// How saving went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// All of it is stored.
    Written,
    /// The file changed since it was loaded: load it again.
    Stale,
    /// Something that may happen only once has happened already.
    Before,
}

/// A file found by a key of its thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub ticket: TicketId,
    /// The letter that is answered, when the key was its `Message-ID`.
    pub letter: Option<u32>,
}

/// What time has come for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// A file: an alarm, an expiry, carrying out, the end of keeping.
    File(TicketId),
    /// A letter that waits to be sent.
    Letter(TicketId, u32),
}

/// The `requests` table.
pub trait Requests: Send + Sync {
    /// A file.
    fn load(&self, ticket: &TicketId) -> impl Future<Output = Result<Option<RequestFile>>> + Send;

    /// Saves a change, all or nothing; a new file only where none is.
    fn save(&self, edit: &Edit, now: Timestamp) -> impl Future<Output = Result<Saved>> + Send;

    /// The whole chain of a file, in order.
    fn entries(&self, ticket: &TicketId) -> impl Future<Output = Result<Vec<Entry>>> + Send;

    /// The letters of a file, in order.
    fn letters(&self, ticket: &TicketId) -> impl Future<Output = Result<Vec<QueuedLetter>>> + Send;

    /// The mails of a file, in order.
    fn mails(&self, ticket: &TicketId) -> impl Future<Output = Result<Vec<ReceivedMail>>> + Send;

    /// The file that a key of a thread belongs to.
    fn find(&self, key: &ThreadKey) -> impl Future<Output = Result<Option<Found>>> + Send;

    /// The file that an event of the mail service was handled for.
    fn handled(&self, event: &str) -> impl Future<Output = Result<Option<TicketId>>> + Send;

    /// The file that took up a mail of this sender with this `Message-ID`.
    fn taken_up(&self, sender: &Address, message_id: &str) -> impl Future<Output = Result<Option<TicketId>>> + Send;

    /// The file that works on what a key stands for.
    fn active(&self, key: &str) -> impl Future<Output = Result<Option<TicketId>>> + Send;

    /// A key for what a sender asks, from which the sender cannot be told.
    fn sender_key(&self, sender: &Address, asks: &str) -> String;

    /// What one-time codes are hashed with.
    fn pepper(&self) -> Vec<u8>;

    /// Automatic answers within the last 24 hours, to a sender and to everyone.
    fn answered(&self, sender: &Address, now: Timestamp) -> impl Future<Output = Result<Sent>> + Send;

    /// Files that wait, the oldest first.
    fn waiting(&self, waits_for: WaitsFor) -> impl Future<Output = Result<Vec<TicketId>>> + Send;

    /// What is due, the earliest first.
    fn due(&self, now: Timestamp, limit: usize) -> impl Future<Output = Result<Vec<Due>>> + Send;

    /// Takes a pending letter to send it; `None` when it is not pending or another one has it. The lease ends by
    /// itself, after which the letter is tried again.
    fn claim_letter(
        &self,
        ticket: &TicketId,
        number: u32,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<QueuedLetter>>> + Send;
}
