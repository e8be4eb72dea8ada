//! A night's audit: a report in the bucket and one summary by mail, on two engines.

use jiff::Timestamp;
use lambda_kit::objects::Objects;
use local::audit::REPORT_TO;
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
    let letters: Vec<String> = sweep.services.sent().into_iter().filter(|sent| sent.contains("Subject:")).collect();
    let [letter] = &letters[..] else { panic!("{} letters", letters.len()) };
    let head: Vec<&str> = letter.lines().take_while(|line| !line.is_empty()).collect();
    assert!(head.contains(&format!("To: {REPORT_TO}").as_str()), "{head:?}");
    let ours = |line: &&str| line.starts_with("From:") && line.ends_with("<sekisho@desk.example.com>");
    assert!(head.iter().any(ours), "{head:?}");
    let text = privacy::mail::read(letter.as_bytes()).text;
    let page = stored.iter().find(|key| key.ends_with("/report.html")).unwrap();
    assert!(text.contains("s3://") && text.contains(page), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_embedded_dynamodb() {
    reported(Tables::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_motos_own_dynamodb() {
    reported(Tables::Moto).await;
}
