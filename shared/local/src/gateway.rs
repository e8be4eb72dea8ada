//! One address in front of the functions: real HTTP in, API Gateway events (payload 2.0) to the handlers.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_kit::objects::Objects;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::desk::LocalDesk;
use crate::stack::LocalWebhook;

/// API Gateway's own limit of a request, in bytes.
const LIMIT: usize = 10 * 1024 * 1024;

/// A running gateway; it stops when dropped.
#[derive(Debug)]
pub struct Gateway {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Gateway {
    /// Serves the functions on a port of loopback, 0 for a free one.
    ///
    /// # Errors
    /// When the port can't be opened.
    pub async fn start(webhook: Arc<LocalWebhook>, desk: Arc<LocalDesk>, port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.with_context(|| format!("port {port}"))?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(invoke).with_state((webhook, desk));
        let task = tokio::spawn(async move {
            // axum's serve never ends by itself.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Gateway { address, task })
    }

    /// The start of an address, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn invoke(State((webhook, desk)): State<(Arc<LocalWebhook>, Arc<LocalDesk>)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LIMIT).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let event = event(parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or(""), &parts.headers, &body);
    if let Some(word) = parts.uri.path().strip_prefix("/objects/") {
        return object(&desk, word).await;
    }
    // As the routes of the deployed interface are shared out.
    let answer = match parts.uri.path().split('/').nth(1) {
        Some("x" | "youtube") => webhook.handle(event).await,
        Some(_) | None => desk.handle(event).await,
    };
    match answer {
        Ok(answer) => answer_of(&answer),
        // As API Gateway answers for a function that failed.
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "function failed");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

/// An object at the address that was given for it, as S3 answers for a signed one.
async fn object(desk: &LocalDesk, word: &str) -> Response {
    let packages = &desk.app().carrier.packages;
    let Some((key, name)) = packages.linked(word) else { return StatusCode::FORBIDDEN.into_response() };
    let kind = if name.ends_with(".json") { "application/json" } else { "text/html; charset=utf-8" };
    match packages.get(&key).await {
        Ok(Some(body)) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
        }
        Ok(None) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The event that API Gateway makes of a request (HTTP API, payload format 2.0).
pub fn event(method: &str, path: &str, query: &str, headers: &HeaderMap, body: &Bytes) -> Value {
    let mut names = Map::new();
    for name in headers.keys() {
        let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        names.insert(name.as_str().to_owned(), Value::String(values.join(",")));
    }
    let (text, is_base64) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (BASE64_STANDARD.encode(body), true),
    };
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": names,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": "localhost",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""},
            "requestId": "local",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 0,
        },
        "body": text,
        "isBase64Encoded": is_base64,
    })
}

fn answer_of(answer: &Value) -> Response {
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(502);
    let text = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => BASE64_STANDARD.decode(text).unwrap_or_default(),
        Some(false) | None => text.as_bytes().to_vec(),
    };
    let mut response = Response::builder().status(status);
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        response = response.header(name, value.as_str().unwrap_or_default());
    }
    response.body(Body::from(body)).unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}
