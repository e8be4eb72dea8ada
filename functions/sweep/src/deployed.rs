//! The parts of the deployed function, built once for the sandbox.

use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use lambda_kit::mail::SesMailer;
use lambda_kit::objects::S3Objects;
use lambda_kit::queue::SqsQueue;
use lambda_kit::secrets::Secrets;
use lambda_kit::vault::KeptVault;
use lambda_kit::{aws, settings::environment};
use platforms::youtube::hub::Hub;
use platforms::{Hosts, Platforms};
use store::{PersonKey, RequestStore, Rulebooks, Store};
use tokens::Tokens;

use crate::Sweeper;
use crate::audit::report::mail::{MailNotice, NoNotice, Notice, Readers};
use crate::settings::{ReportMail, Settings};
use crate::sweeper::Limits;

/// The function over AWS, as the variables of its environment say.
///
/// # Errors
/// Settings that are missing or contradict each other; secrets that can't be read.
pub async fn build() -> Result<Sweeper<Tokens<KeptVault>, S3Objects, SqsQueue>> {
    let settings = Settings::read(&environment)?;
    let secrets = Secrets::new(settings.secrets.clone(), &settings.aws);
    let person_key = secrets.get().await?.newest("person_key")?.clone();
    let person_key = PersonKey::new(person_key).map_err(anyhow::Error::msg)?;
    let requests = RequestStore::new(aws::dynamodb(&settings.aws), settings.requests, person_key.clone());
    let store = Store::new(aws::dynamodb(&settings.aws), settings.table, person_key);
    let mailer = SesMailer::new(aws::sesv2(&settings.aws), settings.configuration_set);
    let (hosts, accounts) =
        (Hosts::at(&settings.tokens.x_api, &settings.youtube_api)?, settings.tokens.accounts.clone());
    let own_secrets = Secrets::new(settings.secrets, &settings.aws);
    let tokens = settings.tokens.open(own_secrets, store.clone(), &settings.aws)?;
    let s3 = aws::s3(&settings.aws);
    Ok(Sweeper {
        rulebooks: Rulebooks::new(store.clone(), S3Objects::new(s3.clone(), settings.rulebooks)),
        store,
        requests,
        platform: Platforms::new(tokens, hosts)?,
        accounts,
        secrets,
        objects: S3Objects::new(s3, settings.bucket),
        queue: SqsQueue::new(aws::sqs(&settings.aws), settings.queue),
        limits: Limits { youtube_daily_units: settings.youtube_daily_units, x_daily_posts: settings.x_daily_posts },
        hub: Hub::at(&settings.websub_hub)?,
        public_url: settings.public_url,
        readers: Readers { notice: notice(mailer, settings.report_mail), place: settings.report_place },
        clock: Arc::new(Timestamp::now),
    })
}

fn notice(mailer: SesMailer, addresses: Option<ReportMail>) -> Arc<dyn Notice> {
    match addresses {
        Some(ReportMail { from, to }) => Arc::new(MailNotice { mailer, from: from.to_header(), to: to.to_header() }),
        None => {
            tracing::info!("SEKISHO_REPORT_TO is not set: no summary is sent by mail");
            Arc::new(NoNotice)
        }
    }
}
