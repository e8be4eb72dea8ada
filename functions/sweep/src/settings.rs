//! The settings of the `sweep` function.

use lambda_kit::aws::Env;
use lambda_kit::secrets::SecretSource;
use lambda_kit::settings::{Reader, SettingsError};
use privacy::mail::Address;

use crate::sweeper::Limits;

/// What the function needs to know; every problem is reported at start, all at once.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_TABLE`: name of the decisions table.
    pub table: String,
    /// `SEKISHO_REQUESTS_TABLE`: name of the requests table, of which the audit reads the deadlines.
    pub requests: String,
    /// `SEKISHO_SECRETS`: Secrets Manager id, or `file:<path>`, of a JSON object with `person_key`,
    /// `youtube_websub_secret`, `youtube_callback_path` and our app's credentials (see [`tokens::Settings::open`]).
    pub secrets: SecretSource,
    /// `SEKISHO_REPORT_BUCKET`: S3 bucket for the audit's reports under `audit/`.
    pub bucket: String,
    /// `SEKISHO_REPORT_PLACE`: what goes before a report's key to make an address that its readers can open; `s3://` and
    /// the bucket unless set.
    pub report_place: String,
    /// `SEKISHO_REPORT_FROM` and `SEKISHO_REPORT_TO`: addresses that each night's summary comes from and goes to; no mail
    /// unless both are set.
    pub report_mail: Option<ReportMail>,
    /// `SEKISHO_MAIL_CONFIGURATION_SET`: SES configuration set that the summary is sent through.
    pub configuration_set: Option<String>,
    /// `SEKISHO_RULEBOOKS_BUCKET`: S3 bucket of published rulebooks under `rulebooks/`.
    pub rulebooks: String,
    /// `SEKISHO_WORK_QUEUE`: address of the SQS queue of chained work, which this function also consumes.
    pub queue: String,
    /// `SEKISHO_PUBLIC_URL`: where the platforms reach the webhooks, for example `https://hooks.example.com`.
    pub public_url: String,
    /// `SEKISHO_WEBSUB_HUB`: address of the hub, `https://pubsubhubbub.appspot.com` unless set.
    pub websub_hub: String,
    /// `SEKISHO_YOUTUBE_DAILY_UNITS`: units that Google grants us a day, 10,000 unless set; `enforce` has to know the same.
    pub youtube_daily_units: u32,
    /// `SEKISHO_X_DAILY_POSTS`: new posts read on X in a day (UTC) before the poll stops, 10,000 unless set. Each costs
    /// about half a US cent.
    pub x_daily_posts: u32,
    /// Where our grants lie, our accounts, and the address of the X API.
    pub tokens: tokens::Settings,
    /// `SEKISHO_YOUTUBE_API`: address of the YouTube Data API, without `/youtube/v3`; `https://youtube.googleapis.com` unless set.
    pub youtube_api: String,
    /// Region, credentials and endpoints.
    pub aws: Env,
}

/// Addresses of the nightly summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMail {
    /// Where it comes from.
    pub from: Address,
    /// Where it goes.
    pub to: Address,
}

impl Settings {
    /// Reads them from variables.
    ///
    /// # Errors
    /// Every missing, empty or contradictory variable.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut reader = Reader::new(source);
        let report_mail = report_mail(&mut reader);
        let settings = Settings {
            table: reader.required("SEKISHO_TABLE"),
            requests: reader.required("SEKISHO_REQUESTS_TABLE"),
            secrets: reader.required_parsed("SEKISHO_SECRETS").unwrap_or(SecretSource::SecretsManager(String::new())),
            report_place: String::new(),
            report_mail,
            configuration_set: reader.optional("SEKISHO_MAIL_CONFIGURATION_SET"),
            bucket: reader.required("SEKISHO_REPORT_BUCKET"),
            rulebooks: reader.required("SEKISHO_RULEBOOKS_BUCKET"),
            queue: reader.required("SEKISHO_WORK_QUEUE"),
            public_url: reader.required("SEKISHO_PUBLIC_URL").trim_end_matches('/').to_owned(),
            websub_hub: reader.parsed_or("SEKISHO_WEBSUB_HUB", "https://pubsubhubbub.appspot.com".to_owned()),
            youtube_daily_units: reader.parsed_or("SEKISHO_YOUTUBE_DAILY_UNITS", Limits::default().youtube_daily_units),
            x_daily_posts: reader.parsed_or("SEKISHO_X_DAILY_POSTS", Limits::default().x_daily_posts),
            tokens: tokens::Settings::read(&mut reader),
            youtube_api: reader.parsed_or("SEKISHO_YOUTUBE_API", "https://youtube.googleapis.com".to_owned()),
            aws: Env::read(&mut reader),
        };
        let place = reader.parsed_or("SEKISHO_REPORT_PLACE", format!("s3://{}/", settings.bucket));
        reader.finish()?;
        Ok(Settings { report_place: place, ..settings })
    }
}

/// Both addresses or none: one alone is a mistake.
fn report_mail(reader: &mut Reader<'_>) -> Option<ReportMail> {
    let mut address = |name: &'static str| {
        let text = reader.optional(name)?;
        match Address::parse(&text) {
            Ok(address) => Some(address),
            Err(error) => {
                reader.contradiction(format!("{name} is invalid: {error}"));
                None
            }
        }
    };
    let (from, to) = (address("SEKISHO_REPORT_FROM"), address("SEKISHO_REPORT_TO"));
    if from.is_some() != to.is_some() && reader.is_clean() {
        reader.contradiction("SEKISHO_REPORT_FROM and SEKISHO_REPORT_TO go together");
    }
    Some(ReportMail { from: from?, to: to? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(from: Option<&str>, to: Option<&str>) -> Result<Settings, SettingsError> {
        Settings::read(&|name: &str| match name {
            "SEKISHO_REPORT_FROM" => from.map(str::to_owned),
            "SEKISHO_REPORT_TO" => to.map(str::to_owned),
            "SEKISHO_SECRETS" => Some("file:/secrets.json".to_owned()),
            "SEKISHO_GRANTS" => Some("file:/grants".to_owned()),
            "SEKISHO_TABLE"
            | "SEKISHO_REQUESTS_TABLE"
            | "SEKISHO_REPORT_BUCKET"
            | "SEKISHO_RULEBOOKS_BUCKET"
            | "SEKISHO_WORK_QUEUE"
            | "SEKISHO_PUBLIC_URL"
            | "SEKISHO_X_USER_ID"
            | "SEKISHO_YOUTUBE_CHANNEL_ID"
            | "AWS_REGION"
            | "AWS_ACCESS_KEY_ID"
            | "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn the_summary_has_both_addresses_or_is_not_sent() {
        assert_eq!(read(None, None).unwrap().report_mail, None);
        let mail = read(Some("sekisho@desk.example"), Some("pr@example.jp")).unwrap().report_mail.unwrap();
        assert_eq!(
            (mail.from.to_header(), mail.to.to_header()),
            ("sekisho@desk.example".into(), "pr@example.jp".into())
        );
        for (from, to) in [(Some("sekisho@desk.example"), None), (None, Some("pr@example.jp")), (Some("x"), Some("x"))]
        {
            let problem = read(from, to).unwrap_err().to_string();
            assert!(problem.contains("SEKISHO_REPORT_"), "{problem}");
        }
    }
}
