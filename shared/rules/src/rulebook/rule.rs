//! A rule, ready to be asked.

use super::condition::Condition;
use super::prepare::{PreparedPattern, PreparedRule, Status, Titles, Within};
use crate::patterns::SetId;
use crate::regexes::LazyRegex;
use crate::views::ViewKind;
use crate::{Clause, Output, Scores};

#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: LazyRegex,
    pub(crate) guard: SetId,
    pub(crate) view: ViewKind,
}

/// A rule of the rulebook.
#[derive(Debug)]
pub struct Rule {
    /// Stable id, for example `OFF003`.
    pub id: String,
    /// The prohibition.
    pub clause: Clause,
    /// Title in both languages.
    pub title: Titles,
    /// How far its word counts.
    pub status: Status,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// Reason in both languages.
    pub why: Titles,
    /// Version of the guidelines that it came with; all, where absent.
    pub since: Option<String>,
    /// Number of its cases: on which it must fire, on which it must not.
    pub cases: (usize, usize),
    pub(crate) any: SetId,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) all: Vec<SetId>,
    pub(crate) within: Within,
    pub(crate) unless: Option<SetId>,
    pub(crate) unless_near: Option<SetId>,
    pub(crate) unless_anywhere: Option<SetId>,
    pub(crate) min: usize,
    /// Scores that must be reached.
    pub(crate) scores: Vec<(Output, f32)>,
    by_score_alone: bool,
    /// Whether its condition, if that hangs on no match, is asked before the matches are looked at: because they are dear
    /// to tell, or because hardly anything else could rule it out.
    pub(crate) condition_first: bool,
    /// Score of any clause from which on it acts; below, a person looks.
    pub(crate) act_score: Option<f32>,
    pub(crate) when: Option<Condition>,
}

impl Rule {
    /// The condition, as written.
    pub fn condition(&self) -> Option<&str> {
        self.when.as_ref().map(Condition::source)
    }

    /// Whether nothing but scores of the model sets it off.
    pub fn is_by_score_alone(&self) -> bool {
        self.by_score_alone
    }

    /// The score that it asks of any clause to act, where none has it: to the model the post looks innocent.
    pub fn doubt(&self, scores: &Scores) -> Option<f32> {
        self.act_score.filter(|&least| scores.highest_of_a_clause() < least)
    }

    /// How sure it is of a post with these scores: set off by scores alone, no surer than the highest of them.
    pub(crate) fn confidence_with(&self, scores: &Scores) -> f32 {
        let highest = self.scores.iter().map(|&(output, _)| scores.get(output)).fold(0.0, f32::max);
        if self.by_score_alone { self.confidence.min(highest) } else { self.confidence }
    }

    pub(crate) fn scores_reached(&self, scores: &Scores) -> bool {
        self.scores.iter().all(|&(output, least)| scores.get(output) >= least)
    }
}

impl From<PreparedRule> for Rule {
    fn from(rule: PreparedRule) -> Rule {
        let more = [rule.unless, rule.unless_near, rule.unless_anywhere];
        let alone = rule.all.is_empty() && more.iter().all(Option::is_none);
        let pattern =
            |PreparedPattern { pattern, guard, view }| Pattern { regex: LazyRegex::new(pattern), guard, view };
        Rule {
            condition_first: rule.by_score_alone || !rule.patterns.is_empty() || alone,
            id: rule.id,
            clause: rule.clause,
            title: rule.title,
            status: rule.status,
            confidence: rule.confidence,
            why: rule.why,
            since: rule.since,
            cases: rule.cases,
            any: rule.any,
            patterns: rule.patterns.into_iter().map(pattern).collect(),
            all: rule.all,
            within: rule.within,
            unless: rule.unless,
            unless_near: rule.unless_near,
            unless_anywhere: rule.unless_anywhere,
            min: rule.min,
            scores: rule.scores,
            by_score_alone: rule.by_score_alone,
            act_score: rule.act_score,
            when: rule.when.map(Condition::new),
        }
    }
}
