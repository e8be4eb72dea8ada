//! The app's webhooks: registered, listed, challenged anew, and told of events (X docs, webhooks and activity).

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

/// A kind of event around a user that a webhook is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The kind.
    pub event: String,
    /// Whom it is about.
    pub user: String,
    /// Id of the webhook.
    pub webhook: String,
}

/// Kinds that anybody may be told of, and kinds that only the user may have told.
const PUBLIC: [&str; 2] = ["post.create", "post.delete"];
const PRIVATE: [&str; 4] = ["post.mention.create", "post.quote.create", "post.reply.create", "post.repost.create"];
/// Without Enterprise access an app has one webhook.
const WEBHOOKS: usize = 1;
/// X takes no longer address.
const LONGEST_URL: usize = 200;

impl State {
    /// Registers a webhook that answers well, and has it told of everything around a user that a moderator needs.
    pub fn register(&mut self, url: &str, user: &str) {
        let webhook = self.next_webhook(url);
        let subscription =
            |event: &str| Subscription { event: event.to_owned(), user: user.to_owned(), webhook: webhook.id.clone() };
        self.subscriptions.extend(platforms::x::list::SUBSCRIBED.map(subscription));
        self.webhooks.push(webhook);
    }

    fn next_webhook(&self, url: &str) -> Webhook {
        let id = 8_780_000_000_000_000_001 + self.webhooks.len() as u64;
        Webhook { id: id.to_string(), url: url.to_owned(), valid: true, answers: true }
    }

    pub(super) fn add_webhook(&mut self, call: &Call) -> Answer {
        let Some(url) = only(call, &["url"]).and_then(|body| body["url"].as_str().map(str::to_owned)) else {
            return problem::invalid("url", "The body is not an address alone.");
        };
        if url.len() > LONGEST_URL || !url.contains("://") {
            return problem::invalid("url", "UrlValidationFailed");
        }
        if self.webhooks.iter().any(|webhook| webhook.url == url) {
            return problem::invalid("url", "DuplicateUrlFailed");
        }
        if self.webhooks.len() >= WEBHOOKS && !self.enterprise {
            return problem::invalid("url", "WebhookLimitExceeded");
        }
        let webhook = self.next_webhook(&url);
        let data = json!({"id": webhook.id, "url": url, "valid": true, "created_at": wire::time((self.clock)())});
        let id = webhook.id.clone();
        self.webhooks.push(webhook);
        Answer::json(200, &json!({ "data": data })).acting_on(&id, true)
    }

    pub(super) fn list_subscriptions(&self) -> Answer {
        let data: Vec<Value> = (1..).zip(&self.subscriptions).map(|(id, it)| self.told(id, it)).collect();
        Answer::json(200, &json!({ "data": data }))
    }

    fn told(&self, id: usize, Subscription { event, user, webhook }: &Subscription) -> Value {
        let time = wire::time((self.clock)());
        json!({"subscription_id": id.to_string(), "event_type": event, "filter": {"user_id": user},
            "webhook_id": webhook, "created_at": time, "updated_at": time})
    }

    /// `user` is whose token it is; none for the app's own.
    pub(super) fn subscribe(&mut self, call: &Call, user: Option<&str>) -> Answer {
        let Some(body) = only(call, &["event_type", "filter", "webhook_id"]) else {
            return problem::invalid("body", "There are fields that this endpoint does not know.");
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (event, about, webhook) =
            (text(&body["event_type"]), text(&body["filter"]["user_id"]), text(&body["webhook_id"]));
        let private = PRIVATE.contains(&event.as_str());
        if !private && !PUBLIC.contains(&event.as_str()) {
            return problem::invalid("event_type", "Not a kind of event.");
        }
        if private && user != Some(about.as_str()) {
            return problem::scope();
        }
        if !self.users.contains_key(&about) || !self.webhooks.iter().any(|there| there.id == webhook) {
            return problem::invalid("webhook_id", "WebhookIdInvalid");
        }
        let subscription = Subscription { event, user: about, webhook };
        if self.subscriptions.contains(&subscription) {
            return problem::invalid("event_type", "There is a subscription of this kind.");
        }
        self.subscriptions.push(subscription.clone());
        let told = self.told(self.subscriptions.len(), &subscription);
        let id = self.subscriptions.len().to_string();
        Answer::json(200, &json!({ "data": { "subscription": told } })).acting_on(&id, true)
    }

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

/// The body, if it is an object of these fields alone.
fn only(call: &Call, fields: &[&str]) -> Option<Value> {
    call.json()
        .filter(|body| body.as_object().is_some_and(|body| body.keys().all(|key| fields.contains(&key.as_str()))))
}
