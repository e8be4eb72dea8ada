//! What X means when it refuses a call (X docs, fundamentals/response-codes-and-errors).

use casework::platform::{PlatformError, RateLimit};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::http::{Answer, bounded, code, later};

/// Why a call was not carried out.
pub(super) enum Refusal {
    /// The post or user is gone.
    Gone,
    /// Anything else.
    Error(PlatformError),
}

/// The window of X's rate limits, waited for when a 429 names no time.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Reads a refusal: an answer that is not 2xx, or 2xx with `errors` and without `data`.
///
/// `post` tells that the call aims at a post, so that any 404 means that the post is gone.
pub(super) fn refusal(answer: &Answer, writes: bool, post: bool, now: Timestamp) -> Refusal {
    let problem = Problem::read(&answer.body);
    let reason = problem.reason.unwrap_or_else(|| answer.reason());
    let error = match (answer.status, problem.kind) {
        (_, Kind::SpendingStopped) | (402, _) => PlatformError::SpendingStopped { reason },
        (_, Kind::Gone) => return Refusal::Gone,
        (404, _) if post => return Refusal::Gone,
        (401, _) | (_, Kind::AccountDead) => PlatformError::Disconnected { reason },
        (429, _) | (_, Kind::RateLimited) => PlatformError::Wait { until: reset(answer, now), reason },
        (500.., _) => answer.server_error(reason, writes, now),
        (_, Kind::Other) => PlatformError::Permanent { reason },
    };
    Refusal::Error(error)
}

/// The rate limit that an answer tells of the call just made.
pub(super) fn limit(answer: &Answer) -> Option<RateLimit> {
    let remaining = answer.number("x-rate-limit-remaining")?;
    let reset = Timestamp::from_second(answer.number("x-rate-limit-reset")?).ok()?;
    Some(RateLimit { remaining: u32::try_from(remaining).ok()?, reset })
}

fn reset(answer: &Answer, now: Timestamp) -> Timestamp {
    let named = answer.number("x-rate-limit-reset").and_then(|second| Timestamp::from_second(second).ok());
    named.map(|until| bounded(until, now)).or_else(|| answer.retry_after(now)).unwrap_or_else(|| later(now, WINDOW))
}

/// Problems that call for something special.
#[derive(Clone, Copy)]
enum Kind {
    SpendingStopped,
    RateLimited,
    AccountDead,
    Gone,
    Other,
}

struct Problem {
    kind: Kind,
    /// X's code, never its sentences.
    reason: Option<String>,
}

impl Problem {
    /// Reads a problem object, or the first of `errors` where the answer is none itself.
    fn read(body: &Value) -> Self {
        let first = &body["errors"][0];
        let object = if body["type"].is_string() { body } else { first };
        // Old answers carry a number instead of a type.
        if let Some(number) = first["code"].as_u64()
            && !object["type"].is_string()
        {
            let kind = match number {
                88 => Kind::RateLimited,
                64 | 326 => Kind::AccountDead,
                50 | 144 => Kind::Gone,
                _ => Kind::Other,
            };
            return Problem { kind, reason: Some(format!("code-{number}")) };
        }
        let slug = object["type"].as_str().filter(|kind| *kind != "about:blank").and_then(|kind| {
            // Both `api.x.com` and `api.twitter.com` are in use; only the last segment counts.
            code(kind.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
        });
        let kind = match slug.as_deref() {
            Some("usage-capped" | "credits-depleted") => Kind::SpendingStopped,
            Some("rate-limit-exceeded") => Kind::RateLimited,
            Some("resource-not-found") => Kind::Gone,
            _ => Kind::Other,
        };
        let detail = object["reason"].as_str().and_then(code);
        let reason = match (slug, detail) {
            (Some(slug), Some(detail)) => Some(format!("{slug}/{detail}")),
            (slug, detail) => slug.or(detail),
        };
        Problem { kind, reason }
    }
}
