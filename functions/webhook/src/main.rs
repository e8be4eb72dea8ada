//! The `webhook` Lambda: builds its parts once and hands over to the handler.

use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::S3Objects;
use lambda_kit::queue::SqsQueue;
use lambda_kit::secrets::Secrets;
use lambda_kit::{aws, logging, metrics, runtime, settings::environment};
use store::{PersonKey, Rulebooks, Store};
use webhook::settings::Settings;
use webhook::{App, Webhook};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("webhook")?;
    let webhook = build().await?;
    runtime::serve(|event| webhook.handle(event)).await
}

async fn build() -> Result<Webhook<S3Objects, SqsQueue>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets, &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    let store = Store::new(aws::dynamodb(&settings.aws), settings.table, person_key);
    let s3 = aws::s3(&settings.aws);
    Ok(Webhook::new(App {
        rulebooks: Rulebooks::new(store.clone(), S3Objects::new(s3.clone(), settings.rulebooks)),
        store,
        secrets,
        accounts: settings.accounts,
        objects: S3Objects::new(s3, settings.bucket),
        queue: SqsQueue::new(aws::sqs(&settings.aws), settings.queue),
        clock: Arc::new(Timestamp::now),
    }))
}
