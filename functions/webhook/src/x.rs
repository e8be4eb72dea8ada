//! X: the challenge-response check and deliveries. Contract: X docs, webhooks/quickstart.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lambda_kit::metrics::{self, Outcome};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::x::verify;
use rules::Platform;
use serde::Deserialize;

use crate::app::App;

/// Header that carries a delivery's signature.
const SIGNATURE: &str = "x-twitter-webhooks-signature";
/// Name of the signing secret; two values during rotation, the newest first.
const SECRET: &str = "x_consumer_secret";

#[derive(Deserialize)]
pub(crate) struct Challenge {
    crc_token: String,
}

/// `GET /x?crc_token=…`: proves that we hold the consumer secret. Any frequency.
pub(crate) async fn challenge<O: Objects, Q: Queue>(
    State(app): State<Arc<App<O, Q>>>,
    Query(challenge): Query<Challenge>,
) -> Response {
    match app.secrets.get().await {
        Ok(secrets) => match secrets.newest(SECRET) {
            Ok(secret) => {
                let body = verify::crc_response(secret, &challenge.crc_token);
                ([(header::CONTENT_TYPE, "application/json")], body).into_response()
            }
            Err(error) => unavailable(&error),
        },
        Err(error) => unavailable(&error),
    }
}

/// `POST /x`: a delivery. 401 and nothing kept without a valid signature.
pub(crate) async fn delivery<O: Objects, Q: Queue>(
    State(app): State<Arc<App<O, Q>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match app.signed(SECRET, |secrets| verify::signature_valid(secrets, &body, signature)).await {
        Ok(true) => {}
        Ok(false) => {
            metrics::delivery(Platform::X.key(), Outcome::Forged);
            return StatusCode::UNAUTHORIZED.into_response();
        }
        Err(error) => return unavailable(&error),
    }
    app.accept(Platform::X, body).await.into_response()
}

/// The secrets could not be read: X tries again later.
fn unavailable(error: &lambda_kit::secrets::SecretError) -> Response {
    tracing::error!(%error, "secrets unavailable");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
