//! Errors over HTTP as problem details (RFC 9457): what a caller may know, nothing of the inside.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde::Serialize;

use crate::http::RequestError;

/// An error answer. Its title is the status code's phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status code to answer with.
    pub status: StatusCode,
    /// What the caller did wrong or can do, in fixed words that quote nothing.
    pub detail: Option<&'static str>,
    /// The fields that do not fit, where it is the body.
    pub errors: Vec<Misfit>,
}

/// A field that does not fit, as the example of RFC 9457, section 3, tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// Where it stands: a JSON pointer as a URI fragment, for example `#/rights/0`.
    pub pointer: String,
    /// What is expected there; quotes nothing of what stands there.
    pub detail: String,
}

impl Problem {
    /// A problem that says no more than its status code.
    pub fn new(status: StatusCode) -> Self {
        Self { status, detail: None, errors: Vec::new() }
    }

    /// Says what the caller did wrong or can do.
    #[must_use]
    pub fn detail(self, detail: &'static str) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// Says which field does not fit.
    #[must_use]
    pub fn misfit(mut self, misfit: Misfit) -> Self {
        self.errors.push(misfit);
        self
    }

    /// The answer, of type `application/problem+json`.
    pub fn response(&self) -> Response<Full<Bytes>> {
        let mut body = serde_json::json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
        });
        if let Some(detail) = self.detail {
            body["detail"] = detail.into();
        }
        if !self.errors.is_empty() {
            body["errors"] = serde_json::json!(self.errors);
        }
        let mut response = Response::new(Full::from(body.to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::InvalidBase64 => Self::new(StatusCode::BAD_REQUEST).detail("The body is not valid base64."),
            RequestError::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE).detail("The body is too large."),
            RequestError::InvalidUri => Self::new(StatusCode::BAD_REQUEST).detail("The address is not valid."),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    use super::*;

    async fn body(problem: Problem) -> Value {
        let bytes = problem.response().into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_problem_has_the_members_of_the_rfc() {
        let problem = Problem::new(StatusCode::NOT_FOUND).detail("No such topic.");
        assert_eq!(problem.response().status(), StatusCode::NOT_FOUND);
        assert_eq!(problem.response().headers()[CONTENT_TYPE], "application/problem+json");
        let members = json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No such topic."});
        assert_eq!(body(problem).await, members);
        let members = json!({"type": "about:blank", "title": "Unauthorized", "status": 401});
        assert_eq!(body(Problem::new(StatusCode::UNAUTHORIZED)).await, members);
        let misfit = Misfit { pointer: "#/hub.mode".to_owned(), detail: "This is missing.".to_owned() };
        let told = body(Problem::new(StatusCode::UNPROCESSABLE_ENTITY).misfit(misfit)).await;
        assert_eq!(told["errors"], json!([{"pointer": "#/hub.mode", "detail": "This is missing."}]));
    }

    #[test]
    fn requests_that_cannot_be_read_are_the_callers_fault() {
        assert_eq!(Problem::from(RequestError::InvalidBase64).status.as_u16(), 400);
        assert_eq!(Problem::from(RequestError::InvalidUri).status.as_u16(), 400);
        assert_eq!(Problem::from(RequestError::TooLarge { limit: 1 }).status.as_u16(), 413);
    }
}
