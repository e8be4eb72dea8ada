//! Deliveries: signatures over the exact bytes, copies at once, chosen order, probes that judge strictly.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use http::{HeaderMap, StatusCode};

use crate::simulator::deliver::{
    CrcAnswer, Delivery, Digest, Hub, Mode, Order, Signing, Verification, XWebhook, websub_signature, x_signature,
};

const SECRET: &str = "consumer-secret";

#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>);

/// Listens and answers a GET as told, keeping what is posted.
async fn receiver(status: StatusCode, kind: &'static str, body: String) -> (String, Receiver) {
    let kept = Receiver::default();
    let answer = move |_: RawQuery| async move { (status, [("content-type", kind)], body) };
    let keep = |State(kept): State<Receiver>, headers: HeaderMap, body: Bytes| async move {
        kept.0.lock().unwrap().push((headers, body));
        StatusCode::OK
    };
    let router = Router::new().route("/hook", get(answer).post(keep)).with_state(kept.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, kept)
}

#[test]
fn signatures_match_the_published_vectors() {
    // RFC 4231 and RFC 2202, test case 2.
    let (key, message) = ("Jefe", b"what do ya want for nothing?");
    assert_eq!(x_signature(key, message), "sha256=W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    let sha1 = websub_signature(key, message, Digest::Sha1);
    assert_eq!(sha1, "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    let sha256 = websub_signature(key, message, Digest::Sha256);
    assert_eq!(sha256, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[tokio::test]
async fn copies_come_at_once_and_forgeries_do_not_verify() {
    let (url, kept) = receiver(StatusCode::OK, "text/plain", String::new()).await;
    let webhook = XWebhook::new(&url, SECRET).unwrap();
    let body = br#"{"data":"a\/b"}"#;
    let statuses = webhook.post(body, Delivery { copies: 10, ..Delivery::default() }).await.unwrap();
    assert_eq!(statuses, [200; 10]);
    for signing in [Signing::Forged, Signing::Missing] {
        webhook.post(body, Delivery { signing, copies: 1 }).await.unwrap();
    }
    let kept = kept.0.lock().unwrap();
    let genuine = x_signature(SECRET, body);
    let sent: Vec<_> = kept.iter().map(|(headers, _)| headers.get("x-twitter-webhooks-signature")).collect();
    assert!(sent[..10].iter().all(|header| *header.unwrap() == *genuine));
    assert!(sent[10].is_some_and(|header| *header != *genuine && header.len() == genuine.len()));
    assert_eq!(sent[11], None);
    assert!(kept.iter().all(|(_, got)| got.as_ref() == body));
}

#[tokio::test]
async fn bodies_come_in_the_order_asked_for() {
    let bodies: Vec<Vec<u8>> = (0..6_u8).map(|number| vec![b'0' + number]).collect();
    let mut seen = Vec::new();
    for order in [Order::Given, Order::Reversed, Order::Shuffled(7), Order::Shuffled(7)] {
        let (url, kept) = receiver(StatusCode::OK, "text/plain", String::new()).await;
        XWebhook::new(&url, SECRET).unwrap().post_all(&bodies, order).await.unwrap();
        let kept = kept.0.lock().unwrap();
        seen.push(kept.iter().map(|(_, body)| char::from(body[0])).collect::<String>());
    }
    assert_eq!((seen[0].as_str(), seen[1].as_str()), ("012345", "543210"));
    assert_eq!(seen[2], seen[3]);
    assert_ne!(seen[2], seen[0]);
}

#[tokio::test]
async fn the_challenge_is_judged_as_x_judges_it() {
    let right = format!("{{\"response_token\":\"{}\"}}", x_signature(SECRET, b"challenge"));
    let json = "application/json";
    let cases = [
        (StatusCode::OK, json, right.clone(), CrcAnswer::Valid),
        (StatusCode::OK, json, right.replace("sha256", "sha1"), CrcAnswer::Invalid("a wrong response_token")),
        (StatusCode::OK, "text/plain", right.clone(), CrcAnswer::Invalid("not JSON")),
        (StatusCode::FOUND, json, right.clone(), CrcAnswer::Invalid("a redirect")),
        (StatusCode::SERVICE_UNAVAILABLE, json, right, CrcAnswer::Transient(503)),
    ];
    for (status, kind, body, expected) in cases {
        let (url, _) = receiver(status, kind, body).await;
        assert_eq!(XWebhook::new(&url, SECRET).unwrap().challenge("challenge").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn the_hub_wants_its_challenge_back_to_the_byte() {
    let cases = [
        (StatusCode::OK, "challenge", Verification::Confirmed),
        (StatusCode::ACCEPTED, "challenge", Verification::Confirmed),
        (StatusCode::OK, "challenge\n", Verification::Failed(200)),
        (StatusCode::NOT_FOUND, "challenge", Verification::Declined),
    ];
    for (status, body, expected) in cases {
        let (url, _) = receiver(status, "text/plain", body.to_owned()).await;
        let hub = Hub::new(&url, "UCours", "hub-secret").unwrap();
        let mode = Mode::Subscribe { lease_seconds: 864_000 };
        assert_eq!(hub.verify(mode, "challenge").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn notices_are_signed_with_either_digest() {
    let (url, kept) = receiver(StatusCode::OK, "text/plain", String::new()).await;
    let hub = Hub::new(&url, "UCours", "hub-secret").unwrap();
    for digest in [Digest::Sha1, Digest::Sha256] {
        hub.post(b"<feed/>", digest, Delivery::default()).await.unwrap();
    }
    let kept = kept.0.lock().unwrap();
    for (digest, (headers, body)) in [Digest::Sha1, Digest::Sha256].into_iter().zip(kept.iter()) {
        assert_eq!(headers["x-hub-signature"], *websub_signature("hub-secret", body, digest));
        assert_eq!(headers["content-type"], "application/atom+xml");
    }
}
