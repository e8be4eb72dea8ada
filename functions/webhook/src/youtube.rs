//! YouTube WebSub: verification of intent and notices. Contracts: W3C WebSub; YouTube push notifications.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::account::AccountKey;
use lambda_kit::metrics::{self, Outcome};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use lambda_kit::secrets::SecretError;
use platforms::youtube::verify;
use rules::Platform;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use crate::app::App;

/// Header that carries a notice's signature.
const SIGNATURE: &str = "x-hub-signature";
/// Name of the secret that the hub signs with.
const SECRET: &str = "youtube_websub_secret";
/// The longest lease that is believed, in seconds: a year.
const LONGEST_LEASE: i64 = 365 * 86_400;
/// Name of the secret segment of our callback's path.
const PATH: &str = "youtube_callback_path";

/// `GET /youtube/{path}`: the hub asks whether we asked. Echoes the challenge for our own channel's feed only.
pub(crate) async fn verification<O: Objects, Q: Queue>(
    State(app): State<Arc<App<O, Q>>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match app.our_path(&path).await {
        Ok(true) => {}
        Ok(false) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return unavailable(&error),
    }
    let query = query.unwrap_or_default();
    let value = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let ours = value("hub.topic").and_then(|topic| verify::topic_channel(&topic)) == Some(app.accounts.youtube.clone());
    match (value("hub.mode").as_deref(), value("hub.challenge")) {
        (Some("subscribe"), Some(challenge)) if ours => {
            app.note_lease(value("hub.lease_seconds").and_then(|seconds| seconds.parse().ok())).await;
            ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response()
        }
        (Some("denied"), _) if ours => {
            tracing::error!("the hub denied the subscription to our channel's feed");
            metrics::event(Platform::YouTube.key(), "websub.denied");
            StatusCode::OK.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `POST /youtube/{path}`: a notice. Without a valid signature it is answered 200 and ignored, as the contract wants.
pub(crate) async fn notice<O: Objects, Q: Queue>(
    State(app): State<Arc<App<O, Q>>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match app.our_path(&path).await {
        Ok(true) => {}
        Ok(false) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return unavailable(&error),
    }
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match app.signed(SECRET, |secrets| verify::signature_valid(secrets, &body, signature)).await {
        Ok(true) => app.accept(Platform::YouTube, body).await.into_response(),
        Ok(false) => {
            metrics::delivery(Platform::YouTube.key(), Outcome::Forged);
            StatusCode::OK.into_response()
        }
        Err(error) => unavailable(&error),
    }
}

impl<O, Q> App<O, Q> {
    /// Notes the lease that the hub names, so that the sweep renews it in time. If that fails, it renews earlier.
    async fn note_lease(&self, seconds: Option<i64>) {
        let Some(seconds) = seconds.filter(|seconds| (1..=LONGEST_LEASE).contains(seconds)) else { return };
        let account = AccountKey { platform: Platform::YouTube, id: self.accounts.youtube.clone() };
        if let Err(error) = self.store.websub_verified(&account, seconds, self.now()).await {
            tracing::warn!(%error, "the lease of video notices was not noted");
        }
    }

    async fn our_path(&self, path: &str) -> Result<bool, SecretError> {
        let secrets = self.secrets.get().await?;
        let ours = secrets.newest(PATH)?.expose_secret().as_bytes();
        Ok(bool::from(ours.ct_eq(path.as_bytes())))
    }
}

/// The secrets could not be read: the hub tries again later.
fn unavailable(error: &SecretError) -> Response {
    tracing::error!(%error, "secrets unavailable");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
