//! Bodies as types: what a body says wrong is told, what it said is not quoted.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::problem::Refused;

fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

/// A JSON body.
pub(super) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Refused> {
    if !is(headers, "application/json") {
        return Err(Refused::because(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json."));
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            Refused::because(StatusCode::UNPROCESSABLE_ENTITY, "The body does not follow the description of this call.")
        }
        serde_json::error::Category::Io | serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
            Refused::because(StatusCode::BAD_REQUEST, "The body is not valid JSON.")
        }
    })
}

/// One field of a form.
pub(super) fn form_field(headers: &HeaderMap, body: &Bytes, name: &str) -> Result<String, Refused> {
    if !is(headers, "application/x-www-form-urlencoded") {
        return Err(Refused::because(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/x-www-form-urlencoded."));
    }
    let mut fields = form_urlencoded::parse(body);
    let value = fields.find(|(field, _)| field == name).map(|(_, value)| value.trim().to_owned());
    value
        .filter(|value| !value.is_empty() && value.len() <= 200)
        .ok_or_else(|| Refused::because(StatusCode::UNPROCESSABLE_ENTITY, "The key is missing."))
}
