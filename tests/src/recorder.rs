//! A proxy between a function and its AWS that passes everything on and keeps the kinds of calls.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::calls::{self, Call};

/// A running proxy; it stops when dropped.
pub struct Recorder {
    /// Where it listens.
    pub address: String,
    sent: Arc<Mutex<Vec<String>>>,
    stored: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    function: &'static str,
    target: String,
    names: Arc<BTreeMap<String, String>>,
    client: reqwest::Client,
    sent: Arc<Mutex<Vec<String>>>,
    stored: Arc<Mutex<Vec<String>>>,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Recorder {
    /// Stands between a function and the services at `target`. `names` gives the template's names for those that the
    /// deployed resources have.
    pub async fn start(function: &'static str, target: &str, names: Arc<BTreeMap<String, String>>) -> Recorder {
        platforms::install_crypto();
        let (sent, stored) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<Mutex<Vec<String>>>::default());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let target = target.to_owned();
        let shared = Shared { function, target, names, client, sent: Arc::clone(&sent), stored: Arc::clone(&stored) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(forward).with_state(shared);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Recorder { address, sent, stored, task }
    }

    /// Keys of the objects put so far.
    pub fn stored(&self) -> Vec<String> {
        self.stored.lock().unwrap().clone()
    }

    /// Bodies of the messages sent to queues, and raw letters sent by mail, so far.
    pub fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

async fn forward(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut seen = calls_of(&method, &uri, &headers, &body);
    for call in &mut seen {
        call.resource = named(&shared.names, &call.resource);
    }
    shared.sent.lock().unwrap().extend(message_of(&seen, &body));
    if seen.iter().any(|call| call.action == "s3:PutObject") {
        let key = uri.path().trim_start_matches('/').split_once('/').map(|(_, key)| key.to_owned());
        shared.stored.lock().unwrap().extend(key);
    }
    calls::keep(shared.function, seen);
    headers.remove("host");
    headers.remove("content-length");
    let sent = shared.client.request(method, format!("{}{uri}", shared.target)).headers(headers).body(body).send();
    let sent = sent.await.unwrap();
    let mut answer = Response::builder().status(sent.status().as_u16());
    for (name, value) in sent.headers() {
        if !["transfer-encoding", "content-length", "connection"].contains(&name.as_str()) {
            answer = answer.header(name.as_str(), value.as_bytes());
        }
    }
    answer.body(Body::from(sent.bytes().await.unwrap())).unwrap()
}

/// What a request sends to somebody: a message's body, a letter as it is.
fn message_of(seen: &[Call], body: &Bytes) -> Option<String> {
    let action = seen.first()?.action.as_str();
    let request = || serde_json::from_slice::<Value>(body).unwrap();
    match action {
        "sqs:SendMessage" => request()["MessageBody"].as_str().map(str::to_owned),
        "ses:SendRawEmail" => {
            let raw = BASE64_STANDARD.decode(request()["Content"]["Raw"]["Data"].as_str()?).unwrap();
            Some(String::from_utf8(raw).unwrap())
        }
        _ => None,
    }
}

/// The template's name of a resource: `Decisions/index/queue` of `stack-Decisions-1AB/index/queue`.
fn named(names: &BTreeMap<String, String>, resource: &str) -> String {
    let (head, rest) = resource.split_once('/').map_or((resource, None), |(head, rest)| (head, Some(rest)));
    let head = names.get(head).map_or(head, String::as_str);
    rest.map_or_else(|| head.to_owned(), |rest| format!("{head}/{rest}"))
}

/// What one request asks for; the service is the one that it is signed for.
fn calls_of(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Vec<Call> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scope = header("authorization").split("Credential=").nth(1).unwrap_or_default();
    let target = header("x-amz-target");
    let operation = target.rsplit('.').next().unwrap_or_default();
    let one = |action: String, resource: &str, keys: String| vec![Call { action, resource: resource.to_owned(), keys }];
    match scope.split('/').nth(3).unwrap_or_default() {
        "dynamodb" => calls::dynamodb(target, body),
        "sqs" => {
            let request: Value = serde_json::from_slice(body).unwrap();
            let queue = request["QueueUrl"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            one(format!("sqs:{operation}"), queue, "*".to_owned())
        }
        "secretsmanager" => {
            let request: Value = serde_json::from_slice(body).unwrap();
            let secret = request["SecretId"].as_str().unwrap_or("*");
            one(format!("secretsmanager:{operation}"), secret, "*".to_owned())
        }
        "s3" => objects(method, uri, headers),
        "ses" => match (method.as_str(), uri.path()) {
            ("POST", "/v2/email/outbound-emails") => {
                let request: Value = serde_json::from_slice(body).unwrap();
                let action = if request["Content"]["Raw"].is_object() { "ses:SendRawEmail" } else { "ses:SendEmail" };
                let call = |resource: &str| one(action.to_owned(), resource, "*".to_owned());
                // IAM asks for both: the sender's identity and the configuration set.
                let set = request["ConfigurationSetName"].as_str().map(call).unwrap_or_default();
                [call("DeskDomain"), set].concat()
            }
            other => panic!("SES: {other:?}"),
        },
        other => panic!("a call of {other:?}: {method} {uri}"),
    }
}

/// The calls of one request to S3; keys by their first folder.
fn objects(method: &Method, uri: &Uri, headers: &HeaderMap) -> Vec<Call> {
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let keys = key.split_once('/').map_or_else(|| "*".to_owned(), |(folder, _)| format!("{folder}/*"));
    let call = |action: &str| Call { action: format!("s3:{action}"), resource: bucket.to_owned(), keys: keys.clone() };
    match (method.as_str(), key) {
        ("GET", "") => vec![call("ListBucket")],
        ("GET" | "HEAD", _) => vec![call("GetObject")],
        // Retention in the same request needs a right of its own.
        ("PUT", _) if headers.contains_key("x-amz-object-lock-retain-until-date") => {
            vec![call("PutObject"), call("PutObjectRetention")]
        }
        ("PUT", _) => vec![call("PutObject")],
        ("DELETE", _) => vec![call("DeleteObject")],
        other => panic!("S3: {other:?}"),
    }
}
