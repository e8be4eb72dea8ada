//! The HTTP interface: routes, the document that describes them, and what holds for every call.
//!
//! Nothing here tells whether we hold anything of anybody: a request is answered the same way whoever it is about, and
//! a file that is not there like one whose secret is wrong.

mod access;
mod misfit;
mod package;
mod page;
mod parse;
mod problem;
mod status;
mod submit;
mod types;
mod verify;
mod withdraw;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::app::App;
use problem::Refused;

/// The network address that a call came from.
#[derive(Clone, Debug, Default)]
pub struct Caller(pub String);

/// All routes over the parts.
pub(crate) fn routes<O: Shelf + 'static, M: Mailer + 'static>(app: Arc<App<O, M>>) -> Router {
    Router::new()
        .route("/requests", post(submit::submit))
        .route("/requests/{ticket}", get(status::status))
        .route("/requests/{ticket}/verify", post(verify::verify))
        .route("/requests/{ticket}/withdraw", post(withdraw::withdraw))
        .route("/requests/{ticket}/package", get(package::package))
        .route("/requests/{ticket}/page", get(page::show).post(page::enter))
        .route("/openapi.json", get(describe))
        .method_not_allowed_fallback(|| async { Refused::new(StatusCode::METHOD_NOT_ALLOWED).response() })
        .fallback(|| async { Refused::new(StatusCode::NOT_FOUND).response() })
        .with_state(app)
        .layer(middleware::map_response(never_kept))
}

/// No answer is kept by anybody on the way, and none tells an address to others.
async fn never_kept(mut answer: Response) -> Response {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// `GET /openapi.json`: the description of this interface.
async fn describe() -> Response {
    let mut answer = Response::new(Body::from(document()));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// The description of the interface, OpenAPI 3.1, as JSON.
pub fn document() -> String {
    let mut document = Description::openapi();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The secret that came with the ticket."))
        .build();
    let components = document.components.get_or_insert_default();
    components.security_schemes.insert("secret".to_owned(), SecurityScheme::Http(scheme).into());
    let json = document.to_pretty_json();
    json.map(|json| json + "\n").unwrap_or_default()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sekisho: privacy requests",
        description = "Send in a request about your own data, show control of your account, and fetch the answer.",
        version = "1",
    ),
    paths(
        submit::submit,
        status::status,
        verify::verify,
        withdraw::withdraw,
        package::package,
        page::show,
        page::enter,
    ),
    components(schemas(package::Which))
)]
struct Description;
