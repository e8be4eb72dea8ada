//! Counters of what the program does, written as CloudWatch embedded metrics after each invocation.
//!
//! The program speaks to the `metrics` facade with the names below; who records them is decided at
//! start: [`lambda`] in a function, another recorder in the local stack and in tests. Labels
//! have few, closed values, since each combination is a metric of its own that is paid for.

use std::io::{self, Write};
use std::sync::OnceLock;

use ::metrics::{Unit, describe_counter, describe_histogram};
use metrics_cloudwatch_embedded::{Builder, Collector};

/// CloudWatch's namespace for all of the below.
pub const NAMESPACE: &str = "Sekisho";

/// Deliveries to the webhooks. Labels: `platform`; `outcome` is `accepted`, `forged` (bad or missing
/// signature), `unreadable`, `too_large`, `deferred` (kept for later) or `refused` (503).
pub const INTAKE_DELIVERIES: &str = "intake_deliveries";
/// Events in accepted deliveries. Labels: `platform`; `kind` is the event's type.
pub const INTAKE_EVENTS: &str = "intake_events";
/// Deliveries taken from the intake queue. Label: `outcome` is `done`, `deferred`, `gone` or `failed`.
pub const INTAKE_QUEUE: &str = "intake_queue";
/// Subscription checks of WebSub and CRC answers. Labels: `platform`; `outcome` is `confirmed` or `refused`.
pub const INTAKE_CHECKS: &str = "intake_checks";
/// Milliseconds from a delivery to its answer. Label: `platform`.
pub const INTAKE_ELAPSED: &str = "intake_elapsed";

/// Claims of a content version. Label: `outcome` is `new`, `resumed`, `done` (decided before) or
/// `busy` (another holds the lease).
pub const CLAIMS: &str = "claims";
/// Decisions recorded. Labels: `platform`; `verdict` is `allow`, `review` or `act`.
pub const DECISIONS: &str = "decisions";
/// Violations in decisions recorded. Label: `clause`.
pub const VIOLATIONS: &str = "violations";
/// Milliseconds from accepting an event to recording its decision. Label: `platform`.
pub const DECISION_ELAPSED: &str = "decision_elapsed";

/// Attempts to do an action. Labels: `platform`; `kind` is the action's kind; `outcome` is `done`,
/// `goal_met`, `waiting`, `impossible`, `uncertain`, `to_person` or `stopped` (kill switch, pause).
pub const ACTIONS: &str = "actions";
/// Actions sent back to review because a daily cap was reached. Labels: `platform`, `kind`.
pub const CAPPED: &str = "capped";
/// Milliseconds from planning an action to its outcome. Label: `platform`.
pub const ACTION_ELAPSED: &str = "action_elapsed";

/// Calls to a platform. Labels: `platform`; `status` is the HTTP status code or `none`.
pub const PLATFORM_CALLS: &str = "platform_calls";
/// Calls put off by a platform. Labels: `platform`; `reason` is `rate`, `quota` or `spending`.
pub const PLATFORM_WAITS: &str = "platform_waits";
/// Accounts found disconnected: somebody has to connect them again. Label: `platform`.
pub const DISCONNECTED: &str = "disconnected";

/// Secrets that could not be refreshed, so that old ones serve on.
pub const SECRETS_STALE: &str = "secrets_stale";

const COUNTERS: &[&str] = &[
    INTAKE_DELIVERIES,
    INTAKE_EVENTS,
    INTAKE_QUEUE,
    INTAKE_CHECKS,
    CLAIMS,
    DECISIONS,
    VIOLATIONS,
    ACTIONS,
    CAPPED,
    PLATFORM_CALLS,
    PLATFORM_WAITS,
    DISCONNECTED,
    SECRETS_STALE,
];
const MILLISECONDS: &[&str] = &[INTAKE_ELAPSED, DECISION_ELAPSED, ACTION_ELAPSED];

static COLLECTOR: OnceLock<&'static Collector> = OnceLock::new();

/// Metrics cannot be recorded: a recorder is installed already.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(String);

/// Starts recording for a function, whose name is a dimension of every metric.
///
/// # Errors
/// Something else records in this process already.
pub fn lambda(function: &'static str) -> Result<(), MetricsError> {
    let collector = Builder::new()
        .cloudwatch_namespace(NAMESPACE)
        .with_dimension("function", function)
        .init()
        .map_err(|error| MetricsError(error.to_string()))?;
    describe();
    COLLECTOR.set(collector).map_err(|_| MetricsError("started twice".to_owned()))
}

/// Tells the recorder each metric's unit.
pub fn describe() {
    for name in COUNTERS {
        describe_counter!(*name, Unit::Count, "");
    }
    for name in MILLISECONDS {
        describe_histogram!(*name, Unit::Milliseconds, "");
    }
}

/// Writes what was counted since the last flush to stdout, where CloudWatch finds it. To be called
/// after every invocation, before its answer: the process may be frozen right after. Does nothing
/// where [`lambda`] was not called.
pub fn flush() {
    let Some(collector) = COLLECTOR.get() else { return };
    if let Err(error) = write(collector, &mut io::stdout().lock()) {
        tracing::warn!(%error, "metrics could not be written");
    }
}

/// In one piece, so that no log line gets between.
fn write(collector: &Collector, out: &mut impl Write) -> io::Result<()> {
    let mut lines = Vec::new();
    collector.flush(&mut lines)?;
    out.write_all(&lines)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ::metrics::{counter, histogram};
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_was_counted_is_written_once_with_its_unit() {
        lambda("webhook").unwrap();
        assert!(lambda("webhook").is_err());
        counter!(DECISIONS, "platform" => "x", "verdict" => "act").increment(2);
        histogram!(INTAKE_ELAPSED, "platform" => "x").record(12.5);
        let mut out = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut out).unwrap();
        let lines: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let unit = |line: &Value| line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Unit"].clone();
        let decisions = lines.iter().find(|line| line["decisions"] == 2).unwrap();
        assert_eq!(decisions["function"], "webhook");
        assert_eq!(decisions["verdict"], "act");
        assert_eq!(unit(decisions), "Count");
        let elapsed = lines.iter().find(|line| line["intake_elapsed"].is_array()).unwrap();
        assert_eq!(elapsed["intake_elapsed"][0], 12.5);
        assert_eq!(unit(elapsed), "Milliseconds");

        let mut again = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut again).unwrap();
        assert!(!String::from_utf8(again).unwrap().contains("decisions"), "a flush writes only what is new");
        flush();
    }
}
