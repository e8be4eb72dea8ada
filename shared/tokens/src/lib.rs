//! The access tokens of our accounts on the platforms, for every function that calls them.

use casework::platform::PlatformError;
use lambda_kit::secrets::{SecretError, SecretValues, Secrets};
use platforms::TokenSource;
use rules::Platform;
use secrecy::SecretString;

/// Reads tokens from secrets. Nothing here renews one: whoever does writes it there, where `renewed` finds it.
#[derive(Debug)]
pub struct SecretTokens(pub Secrets);

impl TokenSource for SecretTokens {
    async fn token(&self, platform: Platform) -> Result<SecretString, PlatformError> {
        let values = self.0.get().await.map_err(|error| unreadable(&error))?;
        newest(&values, platform)
    }

    async fn renewed(&self, platform: Platform) -> Result<SecretString, PlatformError> {
        let values = self.0.reload().await.map_err(|error| unreadable(&error))?;
        newest(&values, platform)
    }
}

fn newest(values: &SecretValues, platform: Platform) -> Result<SecretString, PlatformError> {
    let name = match platform {
        Platform::X => "x_user_token",
        Platform::YouTube => "youtube_token",
    };
    values.newest(name).cloned().map_err(|error| unreadable(&error))
}

/// Without a token nothing is sent, so nothing can be uncertain.
fn unreadable(error: &SecretError) -> PlatformError {
    PlatformError::Transient { reason: format!("no token: {error}") }
}
