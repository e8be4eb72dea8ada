//! Walks over the whole table, page by page: the only scans of this crate.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use casework::ledger::{LedgerError, Result};

use crate::Store;
use crate::attributes::{Item, key, s, text};
use crate::error::unavailable;

/// Items that one page of a walk looks at.
pub(super) const PAGE: i32 = 1_000;
/// Keys that one batched read takes (DynamoDB, BatchGetItem).
const BATCH: usize = 100;
/// Tries of a batched read that the engine leaves unfinished.
const TRIES: usize = 8;

fn place_of(item: &Item) -> Option<String> {
    Some(format!("{}\n{}", text(item, "pk")?, text(item, "sk")?))
}

fn start_at(place: &str) -> Result<Item> {
    let (pk, sk) = place.split_once('\n').ok_or_else(|| LedgerError::Corrupt(format!("no place: {place:?}")))?;
    Ok(key(pk, sk))
}

/// What a walk wants to see.
pub(super) struct Wanted<'a> {
    pub(super) filter: &'a str,
    pub(super) values: Vec<(&'a str, AttributeValue)>,
    pub(super) projection: Option<&'a str>,
}

impl Store {
    /// One page of all items that pass a filter, and where the next one begins.
    pub(super) async fn walk(&self, from: Option<&str>, wanted: &Wanted<'_>) -> Result<(Vec<Item>, Option<String>)> {
        let mut scan = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression(wanted.filter)
            .set_projection_expression(wanted.projection.map(str::to_owned))
            .limit(PAGE)
            .set_exclusive_start_key(from.map(start_at).transpose()?);
        for (name, value) in &wanted.values {
            scan = scan.expression_attribute_values(*name, value.clone());
        }
        let page = scan.send().await.map_err(unavailable)?;
        let next = page.last_evaluated_key.as_ref().and_then(place_of);
        Ok((page.items.unwrap_or_default(), next))
    }

    /// Many items by their keys, in any order; those that don't exist are left out. A key may come more than once, as
    /// that of a post which was edited does; the engine would refuse it.
    pub(super) async fn get_many(&self, keys: impl Iterator<Item = (String, String)>) -> Result<Vec<Item>> {
        let keys: BTreeSet<(String, String)> = keys.collect();
        let keys: Vec<Item> = keys.iter().map(|(pk, sk)| key(pk, sk)).collect();
        let mut found = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let mut left = Some(batch.to_vec());
            for _ in 0..TRIES {
                let Some(keys) = left.take() else { break };
                let asked = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
                let asked = asked.map_err(|error| LedgerError::Corrupt(format!("incomplete request: {error}")))?;
                let answer = self
                    .client
                    .batch_get_item()
                    .set_request_items(Some(HashMap::from([(self.table.clone(), asked)])))
                    .send()
                    .await
                    .map_err(unavailable)?;
                found.extend(answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default());
                let unread = answer.unprocessed_keys.unwrap_or_default().remove(&self.table);
                left = unread.map(|unread| unread.keys).filter(|keys| !keys.is_empty());
            }
            if left.is_some() {
                return Err(LedgerError::Unavailable("a batched read stays unfinished".to_owned()));
            }
        }
        Ok(found)
    }
}

/// A prefix to filter by.
pub(super) fn prefix(value: &str) -> AttributeValue {
    s(value)
}
