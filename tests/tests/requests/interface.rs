//! The interface keeps to its description, refuses what does not fit, and does not let anybody call without end.

use data_request::carry::Limits;
use privacy::clocks::Clock;
use privacy::law::DeadlineKind;
use privacy::mail::thread::TicketId;
use serde_json::{Value, json};
use tests::World;
use tests::interface::{UNLIMITED, call, call_from, submit, tick, verify};
use tests::world::FAN;

const POST: &str = "https://x.com/taro_mihon/status/1800000000000000001";

#[test]
fn the_description_in_the_repository_is_that_of_the_code() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions/data-request/openapi.json");
    let generated = data_request::api::document();
    if std::env::var_os("SEKISHO_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), generated, "SEKISHO_WRITE_OPENAPI=1 writes it anew");
    let document: Value = serde_json::from_str(&generated).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["paths"].as_object().unwrap().len(), 6);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_as_a_problem() {
    let world = World::new().await;
    let desk = world.desk();
    let json_type = [("content-type", "application/json")];
    type Case<'a> = (&'a str, &'a str, &'a [(&'static str, &'a str)], &'a str, u64);
    let cases: [Case<'_>; 9] = [
        ("POST", "/requests", &json_type, "{", 400),
        ("POST", "/requests", &json_type, "{}", 422),
        ("POST", "/requests", &json_type, r#"{"rights":[]}"#, 422),
        ("POST", "/requests", &json_type, r#"{"rights":["everything"]}"#, 422),
        ("POST", "/requests", &json_type, r#"{"rights":["appi_disclosure"],"surprise":1}"#, 422),
        ("POST", "/requests", &[("content-type", "text/plain")], r#"{"rights":["appi_disclosure"]}"#, 415),
        ("POST", "/requests", &json_type, r#"{"rights":["appi_disclosure"],"email":"a@b"}"#, 422),
        ("DELETE", "/requests", &[], "", 405),
        ("GET", "/nothing", &[], "", 404),
    ];
    for (method, path, headers, body, expected) in cases {
        let answer = call_from(&desk, "192.0.2.1", method, path, headers, body).await;
        assert_eq!(answer.status, expected, "{method} {path} {body}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path} {body}");
        assert_eq!(answer.json()["status"], expected);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    assert!(world.items_of_requests().await.iter().all(|item| !item["pk"].as_str().unwrap().starts_with("REQUEST#")));
}

/// What the description says of a refusal.
fn problem_schema() -> jsonschema::Validator {
    let mut document: Value = serde_json::from_str(&data_request::api::document()).unwrap();
    let components = document["components"].take();
    jsonschema::validator_for(&json!({"$ref": "#/components/schemas/Problem", "components": components})).unwrap()
}

#[tokio::test]
async fn a_field_that_does_not_fit_is_named_and_what_stood_there_is_not_quoted() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    let (requests, verify) = ("/requests".to_owned(), format!("/requests/{}/verify", opened.ticket));
    let page = format!("/requests/{}/page", opened.ticket);
    let right = "appi_disclosure";
    let cases = [
        (&requests, "[]".to_owned(), "#", "Expected an object."),
        (&requests, json!([[right], [], null, null, null]).to_string(), "#", "Expected an object."),
        (&requests, "{}".to_owned(), "#/rights", "This is missing."),
        (&requests, json!({"rights": right}).to_string(), "#/rights", "Expected a sequence."),
        (&requests, json!({"rights": []}).to_string(), "#/rights", "Expected 1 to 8 rights."),
        (&requests, json!({"rights": vec![right; 9]}).to_string(), "#/rights", "Expected 1 to 8 rights."),
        (&requests, json!({"rights": [right, "taro"]}).to_string(), "#/rights/1", "`appi_disclosure`"),
        (&requests, json!({"rights": [{right: null}]}).to_string(), "#/rights/0", "Expected a string."),
        (&requests, format!(r#"{{"rights":["{right}"],"rights":[]}}"#), "#/rights", "This is given twice."),
        (
            &requests,
            json!({"rights": [right], "posts": ["https://x.com/taro"]}).to_string(),
            "#/posts/0",
            "matches ^https",
        ),
        (&requests, json!({"rights": [right], "posts": vec![POST; 21]}).to_string(), "#/posts", "Expected 20 posts"),
        (
            &requests,
            json!({"rights": [right], "email": "taro@b"}).to_string(),
            "#/email",
            "254 characters that matches",
        ),
        (&requests, json!({"rights": [right], "email": 5}).to_string(), "#/email", "Expected a string."),
        (&requests, json!({"rights": [right], "language": "taro"}).to_string(), "#/language", "Expected `ja` or `en`."),
        (
            &requests,
            json!({"rights": [right], "form": "taro, expected `taro`"}).to_string(),
            "#/form",
            "Expected one of `e",
        ),
        (
            &requests,
            json!({"rights": [right], "taro`, expected `": 1}).to_string(),
            "#",
            "Expected one of `rights`, `p",
        ),
        (&verify, "{}".to_owned(), "#/step", "This is missing."),
        (&verify, json!({"step": "taro"}).to_string(), "#/step", "Expected `begin` or `check`."),
        (
            &verify,
            json!({"step": "begin", "platform": "x", "account": "a"}).to_string(),
            "#/consent",
            "This is missing.",
        ),
        (&verify, begin("taro", "a", true), "#/platform", "Expected `x` or `youtube`."),
        (&verify, begin("x", "taro mihon", true), "#/account", "at most 41 characters that matches ^@?"),
        (&verify, begin("x", "taro", false), "#/consent", "Expected true: "),
        (&page, "key=".to_owned(), "#/key", "Expected 1 to 200 bytes."),
    ];
    let schema = problem_schema();
    let bearer = format!("Bearer {}", opened.secret);
    for (path, body, pointer, detail) in cases {
        let kind = if *path == page { "application/x-www-form-urlencoded" } else { "application/json" };
        let headers = [("content-type", kind), ("authorization", bearer.as_str())];
        let answer = call_from(&desk, "192.0.2.1", "POST", path, &headers, &body).await;
        assert_eq!(answer.status, 422, "{path} {body}");
        let problem = answer.json();
        let errors: Vec<String> = schema.iter_errors(&problem).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{problem}");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{path} {body}: {problem}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{path} {body}: {problem}");
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains(detail), "{path} {body}: {problem}");
        assert!(!answer.text.contains("taro"), "{path} {body}: {problem}");
    }
    for broken in ["[", r#"{"rights":["appi_disclosure"]}}"#, r#"{"rights":["appi_disclosure""#, ""] {
        let answer =
            call_from(&desk, "192.0.2.1", "POST", "/requests", &[("content-type", "application/json")], broken);
        let answer = answer.await;
        assert_eq!((answer.status, answer.json()["errors"].is_null()), (400, true), "{broken}");
    }
    assert_eq!(world.happened(&opened.ticket).await, ["received", "duty_met"]);
}

fn begin(platform: &str, account: &str, consent: bool) -> String {
    json!({"step": "begin", "platform": platform, "account": account, "consent": consent}).to_string()
}

#[tokio::test]
async fn the_status_tells_how_each_right_stands_and_until_when() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["x_content_deletion", "appi_purpose_notice"]})).await;
    let status = call(&desk, "GET", &format!("/requests/{}", opened.ticket), Some(&opened.secret), None).await.json();
    assert_eq!(status["verified"], false);
    let states: Vec<_> = status["items"].as_array().unwrap().iter().map(|item| item["state"].clone()).collect();
    assert_eq!(states, [json!("open"), json!("unverified")], "the purpose of use is told to anybody");
    // 24 hours after noon in Tokyo on the 20th.
    assert_eq!(status["items"][1]["answer_by"], "2026-11-21T03:00:00Z");
}

#[tokio::test]
async fn the_receipt_tells_what_has_to_be_shown_and_until_when_each_right_is_answered() {
    let world = World::new().await;
    let desk = world.desk();
    let body = json!({"rights": ["appi_cessation", "ccpa_delete"]});
    let receipt = call(&desk, "POST", "/requests", None, Some(body)).await.json();
    let answer_by = [json!("2026-12-04T15:00:00Z"), json!("2027-01-04T08:00:00Z")];
    for (item, answer_by) in receipt["items"].as_array().unwrap().iter().zip(answer_by) {
        assert_eq!((&item["state"], &item["answer_by"]), (&json!("unverified"), &answer_by), "no step on the way");
    }
    // With that, nobody is owed a receipt any more.
    let ticket = TicketId::parse(receipt["ticket"].as_str().unwrap()).unwrap();
    let file = world.request(&ticket).await;
    let is_met = |number: u32, kind| file.item(number).unwrap().clocks.get(kind).is_some_and(Clock::is_met);
    assert!(is_met(1, DeadlineKind::ReceiptNotice) && is_met(2, DeadlineKind::CcpaConfirmation));
    assert_eq!(world.happened(&ticket).await, ["received", "duty_met", "duty_met"]);
}

#[tokio::test]
async fn stopped_use_is_a_duty_done() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_cessation"]})).await;
    verify(&world, &desk, &opened, FAN).await;
    let item = world.request(&opened.ticket).await.items.remove(0);
    assert!(item.clocks.get(DeadlineKind::AppiSuppression).is_some_and(Clock::is_met));
    assert!(item.clocks.get(DeadlineKind::AppiErasure).is_some_and(|clock| !clock.is_met()));
    world.pass(25 * 3600);
    tick(&desk).await;
    assert!(!world.happened(&opened.ticket).await.contains(&"alarm".to_owned()), "nothing is late");
}

#[tokio::test]
async fn one_address_and_one_mailbox_can_send_in_so_many_within_the_hour() {
    let world = World::new().await;
    let desk = world.desk_with(Limits { submissions: 3, mailbox: 2, ..UNLIMITED });
    let headers = [("content-type", "application/json")];
    let send = |address: &'static str, email: &str| {
        let body = json!({"rights": ["appi_disclosure"], "email": email}).to_string();
        let desk = &desk;
        async move { call_from(desk, address, "POST", "/requests", &headers, &body).await }
    };
    for (mailbox, expected) in [("a@example.jp", 201), ("A+1@example.jp", 201), ("a+2@example.jp", 429)] {
        assert_eq!(send("192.0.2.7", mailbox).await.status, expected, "the mailbox");
    }
    let refused = send("192.0.2.7", "b@example.jp").await;
    assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (429, Some("3600")), "the address");
    assert_eq!(send("192.0.2.8", "b@example.jp").await.status, 201);
    world.pass(3600);
    assert_eq!(send("192.0.2.7", "a@example.jp").await.status, 201, "the next hour");
    for item in world.items_of_requests().await {
        assert!(!item.to_string().contains("192.0.2."), "no address is kept: {item}");
    }
}
