//! The `data-request` Lambda: builds its parts once and hands over to the handler.

use std::sync::Arc;

use anyhow::Result;
use data_request::carry::{Carrier, Limits};
use data_request::settings::Settings;
use data_request::{App, DataRequest};
use jiff::Timestamp;
use lambda_kit::mail::SesMailer;
use lambda_kit::objects::S3Objects;
use lambda_kit::secrets::Secrets;
use lambda_kit::{aws, logging, metrics, runtime, settings::environment};
use platforms::{Hosts, Platforms};
use privacy::clocks::Holidays;
use privacy::file::Account;
use privacy::law::Law;
use store::{PersonKey, RequestStore, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    logging::lambda();
    metrics::lambda("data-request")?;
    let function = build().await?;
    runtime::serve(|event| function.handle(event)).await
}

async fn build() -> Result<DataRequest<S3Objects, SesMailer>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets, &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    let decisions = Store::new(aws::dynamodb(&settings.aws), settings.decisions, person_key.clone());
    let hosts = Hosts::at(&settings.tokens.x_api, &settings.youtube_api)?;
    let own = vec![
        Account::X(settings.tokens.accounts.x.clone()),
        Account::Youtube(settings.tokens.accounts.youtube.clone()),
    ];
    let tokens = settings.tokens.open(secrets, decisions.clone(), &settings.aws)?;
    Ok(DataRequest::new(App {
        requests: RequestStore::new(aws::dynamodb(&settings.aws), settings.requests, person_key),
        law: Law::shipped()?,
        holidays: Holidays::shipped()?,
        addresses: settings.addresses,
        name: settings.name,
        objects: S3Objects::new(aws::s3(&settings.aws), settings.bucket),
        mailer: SesMailer::new(aws::sesv2(&settings.aws), settings.configuration_set),
        carrier: Carrier {
            decisions,
            own,
            lookup: Arc::new(Platforms::new(tokens, hosts)?),
            packages: S3Objects::new(aws::s3(&settings.aws), settings.reports),
            proof: S3Objects::new(aws::s3(&settings.aws), settings.proof),
            site: settings.site,
            limits: Limits::default(),
            closed: Arc::default(),
        },
        clock: Arc::new(Timestamp::now),
    }))
}
