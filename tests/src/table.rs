//! What is really there: every item of the table, and every file that intake kept.

use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use local::stack::table_name;
use serde_json::Value;

/// A plain client of the engine at `address`.
pub fn client(address: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(address)
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// Every item of the table, with its keys, as JSON.
pub async fn items(address: &str) -> Vec<Value> {
    of(address, &table_name().unwrap()).await
}

/// Every item of a table, with its keys, as JSON.
pub async fn of(address: &str, table: &str) -> Vec<Value> {
    let client = client(address);
    let mut items = Vec::new();
    let mut from = None;
    loop {
        let scan = client.scan().table_name(table).consistent_read(true);
        let page = scan.set_exclusive_start_key(from).send().await.unwrap();
        items.extend(page.items.unwrap_or_default());
        from = page.last_evaluated_key;
        if from.is_none() {
            return serde_dynamo::from_items(items).unwrap();
        }
    }
}

/// The items whose sort key begins so.
pub fn with_sort_key<'a>(items: &'a [Value], prefix: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item["sk"].as_str().is_some_and(|sk| sk.starts_with(prefix))).collect()
}

/// Every file below `intake/` in a folder of objects.
pub fn intake(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.join("intake")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    files
}
