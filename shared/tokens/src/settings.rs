//! The settings of tokens, which every function that calls the platforms has, and the tokens that they describe.

use std::sync::Arc;

use jiff::Timestamp;
use lambda_kit::aws::Env;
use lambda_kit::secrets::{SecretSource, Secrets};
use lambda_kit::settings::Reader;
use lambda_kit::vault::KeptVault;
use platforms::Accounts;
use platforms::oauth::{Authorities, Oauth};
use store::Store;

use crate::keeper::{Parts, Tokens};

/// Where grants lie and who issues tokens.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_GRANTS`: start of the names of the grants in Secrets Manager, `<start>/x` and `<start>/youtube`, or
    /// `file:<folder>`. The function reads and writes both.
    pub grants: SecretSource,
    /// `SEKISHO_X_USER_ID` and `SEKISHO_YOUTUBE_CHANNEL_ID`: our accounts.
    pub accounts: Accounts,
    /// `SEKISHO_X_API`: address of the X API, `https://api.x.com` unless set.
    pub x_api: String,
    /// `SEKISHO_GOOGLE_OAUTH`: address of Google's token server, `https://oauth2.googleapis.com` unless set.
    pub google_oauth: String,
}

impl Settings {
    /// Reads them from variables; problems are left with `reader`.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let settings = Settings {
            grants: reader.required_parsed("SEKISHO_GRANTS").unwrap_or(SecretSource::SecretsManager(String::new())),
            accounts: Accounts {
                x: reader.required("SEKISHO_X_USER_ID"),
                youtube: reader.required("SEKISHO_YOUTUBE_CHANNEL_ID"),
            },
            x_api: reader.parsed_or("SEKISHO_X_API", "https://api.x.com".to_owned()),
            google_oauth: reader.parsed_or("SEKISHO_GOOGLE_OAUTH", "https://oauth2.googleapis.com".to_owned()),
        };
        if let Err(error) = Authorities::at(&settings.x_api, &settings.google_oauth) {
            reader.contradiction(format!("SEKISHO_X_API or SEKISHO_GOOGLE_OAUTH is no address: {error}"));
        }
        settings
    }

    /// The tokens of a sandbox. `secrets` name our app: `x_client_id`, `x_client_secret`, `x_bearer_token`,
    /// `youtube_client_id` and `youtube_client_secret`.
    ///
    /// # Errors
    /// When an address is none, or TLS can't be set up.
    pub fn open(self, secrets: Secrets, store: Store, env: &Env) -> Result<Tokens<KeptVault>, OpenError> {
        Ok(Tokens::new(Parts {
            vault: KeptVault::new(self.grants, env),
            store,
            oauth: Oauth::new(Authorities::at(&self.x_api, &self.google_oauth)?)?,
            secrets,
            accounts: self.accounts,
            clock: Arc::new(Timestamp::now),
        }))
    }
}

/// Why tokens could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// An address is none.
    #[error("address: {0}")]
    Address(#[from] url::ParseError),
    /// No HTTP client could be made.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}
