//! Runs the cases that rules carry.

use jiff::Timestamp;

use super::prepare::Case;
use super::{Rulebook, Status};
use crate::Clause;
use crate::judge::judge;

/// A case that does not come out as its rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The rule, or `innocent` for a text on which no rule may fire.
    pub rule: String,
    /// The case's text; our own words, no user's.
    pub text: String,
    /// Whether the rule should have fired.
    pub should_fire: bool,
    /// Its place among the rule's cases of that kind, from 0.
    pub place: usize,
    /// The rules that fired.
    pub fired: Vec<String>,
}

impl std::fmt::Display for CaseFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let should = if self.should_fire { "should fire" } else { "should not fire" };
        let fired = if self.fired.is_empty() { "nothing".to_owned() } else { self.fired.join(", ") };
        write!(f, "{} {should} on {:?}; fired: {fired}", self.rule, self.text)
    }
}

impl Rulebook {
    /// The texts of the cases that are texts alone: the clause whose rule must fire, or `None` where it must not. The
    /// embedded rulebook carries none.
    pub fn case_texts(&self) -> Vec<(String, Option<Clause>)> {
        let cases = &self.cases;
        let text = |case: &Case, clause| matches!(case, Case::Text(_)).then(|| (case.text().to_owned(), clause));
        let mut texts = Vec::new();
        for (rule, own) in self.rules.iter().zip(&cases.rules).filter(|(rule, _)| rule.status != Status::Off) {
            texts.extend(own.matching.iter().filter_map(|case| text(case, Some(rule.clause))));
            texts.extend(own.clear.iter().filter_map(|case| text(case, None)));
        }
        texts.extend(cases.innocent.iter().filter_map(|case| text(case, None)));
        texts
    }

    /// Runs the cases of all rules that are not off, and the innocent texts; comes back empty when all is well. Those of
    /// the embedded rulebook are run by the tests of this crate, and it carries them no more.
    pub fn check(&self) -> Vec<CaseFailure> {
        // Any fixed time after every version of the guidelines will do.
        let latest = self.guidelines.last().map_or(Timestamp::UNIX_EPOCH, |version| version.effective_at());
        let now = latest.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(latest);
        let mut failures = Vec::new();
        let fired = |case: &Case| -> Vec<String> {
            let (post, context) = case.build(now);
            let judgement = judge(&post, &context, self, now);
            let unknown = judgement.unknowns.iter().filter_map(|unknown| unknown.rule.clone());
            judgement.violations.iter().map(|violation| violation.rule.clone()).chain(unknown).collect()
        };
        let cases = &self.cases;
        for (rule, own) in self.rules.iter().zip(&cases.rules).filter(|(rule, _)| rule.status != Status::Off) {
            for (cases, should_fire) in [(&own.matching, true), (&own.clear, false)] {
                for (place, case) in cases.iter().enumerate() {
                    let fired = fired(case);
                    if fired.contains(&rule.id) != should_fire {
                        failures.push(CaseFailure {
                            rule: rule.id.clone(),
                            text: case.text().into(),
                            should_fire,
                            place,
                            fired,
                        });
                    }
                }
            }
        }
        for (place, case) in cases.innocent.iter().enumerate() {
            let fired = fired(case);
            if !fired.is_empty() {
                failures.push(CaseFailure {
                    rule: "innocent".into(),
                    text: case.text().into(),
                    should_fire: false,
                    place,
                    fired,
                });
            }
        }
        failures
    }
}
