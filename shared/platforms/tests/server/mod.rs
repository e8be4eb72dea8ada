//! A platform on loopback that answers from a list and writes down what it was asked.
#![allow(clippy::unwrap_used, dead_code)] // each test program uses a part of it

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use casework::platform::PlatformError;
use platforms::{Hosts, Platforms, TokenSource};
use rules::Platform;
use secrecy::SecretString;
use serde_json::Value;

/// One request as it came.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// One answer: `status`, and perhaps `headers` and `body`.
pub(crate) type Answers = VecDeque<Value>;

#[derive(Clone)]
pub(crate) struct Server {
    answers: Arc<Mutex<Answers>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    address: String,
}

impl Server {
    /// Starts it with its answers; when they are used up it answers 418.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Value>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
            address: format!("http://{}/", listener.local_addr().unwrap()),
        };
        let state = server.clone();
        let router = Router::new().fallback(move |request| async move { state.answer(request).await });
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        self.asked.lock().unwrap().push(Asked {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or_else(|| serde_json::json!({ "status": 418 }));
        let status = StatusCode::from_u16(answer["status"].as_u64().unwrap().try_into().unwrap()).unwrap();
        let mut response = Response::builder().status(status);
        for (name, value) in answer["headers"].as_object().into_iter().flatten() {
            response = response.header(name, value.as_str().unwrap());
        }
        let body = answer.get("body").map(ToString::to_string).unwrap_or_default();
        response.header(header::CONTENT_TYPE, "application/problem+json").body(Body::from(body)).unwrap()
    }

    /// Clients that talk to this server.
    pub(crate) fn clients(&self) -> Platforms<Tokens> {
        clients(&self.address, Duration::from_secs(10))
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// Clients that take both platforms to be at `address`.
pub(crate) fn clients(address: &str, patience: Duration) -> Platforms<Tokens> {
    Platforms::new(Tokens, Hosts { patience, ..Hosts::at(address, address).unwrap() }).unwrap()
}

/// Gives `first`, and `second` after a refusal.
pub(crate) struct Tokens;

impl TokenSource for Tokens {
    async fn token(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Ok("first".into())
    }

    async fn renewed(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Ok("second".into())
    }

    async fn app_token(&self, _: Platform) -> Result<SecretString, PlatformError> {
        Ok("app".into())
    }
}
