//! The app's webhooks: listed, and challenged anew.

use serde_json::{Value, json};

use super::state::State;
use super::{problem, wire};
use crate::simulator::request::{Answer, Call};

/// A webhook of the app.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Numeric id.
    pub id: String,
    /// Where X delivers.
    pub url: String,
    /// Whether X delivers at all.
    pub valid: bool,
    /// Whether it will answer the next challenge well.
    pub answers: bool,
}

impl State {
    pub(super) fn list_webhooks(&self) -> Answer {
        let time = wire::time((self.clock)());
        let data: Vec<Value> = self
            .webhooks
            .iter()
            .map(|webhook| json!({"id": webhook.id, "url": webhook.url, "valid": webhook.valid, "created_at": time}))
            .collect();
        Answer::json(200, &json!({"data": data, "meta": {"result_count": data.len()}}))
    }

    pub(super) fn validate_webhook(&mut self, call: &Call, id: &str) -> Answer {
        if !call.body.is_empty() {
            return problem::invalid("body", "There is a body.");
        }
        let Some(webhook) = self.webhooks.iter_mut().find(|webhook| webhook.id == id) else {
            return problem::not_found("webhook_id", id);
        };
        let changed = std::mem::replace(&mut webhook.valid, webhook.answers) != webhook.answers;
        let valid = webhook.valid;
        Answer::json(200, &json!({"data": {"valid": valid}})).acting_on(id, changed)
    }
}
