//! One call as it came over the wire, the answer to it, and the line that the request log keeps.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use jiff::Timestamp;
use serde_json::Value;

use super::fault::Fault;

/// How a call stands to the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// A method and path of the simulated contract.
    Contract,
    /// An endpoint that publishes, likes, follows, replies or messages: always refused, never wanted.
    Publishing,
    /// No endpoint that the contract knows.
    Unknown,
}

/// One call, decoded no further than HTTP does.
#[derive(Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path, as sent.
    pub path: String,
    /// The query, decoded, in the order sent.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Call {
    /// The path's parts without empty ones.
    pub fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// The bearer token, if the call carries one.
    pub fn bearer(&self) -> Option<&str> {
        self.headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
    }

    /// The body as JSON, if the call says that it is JSON and it is.
    pub fn json(&self) -> Option<Value> {
        let kind = self.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "application/json" {
            return None;
        }
        serde_json::from_slice(&self.body).ok()
    }

    /// The value of a query parameter: the first, when it is repeated.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The values of a list parameter, whether repeated, joined by commas or both.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(',')).collect()
    }
}

/// What the platform answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// Content type and body; none for an empty answer.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Ids on which the call was carried out.
    pub performed: Vec<String>,
    /// Ids of which it changed what is shown.
    pub changed: Vec<String>,
}

impl Answer {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: &Value) -> Answer {
        Answer::of_type(status, "application/json; charset=utf-8", body)
    }

    /// An answer with a JSON body under another content type.
    pub fn of_type(status: u16, kind: &'static str, body: &Value) -> Answer {
        Answer { status, body: Some((kind, body.to_string().into_bytes())), ..Answer::default() }
    }

    /// Marks what the call was carried out on and, if it changed anything there, that too.
    pub fn acting_on(mut self, id: &str, changed: bool) -> Answer {
        self.performed.push(id.to_owned());
        if changed {
            self.changed.push(id.to_owned());
        }
        self
    }
}

/// One line of the request log.
#[derive(Clone)]
pub struct Request {
    /// When the call arrived, by the simulator's clock.
    pub at: Timestamp,
    /// The call's method.
    pub method: Method,
    /// The call's path.
    pub path: String,
    /// The call's query, decoded, in the order sent.
    pub query: Vec<(String, String)>,
    /// The call's body.
    pub body: Bytes,
    /// The name of the token that it carried, never its value; none for an unknown or missing token.
    pub token: Option<String>,
    /// How the call stands to the contract.
    pub endpoint: Endpoint,
    /// The fault that met it.
    pub fault: Option<Fault>,
    /// The status answered; none while held back or when the connection was closed.
    pub status: Option<u16>,
}

impl fmt::Debug for Request {
    // Query and body may hold what people wrote, so they are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("endpoint", &self.endpoint)
            .field("fault", &self.fault)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
