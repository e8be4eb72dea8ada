//! What a signature needs survives the way through the event, and bad input is refused with a type.

#![allow(clippy::unwrap_used)]

use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use super::*;

fn event(changes: Value) -> ApiGatewayV2httpRequest {
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/x/webhook", "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/x/webhook"}, "stage": "$default"},
        "isBase64Encoded": false
    });
    for (key, value) in changes.as_object().unwrap() {
        event[key] = value.clone();
    }
    serde_json::from_value(event).unwrap()
}

fn uri_of(changes: Value) -> String {
    request(event(changes), 10).unwrap().uri().to_string()
}

#[test]
fn a_text_body_is_handed_on_byte_for_byte() {
    let body = " {\"text\" : \"関所\\u00e9\"}\n";
    let request = request(event(json!({"body": body})), 100).unwrap();
    assert_eq!(request.body(), body.as_bytes());
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.headers()["content-type"], "application/json");
}

#[test]
fn a_base64_body_is_decoded_by_its_flag_alone() {
    let flagged = event(json!({"body": "/wD+", "isBase64Encoded": true}));
    assert_eq!(request(flagged, 3).unwrap().body(), &[0xff, 0x00, 0xfe][..]);
    assert_eq!(request(event(json!({"body": "/wD+"})), 4).unwrap().body(), "/wD+");
}

#[test]
fn invalid_base64_is_an_error_and_no_panic() {
    for body in ["/wD", "not base64!", "/wD+=", "関所"] {
        let event = event(json!({"body": body, "isBase64Encoded": true}));
        assert_eq!(request(event, 100).unwrap_err(), RequestError::InvalidBase64, "{body}");
    }
}

#[test]
fn the_limit_is_on_decoded_bytes() {
    let sized = |bytes: usize| event(json!({"body": BASE64_STANDARD.encode(vec![7; bytes]), "isBase64Encoded": true}));
    for limit in 0..8 {
        assert_eq!(request(sized(limit), limit).unwrap().body().len(), limit);
        assert_eq!(request(sized(limit + 1), limit).unwrap_err(), RequestError::TooLarge { limit });
        assert_eq!(request(sized(limit + 90), limit).unwrap_err(), RequestError::TooLarge { limit });
    }
    assert_eq!(request(event(json!({"body": "12345"})), 5).unwrap().body(), "12345");
    assert_eq!(request(event(json!({"body": "123456"})), 5).unwrap_err(), RequestError::TooLarge { limit: 5 });
}

#[test]
fn the_query_is_the_raw_one() {
    let changes = json!({"rawQueryString": "a=1%2C2&a=3&b=%E9%96%A2", "queryStringParameters": {"a": "1,2,3"}});
    assert_eq!(uri_of(changes), "/x/webhook?a=1%2C2&a=3&b=%E9%96%A2");
}

#[test]
fn a_named_stage_is_taken_off_the_path_and_nothing_else_is() {
    let staged = |path: &str, stage: &str| {
        uri_of(json!({"rawPath": path, "requestContext": {"http": {"method": "GET"}, "stage": stage}}))
    };
    assert_eq!(staged("/prod/x/webhook", "prod"), "/x/webhook");
    assert_eq!(staged("/prod", "prod"), "/");
    assert_eq!(staged("/prod/", "prod"), "/");
    assert_eq!(staged("/production/x", "prod"), "/production/x");
    assert_eq!(staged("/x/webhook", "prod"), "/x/webhook");
    assert_eq!(staged("/x/webhook", "$default"), "/x/webhook");
}

#[test]
fn a_path_that_came_decoded_is_encoded_again() {
    assert_eq!(uri_of(json!({"rawPath": "/x/関 所?#"})), "/x/%E9%96%A2%20%E6%89%80%3F%23");
    assert_eq!(uri_of(json!({"rawPath": "/x/%2F"})), "/x/%2F");
    assert_eq!(request(event(json!({"rawPath": "no-slash"})), 1).unwrap_err(), RequestError::InvalidUri);
}

#[test]
fn repeated_headers_and_cookies_are_kept() {
    let changes = json!({"headers": {"x-one": ["a", "b"]}, "cookies": ["k=1", "l=2"]});
    let request = request(event(changes), 1).unwrap();
    let values: Vec<_> = request.headers().get_all("x-one").iter().collect();
    assert_eq!(values, ["a", "b"]);
    assert_eq!(request.headers()[COOKIE], "k=1; l=2");
}

#[test]
fn no_body_is_an_empty_one() {
    assert!(request(event(json!({})), 0).unwrap().body().is_empty());
    assert!(request(event(json!({"body": null})), 0).unwrap().body().is_empty());
}

async fn answer(response: http::Response<Full<Bytes>>) -> Value {
    serde_json::to_value(super::response(response).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_text_answer_goes_as_text() {
    let response = http::Response::builder()
        .status(StatusCode::OK)
        .header("content-type", "text/plain")
        .header("vary", "accept")
        .header("vary", "origin")
        .header("set-cookie", "a=1")
        .header("set-cookie", "b=2")
        .body(Full::from("関所"))
        .unwrap();
    let event = answer(response).await;
    assert_eq!(event["statusCode"], 200);
    assert_eq!(event["body"], "関所");
    assert_eq!(event["isBase64Encoded"], false);
    assert_eq!(event["headers"], json!({"content-type": "text/plain", "vary": "accept, origin"}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
}

#[tokio::test]
async fn a_binary_answer_goes_as_base64_and_an_empty_one_as_none() {
    let event = answer(http::Response::new(Full::from(&[0xff_u8, 0x00, 0xfe][..]))).await;
    assert_eq!(event["body"], "/wD+");
    assert_eq!(event["isBase64Encoded"], true);
    let event = answer(http::Response::new(Full::default())).await;
    assert_eq!(event.get("body"), None);
}
