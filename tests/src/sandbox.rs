//! A function's own binary behind Lambda's runtime API.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

/// How long a sandbox may take to start and answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running function; it ends when dropped.
pub struct Sandbox {
    child: Child,
    task: JoinHandle<()>,
    events: mpsc::Sender<Value>,
    answers: mpsc::Receiver<Result<Value, Value>>,
}

struct Api {
    events: Mutex<mpsc::Receiver<Value>>,
    answers: mpsc::Sender<Result<Value, Value>>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sandbox {
    /// Starts the binary that `tests/run` built of a function, with nothing but these variables.
    pub async fn start(function: &str, variables: &BTreeMap<String, String>) -> Sandbox {
        let (events, handed) = mpsc::channel(1);
        let (answered, answers) = mpsc::channel(1);
        let api = Arc::new(Api { events: Mutex::new(handed), answers: answered });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(api);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let child = Command::new(binary(function))
            .env_clear()
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", function)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Sandbox { child, task, events, answers }
    }

    /// One invocation: its answer, or its error.
    pub async fn invoke(&mut self, event: Value) -> Result<Value, Value> {
        self.events.send(event).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.answers.recv()).await;
        answer.expect("the function did not answer").expect("the runtime API is gone")
    }
}

/// What `cargo build` made of a function, or of another program of ours, in this profile.
pub fn binary(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
    target.join("debug").join(name)
}

async fn next(State(api): State<Arc<Api>>) -> Response {
    let Some(event) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = jiff::Timestamp::now().as_millisecond() + 60_000;
    let headers = [
        ("lambda-runtime-aws-request-id", "00000000-0000-4000-8000-000000000001".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:local:000000000000:function:sandbox".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event.to_string()).into_response()
}

async fn response(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    api.answers.send(Ok(serde_json::from_slice(&body).unwrap())).await.unwrap();
    StatusCode::ACCEPTED
}

async fn error(State(api): State<Arc<Api>>, Path(_): Path<String>, body: Bytes) -> StatusCode {
    api.answers.send(Err(serde_json::from_slice(&body).unwrap())).await.unwrap();
    StatusCode::ACCEPTED
}
