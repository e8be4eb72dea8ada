//! Walks over the whole table, page by page: the only scans of this crate.

use aws_sdk_dynamodb::types::AttributeValue;
use casework::ledger::{LedgerError, Result};

use crate::attributes::{Item, key, s, text};
use crate::error::unavailable;
use crate::{Store, batch};

/// Items that one page of a walk looks at.
pub(super) const PAGE: i32 = 1_000;

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

    /// See [`batch::get_all`].
    pub(super) async fn get_many(&self, keys: impl Iterator<Item = (String, String)>) -> Result<Vec<Item>> {
        batch::get_all(&self.client, &self.table, keys).await
    }
}

/// A prefix to filter by.
pub(super) fn prefix(value: &str) -> AttributeValue {
    s(value)
}
