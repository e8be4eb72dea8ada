//! The HTTP interface: its routes, and the one answer for everything that is not there.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::Objects;
use lambda_kit::problem::Problem;

use crate::app::App;

/// All routes over the parts.
pub(crate) fn routes<O: Objects + 'static, M: Mailer + 'static>(app: Arc<App<O, M>>) -> Router {
    Router::new().fallback(nothing_there).with_state(app)
}

async fn nothing_there() -> Response {
    Problem::new(StatusCode::NOT_FOUND).response().map(Body::new)
}
