//! `GET /requests/{ticket}/package`: the way to a package, by an address that works for five minutes.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::desk::DeskError;
use privacy::file::Requests;
use privacy::mail::thread::TicketId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Caller;
use super::problem::{ProblemBody, Refused};
use crate::app::App;

/// How long an address works.
const VALID: Duration = Duration::from_secs(300);

/// Which of the two forms.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Which {
    /// The page to read.
    #[default]
    Html,
    /// The document for machines.
    Json,
}

/// Leads to the package. Every fetch is written into the request's log.
#[utoipa::path(
    get, path = "/requests/{ticket}/package",
    params(
        ("ticket" = String, Path, description = "The number."),
        ("as" = Option<Which>, Query, description = "Which form; the page without."),
    ),
    security(("secret" = [])),
    responses(
        (status = 303, description = "The package lies there for five minutes.",
         headers(("Location" = String, description = "The address."))),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "No such form."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "No secret."),
        (status = 404, body = ProblemBody, content_type = "application/problem+json",
         description = "No such request, or not its secret."),
        (status = 409, body = ProblemBody, content_type = "application/problem+json",
         description = "There is no package, or not any more."),
        (status = 429, body = ProblemBody, content_type = "application/problem+json", description = "Too many."),
        (status = 503, body = ProblemBody, content_type = "application/problem+json", description = "Try later."),
    )
)]
pub(crate) async fn package<O: Shelf + 'static, M: Mailer + 'static>(
    State(app): State<Arc<App<O, M>>>,
    Extension(caller): Extension<Caller>,
    Path(ticket): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let ticket = app.opened(&ticket, &caller, &headers).await?;
    let which = which(query.as_deref().unwrap_or_default())?;
    lead(&app, &ticket, which).await
}

fn which(query: &str) -> Result<Which, Refused> {
    let mut which = Which::Html;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        which = match (name.as_ref(), value.as_ref()) {
            ("as", "html") => Which::Html,
            ("as", "json") => Which::Json,
            ("as", _) => return Err(Refused::because(StatusCode::BAD_REQUEST, "The form is html or json.")),
            (_, _) => continue,
        };
    }
    Ok(which)
}

/// The redirection to a package of a file whose control was shown.
pub(super) async fn lead<O: Shelf + 'static, M: Mailer + 'static>(
    app: &App<O, M>,
    ticket: &TicketId,
    which: Which,
) -> Result<Response, Refused> {
    let none = || Refused::because(StatusCode::CONFLICT, "There is no package, or not any more.");
    let file = app.requests.load(ticket).await.map_err(anyhow::Error::from)?.ok_or_else(Refused::not_found)?;
    if file.verified.is_none() {
        return Err(none());
    }
    let package = match app.desk().package_fetched(ticket, app.now()).await {
        Ok(package) => package,
        Err(DeskError::DoesNotFit(_)) => return Err(none()),
        Err(error) => return Err(Refused::failed(&error.into())),
    };
    let (key, name) = match which {
        Which::Html => (package.html, format!("{ticket}.html")),
        Which::Json => (package.json, format!("{ticket}.json")),
    };
    let address = app.carrier.packages.link(&key, &name, VALID).await.map_err(anyhow::Error::from)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response())
}
