//! Reading files, their chains, letters and mails.

use aws_sdk_dynamodb::types::AttributeValue;
use casework::ledger::{LedgerError, Result};
use privacy::chain::Entry;
use privacy::file::RequestFile;
use privacy::mail::thread::TicketId;
use serde::de::DeserializeOwned;

use super::{RequestStore, keys};
use crate::attributes::{Item, key, s};
use crate::error::unavailable;

impl RequestStore {
    pub(super) async fn read_file(&self, ticket: &TicketId) -> Result<Option<RequestFile>> {
        self.get(&keys::request(ticket), keys::FILE).await?.map(|item| value(item, "file")).transpose()
    }

    pub(super) async fn read_entries(&self, ticket: &TicketId) -> Result<Vec<Entry>> {
        let items = self.query(&keys::log(ticket), None).await?;
        items.into_iter().map(|item| value(item, "entry")).collect()
    }

    /// Everything of one kind in a file's partition, in order.
    pub(super) async fn read_under<T: DeserializeOwned>(
        &self,
        ticket: &TicketId,
        prefix: &str,
        name: &str,
    ) -> Result<Vec<T>> {
        let items = self.query(&keys::request(ticket), Some(prefix)).await?;
        items.into_iter().map(|item| value(item, name)).collect()
    }

    pub(super) async fn get(&self, pk: &str, sk: &str) -> Result<Option<Item>> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(pk, sk))).consistent_read(true);
        Ok(request.send().await.map_err(unavailable)?.item)
    }

    /// All items of a partition, in order, whose sort keys begin with a prefix.
    pub(super) async fn query(&self, pk: &str, prefix: Option<&str>) -> Result<Vec<Item>> {
        let request = self.client.query().table_name(&self.table).consistent_read(true);
        let request = request.expression_attribute_values(":pk", s(pk));
        let request = match prefix {
            Some(prefix) => request
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", s(prefix)),
            None => request.key_condition_expression("pk = :pk"),
        };
        let items: std::result::Result<_, _> = request.into_paginator().items().send().collect().await;
        items.map_err(unavailable)
    }
}

/// One attribute of an item as a value.
pub(super) fn value<T: DeserializeOwned>(mut item: Item, name: &str) -> Result<T> {
    let attribute: AttributeValue =
        item.remove(name).ok_or_else(|| LedgerError::Corrupt(format!("an item without {name}")))?;
    serde_dynamo::from_attribute_value(attribute).map_err(|error| LedgerError::Corrupt(error.to_string()))
}
