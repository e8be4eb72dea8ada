//! Refusals as problem details, with the headers that some of them need.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lambda_kit::problem::{Misfit, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What every refusal looks like (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    kind: String,
    /// The phrase of the status.
    title: String,
    /// The status.
    status: u16,
    /// What the caller can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The fields of the body that do not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<MisfitBody>>,
}

/// A field that does not fit.
#[derive(Serialize, ToSchema)]
#[schema(as = Misfit)]
pub(crate) struct MisfitBody {
    /// Where it stands: a JSON pointer as a URI fragment, for example `#/rights/0`.
    pointer: String,
    /// What is expected there.
    detail: String,
}

/// A call that is refused. Quotes nothing of it.
#[derive(Debug)]
pub(crate) struct Refused {
    problem: Problem,
    retry_after: Option<u32>,
}

impl Refused {
    pub(crate) fn new(status: StatusCode) -> Self {
        Refused { problem: Problem::new(status), retry_after: None }
    }

    pub(crate) fn because(status: StatusCode, detail: &'static str) -> Self {
        Refused { problem: Problem::new(status).detail(detail), retry_after: None }
    }

    /// A body of which a field does not fit.
    pub(crate) fn unfit(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let misfit = Misfit { pointer: pointer.into(), detail: detail.into() };
        let mut refused =
            Self::because(StatusCode::UNPROCESSABLE_ENTITY, "The body does not follow the description of this call.");
        refused.problem = refused.problem.misfit(misfit);
        refused
    }

    /// Too many calls within the hour.
    pub(crate) fn too_many() -> Self {
        let detail = "Too many calls from this address or for this mailbox. Try again in an hour.";
        Refused { problem: Problem::new(StatusCode::TOO_MANY_REQUESTS).detail(detail), retry_after: Some(3600) }
    }

    /// The one answer for a file that is not there, a wrong secret, and a ticket that is none.
    pub(crate) fn not_found() -> Self {
        let detail = "There is no such request, or the secret does not open it.";
        Refused::because(StatusCode::NOT_FOUND, detail)
    }

    /// Something of ours failed; the log has it.
    pub(crate) fn failed(error: &anyhow::Error) -> Self {
        tracing::error!(error = format!("{error:#}"), "call failed");
        Refused::because(StatusCode::SERVICE_UNAVAILABLE, "Try again later.")
    }

    pub(crate) fn response(self) -> Response {
        let mut answer = self.problem.response().map(Body::new);
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.problem.status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        self.response()
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        Refused::failed(&error)
    }
}
