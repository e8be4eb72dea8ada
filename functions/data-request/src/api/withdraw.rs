//! `POST /requests/{ticket}/withdraw`: the person takes back what is still open.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;

use super::Caller;
use super::problem::{ProblemBody, Refused};
use crate::app::App;

/// Takes back what is still open. What was suppressed because of it is used again.
#[utoipa::path(
    post, path = "/requests/{ticket}/withdraw", params(("ticket" = String, Path, description = "The number.")),
    security(("secret" = [])),
    responses(
        (status = 204, description = "Nothing of it is open any more."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "No secret."),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "No such request, or not its secret."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many."),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn withdraw<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refused> {
    let ticket = app.opened(&ticket, &caller, &headers).await?;
    app.desk().withdraw(&ticket, app.now()).await.map_err(anyhow::Error::from)?;
    app.use_again_if_withdrawn(&ticket).await?;
    Ok(StatusCode::NO_CONTENT)
}
