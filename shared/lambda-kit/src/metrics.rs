//! Counters of what the program does, written as CloudWatch embedded metrics after each invocation.
//!
//! The program counts through the functions below, which speak to the `metrics` facade; who records
//! is decided at start: [`lambda`] in a function, another recorder in the local stack and in tests.
//! Labels have few, closed values, since each combination is a metric of its own that is paid for.

use std::io::{self, Write};
use std::sync::OnceLock;

use ::metrics::{Unit, counter, describe_counter};
use metrics_cloudwatch_embedded::{Builder, Collector};

/// CloudWatch's namespace for all of the below.
pub const NAMESPACE: &str = "Sekisho";

/// Deliveries to the webhooks. Labels: `platform`; `outcome`, see [`Outcome`].
pub const INTAKE_DELIVERIES: &str = "intake_deliveries";
/// Events in accepted deliveries. Labels: `platform`; `kind`, the event's type.
pub const INTAKE_EVENTS: &str = "intake_events";
/// Decisions recorded. Label: `verdict` is `allow`, `review` or `act`.
pub const DECISIONS: &str = "decisions";
/// Attempts to do an action. Labels: `kind`, the action's; `outcome`, how the attempt ended.
pub const ACTIONS: &str = "actions";
/// Refreshes of secrets that failed, so that old ones serve on.
pub const SECRETS_STALE: &str = "secrets_stale";

const COUNTERS: &[&str] = &[INTAKE_DELIVERIES, INTAKE_EVENTS, DECISIONS, ACTIONS, SECRETS_STALE];

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every event in it was handled.
    Accepted,
    /// Bad or missing signature: nothing was kept.
    Refused,
    /// Kept for later, because it could not be handled now.
    Parked,
    /// Signed, but not understood: kept for a person.
    Unreadable,
    /// Neither handled nor kept: the platform has to deliver again.
    Failed,
}

impl Outcome {
    /// The label's value.
    pub fn key(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Parked => "parked",
            Self::Unreadable => "unreadable",
            Self::Failed => "failed",
        }
    }
}

/// Counts a delivery to a webhook.
pub fn delivery(platform: &'static str, outcome: Outcome) {
    counter!(INTAKE_DELIVERIES, "platform" => platform, "outcome" => outcome.key()).increment(1);
}

/// Counts an event. `kind` is one of the types that a parser knows, never a sender's own word.
pub fn event(platform: &'static str, kind: &str) {
    counter!(INTAKE_EVENTS, "platform" => platform, "kind" => kind.to_owned()).increment(1);
}

/// Counts a decision.
pub fn decision(verdict: &'static str) {
    counter!(DECISIONS, "verdict" => verdict).increment(1);
}

/// Counts an attempt to do an action.
pub fn action(kind: &'static str, outcome: &'static str) {
    counter!(ACTIONS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// Counts a refresh of secrets that failed.
pub(crate) fn secrets_stale() {
    counter!(SECRETS_STALE).increment(1);
}

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
    for name in COUNTERS {
        describe_counter!(*name, Unit::Count, "");
    }
    COLLECTOR.set(collector).map_err(|_| MetricsError("started twice".to_owned()))
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
    use serde_json::{Value, json};

    use super::*;

    /// One test, since a process has one recorder.
    #[test]
    fn what_was_counted_is_written_once_with_its_unit_and_labels() {
        lambda("webhook").unwrap();
        assert!(lambda("webhook").is_err());
        delivery("x", Outcome::Accepted);
        event("x", "like.create");
        decision("act");
        decision("act");
        action("hide_reply", "done");
        let mut out = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut out).unwrap();
        let lines: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for (name, count, labels) in [
            (INTAKE_DELIVERIES, 1, json!({"platform": "x", "outcome": "accepted"})),
            (INTAKE_EVENTS, 1, json!({"platform": "x", "kind": "like.create"})),
            (DECISIONS, 2, json!({"verdict": "act"})),
            (ACTIONS, 1, json!({"kind": "hide_reply", "outcome": "done"})),
        ] {
            let line = lines.iter().find(|line| line[name] == count).unwrap();
            assert_eq!(line["function"], "webhook", "{name}");
            let described = &line["_aws"]["CloudWatchMetrics"][0];
            assert_eq!(described["Namespace"], NAMESPACE, "{name}");
            assert_eq!(described["Metrics"], json!([{"Name": name, "Unit": "Count"}]), "{name}");
            for (label, value) in labels.as_object().unwrap() {
                assert_eq!(&line[label], value, "{name}");
                assert!(described["Dimensions"][0].as_array().unwrap().contains(&json!(label)), "{name}");
            }
        }

        let mut again = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut again).unwrap();
        assert!(!String::from_utf8(again).unwrap().contains(DECISIONS), "a flush writes only what is new");
    }

    #[test]
    fn outcomes_have_distinct_keys() {
        let all = [Outcome::Accepted, Outcome::Refused, Outcome::Parked, Outcome::Unreadable, Outcome::Failed];
        let keys: std::collections::BTreeSet<_> = all.iter().map(|outcome| outcome.key()).collect();
        assert_eq!(keys.len(), all.len());
    }
}
