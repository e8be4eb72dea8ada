//! The `webhook` Lambda: builds its parts once and hands over to the handler.

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::Timestamp;
use lambda_kit::objects::S3Objects;
use lambda_kit::queue::SqsQueue;
use lambda_kit::secrets::Secrets;
use lambda_kit::{aws, logging, metrics, settings::environment};
use lambda_runtime::{LambdaEvent, service_fn};
use rules::Rulebook;
use serde_json::Value;
use store::{PersonKey, Store};
use webhook::settings::Settings;
use webhook::{App, Webhook};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("webhook")?;
    let webhook = build().await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let answer = webhook.handle(event.payload).await;
        metrics::flush();
        answer
    }))
    .await
}

async fn build() -> Result<Webhook<S3Objects, SqsQueue>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets, &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    Ok(Webhook::new(App {
        store: Store::new(aws::dynamodb(&settings.aws), settings.table, person_key),
        rulebook: Rulebook::embedded().context("embedded rulebook")?,
        secrets,
        accounts: settings.accounts,
        objects: S3Objects::new(aws::s3(&settings.aws), settings.bucket),
        queue: SqsQueue::new(aws::sqs(&settings.aws), settings.queue),
        clock: Arc::new(Timestamp::now),
    }))
}
