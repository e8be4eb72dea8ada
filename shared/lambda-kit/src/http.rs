//! Requests and responses between API Gateway events and the `http` crate's types.
//!
//! The body's bytes are the sender's, so that a signature can be checked over them: text as it
//! came, base64 decoded. Shapes: AWS, "Working with AWS Lambda proxy integrations for HTTP APIs",
//! payload format 2.0; a Function URL has the same.

use std::borrow::Cow;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use http_body_util::BodyExt;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a path may not hold unencoded; `%` stays, since an encoded path stays as it is.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');
/// The same for a query, where `?` may stand.
const NOT_IN_QUERY: &AsciiSet = &NOT_IN_PATH.remove(b'?');

/// Why an event is no request that we can hand on. Quotes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The body is said to be base64 and is not: 400.
    #[error("the body is not valid base64")]
    InvalidBase64,
    /// The body has more bytes than the limit given: 413.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// In bytes, after decoding.
        limit: usize,
    },
    /// Path or query make no address: 400.
    #[error("the path or query is not valid")]
    InvalidUri,
}

/// Makes a request of an event. The path is without the stage's name, the query as it was sent
/// (AWS's map joins values with commas, which cannot be undone), cookies are in their header
/// again, and headers given several times stay several.
///
/// # Errors
/// See [`RequestError`]; `limit` is the most bytes that the body may have.
pub fn request(event: ApiGatewayV2httpRequest, limit: usize) -> Result<http::Request<Bytes>, RequestError> {
    let uri = uri(&event)?;
    let body = body(event.body.unwrap_or_default(), event.is_base64_encoded, limit)?;
    let mut request = http::Request::new(body);
    *request.method_mut() = event.request_context.http.method;
    *request.uri_mut() = uri;
    *request.headers_mut() = event.headers;
    let cookies = event.cookies.unwrap_or_default().join("; ");
    if let Ok(cookies) = HeaderValue::from_str(&cookies)
        && !cookies.is_empty()
    {
        request.headers_mut().insert(COOKIE, cookies);
    }
    Ok(request)
}

fn body(text: String, is_base64: bool, limit: usize) -> Result<Bytes, RequestError> {
    let too_large = RequestError::TooLarge { limit };
    if !is_base64 {
        return if text.len() > limit { Err(too_large) } else { Ok(Bytes::from(text)) };
    }
    // Refused by its length before any memory is taken for it.
    if base64::decoded_len_estimate(text.len()) > limit.saturating_add(3) {
        return Err(too_large);
    }
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| RequestError::InvalidBase64)?;
    if bytes.len() > limit { Err(too_large) } else { Ok(Bytes::from(bytes)) }
}

fn uri(event: &ApiGatewayV2httpRequest) -> Result<http::Uri, RequestError> {
    let path = event.raw_path.as_deref().unwrap_or("/");
    let stage = event.request_context.stage.as_deref().unwrap_or("$default");
    // API Gateway hands on the path decoded.
    let path: Cow<'_, str> = utf8_percent_encode(without_stage(path, stage), NOT_IN_PATH).into();
    let query = event.raw_query_string.as_deref().unwrap_or_default();
    let address = if query.is_empty() {
        path.into_owned()
    } else {
        format!("{path}?{}", utf8_percent_encode(query, NOT_IN_QUERY))
    };
    if !address.starts_with('/') {
        return Err(RequestError::InvalidUri);
    }
    address.parse().map_err(|_| RequestError::InvalidUri)
}

/// A named stage is the first segment of the raw path; the default stage is not.
fn without_stage<'a>(path: &'a str, stage: &str) -> &'a str {
    match path.strip_prefix('/').and_then(|rest| rest.strip_prefix(stage)) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        Some(_) | None => path,
    }
}

/// Makes the event that answers a request. A body that is not UTF-8 goes as base64, headers given
/// several times are joined by commas (payload format 2.0 has no list), cookies go on their own.
///
/// # Errors
/// The body could not be read to its end.
pub async fn response<B: BodyExt>(response: http::Response<B>) -> Result<ApiGatewayV2httpResponse, B::Error> {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await?.to_bytes();
    let mut event = ApiGatewayV2httpResponse::default();
    event.status_code = i64::from(parts.status.as_u16());
    event.headers = joined(&parts.headers);
    let cookies = parts.headers.get_all(SET_COOKIE).iter();
    event.cookies = cookies.filter_map(|cookie| cookie.to_str().ok().map(str::to_owned)).collect();
    if !bytes.is_empty() {
        let (body, is_base64) = match String::from_utf8(bytes.into()) {
            Ok(text) => (text, false),
            Err(not_text) => (BASE64_STANDARD.encode(not_text.as_bytes()), true),
        };
        event.body = Some(Body::Text(body));
        event.is_base64_encoded = is_base64;
    }
    Ok(event)
}

/// Headers with one value each. A value that is not visible ASCII has no place in the event.
fn joined(headers: &HeaderMap) -> HeaderMap {
    let mut joined = HeaderMap::with_capacity(headers.keys_len());
    for name in headers.keys().filter(|name| *name != SET_COOKIE) {
        let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        if let Ok(value) = HeaderValue::from_str(&values.join(", ")) {
            joined.insert(name, value);
        }
    }
    joined
}

#[cfg(test)]
mod tests;
