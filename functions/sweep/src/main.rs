//! The `sweep` Lambda: builds its parts once and hands over to the handler.

use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::objects::S3Objects;
use lambda_kit::queue::SqsQueue;
use lambda_kit::secrets::Secrets;
use lambda_kit::vault::KeptVault;
use lambda_kit::{aws, logging, metrics, runtime, settings::environment};
use platforms::youtube::hub::Hub;
use platforms::{Hosts, Platforms};
use store::{PersonKey, Rulebooks, Store};
use sweep::Sweeper;
use sweep::audit::report::mail::{NoNotice, Readers};
use sweep::settings::Settings;
use sweep::sweeper::Limits;
use tokens::Tokens;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("sweep")?;
    let sweeper = build().await?;
    runtime::serve(|event| sweeper.handle(event)).await
}

async fn build() -> Result<Sweeper<Tokens<KeptVault>, S3Objects, SqsQueue>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets.clone(), &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    let store = Store::new(aws::dynamodb(&settings.aws), settings.table, person_key);
    let (hosts, accounts) =
        (Hosts::at(&settings.tokens.x_api, &settings.youtube_api)?, settings.tokens.accounts.clone());
    let own_secrets = Secrets::new(settings.secrets, &settings.aws);
    let tokens = settings.tokens.open(own_secrets, store.clone(), &settings.aws)?;
    let s3 = aws::s3(&settings.aws);
    Ok(Sweeper {
        rulebooks: Rulebooks::new(store.clone(), S3Objects::new(s3.clone(), settings.rulebooks)),
        store,
        platform: Platforms::new(tokens, hosts)?,
        accounts,
        secrets,
        objects: S3Objects::new(s3, settings.bucket),
        queue: SqsQueue::new(aws::sqs(&settings.aws), settings.queue),
        limits: Limits { youtube_daily_units: settings.youtube_daily_units, x_daily_posts: settings.x_daily_posts },
        hub: Hub::at(&settings.websub_hub)?,
        public_url: settings.public_url,
        readers: Readers { notice: Arc::new(NoNotice), place: settings.report_place },
        clock: Arc::new(Timestamp::now),
    })
}
