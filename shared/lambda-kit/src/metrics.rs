//! Counters of what the program does, written as CloudWatch embedded metrics after each invocation.
//!
//! The program speaks to the `metrics` facade with the names below; who records them is decided at
//! start: [`lambda`] in a function, another recorder in the local stack and in tests. Labels
//! have few, closed values, since each combination is a metric of its own that is paid for.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use metrics_cloudwatch_embedded::{Builder, Collector};

/// CloudWatch's namespace for all of the below.
pub const NAMESPACE: &str = "Sekisho";

/// Deliveries to the webhooks, one for each answer. Labels: `platform`; `outcome`, see [`Outcome`].
pub const INTAKE_DELIVERIES: &str = "intake_deliveries";
/// Events in accepted deliveries. Labels: `platform`; `kind` is our word for it (`post`, `own_post`, `video` …) or, of
/// what is only counted, the platform's event type.
pub const INTAKE_EVENTS: &str = "intake_events";
/// Decisions recorded by the rules. Label: `verdict` is `allow`, `review` or `act`.
pub const DECISIONS: &str = "decisions";
/// Attempts to do an action. Labels: `kind` is the action's kind; `outcome` is `done`, `done_repeated`, `goal_met`,
/// `put_off`, `put_off_long` (for more than an hour), `failed`, `handed_over`, `cancelled`, `capped`, `demoted` or
/// `not_recorded`.
pub const ACTIONS: &str = "actions";
/// Seconds for which the action that has been due longest has waited, at each tick of the schedule.
pub const ACTIONS_OVERDUE: &str = "actions_overdue_seconds";
/// Mails that arrived at the desk. Label: `outcome` is `opened`, `appended`, `before` or `machine`.
pub const MAILS: &str = "mails";
/// Tries to send a letter. Label: `outcome` is `sent`, `put_off` or `failed`.
pub const LETTERS: &str = "letters";
/// Reports on letters. Label: `outcome` is `delivered`, `delayed`, `bounced`, `complained` or `rejected`.
pub const DELIVERIES: &str = "letter_deliveries";
/// Alarms of clocks, of requests and of reports on incidents. Label: `alarm` is `half`, `four_fifths` or `over`.
pub const CLOCKS: &str = "clocks";
/// Requests closed because nobody verified them.
pub const REQUESTS_EXPIRED: &str = "requests_expired";

/// Posts and comments that the poll handed on. Labels: `platform`; `outcome` is a verdict, `known`, `held`, `refused` or
/// `unreadable`.
pub const POLL_POSTS: &str = "poll_posts";
/// Work that the poll put off. Labels: `platform`; `reason` is `quota`, `rate`, `deadline`, `stopped`, `gone`,
/// `page_expired` or `platform`.
pub const POLL_PUT_OFF: &str = "poll_put_off";
/// Accounts that are stopped, at each poll as long as it lasts. Labels: `platform`; `reason` is `disconnected`,
/// `spending` or `quota`; all are alarms.
pub const ACCOUNT_STOPPED: &str = "account_stopped";
/// Refreshes of a grant. Labels: `platform`; `outcome` is `refreshed`, `unsaved`, `uncertain`, `answer_lost`,
/// `not_asked` or `refused`; all but the first and `not_asked` are alarms.
pub const GRANTS: &str = "grants";
/// How our subscriptions stand. Labels: `platform`; `state` is `valid`, `invalid`, `missing`, `unsubscribed`, `unknown`,
/// `asked`, `refused` or `ending`; all but `valid`, `asked` and `refused` are alarms.
pub const SUBSCRIPTIONS: &str = "subscriptions";

/// Secrets that could not be refreshed, so that old ones serve on.
pub const SECRETS_STALE: &str = "secrets_stale";

/// What the nightly audit says somebody has to look at. Label: `what` is `checks_failed`, `account_problems`,
/// `requests_late`, `requests_soon`, `still_visible`, `undone_by_hand`, `held_though_allowed`, `actions_late`,
/// `posts_missed`, `posts_unreadable`, `judged_differently`, `unexplained`, `corrections_open`, `own_posts_wrong`,
/// `retweets_changed`, `waiting_over_a_day`, `rules_jumped`, `rules_on_criticism` or `put_off`.
pub const AUDIT_ATTENTION: &str = "audit_attention";
/// Rulings and tasks that wait for a person, as the audit counts them.
pub const AUDIT_WAITING: &str = "audit_waiting";
/// Hours that the longest of them has waited.
pub const AUDIT_LONGEST_HOURS: &str = "audit_longest_hours";
/// Reports of the audit that were written.
pub const AUDIT_REPORTS: &str = "audit_reports";
/// Times that the rulebook in force could not be loaded, so that an older one judges. An alarm.
pub const RULEBOOK_STALE: &str = "rulebook_stale";
/// Rules that were demoted to review because their hit rate jumped. An alarm.
pub const RULES_DEMOTED: &str = "rules_demoted";

const COUNTERS: &[&str] = &[
    INTAKE_DELIVERIES,
    INTAKE_EVENTS,
    DECISIONS,
    ACTIONS,
    POLL_POSTS,
    POLL_PUT_OFF,
    ACCOUNT_STOPPED,
    GRANTS,
    SUBSCRIPTIONS,
    MAILS,
    LETTERS,
    DELIVERIES,
    CLOCKS,
    REQUESTS_EXPIRED,
    SECRETS_STALE,
    AUDIT_ATTENTION,
    AUDIT_REPORTS,
    RULEBOOK_STALE,
    RULES_DEMOTED,
];

/// How a delivery was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything in it was handled.
    Accepted,
    /// A bad or missing signature: nothing was kept.
    Forged,
    /// Larger than what is looked at: nothing was kept.
    TooLarge,
    /// Kept for later: the store was down, or another delivery was deciding the same post.
    Parked,
    /// Kept with the reason why it says nothing.
    Unreadable,
    /// Neither handled nor kept: the platform was asked to come again.
    Failed,
}

impl Outcome {
    fn key(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Forged => "forged",
            Outcome::TooLarge => "too_large",
            Outcome::Parked => "parked",
            Outcome::Unreadable => "unreadable",
            Outcome::Failed => "failed",
        }
    }
}

/// Counts a delivery.
pub fn delivery(platform: &'static str, outcome: Outcome) {
    counter!(INTAKE_DELIVERIES, "platform" => platform, "outcome" => outcome.key()).increment(1);
}

/// Counts an event.
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

/// Tells what a night of the audit came to: what to look at by its key, what waits, and for how many hours at most.
pub fn audit(attention: &[(&'static str, u64)], waiting: u64, longest_hours: u64) {
    counter!(AUDIT_REPORTS).increment(1);
    for (what, count) in attention {
        counter!(AUDIT_ATTENTION, "what" => *what).increment(*count);
    }
    histogram!(AUDIT_WAITING).record(waiting as f64);
    histogram!(AUDIT_LONGEST_HOURS).record(longest_hours as f64);
}

/// Counts a rulebook that could not be loaded.
pub fn rulebook_stale() {
    counter!(RULEBOOK_STALE).increment(1);
}

/// Counts a rule that was demoted.
pub fn rule_demoted() {
    counter!(RULES_DEMOTED).increment(1);
}

/// Counts a post that the poll handed on.
pub fn polled(platform: &'static str, outcome: &'static str) {
    counter!(POLL_POSTS, "platform" => platform, "outcome" => outcome).increment(1);
}

/// Counts work that the poll put off.
pub fn put_off(platform: &'static str, reason: &'static str) {
    counter!(POLL_PUT_OFF, "platform" => platform, "reason" => reason).increment(1);
}

/// Counts the stop of an account.
pub fn account_stopped(platform: &'static str, reason: &'static str) {
    counter!(ACCOUNT_STOPPED, "platform" => platform, "reason" => reason).increment(1);
}

/// Counts a refresh of a grant.
pub fn grant(platform: &'static str, outcome: &'static str) {
    counter!(GRANTS, "platform" => platform, "outcome" => outcome).increment(1);
}

/// Counts a look at one of our subscriptions.
pub fn subscription(platform: &'static str, state: &'static str) {
    counter!(SUBSCRIPTIONS, "platform" => platform, "state" => state).increment(1);
}

/// Tells how long the action that has been due longest has waited.
pub fn overdue(waited: Duration) {
    histogram!(ACTIONS_OVERDUE).record(waited.as_secs_f64());
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
    describe();
    COLLECTOR.set(collector).map_err(|_| MetricsError("started twice".to_owned()))
}

/// Tells the recorder each metric's unit.
pub fn describe() {
    for name in COUNTERS {
        describe_counter!(*name, Unit::Count, "");
    }
    describe_histogram!(ACTIONS_OVERDUE, Unit::Seconds, "");
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
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_was_counted_is_written_once_with_its_unit() {
        lambda("webhook").unwrap();
        assert!(lambda("webhook").is_err());
        decision("act");
        decision("act");
        delivery("x", Outcome::Forged);
        overdue(Duration::from_secs(90));
        let mut out = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut out).unwrap();
        let lines: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let unit = |line: &Value| line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Unit"].clone();
        let decisions = lines.iter().find(|line| line["decisions"] == 2).unwrap();
        assert_eq!(decisions["function"], "webhook");
        assert_eq!(decisions["verdict"], "act");
        assert_eq!(unit(decisions), "Count");
        let forged = lines.iter().find(|line| line["intake_deliveries"] == 1).unwrap();
        assert_eq!((&forged["platform"], &forged["outcome"]), (&"x".into(), &"forged".into()));

        let overdue = lines.iter().find(|line| !line[ACTIONS_OVERDUE].is_null()).unwrap();
        assert_eq!(overdue[ACTIONS_OVERDUE], serde_json::json!([90.0]));
        assert_eq!((&overdue["function"], unit(overdue)), (&"webhook".into(), "Seconds".into()));

        let mut again = Vec::new();
        write(COLLECTOR.get().unwrap(), &mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), "", "a flush writes only what is new");
        flush();
    }
}
