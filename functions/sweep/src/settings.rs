//! The settings of the `sweep` function.

use lambda_kit::aws::Env;
use lambda_kit::secrets::SecretSource;
use lambda_kit::settings::{Reader, SettingsError};
use platforms::Accounts;

/// What the function needs to know; every problem is reported at start, all at once.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_TABLE`: name of the decisions table.
    pub table: String,
    /// `SEKISHO_SECRETS`: Secrets Manager id, or `file:<path>`, of a JSON object with `x_user_token`, `youtube_token`,
    /// `youtube_websub_secret`, `youtube_callback_path` and `person_key`.
    pub secrets: SecretSource,
    /// `SEKISHO_REPORT_BUCKET`: S3 bucket for the audit's reports under `audit/`.
    pub bucket: String,
    /// `SEKISHO_WORK_QUEUE`: address of the SQS queue of chained work, which this function also consumes.
    pub queue: String,
    /// `SEKISHO_PUBLIC_URL`: where the platforms reach the webhooks, for example `https://hooks.example.com`.
    pub public_url: String,
    /// `SEKISHO_X_USER_ID` and `SEKISHO_YOUTUBE_CHANNEL_ID`: our accounts.
    pub accounts: Accounts,
    /// `SEKISHO_X_API`: address of the X API, `https://api.x.com` unless set.
    pub x_api: String,
    /// `SEKISHO_YOUTUBE_API`: address of the YouTube Data API, without `/youtube/v3`; `https://youtube.googleapis.com` unless set.
    pub youtube_api: String,
    /// Region, credentials and endpoints.
    pub aws: Env,
}

impl Settings {
    /// Reads them from variables.
    ///
    /// # Errors
    /// Every missing, empty or contradictory variable.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut reader = Reader::new(source);
        let settings = Settings {
            table: reader.required("SEKISHO_TABLE"),
            secrets: reader.required_parsed("SEKISHO_SECRETS").unwrap_or(SecretSource::SecretsManager(String::new())),
            bucket: reader.required("SEKISHO_REPORT_BUCKET"),
            queue: reader.required("SEKISHO_WORK_QUEUE"),
            public_url: reader.required("SEKISHO_PUBLIC_URL").trim_end_matches('/').to_owned(),
            accounts: Accounts {
                x: reader.required("SEKISHO_X_USER_ID"),
                youtube: reader.required("SEKISHO_YOUTUBE_CHANNEL_ID"),
            },
            x_api: reader.parsed_or("SEKISHO_X_API", "https://api.x.com".to_owned()),
            youtube_api: reader.parsed_or("SEKISHO_YOUTUBE_API", "https://youtube.googleapis.com".to_owned()),
            aws: Env::read(&mut reader),
        };
        reader.finish()?;
        Ok(settings)
    }
}
