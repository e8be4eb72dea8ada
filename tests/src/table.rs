//! The whole table as JSON, for statements about every item in it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use local::stack::table_name;
use serde_json::{Map, Value, json};

use crate::World;
use crate::world::client;

/// All items, ordered by their keys.
pub async fn all(world: &World) -> Vec<Value> {
    let mut pages = engine(world).scan().table_name(table_name().unwrap()).into_paginator().items().send();
    let mut items = Vec::new();
    while let Some(item) = pages.next().await {
        items.push(plain(AttributeValue::M(item.unwrap())));
    }
    items.sort_by_key(|item| (item["pk"].to_string(), item["sk"].to_string()));
    items
}

/// Items of the partition of a post, whose sort key begins so.
pub async fn of_post(world: &World, platform: &str, id: &str, sort_key: &str) -> Vec<Value> {
    let partition = format!("POST#{platform}#{id}");
    let mut items = all(world).await;
    items.retain(|item| item["pk"] == *partition && begins(item, "sk", sort_key));
    items
}

/// Items whose partition key and sort key begin so.
pub async fn beginning(world: &World, partition: &str, sort_key: &str) -> Vec<Value> {
    let mut items = all(world).await;
    items.retain(|item| begins(item, "pk", partition) && begins(item, "sk", sort_key));
    items
}

/// Sets the expiry of an item, in epoch seconds, as if it had been written earlier.
pub async fn set_expiry(world: &World, item: &Value, expires: i64) {
    let key = |name: &str| AttributeValue::S(item[name].as_str().unwrap().to_owned());
    engine(world)
        .update_item()
        .table_name(table_name().unwrap())
        .key("pk", key("pk"))
        .key("sk", key("sk"))
        .update_expression("SET expires = :expires")
        .expression_attribute_values(":expires", AttributeValue::N(expires.to_string()))
        .send()
        .await
        .unwrap();
}

fn engine(world: &World) -> Client {
    client(&world.engine.address)
}

fn begins(item: &Value, name: &str, start: &str) -> bool {
    item[name].as_str().is_some_and(|key| key.starts_with(start))
}

fn plain(value: AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => text.into(),
        AttributeValue::N(number) => serde_json::from_str(&number).unwrap(),
        AttributeValue::Bool(yes) => yes.into(),
        AttributeValue::L(list) => list.into_iter().map(plain).collect(),
        AttributeValue::M(map) => {
            map.into_iter().map(|(name, value)| (name, plain(value))).collect::<Map<_, _>>().into()
        }
        AttributeValue::Null(_) => Value::Null,
        other => json!(format!("{other:?}")),
    }
}
