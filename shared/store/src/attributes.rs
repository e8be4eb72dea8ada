//! Short ways to write and read attribute values.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use casework::ledger::{LedgerError, Result};
use jiff::Timestamp;

use crate::keys;

/// An item as the SDK hands it over.
pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn s(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn n(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn at(value: Timestamp) -> AttributeValue {
    s(keys::stamp(value))
}

/// An expiry as DynamoDB's TTL wants it: epoch seconds.
pub(crate) fn expiry(value: Timestamp) -> AttributeValue {
    n(value.as_second())
}

/// The key of an item.
pub(crate) fn key(pk: &str, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s(sk))])
}

/// A serialisable value as an item.
pub(crate) fn to_item(value: &impl serde::Serialize) -> Result<Item> {
    serde_dynamo::to_item(value).map_err(|error| LedgerError::Corrupt(error.to_string()))
}

/// An item as a value, or which part of it has an unknown shape.
pub(crate) fn from_item<T: serde::de::DeserializeOwned>(item: Item) -> Result<T> {
    serde_dynamo::from_item(item).map_err(|error| LedgerError::Corrupt(error.to_string()))
}

/// A serialisable value as an attribute.
pub(crate) fn to_value(value: &impl serde::Serialize) -> Result<AttributeValue> {
    serde_dynamo::to_attribute_value(value).map_err(|error| LedgerError::Corrupt(error.to_string()))
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name).and_then(|value| value.as_n().ok()).and_then(|value| value.parse().ok())
}

pub(crate) fn time(item: &Item, name: &str) -> Option<Timestamp> {
    text(item, name).and_then(|value| value.parse().ok())
}

/// Whether an item has expired; one without expiry never does.
pub(crate) fn expired(item: &Item, now: Timestamp) -> bool {
    number::<i64>(item, "expires").is_some_and(|expires| expires <= now.as_second())
}
