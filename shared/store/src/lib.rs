//! The tables over DynamoDB: one file per access pattern, all keys of `decisions` in [`keys`], of `requests` in
//! [`requests::keys`].
//!
//! [`Store`] implements the ports of `casework::ledger`. Every write is conditional or idempotent, so
//! that a call whose answer got lost may be made again. Reads filter what has expired; the table's TTL
//! is housekeeping only.

mod account;
mod action;
mod attributes;
mod audit;
mod batch;
mod case_file;
mod claim;
mod collect;
mod corrections;
mod erase;
mod error;
mod gather;
mod holder;
mod intake;
mod intake_state;
mod items;
pub mod keys;
mod lock;
mod outcome;
mod person;
mod person_pages;
mod profile;
mod publication;
mod queue;
mod quota;
mod record;
mod recorded;
mod refresh;
pub mod requests;
pub mod rulebooks;
mod ruling;
mod suppress;
mod sweep;
mod tally;
mod transaction;

use aws_sdk_dynamodb::Client;
pub use intake_state::{WebSubLease, WebhookState};
pub use lock::{GRANT_LEASE_SECONDS, GrantLock, GrantStatus, Refresh};
pub use person::PersonKey;
pub use quota::DaySpent;
pub use recorded::Page;
pub use requests::RequestStore;
pub use rulebooks::Rulebooks;
pub use suppress::Suppression;
pub use sweep::{Backlog, Purpose, Root, SweepNote, Watermark};

/// The definition of the table, in the shape of DynamoDB's CreateTable. The local stack, the tests and
/// the infrastructure all read it from here.
pub const TABLE: &str = include_str!("../table.json");

/// How long a delivery may take to judge a claimed post before another may take over, in seconds.
pub const CLAIM_LEASE_SECONDS: i64 = 30;

/// How long an action may take to be performed and recorded before its outcome counts as uncertain, in seconds.
pub const ACTION_LEASE_SECONDS: i64 = 90;

/// The `decisions` table.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
    person_key: PersonKey,
}

impl Store {
    /// Over a client that was built once for the sandbox.
    pub fn new(client: Client, table: impl Into<String>, person_key: PersonKey) -> Self {
        Store { client, table: table.into(), person_key }
    }
}
