//! Who may see a file, and how often somebody may call. A file that is not there costs the same as a wrong secret.

use aws_sdk_dynamodb::types::{ReturnValue, Select};
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};
use privacy::file::Requests;
use privacy::identity::mark;
use privacy::mail::thread::TicketId;

use super::{RequestStore, keys};
use crate::attributes::{expiry, key, n, number, s};
use crate::error::unavailable;

impl RequestStore {
    /// The keyed hash under which a file keeps the secret that opens it.
    pub fn secret_hash(&self, ticket: &TicketId, secret: &str) -> String {
        self.key.secret(&ticket.to_string(), secret)
    }

    /// Whether a secret opens a file.
    ///
    /// # Errors
    /// The store's.
    pub async fn opens(&self, ticket: &TicketId, secret: &str) -> Result<bool> {
        self.is_kept(ticket, keys::SECRET, &self.secret_hash(ticket, secret)).await
    }

    /// Whether this is the code that was issued last for a file. It may be over.
    ///
    /// # Errors
    /// The store's.
    pub async fn knows_code(&self, ticket: &TicketId, told: &str) -> Result<bool> {
        self.is_kept(ticket, keys::CODE, &mark(&self.pepper(), &ticket.to_string(), told)).await
    }

    /// Asks for a keyed hash alone, a small item of its own, so that a file that is not there, one without the hash, and
    /// what is wrong take the same way, with the same answer of the table, and the same time. Nobody can make a hash that
    /// is nearly right, so how long comparing them takes tells nothing.
    async fn is_kept(&self, ticket: &TicketId, sk: &str, told: &str) -> Result<bool> {
        let asked = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk = :sk")
            .filter_expression("#hash = :told")
            .expression_attribute_names("#hash", "hash")
            .expression_attribute_values(":pk", s(keys::request(ticket)))
            .expression_attribute_values(":sk", s(sk))
            .expression_attribute_values(":told", s(told))
            .select(Select::Count)
            .consistent_read(true);
        Ok(asked.send().await.map_err(unavailable)?.count > 0)
    }

    /// Counts a call of somebody within the hour, and tells whether it is within the limit. Who it is cannot be read
    /// from the key.
    ///
    /// # Errors
    /// The store's.
    pub async fn within_rate(&self, what: &str, who: &str, limit: u32, now: Timestamp) -> Result<bool> {
        let (pk, sk) = keys::rate(what, &self.key.caller(who), now);
        let counted = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&pk, &sk)))
            .update_expression("ADD calls :one SET expires = :expires")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":expires", expiry(now + SignedDuration::from_hours(2)))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(unavailable)?;
        let calls = counted.attributes.and_then(|item| number::<u32>(&item, "calls")).unwrap_or(u32::MAX);
        Ok(calls <= limit)
    }
}
