//! Bodies as types: what a body says wrong is told, what it said is not quoted.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::misfit;
use super::problem::Refused;

fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

/// A JSON body, which is an object in all calls.
pub(super) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Refused> {
    if !is(headers, "application/json") {
        return Err(Refused::because(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send application/json."));
    }
    // Of an array serde would take the fields of a struct one by one.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(match serde_json::from_slice::<IgnoredAny>(body) {
            Ok(_) => Refused::unfit("#", "Expected an object."),
            Err(_) => not_json(),
        });
    }
    let mut parser = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut parser).map_err(|error| match error.inner().classify() {
        Category::Data => misfit::refused(&error),
        Category::Io | Category::Syntax | Category::Eof => not_json(),
    })?;
    parser.end().map_err(|_| not_json())?;
    Ok(parsed)
}

fn not_json() -> Refused {
    Refused::because(StatusCode::BAD_REQUEST, "The body is not valid JSON.")
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
        .ok_or_else(|| Refused::unfit(format!("#/{name}"), "Expected 1 to 200 bytes."))
}
