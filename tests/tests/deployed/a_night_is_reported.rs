//! A night's audit: a report in the bucket, on two engines.

use jiff::Timestamp;
use lambda_kit::objects::Objects;
use serde_json::{Value, json};

use crate::account::{Account, Tables};

async fn reported(tables: Tables) {
    let account = Account::new().await;
    let mut sweep = account.function("sweep", tables).await;
    let night = json!({"mode": "audit", "time": Timestamp::now().to_string()});
    sweep.sandbox.invoke(night.clone()).await.unwrap();
    let stored = sweep.services.stored();
    let ends = |end: &str| stored.iter().filter(|key| key.starts_with("audit/") && key.ends_with(end)).count();
    assert_eq!((ends("/report.json"), ends("/report.html")), (1, 1), "{stored:?}");
    let key = stored.iter().find(|key| key.ends_with("/report.json")).unwrap();
    let report = account.bucket("Reports").get(key).await.unwrap().expect("the report is in the bucket");
    let report: Value = serde_json::from_slice(&report).unwrap();
    let failed: Vec<&Value> =
        report["checks"].as_array().unwrap().iter().filter(|check| !check["failed"].is_null()).collect();
    assert!(failed.is_empty(), "{failed:?}");

    // The schedule may start a night twice.
    sweep.sandbox.invoke(night).await.unwrap();
    assert_eq!(sweep.services.stored().len(), stored.len(), "it is reported once");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_embedded_dynamodb() {
    reported(Tables::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_motos_own_dynamodb() {
    reported(Tables::Moto).await;
}
