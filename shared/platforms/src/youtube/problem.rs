//! What YouTube means when it refuses a call (YouTube Data API v3, errors).

use casework::platform::PlatformError;
use casework::quota::QuotaDay;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::http::{Answer, code, later};

/// Why a call was not carried out.
pub(super) enum Refusal {
    /// The comment is gone.
    Gone,
    /// At least one of the comments could not be moderated, for this reason.
    Comments(String),
    /// Anything else.
    Error(PlatformError),
}

/// How long a rate limit is waited for when the answer does not say.
const BACKOFF: SignedDuration = SignedDuration::from_secs(60);

/// Reads an answer that is not 2xx: by `errors[0].reason`, never by its text.
pub(super) fn refusal(answer: &Answer, writes: bool, now: Timestamp) -> Refusal {
    let reason = reason(&answer.body).unwrap_or_else(|| answer.reason());
    let error = match (answer.status, reason.as_str()) {
        (_, "quotaExceeded" | "dailyLimitExceeded") => PlatformError::QuotaSpent { until: quota_reset(now), reason },
        (429, _) | (_, "rateLimitExceeded" | "userRateLimitExceeded") => {
            PlatformError::Wait { until: answer.retry_after(now).unwrap_or_else(|| later(now, BACKOFF)), reason }
        }
        (401, _)
        | (_, "authenticatedUserAccountSuspended" | "authenticatedUserAccountClosed" | "accountDelegationForbidden") => {
            PlatformError::Disconnected { reason }
        }
        (_, "commentNotFound" | "videoNotFound" | "channelNotFound") => return Refusal::Gone,
        // These concern the call or the token, not one of the comments.
        (_, "insufficientPermissions" | "banWithoutReject") => PlatformError::Permanent { reason },
        (500.., _) => answer.server_error(reason, writes, now),
        // `processingFailure` and `forbidden` are also said of a comment that its author has deleted.
        (400..500, _) => return Refusal::Comments(reason),
        _ => PlatformError::Permanent { reason },
    };
    Refusal::Error(error)
}

/// The reason of an error body; `status` of a newer Google error, or OAuth's `error`, where there is none.
fn reason(body: &Value) -> Option<String> {
    let error = &body["error"];
    [&error["errors"][0]["reason"], &error["status"], error].into_iter().find_map(Value::as_str).and_then(code)
}

/// When the quota of the day starts anew: midnight Pacific time.
fn quota_reset(now: Timestamp) -> Timestamp {
    QuotaDay::of(now).resets_at
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn quota_day_ends_at_midnight_pacific_in_summer_winter_and_on_the_days_of_change() {
        for (now, reset) in [
            ("2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"),
            ("2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z"),
            ("2026-12-01T07:59:59Z", "2026-12-01T08:00:00Z"),
            ("2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z"),
            ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"),
        ] {
            assert_eq!(quota_reset(now.parse().unwrap()).to_string(), reset, "{now}");
        }
    }
}
