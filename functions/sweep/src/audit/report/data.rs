//! The figures of a night, as `report.json` holds them (`report.schema.json`). No word of anybody but us is in it.

use casework::audit::{Night, Note, NoteState};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::audit::accounts::OurAccounts;
use crate::audit::check::Check;
use crate::audit::digest::Digest;
use crate::audit::missed::Missed;
use crate::audit::outbound::OwnPosts;
use crate::audit::pending::Pending;
use crate::audit::reconcile::Reconciled;
use crate::audit::rejudge::Rejudged;
use crate::audit::requests::Requests;
use crate::audit::retention::Retention;
use crate::audit::rule_health::Health;

/// Version of the report's shape.
pub const FORMAT: u32 = 1;
/// Days that the charts show.
pub const HISTORY: usize = 30;

/// A night's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The day in Tokyo on whose morning it is read.
    pub night: Date,
    /// Beginning of the 24 hours that it tells of.
    pub from: Timestamp,
    /// Their end.
    pub until: Timestamp,
    /// When it was written.
    pub written_at: Timestamp,
    /// Whose accounts these are.
    pub organisation: String,
    /// Version of the rulebook that judged again.
    pub rulebook: String,
    /// How each check ended, in their order.
    pub checks: Vec<Checked>,
    /// Posts that nobody had brought.
    pub missed: Missed,
    /// Posts judged again.
    pub rejudged: Rejudged,
    /// Decisions against what platforms show.
    pub reconciled: Reconciled,
    /// What waits.
    pub pending: Pending,
    /// Our own posts.
    pub outbound: OwnPosts,
    /// What was removed.
    pub retention: Retention,
    /// Deadlines.
    pub requests: Requests,
    /// How rules do.
    pub rules: Health,
    /// Our accounts.
    pub accounts: OurAccounts,
    /// What people say.
    pub digest: Digest,
    /// The last days, oldest first, this one included.
    pub history: Vec<Day>,
}

/// What a later night wants of a report.
#[derive(Debug, Deserialize)]
pub struct Past {
    /// As in [`Report`].
    pub history: Vec<Day>,
}

/// How a check ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Which.
    pub check: Check,
    /// Why it failed, where it did.
    pub failed: Option<String>,
    /// Milliseconds that it worked.
    pub worked_ms: u64,
    /// How often it was started.
    pub starts: u32,
}

/// One day of the charts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The night's date.
    pub date: Date,
    /// Posts allowed.
    pub allow: u64,
    /// Posts that went to a person.
    pub review: u64,
    /// Posts on which something was done.
    pub act: u64,
    /// Complaints.
    pub complaints: u64,
    /// Questions.
    pub questions: u64,
    /// What waited for a person that night.
    pub waiting: u64,
    /// Hours that the longest had waited.
    pub longest_hours: u64,
}

impl Report {
    /// Puts a night's notes together; `before` are the days of the report before.
    pub fn of(
        night: &Night,
        notes: &[Note],
        before: Vec<Day>,
        organisation: &str,
        rulebook: &str,
        now: Timestamp,
    ) -> Self {
        let mut report = Report {
            format: FORMAT,
            night: night.date,
            from: night.until - jiff::SignedDuration::from_hours(24),
            until: night.until,
            written_at: now,
            organisation: organisation.to_owned(),
            rulebook: rulebook.to_owned(),
            checks: Check::ALL.into_iter().map(|check| checked(check, notes)).collect(),
            missed: found(Check::Missed, notes),
            rejudged: found(Check::Rejudged, notes),
            reconciled: found(Check::Reconciled, notes),
            pending: found(Check::Pending, notes),
            outbound: found(Check::Outbound, notes),
            retention: found(Check::Retention, notes),
            requests: found(Check::Requests, notes),
            rules: found(Check::Rules, notes),
            accounts: found(Check::Accounts, notes),
            digest: found(Check::Digest, notes),
            history: before,
        };
        report.history.retain(|day| day.date < night.date);
        report.history.push(report.today());
        let surplus = report.history.len().saturating_sub(HISTORY);
        report.history.drain(..surplus);
        report
    }

    fn today(&self) -> Day {
        let count = |counts: &std::collections::BTreeMap<String, u64>, key: &str| counts.get(key).copied().unwrap_or(0);
        Day {
            date: self.night,
            allow: count(&self.digest.verdicts, "allow"),
            review: count(&self.digest.verdicts, "review"),
            act: count(&self.digest.verdicts, "act"),
            complaints: count(&self.digest.voices, "complaint"),
            questions: count(&self.digest.voices, "question"),
            waiting: self.waiting(),
            longest_hours: self.pending.longest_hours,
        }
    }

    /// Rulings and tasks that wait for a person.
    pub fn waiting(&self) -> u64 {
        self.pending.reviews + self.pending.tasks.values().sum::<u64>()
    }

    /// Whether a check failed, so that what it would have found is not known.
    pub fn failed(&self, check: Check) -> bool {
        self.checks.iter().any(|checked| checked.check == check && checked.failed.is_some())
    }
}

fn checked(check: Check, notes: &[Note]) -> Checked {
    let note = notes.iter().find(|note| note.check == check.key());
    let failed = match note.map(|note| &note.state) {
        Some(NoteState::Done) => None,
        Some(NoteState::Failed(reason)) => Some(reason.clone()),
        Some(NoteState::Running) | None => Some("not ended".to_owned()),
    };
    Checked {
        check,
        failed,
        worked_ms: note.map_or(0, |note| note.worked_ms),
        starts: note.map_or(0, |note| note.starts),
    }
}

/// What a check found, as far as it came.
fn found<F: Default + DeserializeOwned>(check: Check, notes: &[Note]) -> F {
    let note = notes.iter().find(|note| note.check == check.key());
    note.and_then(|note| serde_json::from_str::<Option<F>>(&note.found).ok().flatten()).unwrap_or_default()
}
