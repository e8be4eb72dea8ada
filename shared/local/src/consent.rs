//! A person's consent, given in a browser and brought back to loopback: OAuth 2.0 with PKCE (RFC 8252, RFC 7636).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use casework::account::AccountKey;
use casework::platform::PlatformError;
use jiff::Timestamp;
use lambda_kit::vault::Vault;
use platforms::oauth::{ClientId, Granted, Oauth, Verifier};
use platforms::{Hosts, Platforms, TokenSource};
use rules::Platform;
use secrecy::SecretString;
use serde::Deserialize;
use store::{Refresh, Store};
use tokens::Grant;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

/// How long the person may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Tries to get the lock from a refresh that is under way, and the pause between two.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// What connecting an account needs.
pub struct Consent<'a, V> {
    /// Who grants.
    pub oauth: &'a Oauth,
    /// Our app.
    pub app: &'a ClientId,
    /// Where the grant will lie.
    pub vault: &'a V,
    /// The table.
    pub store: &'a Store,
    /// The platforms, which tell whose grant it is.
    pub hosts: Hosts,
    /// The account that is to be connected.
    pub account: AccountKey,
    /// Port on 127.0.0.1 to which the browser comes back; it belongs to the address that is registered with the app.
    pub port: u16,
    /// The time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
}

/// What the browser brings.
#[derive(Deserialize)]
struct Returned {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Who waits for it.
struct Waiting {
    state: String,
    sender: Mutex<Option<oneshot::Sender<Result<String, String>>>>,
}

impl<V: Vault> Consent<'_, V> {
    /// Asks the person, who is shown the address by `show`, and keeps what is granted.
    ///
    /// # Errors
    /// When nobody consents in time, another account consents than ours, or something can't be reached or written.
    pub async fn connect(&self, show: impl FnOnce(&Url)) -> Result<()> {
        let platform = self.account.platform;
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await;
        let listener = listener.with_context(|| format!("port {} of 127.0.0.1", self.port))?;
        let redirect = format!("http://127.0.0.1:{}/callback", listener.local_addr()?.port());
        let mut random = [0u8; 64];
        getrandom::fill(&mut random).context("no randomness")?;
        let (state, secret) = random.split_at(32);
        let state = hex::encode(state);
        let verifier = Verifier::new(secret.try_into()?);
        let code = self.code(listener, &redirect, state, &verifier, show).await?;
        let granted = self.oauth.exchange(platform, self.app, &redirect, &code, &verifier, (self.clock)()).await?;
        self.check_account(&granted).await?;
        self.keep(granted).await
    }

    /// Waits for the browser to come back with the code.
    async fn code(
        &self,
        listener: TcpListener,
        redirect: &str,
        state: String,
        verifier: &Verifier,
        show: impl FnOnce(&Url),
    ) -> Result<String> {
        let (sender, returned) = oneshot::channel();
        let url = self.oauth.consent(self.account.platform, self.app, redirect, &state, verifier);
        let waiting = Arc::new(Waiting { state, sender: Mutex::new(Some(sender)) });
        let router = Router::new().route("/callback", get(come_back)).with_state(waiting);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            // What the browser does not get any more, the terminal says.
            let _ = axum::serve(listener, router)
                .with_graceful_shutdown(async {
                    let _ = stopped.await;
                })
                .await;
        });
        show(&url);
        let code = tokio::time::timeout(PATIENCE, returned).await;
        drop(stop);
        // The answer to the browser is on its way; a browser that keeps its connection open is not waited for.
        let _ = tokio::time::timeout(Duration::from_secs(2), served).await;
        code.map_err(|_| anyhow!("nobody consented within {} minutes", PATIENCE.as_secs() / 60))?
            .context("the browser never came back")?
            .map_err(|error| anyhow!("not granted: {error}"))
    }

    /// The grant has to be our account's: another one would moderate with somebody else's name.
    async fn check_account(&self, granted: &Granted) -> Result<()> {
        let platforms = Platforms::new(JustGranted(granted.access.clone()), self.hosts.clone())?;
        let who = platforms.connected_account(self.account.platform, (self.clock)()).await?;
        if who != self.account.id {
            bail!("{who} consented, but our account is {}: sign in with that one", self.account.id);
        }
        Ok(())
    }

    async fn keep(&self, granted: Granted) -> Result<()> {
        let now = (self.clock)();
        let expires_at = granted.expires_at;
        let grant = Grant::new(granted, None, now).context("no refresh token was granted")?;
        for _ in 0..TRIES {
            if let Some(lock) = self.store.lock_grant(&self.account, (self.clock)()).await? {
                self.vault.write(self.account.platform.key(), &grant.written()).await?;
                let refresh = Refresh::Saved { expires_at, used: None };
                self.store.unlock_grant(&self.account, &lock.lease, refresh, now).await?;
                self.store.reconnected(&self.account, now).await?;
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("the old grant is being refreshed all the time: try again")
    }
}

async fn come_back(
    State(waiting): State<Arc<Waiting>>,
    Query(returned): Query<Returned>,
) -> (StatusCode, Html<&'static str>) {
    // Somebody else's page may send the browser here too.
    if returned.state.as_deref() != Some(waiting.state.as_str()) {
        return (StatusCode::BAD_REQUEST, Html("<p>Not what was asked for. / 要求と一致しません。</p>"));
    }
    let result = match (returned.code, returned.error) {
        (Some(code), None) => Ok(code),
        (_, error) => Err(error.unwrap_or_else(|| "no code".to_owned())),
    };
    let granted = result.is_ok();
    let sender = waiting.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(sender) = sender {
        // The one who waited may be gone.
        let _ = sender.send(result);
    }
    match granted {
        true => (
            StatusCode::OK,
            Html("<p>Connected. You can close this page. / 接続しました。このページを閉じてください。</p>"),
        ),
        false => (StatusCode::OK, Html("<p>Not connected. / 接続していません。</p>")),
    }
}

/// The token that was granted a moment ago and lies nowhere yet.
struct JustGranted(SecretString);

impl TokenSource for JustGranted {
    async fn token(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Ok(self.0.clone())
    }

    async fn renewed(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Err(PlatformError::Disconnected { reason: "refused-at-once".to_owned() })
    }

    async fn app_token(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Err(PlatformError::Permanent { reason: "no-app-token".to_owned() })
    }
}
