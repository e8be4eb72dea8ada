//! A request about somebody of whom we hold much, and about somebody unknown, get the same answer by the same calls of
//! the store; so do a file that is not there and a wrong secret, wherever one is told. How long each takes is measured by
//! the example `answer_times`.

use serde_json::{Value, json};
use tests::World;
use tests::calls::{Call, Tape};
use tests::flow::THREAT;
use tests::interface::{Answer, begin, call, call_from, submit};
use tests::world::{FAN, STRANGER};

/// Everything of a receipt, with its random parts turned to as many dots.
fn shape(answer: &Answer) -> (u64, String, String) {
    let receipt = answer.json();
    let (mut headers, mut text) = (answer.headers.to_string(), answer.text.clone());
    for name in ["ticket", "secret"] {
        let random = receipt[name].as_str().unwrap();
        let dots = ".".repeat(random.len());
        (headers, text) = (headers.replace(random, &dots), text.replace(random, &dots));
    }
    (answer.status, headers, text)
}

#[tokio::test]
async fn who_it_is_about_changes_no_byte_of_the_receipt_and_no_call() {
    let world = Box::pin(World::new()).await;
    let mut post = String::new();
    for _ in 0..20 {
        post = Box::pin(world.decided_reply(THREAT)).await;
    }
    let tape = Tape::default();
    let desk = world.desk_on(&tape);
    let about = |user: &str, post: &str| {
        json!({"rights": ["appi_disclosure"], "email": "taro@example.jp",
        "posts": [format!("https://x.com/{user}/status/{post}")]})
    };
    let unknown = "9".repeat(post.len());
    let known = call(&desk, "POST", "/requests", None, Some(about("fan_mihon", &post))).await;
    let calls = tape.take();
    assert!(calls.len() >= 4, "{calls:?}");
    let other = call(&desk, "POST", "/requests", None, Some(about("not_there1", &unknown))).await;
    assert_eq!((shape(&known), calls), (shape(&other), tape.take()));
}

#[tokio::test]
async fn beginning_tells_nothing_of_what_is_held() {
    let world = Box::pin(World::new()).await;
    Box::pin(world.decided_reply(THREAT)).await;
    let tape = Tape::default();
    let desk = world.desk_on(&tape);
    let mut answers = Vec::new();
    for user in [FAN, STRANGER] {
        let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
        tape.take();
        begin(&desk, &opened, user).await;
        let calls = tape.take();
        let path = format!("/requests/{}", opened.ticket);
        let mut status = call(&desk, "GET", &path, Some(&opened.secret), None).await.json();
        status["ticket"] = json!("");
        answers.push((status, calls));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_missing_file_and_a_wrong_secret_are_one_answer_by_the_same_calls() {
    let world = Box::pin(World::new()).await;
    let tape = Tape::default();
    let desk = world.desk_on(&tape);
    let opened = submit(&desk, json!({"rights": ["appi_disclosure", "appi_cessation"]})).await;
    begin(&desk, &opened, FAN).await;
    let wrong = format!("{}0", &opened.secret[..opened.secret.len() - 1]);
    let bearer = format!("Bearer {wrong}");
    let form = "application/x-www-form-urlencoded";
    let ways = [
        ("GET", "", "authorization", bearer.as_str(), String::new()),
        ("GET", "/package", "authorization", bearer.as_str(), String::new()),
        ("POST", "/withdraw", "authorization", bearer.as_str(), String::new()),
        ("POST", "/verify", "authorization", bearer.as_str(), r#"{"step": "check"}"#.to_owned()),
        ("POST", "/page", "content-type", form, format!("key={wrong}")),
        ("POST", "/page", "content-type", form, "key=ABCD-EFGH".to_owned()),
    ];
    tape.take();
    for (method, way, header, value, body) in ways {
        let mut seen: Vec<(u64, Value, String, Vec<Call>)> = Vec::new();
        for ticket in [opened.ticket.to_string(), "SK-0000000000".to_owned(), "no-ticket".to_owned()] {
            let path = format!("/requests/{ticket}{way}");
            let answer = call_from(&desk, "192.0.2.1", method, &path, &[(header, value)], &body).await;
            seen.push((answer.status, answer.headers, answer.text, tape.take()));
        }
        assert_eq!(seen[0].0, 404, "{method} {way}");
        assert!(seen[0].3.len() >= 2, "{method} {way}: {:?}", seen[0].3);
        assert_eq!((&seen[0], &seen[0]), (&seen[1], &seen[2]), "{method} {way}");
    }
    let there = format!("/requests/{}", opened.ticket);
    assert_eq!(call(&desk, "GET", &there, Some(&opened.secret), None).await.status, 200);
    assert_eq!(call(&desk, "GET", &there, None, None).await.status, 401);
}
