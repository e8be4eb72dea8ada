//! A night's audit: a report in the bucket.

use lambda_kit::objects::{Objects, S3Objects};
use local::stack::environment;
use serde_json::json;

use crate::account::{Account, Tables};

async fn reported(tables: Tables) {
    let account = Account::new().await;
    let mut sweep = account.function("sweep", tables).await;
    // A night that is begun ends in this invocation or in those that it chains.
    let due = jiff::Timestamp::now().to_string();
    sweep.sandbox.invoke(json!({"mode": "audit", "time": due})).await.unwrap();
    let reports = sweep.services.stored();
    assert!(!reports.is_empty(), "no report was written");
    let env = environment(account.endpoint()).unwrap();
    let bucket = S3Objects::new(lambda_kit::aws::s3(&env), account.physical("Reports"));
    for key in reports {
        assert!(bucket.get(&key).await.unwrap().is_some(), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_embedded_dynamodb() {
    reported(Tables::Embedded).await;
}
