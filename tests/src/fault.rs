//! A proxy in front of the engine that fails on demand, as the engine alone does not: throttling, conflicts, answers
//! that get lost, a process that dies, an index that lags.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused for its rate; nothing was done.
    Throttled,
    /// A transaction on the same items is under way; nothing was done. Other calls than transactions are throttled.
    Conflict,
    /// Nothing was done, and no answer comes.
    Unanswered,
    /// It was done, and its answer gets lost.
    AnswerLost,
    /// From this call on nothing is done and nothing answered: the sandbox is dead. `after` says whether this very
    /// call was still done.
    Dead {
        /// Whether this call was done.
        after: bool,
    },
    /// An eventually consistent read finds nothing yet; others are answered as they are.
    Stale,
}

/// What fails: calls by their place in the order of calling, from 0, or all calls that carry certain words.
#[derive(Debug, Default)]
struct Plan {
    faults: Vec<(usize, Fault)>,
    words: Vec<String>,
    worded: Option<Fault>,
    calls: Vec<String>,
    dead: bool,
}

/// A running proxy; it stops when dropped.
pub struct Proxy {
    /// Where it listens.
    pub address: String,
    plan: Arc<Mutex<Plan>>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    engine: String,
    client: reqwest::Client,
    plan: Arc<Mutex<Plan>>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// A proxy in front of the engine at `engine`, with the faults of calls by their place.
    pub async fn start(engine: &str, faults: Vec<(usize, Fault)>) -> Proxy {
        Proxy::over(engine, Plan { faults, ..Plan::default() }).await
    }

    /// A proxy in front of the engine at `engine`; every call whose body holds all of these words meets the fault.
    pub async fn on(engine: &str, words: &[&str], fault: Fault) -> Proxy {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Proxy::over(engine, Plan { words, worded: Some(fault), ..Plan::default() }).await
    }

    async fn over(engine: &str, plan: Plan) -> Proxy {
        let plan = Arc::new(Mutex::new(plan));
        platforms::install_crypto();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let shared = Shared { engine: engine.to_owned(), client, plan: Arc::clone(&plan) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(forward).with_state(shared);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Proxy { address, plan, task }
    }

    /// Names of the operations called so far, retries included.
    pub fn calls(&self) -> Vec<String> {
        self.plan.lock().unwrap().calls.clone()
    }
}

async fn forward(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let fault = {
        let mut plan = shared.plan.lock().unwrap();
        let place = plan.calls.len();
        plan.calls.push(operation.clone());
        let text = String::from_utf8_lossy(&body);
        let worded = plan.worded.filter(|_| plan.words.iter().all(|word| text.contains(word.as_str())));
        let fault = plan.faults.iter().find(|(at, _)| *at == place).map(|(_, fault)| *fault).or(worded);
        if plan.dead {
            Some(Fault::Unanswered)
        } else {
            plan.dead = matches!(fault, Some(Fault::Dead { .. }));
            fault
        }
    };
    match fault {
        None => pass(&shared, headers, body).await,
        Some(Fault::Throttled) => refused("ProvisionedThroughputExceededException", &json!([])),
        Some(Fault::Conflict) if operation == "TransactWriteItems" => {
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            let items = request["TransactItems"].as_array().map_or(1, Vec::len);
            let mut reasons = vec![json!({"Code": "None"}); items];
            reasons[0] = json!({"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"});
            refused("TransactionCanceledException", &Value::Array(reasons))
        }
        Some(Fault::Conflict) => refused("ThrottlingException", &json!([])),
        Some(Fault::Unanswered | Fault::Dead { after: false }) => cut(),
        Some(Fault::AnswerLost | Fault::Dead { after: true }) => {
            pass(&shared, headers, body).await;
            cut()
        }
        Some(Fault::Stale) => {
            let request: Value = serde_json::from_slice(&body).unwrap_or_default();
            match (operation.as_str(), request["ConsistentRead"].as_bool()) {
                ("Query", None | Some(false)) => {
                    json_answer(StatusCode::OK, &json!({"Items": [], "Count": 0, "ScannedCount": 0}))
                }
                ("GetItem", None | Some(false)) => json_answer(StatusCode::OK, &json!({})),
                _ => pass(&shared, headers, body).await,
            }
        }
    }
}

async fn pass(shared: &Shared, mut headers: HeaderMap, body: Bytes) -> Response {
    headers.remove("host");
    headers.remove("content-length");
    let sent = shared.client.post(&shared.engine).headers(headers).body(body).send().await.unwrap();
    let status = sent.status();
    let mut answer = Response::builder().status(status.as_u16());
    for name in ["content-type", "x-amz-crc32", "x-amzn-requestid"] {
        if let Some(value) = sent.headers().get(name) {
            answer = answer.header(name, value.as_bytes());
        }
    }
    answer.body(Body::from(sent.bytes().await.unwrap())).unwrap()
}

fn refused(code: &str, reasons: &Value) -> Response {
    let body = json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
        "message": "refused on demand",
        "CancellationReasons": reasons,
    });
    json_answer(StatusCode::BAD_REQUEST, &body)
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    (status, [("content-type", "application/x-amz-json-1.0")], body.to_string()).into_response()
}

/// An answer that breaks off: the body promises more than it holds.
fn cut() -> Response {
    let broken = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut on demand")) });
    Response::builder().status(200).body(Body::from_stream(broken)).unwrap()
}
