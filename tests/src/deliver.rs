//! Signed deliveries straight to a sandbox, as API Gateway would hand them over.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue};
use local::gateway;
use local::simulator::deliver::{Digest, websub_signature, x_signature};
use serde_json::Value;

use crate::World;
use crate::world::WebhookSandbox;

/// Delivers a body of X, signed with the newest secret; gives the status.
pub async fn x(world: &World, webhook: &WebhookSandbox, body: &[u8]) -> u16 {
    let signature = x_signature(&world.secrets.x_consumer_secret[0], body);
    let headers = headers("x-twitter-webhooks-signature", &signature);
    status(&webhook.handle(gateway::event("POST", "/x", "", &headers, &Bytes::copy_from_slice(body))).await.unwrap())
}

/// Delivers a body of the WebSub hub, signed with SHA-1; gives the status.
pub async fn youtube(world: &World, webhook: &WebhookSandbox, body: &[u8]) -> u16 {
    let signature = websub_signature(&world.secrets.youtube_websub_secret, body, Digest::Sha1);
    let headers = headers("x-hub-signature", &signature);
    let path = format!("/youtube/{}", world.secrets.youtube_callback_path);
    status(&webhook.handle(gateway::event("POST", &path, "", &headers, &Bytes::copy_from_slice(body))).await.unwrap())
}

/// One header.
pub fn headers(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_str(value).unwrap())])
}

/// The status of an answer to API Gateway.
pub fn status(answer: &Value) -> u16 {
    u16::try_from(answer["statusCode"].as_u64().unwrap()).unwrap()
}
