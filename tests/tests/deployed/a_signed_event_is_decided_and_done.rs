//! A signed event in: a decision and an action out. Once on the embedded DynamoDB, once on moto's, so that every
//! expression holds on two engines that know nothing of each other.

use axum::body::Bytes;
use casework::decision::PostKey;
use casework::ledger::{CaseFile, Desk};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use local::gateway;
use local::simulator::deliver::x_event::{self, PostEvent};
use local::simulator::deliver::x_signature;
use local::simulator::x::{Link, User};
use local::stack::{X_USER, tick_event};
use rules::{Platform, Verdict};
use serde_json::{Value, json};
use tests::deliver::{headers, status};
use tests::flow::{THREAT, stream_event_of};
use tests::world::sqs_record;

use crate::account::{Account, Tables};

/// A fan's threat below a post of ours; gives its id and X's event about it.
fn threat(account: &Account, number: &str) -> (String, Bytes) {
    let mut x = account.local.x.simulator.state();
    let created_at = Timestamp::now() - SignedDuration::from_hours(24 * 900);
    let (id, username, name) = ("9000000000000007001".to_owned(), "fan_mihon".to_owned(), "ファン".to_owned());
    x.users.insert(
        id.clone(),
        User { id: id.clone(), username, name, description: String::new(), created_at, protected: false },
    );
    let root = x.write(X_USER, "新曲を公開しました", Link::None).unwrap();
    let reply = x.write(&id, THREAT, Link::Reply(&root)).unwrap();
    let body = x_event::post(&x, PostEvent::Reply, X_USER, &reply, number).unwrap();
    (reply, Bytes::from(body))
}

/// API Gateway's event about a delivery of X.
fn delivery(account: &Account, body: &Bytes) -> Value {
    let signature = x_signature(&account.local.secrets.x_consumer_secret[0], body);
    gateway::event("POST", "/x", "", &headers("x-twitter-webhooks-signature", &signature), body)
}

async fn case(account: &Account, tables: Tables, id: &str) -> Option<CaseFile> {
    let post = PostKey { platform: Platform::X, id: id.to_owned() };
    account.store(tables).case_file(&post, Timestamp::now()).await.unwrap()
}

async fn decided_and_done(tables: Tables) {
    let account = Account::new().await;
    let mut webhook = account.function("webhook", tables).await;
    let (id, body) = threat(&account, "1");
    let answer = webhook.sandbox.invoke(delivery(&account, &body)).await.unwrap();
    assert_eq!(status(&answer), 200, "{answer}");
    let file = case(&account, tables, &id).await.expect("a case");
    assert_eq!(file.decisions.last().unwrap().verdict, Verdict::Act);
    assert!(account.local.x.simulator.state().visible(&id));

    let mut enforce = account.function("enforce", tables).await;
    let planned: Vec<_> = file.actions.iter().map(|action| action.key.clone()).collect();
    let answer = enforce.sandbox.invoke(stream_event_of(&planned)).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert!(!account.local.x.simulator.state().visible(&id), "the reply is still in sight");

    // What is done is not due: the schedule's tick finds nothing.
    let hidden = account.local.x.simulator.effects(&id);
    enforce.sandbox.invoke(tick_event()).await.unwrap();
    assert_eq!(account.local.x.simulator.effects(&id), hidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_embedded_dynamodb() {
    decided_and_done(Tables::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_motos_own_dynamodb() {
    decided_and_done(Tables::Moto).await;
}

/// While the table cannot be reached the body waits in the bucket and its key on the queue; then it is decided and gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_recorded_waits_in_bucket_and_queue() {
    let account = Account::new().await;
    let (id, body) = threat(&account, "1");
    let mut cut_off = account.function("webhook", Tables::Nowhere).await;
    let answer = cut_off.sandbox.invoke(delivery(&account, &body)).await.unwrap();
    assert_eq!(status(&answer), 200, "{answer}");
    let parked = cut_off.services.sent();
    assert_eq!(parked.len(), 1);
    let bucket = account.bucket("Intake");
    assert_eq!(bucket.get(&parked[0]).await.unwrap().as_ref(), Some(&body), "the raw body is kept as it came");

    let mut webhook = account.function("webhook", Tables::Embedded).await;
    let answer = webhook.sandbox.invoke(json!({"Records": [sqs_record("1", &parked[0])]})).await.unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    let file = case(&account, Tables::Embedded, &id).await.expect("a case");
    assert_eq!(file.decisions.last().unwrap().verdict, Verdict::Act);
    assert_eq!(bucket.get(&parked[0]).await.unwrap(), None, "the parked body is gone");
}
