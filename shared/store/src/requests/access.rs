//! Who may see a file, and how often somebody may call. A file that is not there costs the same as a wrong secret.

use aws_sdk_dynamodb::types::ReturnValue;
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};
use privacy::mail::thread::TicketId;
use subtle::ConstantTimeEq;

use super::{RequestStore, keys};
use crate::attributes::{expiry, key, n, number, text};
use crate::error::unavailable;

/// What stands in the place of a secret that is not there; no hash is equal to it.
const NOTHING: &str = "--------------------------------";

impl RequestStore {
    /// The keyed hash under which a file keeps the secret that opens it.
    pub fn secret_hash(&self, ticket: &TicketId, secret: &str) -> String {
        self.key.secret(&ticket.to_string(), secret)
    }

    /// What one-time codes are hashed with.
    pub fn pepper(&self) -> Vec<u8> {
        self.key.pepper().into_bytes()
    }

    /// Whether a secret opens a file. Reads the keyed hash alone, a small item of its own, so that a file that is not
    /// there, one without a secret, and a wrong secret take the same way and the same time.
    ///
    /// # Errors
    /// The store's.
    pub async fn opens(&self, ticket: &TicketId, secret: &str) -> Result<bool> {
        let got = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(&keys::request(ticket), keys::SECRET)))
            .consistent_read(true)
            .send()
            .await
            .map_err(unavailable)?;
        let item = got.item.unwrap_or_default();
        let kept = text(&item, "hash").unwrap_or(NOTHING);
        let told = self.secret_hash(ticket, secret);
        Ok(bool::from(told.as_bytes().ct_eq(kept.as_bytes())))
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
