//! A body that X posted to the webhook, into events (X docs, activity/event-payloads).
//!
//! One URL receives four envelopes: the X Activity API (`data.event_type`), the filtered stream
//! (`matching_rules`), the end of a replay (`replay_job_status`) and, until 2026-12-31, the old Account Activity
//! API (`for_user_id`, `user_event`), which is only counted. Other JSON objects are counted as `unknown`: X sends
//! answers of its own API here as tests, and they hold nothing to judge. What is no JSON object, or is a known
//! envelope with a field that is missing or wrong, is unreadable as a whole, so that a person sees all of it.

use casework::event::{Event, Unreadable};
use rules::UserId;
use serde_json::Value;

use super::post;
use crate::Accounts;
use crate::json::{self, Object};

/// Reads a delivery. Errors never quote the body.
pub fn parse(raw: &[u8], accounts: &Accounts) -> Result<Vec<Event>, Unreadable> {
    let value = json::body(raw)?;
    let body = Object::read(&value, "the body")?;
    if body.has("for_user_id") || body.has("user_event") {
        return Ok(account_activity(body));
    }
    if body.has("replay_job_status") {
        return Ok(vec![counted("replay_job_status")]);
    }
    let items = match body.value(&["data"]) {
        Some(Value::Array(items)) if !items.is_empty() => items.as_slice(),
        Some(item @ Value::Object(_)) => std::slice::from_ref(item),
        _ => return Ok(vec![counted("unknown")]),
    };
    if body.has("matching_rules") {
        let includes = body.object(&["includes"])?;
        items.iter().map(|item| post::read(Object::read(item, "data")?, includes, "stream", accounts)).collect()
    } else {
        items.iter().map(|item| activity(Object::read(item, "data")?, accounts)).collect()
    }
}

/// One event of the X Activity API.
fn activity(event: Object<'_>, accounts: &Accounts) -> Result<Event, Unreadable> {
    let Some(kind) = event.value(&["event_type"]).and_then(Value::as_str) else { return Ok(counted("unknown")) };
    let payload = || event.object(&["payload"])?.ok_or_else(|| event.fault("payload", "is missing"));
    match kind {
        "post.create" | "post.mention.create" | "post.reply.create" | "post.quote.create" | "post.repost.create" => {
            post::read(payload()?, event.object(&["includes"])?, kind, accounts)
        }
        "post.delete" => {
            let payload = payload()?;
            let id = post::id(payload, "id")?;
            let ours = payload.text("author_id")? == Some(accounts.x.as_str());
            Ok(if ours { Event::OwnPostDeleted { id } } else { counted(kind) })
        }
        "oauth.revoke" => {
            let payload = payload()?;
            // A time that can't be read makes it no less of a revocation.
            let at = payload.time("date_time").unwrap_or_default();
            Ok(Event::AccessRevoked { user: UserId(post::id(payload, "user_id")?), at })
        }
        _ => Ok(counted(kind)),
    }
}

/// The old envelope: one count for each of its lists, for example `aaa.tweet_create_events`.
fn account_activity(body: Object<'_>) -> Vec<Event> {
    let beside = ["for_user_id", "users", "apps", "user_has_blocked"];
    let kinds: Vec<Event> =
        body.names().filter(|name| !beside.contains(name)).map(|name| counted(&format!("aaa.{name}"))).collect();
    if kinds.is_empty() { vec![counted("unknown")] } else { kinds }
}

/// A count by type. A type that does not look like one is not repeated, since it ends up in logs and metrics.
pub(super) fn counted(kind: &str) -> Event {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let known = !kind.is_empty() && kind.len() <= 64 && kind.chars().all(plain);
    Event::Counted { kind: if known { kind } else { "unknown" }.to_owned() }
}
