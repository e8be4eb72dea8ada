//! The calls that each function makes of AWS, kept for the check of its policy: what the flows never ask for, no role
//! needs to grant.
//!
//! Written to the folder `SEKISHO_CALLS`, one file for each process, one line for each new call; nothing where that
//! is not set.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use bytes::Bytes;
use lambda_kit::objects::{ObjectError, Objects};
use serde::Serialize;
use serde_json::Value;

/// One kind of call, as a policy grants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Call {
    /// For example `dynamodb:PutItem`.
    pub action: String,
    /// For example `decisions`, `decisions/index/queue`, or a bucket's name.
    pub resource: String,
    /// What the key begins with, for example `POST#*`; `*` when that says nothing or the call has no key.
    pub keys: String,
}

#[derive(Serialize)]
struct Line<'a> {
    function: &'a str,
    #[serde(flatten)]
    call: &'a Call,
}

#[derive(Default)]
struct Seen {
    lines: BTreeSet<(String, Call)>,
    file: Option<File>,
}

static SEEN: Mutex<Option<Seen>> = Mutex::new(None);

/// Keeps the calls of a function that were not kept before.
pub fn keep(function: &str, calls: Vec<Call>) {
    let Some(folder) = std::env::var_os("SEKISHO_CALLS").map(PathBuf::from) else { return };
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let seen = seen.get_or_insert_default();
    for call in calls {
        if !seen.lines.insert((function.to_owned(), call.clone())) {
            continue;
        }
        let file = seen.file.get_or_insert_with(|| {
            std::fs::create_dir_all(&folder).unwrap();
            let name = folder.join(format!("{}.jsonl", std::process::id()));
            OpenOptions::new().create(true).append(true).open(name).unwrap()
        });
        let line = serde_json::to_string(&Line { function, call: &call }).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Watches a DynamoDB client on behalf of a function.
#[derive(Debug)]
pub struct Watch(pub &'static str);

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "calls"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        keep(self.0, sent(context));
        Ok(())
    }
}

/// The calls of a request that a client is about to send.
fn sent(context: &BeforeTransmitInterceptorContextRef<'_>) -> Vec<Call> {
    let request = context.request();
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    dynamodb(target, request.body().bytes().unwrap_or_default())
}

/// Writes down every call that a DynamoDB client makes, in order; copies write on one tape.
#[derive(Clone, Debug, Default)]
pub struct Tape(Arc<Mutex<Vec<Call>>>);

impl Tape {
    /// What was written down since it was taken last.
    pub fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same client, on this tape.
    pub fn on(&self, client: &aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(client.config().to_builder().interceptor(self.clone()).build())
    }
}

impl Intercept for Tape {
    fn name(&self) -> &'static str {
        "tape"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(sent(context));
        Ok(())
    }
}

/// The same client, watched on behalf of a function.
pub fn watched(function: &'static str, client: &aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(client.config().to_builder().interceptor(Watch(function)).build())
}

/// A folder of objects, watched on behalf of a function as the bucket that it stands for.
#[derive(Clone, Debug)]
pub struct Bucket<O> {
    /// The function.
    pub function: &'static str,
    /// The bucket, as the template calls it.
    pub name: &'static str,
    /// What stands for it.
    pub objects: O,
}

impl<O> Bucket<O> {
    fn keep(&self, action: &str, key: &str) {
        let keys = key.split_once('/').map_or_else(|| "*".to_owned(), |(folder, _)| format!("{folder}/*"));
        keep(self.function, vec![Call { action: format!("s3:{action}"), resource: self.name.to_owned(), keys }]);
    }
}

impl<O: Objects> Objects for Bucket<O> {
    async fn put(&self, key: &str, body: Bytes) -> Result<(), ObjectError> {
        self.keep("PutObject", key);
        self.objects.put(key, body).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        self.keep("GetObject", key);
        self.objects.get(key).await
    }

    async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        self.keep("DeleteObject", key);
        self.objects.delete(key).await
    }
}

/// The calls of one request to DynamoDB: a transaction is one for each of its items, as IAM sees it.
pub fn dynamodb(target: &str, body: &[u8]) -> Vec<Call> {
    let operation = target.rsplit('.').next().unwrap_or_default();
    let request: Value = serde_json::from_slice(body).unwrap();
    let on = |action: &str, request: &Value, keys: String| Call {
        action: format!("dynamodb:{action}"),
        resource: resource(request),
        keys,
    };
    match operation {
        "TransactWriteItems" | "TransactGetItems" => {
            let items = request["TransactItems"].as_array().into_iter().flatten();
            let parts = items.flat_map(|item| item.as_object().into_iter().flatten());
            parts.map(|(kind, part)| on(single(kind), part, family(&key_of(part)["pk"]))).collect()
        }
        "BatchGetItem" | "BatchWriteItem" => {
            let tables = request["RequestItems"].as_object().into_iter().flatten();
            tables
                .flat_map(|(table, requests)| {
                    batch_keys(requests).into_iter().map(|keys| Call {
                        action: format!("dynamodb:{operation}"),
                        resource: table.clone(),
                        keys,
                    })
                })
                .collect()
        }
        "Query" => vec![on(operation, &request, family(&queried(&request)))],
        "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" => {
            vec![on(operation, &request, family(&key_of(&request)["pk"]))]
        }
        _ => vec![on(operation, &request, "*".to_owned())],
    }
}

fn single(kind: &str) -> &'static str {
    match kind {
        "Put" => "PutItem",
        "Update" => "UpdateItem",
        "Delete" => "DeleteItem",
        "ConditionCheck" => "ConditionCheckItem",
        "Get" => "GetItem",
        other => panic!("a transaction's {other}"),
    }
}

fn resource(request: &Value) -> String {
    let table = request["TableName"].as_str().unwrap_or("*");
    match request["IndexName"].as_str() {
        Some(index) => format!("{table}/index/{index}"),
        None => table.to_owned(),
    }
}

fn key_of(part: &Value) -> &Value {
    if part["Key"].is_object() { &part["Key"] } else { &part["Item"] }
}

fn batch_keys(requests: &Value) -> BTreeSet<String> {
    let writes = requests.as_array().into_iter().flatten().map(|write| {
        let request = if write["PutRequest"].is_object() { &write["PutRequest"] } else { &write["DeleteRequest"] };
        family(&key_of(request)["pk"])
    });
    let reads = requests["Keys"].as_array().into_iter().flatten().map(|key| family(&key["pk"]));
    writes.chain(reads).collect()
}

/// The value that a query's condition wants of the partition key: the first that is compared for equality.
fn queried(request: &Value) -> Value {
    let condition = request["KeyConditionExpression"].as_str().unwrap_or_default();
    let equal = condition.split(" AND ").find_map(|part| part.split_once(" = ")).map(|(_, value)| value.trim());
    equal.map_or(Value::Null, |value| request["ExpressionAttributeValues"][value].clone())
}

/// `POST#*` of `POST#x#1`; `*` of a value without a word before a `#`.
fn family(value: &Value) -> String {
    let text = value["S"].as_str().unwrap_or_default();
    match text.split_once('#') {
        Some((word, _)) if !word.is_empty() => format!("{word}#*"),
        _ => "*".to_owned(),
    }
}
