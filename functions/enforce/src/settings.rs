//! The settings of the `enforce` function.

use casework::quota::DAILY_UNITS;
use lambda_kit::aws::Env;
use lambda_kit::secrets::SecretSource;
use lambda_kit::settings::{Reader, SettingsError};

/// What the function needs to know; every problem is reported at start, all at once.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_TABLE`: name of the decisions table.
    pub table: String,
    /// `SEKISHO_SECRETS`: Secrets Manager id, or `file:<path>`, of a JSON object with `person_key` and our app's
    /// credentials (see [`tokens::Settings::open`]).
    pub secrets: SecretSource,
    /// `SEKISHO_RULEBOOKS_BUCKET`: S3 bucket of published rulebooks under `rulebooks/`.
    pub rulebooks: String,
    /// Where our grants lie, our accounts, and the address of the X API.
    pub tokens: tokens::Settings,
    /// `SEKISHO_YOUTUBE_API`: address of the YouTube Data API, without `/youtube/v3`; `https://youtube.googleapis.com` unless set.
    pub youtube_api: String,
    /// `SEKISHO_YOUTUBE_DAILY_UNITS`: units that Google grants us a day, 10,000 unless set; `sweep` has to know the same.
    pub youtube_daily_units: u32,
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
            rulebooks: reader.required("SEKISHO_RULEBOOKS_BUCKET"),
            tokens: tokens::Settings::read(&mut reader),
            youtube_api: reader.parsed_or("SEKISHO_YOUTUBE_API", "https://youtube.googleapis.com".to_owned()),
            youtube_daily_units: reader.parsed_or("SEKISHO_YOUTUBE_DAILY_UNITS", DAILY_UNITS),
            aws: Env::read(&mut reader),
        };
        reader.finish()?;
        Ok(settings)
    }
}
