//! Batches: read or deleted by key, with patience for what DynamoDB had no room for and gives back.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, WriteRequest};
use casework::ledger::{LedgerError, Result};

use crate::attributes::{Item, key};
use crate::error::unavailable;
use crate::transaction::incomplete;

/// Keys that one batched read takes (DynamoDB, BatchGetItem).
const READS: usize = 100;
/// Requests that one batched write takes (DynamoDB, BatchWriteItem).
const WRITES: usize = 25;
/// Tries of a batch whose rest comes back, and the pause between two.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// Items by their keys, read consistently, in any order; those that don't exist are left out. A key may come more than
/// once, as that of a post which was edited does; the engine would refuse it.
pub(crate) async fn get_all(
    client: &Client,
    table: &str,
    keys: impl Iterator<Item = (String, String)>,
) -> Result<Vec<Item>> {
    let keys: BTreeSet<(String, String)> = keys.collect();
    let keys: Vec<Item> = keys.iter().map(|(pk, sk)| key(pk, sk)).collect();
    let mut found = Vec::with_capacity(keys.len());
    for batch in keys.chunks(READS) {
        let mut left = batch.to_vec();
        for attempt in 0.. {
            wait(attempt).await?;
            let asked = KeysAndAttributes::builder().set_keys(Some(left)).consistent_read(true);
            let asked = HashMap::from([(table.to_owned(), asked.build().map_err(incomplete)?)]);
            let got = client.batch_get_item().set_request_items(Some(asked)).send().await.map_err(unavailable)?;
            found.extend(got.responses.unwrap_or_default().remove(table).unwrap_or_default());
            left = got.unprocessed_keys.unwrap_or_default().remove(table).map(|rest| rest.keys).unwrap_or_default();
            if left.is_empty() {
                break;
            }
        }
    }
    Ok(found)
}

/// Deletes items by the keys that they hold.
pub(crate) async fn delete_all(client: &Client, table: &str, items: &[Item]) -> Result<()> {
    let delete = |item: &Item| {
        let keys = item.iter().filter(|(name, _)| matches!(name.as_str(), "pk" | "sk"));
        let keys: Item = keys.map(|(name, value)| (name.clone(), value.clone())).collect();
        let delete = DeleteRequest::builder().set_key(Some(keys)).build().map_err(incomplete)?;
        Ok(WriteRequest::builder().delete_request(delete).build())
    };
    for batch in items.chunks(WRITES) {
        let mut left = batch.iter().map(delete).collect::<Result<Vec<_>>>()?;
        for attempt in 0.. {
            wait(attempt).await?;
            let done = client.batch_write_item().request_items(table, left).send().await.map_err(unavailable)?;
            left = done.unprocessed_items.unwrap_or_default().remove(table).unwrap_or_default();
            if left.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

/// Before an attempt at what is left; too many of them are an error.
async fn wait(attempt: usize) -> Result<()> {
    match attempt {
        0 => Ok(()),
        TRIES.. => Err(LedgerError::Unavailable("a batch stays unfinished".to_owned())),
        _ => {
            tokio::time::sleep(PAUSE).await;
            Ok(())
        }
    }
}
