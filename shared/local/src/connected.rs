//! Our accounts on the simulated platforms, connected: who we are there, what was granted, and the grants in their vault.

use anyhow::{Result, anyhow};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::vault::{KeptVault, Vault};
use platforms::oauth::Granted;
use rules::Platform;
use tokens::Grant;

use crate::secrets::LocalSecrets;
use crate::simulator::{X, YouTube, youtube};
use crate::stack::{X_USER, YOUTUBE_CHANNEL};

/// Scopes that our app has on X.
const X_SCOPES: [&str; 7] =
    ["tweet.read", "tweet.write", "tweet.moderate.write", "users.read", "mute.read", "block.read", "offline.access"];

/// Lives of access tokens, in seconds.
const X_SECONDS: i64 = 7200;
const GOOGLE_SECONDS: i64 = 3599;

/// Makes us known on X: our user, our app, its token and what we granted it.
pub fn on_x(x: &X, secrets: &LocalSecrets) {
    let mut state = x.state();
    state.add_user(X_USER, "SOCKETS_JP", "SOCKETS【公式】");
    state.grant(&secrets.x_user_token, "ours", X_USER);
    state.grant_app(&secrets.x_bearer_token, "app");
    state.oauth.person = Some(X_USER.to_owned());
    state.oauth.register(&secrets.x_client_id, Some(&secrets.x_client_secret), &["http://127.0.0.1"]);
    let (client, access, refresh) = (&secrets.x_client_id, &secrets.x_user_token, &secrets.x_refresh_token);
    state.oauth.grant_refresh(client, X_USER, &X_SCOPES, access, refresh);
}

/// Makes us known on YouTube: our channel, our app and what we granted it.
pub fn on_youtube(youtube: &YouTube, secrets: &LocalSecrets) {
    let mut state = youtube.state();
    state.add_channel(YOUTUBE_CHANNEL, "Sockets Inc");
    state.grant(&secrets.youtube_token, "ours", YOUTUBE_CHANNEL);
    state.oauth.person = Some(YOUTUBE_CHANNEL.to_owned());
    state.oauth.register(&secrets.youtube_client_id, Some(&secrets.youtube_client_secret), &["http://127.0.0.1"]);
    let (client, access) = (&secrets.youtube_client_id, &secrets.youtube_token);
    let refresh = &secrets.youtube_refresh_token;
    state.oauth.grant_refresh(client, YOUTUBE_CHANNEL, &[youtube::SCOPE], access, refresh);
}

/// Puts what the platforms granted into the vault, as if it had been granted just now.
///
/// # Errors
/// When the vault can't be written.
pub async fn keep_grants(vault: &KeptVault, secrets: &LocalSecrets, now: Timestamp) -> Result<()> {
    let granted = [
        (Platform::X, &secrets.x_user_token, &secrets.x_refresh_token, X_SECONDS),
        (Platform::YouTube, &secrets.youtube_token, &secrets.youtube_refresh_token, GOOGLE_SECONDS),
    ];
    for (platform, access, refresh, seconds) in granted {
        let granted = Granted {
            access: access.as_str().into(),
            refresh: Some(refresh.as_str().into()),
            expires_at: now + SignedDuration::from_secs(seconds),
        };
        let grant = Grant::new(granted, None, now).ok_or_else(|| anyhow!("no refresh token for {platform}"))?;
        vault.write(platform.key(), &grant.written()).await?;
    }
    Ok(())
}
