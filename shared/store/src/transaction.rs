//! Transactions: which of its conditions refused it, and patience with conflicts.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use casework::ledger::{LedgerError, Result};

use crate::Store;
use crate::attributes::Item;
use crate::error::unavailable;

/// Tries of a transaction that meets another one on the same item.
const TRIES: u32 = 5;

/// How a transaction ended.
pub(crate) enum Written {
    Yes,
    /// The conditions at these positions refused it; with the item as it was, where asked for.
    Refused(Vec<(usize, Item)>),
}

impl Store {
    /// Writes all or nothing. A conflict with another transaction is waited out with jitter.
    pub(crate) async fn write_all(&self, writes: Vec<TransactWriteItem>) -> Result<Written> {
        write_all(&self.client, writes).await
    }
}

/// Writes all or nothing, see [`Store::write_all`].
pub(crate) async fn write_all(client: &Client, writes: Vec<TransactWriteItem>) -> Result<Written> {
    let token = random_hex()?;
    for attempt in 0..TRIES {
        let sent = client
            .transact_write_items()
            .set_transact_items(Some(writes.clone()))
            .client_request_token(&token)
            .send()
            .await;
        let error = match sent {
            Ok(_) => return Ok(Written::Yes),
            Err(error) => error,
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(unavailable(error));
        };
        let reasons = cancelled.cancellation_reasons();
        let refused: Vec<(usize, Item)> = reasons
            .iter()
            .enumerate()
            .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
            .map(|(position, reason)| (position, reason.item().cloned().unwrap_or_default()))
            .collect();
        if !refused.is_empty() {
            return Ok(Written::Refused(refused));
        }
        let code = reasons.iter().filter_map(|reason| reason.code()).find(|code| *code != "None");
        match code {
            Some("TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded") => {
                tokio::time::sleep(pause(attempt)).await;
            }
            code => return Err(LedgerError::Unavailable(code.unwrap_or("transaction cancelled").to_owned())),
        }
    }
    Err(LedgerError::Unavailable(format!("conflicting transactions, {TRIES} times")))
}

/// Doubles from 20 ms, with jitter.
fn pause(attempt: u32) -> Duration {
    let base = 20_u64 << attempt.min(6);
    let jitter = getrandom::u32().map_or(0, u64::from) % base;
    Duration::from_millis(base / 2 + jitter)
}

/// 128 random bits as hex: lease tokens and request tokens.
pub(crate) fn random_hex() -> Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| LedgerError::Unavailable(format!("no randomness: {error}")))?;
    Ok(hex::encode(bytes))
}

pub(crate) fn put(put: Put) -> TransactWriteItem {
    TransactWriteItem::builder().put(put).build()
}

pub(crate) fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}

/// A required field of an SDK builder was left out: a mistake in this crate.
pub(crate) fn incomplete(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Corrupt(format!("incomplete request: {error}"))
}
