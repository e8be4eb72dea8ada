//! The `requests` table over DynamoDB: files, letters, mails and chains, all keys in [`keys`].
//!
//! [`RequestStore`] implements the port of `privacy::file`. A change of a file, its chain entries and everything
//! beside it are one transaction.

mod access;
mod heads;
mod holder;
mod incidents;
pub mod keys;
mod load;
mod open;
mod save;
mod thread;
mod work;

use aws_sdk_dynamodb::Client;
use casework::ledger::LedgerError;
use jiff::Timestamp;
use privacy::chain::Entry;
use privacy::file::WaitsFor;
use privacy::file::{Due, Edit, FileError, Found, QueuedLetter, ReceivedMail, RequestFile, Requests, Result, Saved};
use privacy::mail::Address;
use privacy::mail::loops::Sent;
use privacy::mail::thread::{ThreadKey, TicketId};

pub use open::OpenFile;

use crate::PersonKey;

/// The definition of the table, in the shape of DynamoDB's CreateTable. The local stack, the tests and
/// the infrastructure all read it from here.
pub const TABLE: &str = include_str!("../requests.json");

/// How long sending a letter may take before another may try, in seconds.
pub const LETTER_LEASE_SECONDS: i64 = 90;

/// The `requests` table.
#[derive(Clone, Debug)]
pub struct RequestStore {
    client: Client,
    table: String,
    key: PersonKey,
}

impl RequestStore {
    /// Over a client that was built once for the sandbox.
    pub fn new(client: Client, table: impl Into<String>, key: PersonKey) -> Self {
        RequestStore { client, table: table.into(), key }
    }
}

impl Requests for RequestStore {
    async fn load(&self, ticket: &TicketId) -> Result<Option<RequestFile>> {
        self.read_file(ticket).await.map_err(file_error)
    }

    async fn save(&self, edit: &Edit, now: Timestamp) -> Result<Saved> {
        self.write(edit, now).await.map_err(file_error)
    }

    async fn entries(&self, ticket: &TicketId) -> Result<Vec<Entry>> {
        self.read_entries(ticket).await.map_err(file_error)
    }

    async fn letters(&self, ticket: &TicketId) -> Result<Vec<QueuedLetter>> {
        self.read_under(ticket, keys::LETTER_PREFIX, "letter").await.map_err(file_error)
    }

    async fn mails(&self, ticket: &TicketId) -> Result<Vec<ReceivedMail>> {
        self.read_under(ticket, keys::MAIL_PREFIX, "mail").await.map_err(file_error)
    }

    async fn find(&self, key: &ThreadKey) -> Result<Option<Found>> {
        self.find_thread(key).await.map_err(file_error)
    }

    async fn handled(&self, event: &str) -> Result<Option<TicketId>> {
        self.read_link(&keys::event(event), keys::SEEN).await.map_err(file_error)
    }

    async fn taken_up(&self, sender: &Address, message_id: &str) -> Result<Option<TicketId>> {
        let (pk, sk) = self.sender_keys(sender, message_id);
        self.read_link(&pk, &sk).await.map_err(file_error)
    }

    async fn active(&self, key: &str) -> Result<Option<TicketId>> {
        self.read_link(&keys::active(key), keys::FILE).await.map_err(file_error)
    }

    fn sender_key(&self, sender: &Address, asks: &str) -> String {
        self.key.asks(&canonical(sender), asks)
    }

    fn pepper(&self) -> Vec<u8> {
        self.key.pepper().into_bytes()
    }

    async fn answered(&self, sender: &Address, now: Timestamp) -> Result<Sent> {
        self.count_answers(sender, now).await.map_err(file_error)
    }

    async fn waiting(&self, waits_for: WaitsFor) -> Result<Vec<TicketId>> {
        self.read_waiting(waits_for).await.map_err(file_error)
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>> {
        self.read_due(now, limit).await.map_err(file_error)
    }

    async fn claim_letter(&self, ticket: &TicketId, number: u32, now: Timestamp) -> Result<Option<QueuedLetter>> {
        self.lease_letter(ticket, number, now).await.map_err(file_error)
    }
}

/// One mailbox, however it is written.
fn canonical(address: &Address) -> String {
    let base = address.local().split('+').next().unwrap_or_default().to_lowercase();
    format!("{base}@{}", address.domain())
}

fn file_error(error: LedgerError) -> FileError {
    match error {
        LedgerError::Corrupt(what) => FileError::Corrupt(what),
        LedgerError::Unavailable(what) | LedgerError::Conflict(what) => FileError::Unavailable(what),
    }
}
