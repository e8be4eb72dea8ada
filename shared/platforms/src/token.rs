//! Where access tokens come from.

use std::future::Future;

use casework::platform::PlatformError;
use rules::Platform;
use secrecy::SecretString;

/// Gives the OAuth 2.0 access token of our account. Its errors reach the caller of [`crate::Platforms`] as they are,
/// for example [`PlatformError::Disconnected`] when nobody has connected the account yet.
pub trait TokenSource: Send + Sync {
    /// The token to use, cached or not.
    fn token(&self, platform: Platform) -> impl Future<Output = Result<SecretString, PlatformError>> + Send;

    /// The token after the platform refused the last one: forgets any cache and reads or refreshes it anew.
    fn renewed(&self, platform: Platform) -> impl Future<Output = Result<SecretString, PlatformError>> + Send;

    /// The token of our app itself, which stands for no account and does not end.
    fn app_token(&self, platform: Platform) -> impl Future<Output = Result<SecretString, PlatformError>> + Send;
}
