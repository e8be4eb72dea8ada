//! A request about somebody of whom we hold much, and about somebody unknown, get the same answer; so do a file that
//! is not there and a wrong secret. How long each takes is printed, not judged: the distributions have to lie over
//! each other.

use std::time::Instant;

use local::desk::LocalDesk;
use serde_json::{Value, json};
use tests::World;
use tests::flow::THREAT;
use tests::interface::{Answer, begin, call, submit};
use tests::world::{FAN, STRANGER};

/// Everything of an answer but what is random in a receipt.
fn shape(answer: &Answer) -> (u64, Value, usize) {
    let mut headers = answer.headers.clone();
    if let Some(location) = headers.get_mut("location") {
        *location = json!(location.as_str().unwrap().len());
    }
    (answer.status, headers, answer.text.len())
}

/// Prints the quartiles of what a call took, in microseconds.
fn print(name: &str, mut took: Vec<u128>) {
    took.sort_unstable();
    let at = |part: usize| took[took.len() * part / 100];
    eprintln!(
        "{name:>28}: 5 % {:>6}, 25 % {:>6}, 50 % {:>6}, 75 % {:>6}, 95 % {:>6} µs",
        at(5),
        at(25),
        at(50),
        at(75),
        at(95)
    );
}

async fn timed(
    desk: &LocalDesk,
    method: &str,
    path: &str,
    secret: Option<&str>,
    body: Option<Value>,
) -> (Answer, u128) {
    let start = Instant::now();
    let answer = call(desk, method, path, secret, body).await;
    (answer, start.elapsed().as_micros())
}

#[tokio::test]
async fn who_it_is_about_changes_no_byte_of_the_receipt() {
    let world = Box::pin(World::new()).await;
    for _ in 0..20 {
        Box::pin(world.decided_reply(THREAT)).await;
    }
    let desk = world.desk();
    let about = |user: &str| json!({"rights": ["appi_disclosure"], "posts": [format!("https://x.com/{user}/status/2090000000000000001")]});
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..150 {
        let (a, took) = timed(&desk, "POST", "/requests", None, Some(about("fan_mihon"))).await;
        known.push(took);
        let (b, took) = timed(&desk, "POST", "/requests", None, Some(about("not_there1"))).await;
        unknown.push(took);
        assert_eq!(shape(&a), shape(&b));
    }
    print("submit, held", known);
    print("submit, not held", unknown);
}

#[tokio::test]
async fn beginning_tells_nothing_of_what_is_held() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(THREAT)).await;
    let desk = world.desk();
    let mut answers = Vec::new();
    for user in [FAN, STRANGER] {
        let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
        begin(&desk, &opened, user).await;
        let path = format!("/requests/{}", opened.ticket);
        let mut status = call(&desk, "GET", &path, Some(&opened.secret), None).await.json();
        status["ticket"] = json!("");
        answers.push(status);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_missing_file_and_a_wrong_secret_are_one_answer() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure", "appi_cessation"]})).await;
    let there = format!("/requests/{}", opened.ticket);
    let (mut wrong, mut missing) = (Vec::new(), Vec::new());
    for number in 0..300 {
        let secret = format!("{}{number:03}", &opened.secret[..opened.secret.len() - 3]);
        let (a, took) = timed(&desk, "GET", &there, Some(&secret), None).await;
        wrong.push(took);
        let (b, took) = timed(&desk, "GET", &format!("/requests/SK-{number:010}"), Some(&secret), None).await;
        missing.push(took);
        assert_eq!((a.status, a.headers, a.text), (404, b.headers, b.text));
    }
    print("status, wrong secret", wrong);
    print("status, no such file", missing);
    assert_eq!(call(&desk, "GET", &there, Some(&opened.secret), None).await.status, 200);
    assert_eq!(call(&desk, "GET", &there, None, None).await.status, 401);
}
