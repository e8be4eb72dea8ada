//! The settings of the `webhook` function.

use lambda_kit::aws::Env;
use lambda_kit::secrets::SecretSource;
use lambda_kit::settings::{Reader, SettingsError};
use platforms::Accounts;

/// What the function needs to know; every problem is reported at start, all at once.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_TABLE`: name of the decisions table.
    pub table: String,
    /// `SEKISHO_SECRETS`: Secrets Manager id, or `file:<path>`, of a JSON object with `x_consumer_secret`
    /// (one or, during rotation, an array), `youtube_websub_secret`, `youtube_callback_path` and `person_key`.
    pub secrets: SecretSource,
    /// `SEKISHO_INTAKE_BUCKET`: S3 bucket for raw bodies under `intake/`.
    pub bucket: String,
    /// `SEKISHO_RULEBOOKS_BUCKET`: S3 bucket of published rulebooks under `rulebooks/`.
    pub rulebooks: String,
    /// `SEKISHO_INTAKE_QUEUE`: address of the SQS queue of their keys, which this function also consumes.
    pub queue: String,
    /// `SEKISHO_X_USER_ID` and `SEKISHO_YOUTUBE_CHANNEL_ID`: our accounts.
    pub accounts: Accounts,
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
            bucket: reader.required("SEKISHO_INTAKE_BUCKET"),
            rulebooks: reader.required("SEKISHO_RULEBOOKS_BUCKET"),
            queue: reader.required("SEKISHO_INTAKE_QUEUE"),
            accounts: Accounts {
                x: reader.required("SEKISHO_X_USER_ID"),
                youtube: reader.required("SEKISHO_YOUTUBE_CHANNEL_ID"),
            },
            aws: Env::read(&mut reader),
        };
        reader.finish()?;
        Ok(settings)
    }
}
