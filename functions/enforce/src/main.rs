//! The `enforce` Lambda: builds its parts once and hands over to the handler.

use anyhow::Result;
use casework::watch::Watch;
use enforce::Enforcer;
use enforce::limits::limits;
use enforce::settings::Settings;
use jiff::Timestamp;
use lambda_kit::objects::S3Objects;
use lambda_kit::secrets::Secrets;
use lambda_kit::vault::KeptVault;
use lambda_kit::{aws, logging, metrics, runtime, settings::environment};
use platforms::{Hosts, Platforms};
use store::{PersonKey, Rulebooks, Store};
use tokens::Tokens;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("enforce")?;
    let enforcer = build().await?;
    runtime::serve(|event| enforcer.handle(event)).await
}

async fn build() -> Result<Enforcer<Platforms<Tokens<KeptVault>>>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets, &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    let store = Store::new(aws::dynamodb(&settings.aws), settings.table, person_key);
    let hosts = Hosts::at(&settings.tokens.x_api, &settings.youtube_api)?;
    let tokens = settings.tokens.open(secrets, store.clone(), &settings.aws)?;
    Ok(Enforcer {
        rulebooks: Rulebooks::new(store.clone(), S3Objects::new(aws::s3(&settings.aws), settings.rulebooks)),
        store,
        platform: Platforms::new(tokens, hosts)?,
        limits: Box::new(move |policy| limits(policy, settings.youtube_daily_units)),
        watch: Watch::default(),
        clock: Box::new(Timestamp::now),
    })
}
