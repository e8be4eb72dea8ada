//! Compares what two rulebooks make of the same posts: which verdicts change, by which rules, with samples.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Clause, Context, Judgement, Post, Rulebook, Span, Status, Verdict, judge};

/// What one rulebook made of a post.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// Its answer.
    pub verdict: Verdict,
    /// The rules that fired, shadow rules included, with what each may lead to.
    pub rules: BTreeMap<String, Verdict>,
    /// Where they matched.
    pub spans: Vec<Span>,
    /// What was unknown and mattered.
    pub unknowns: Vec<String>,
}

impl Side {
    fn of(judgement: &Judgement) -> Self {
        let mut spans: Vec<Span> =
            judgement.violations.iter().flat_map(|violation| violation.spans.iter().copied()).collect();
        spans.sort_unstable();
        spans.dedup();
        Side {
            verdict: judgement.verdict,
            rules: judgement.violations.iter().map(|violation| (violation.rule.clone(), violation.verdict)).collect(),
            spans,
            unknowns: judgement.unknowns.iter().map(|unknown| unknown.what.clone()).collect(),
        }
    }
}

/// A post on which the rulebooks differ. Holds its text.
#[derive(Clone, PartialEq, Serialize)]
pub struct Sample {
    /// Where it was made and its id, or the id of its row.
    pub id: String,
    /// Its text.
    pub text: String,
    /// What the old rulebook made of it.
    pub old: Side,
    /// What the new rulebook makes of it.
    pub new: Side,
}

/// How often something came out, by the old and by the new rulebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// By the old one.
    pub old: u64,
    /// By the new one.
    pub new: u64,
    /// By the new one only.
    pub gained: u64,
    /// By the old one only.
    pub lost: u64,
}

impl Change {
    fn add(&mut self, old: bool, new: bool) {
        self.old += u64::from(old);
        self.new += u64::from(new);
        self.gained += u64::from(new && !old);
        self.lost += u64::from(old && !new);
    }
}

/// What comparing came to.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Posts that were judged.
    pub posts: u64,
    /// Posts on which both gave the same verdict for the same rules.
    pub same: u64,
    /// Verdicts, as `allow → act`, those that stay the same included.
    pub verdicts: BTreeMap<String, u64>,
    /// Posts on which each rule fired, shadow rules included.
    pub rules: BTreeMap<String, Change>,
    /// Posts flagged under each clause.
    pub clauses: BTreeMap<Clause, Change>,
    /// The first few posts of each kind of change: of a verdict (`allow → act`), else of the rules (`rules only`).
    pub samples: BTreeMap<String, Vec<Sample>>,
}

impl Comparison {
    /// Judges one post by both, with what is known around it. Keeps at most so many samples of each kind.
    pub fn add(
        &mut self,
        (old, new): (&Rulebook, &Rulebook),
        (id, post, context): (&str, &Post, &Context),
        now: Timestamp,
        samples: usize,
    ) {
        let (before, after) = (judge(post, context, old, now), judge(post, context, new, now));
        self.posts += 1;
        let verdicts = format!("{} → {}", before.verdict, after.verdict);
        *self.verdicts.entry(verdicts.clone()).or_default() += 1;
        let fired = |judgement: &Judgement, rule: &str| judgement.violations.iter().any(|found| found.rule == rule);
        let both = before.violations.iter().chain(&after.violations);
        let mut rules: Vec<&str> = both.clone().map(|violation| violation.rule.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            self.rules.entry(rule.to_owned()).or_default().add(fired(&before, rule), fired(&after, rule));
        }
        let named = |judgement: &Judgement, clause: Clause| {
            judgement.violations.iter().any(|found| found.clause == clause && found.verdict > Verdict::Allow)
        };
        let mut clauses: Vec<Clause> = both.map(|violation| violation.clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        for clause in clauses {
            let change = (named(&before, clause), named(&after, clause));
            if change != (false, false) {
                self.clauses.entry(clause).or_default().add(change.0, change.1);
            }
        }
        let (old, new) = (Side::of(&before), Side::of(&after));
        if (old.verdict, &old.rules) == (new.verdict, &new.rules) {
            self.same += 1;
            return;
        }
        let kind = if old.verdict == new.verdict { "rules only".to_owned() } else { verdicts };
        let kept = self.samples.entry(kind).or_default();
        if kept.len() < samples {
            kept.push(Sample { id: id.to_owned(), text: post.text.clone(), old, new });
        }
    }

    /// Posts whose verdict changes.
    pub fn changed_verdicts(&self) -> u64 {
        let changed = |verdicts: &str| verdicts.split_once(" → ").is_some_and(|(old, new)| old != new);
        self.verdicts.iter().filter(|(verdicts, _)| changed(verdicts)).map(|(_, count)| count).sum()
    }
}

/// What differs in the rules themselves: those that are new, gone, or of another status.
pub fn rules_that_differ(old: &Rulebook, new: &Rulebook) -> Vec<(String, Option<Status>, Option<Status>)> {
    let mut ids: Vec<&str> = old.rules().iter().chain(new.rules()).map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let status = |rulebook: &Rulebook, id: &str| rulebook.rule(id).map(|rule| rule.status);
    let both = ids.into_iter().map(|id| (id.to_owned(), status(old, id), status(new, id)));
    both.filter(|(_, old, new)| old != new).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::evaluate::Row;

    fn rulebook(status: &str) -> Rulebook {
        let shared = Rulebook::embedded_files()
            .filter(|(path, _)| ["guidelines.toml", "policy.toml", "organisation.toml"].contains(&path.as_str()));
        let rule = format!(
            "[[rule]]\nid = \"NUI900\"\ntitle = {{ ja = \"題\", en = \"title\" }}\nstatus = \"{status}\"\n\
             confidence = 0.95\nany = [\"カステラ\"]\nwhy = {{ ja = \"理由\", en = \"reason\" }}\n\
             case.match = [\"カステラ\"]\ncase.clear = [\"羊羹\"]\n"
        );
        Rulebook::from_files(shared.chain([("rules/nuisance.toml".to_owned(), rule)])).unwrap()
    }

    #[test]
    fn a_promoted_rule_shows_in_verdicts_rules_clauses_and_samples() {
        let (old, new) = (rulebook("shadow"), rulebook("enforce"));
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let mut comparison = Comparison::default();
        for (id, text) in ["カステラだ", "羊羹だ", "カステラの歌"].iter().enumerate() {
            let row = Row {
                id: id.to_string(),
                lang: "ja".into(),
                text: (*text).into(),
                labels: vec![],
                ambiguous: false,
                kind: None,
                group: None,
            };
            let post = row.post(now);
            comparison.add((&old, &new), (&row.id, &post, &Context::default()), now, 1);
        }
        assert_eq!((comparison.posts, comparison.same, comparison.changed_verdicts()), (3, 1, 2));
        assert_eq!(
            comparison.rules["NUI900"],
            Change { old: 2, new: 2, gained: 0, lost: 0 },
            "it fired in shadow, too"
        );
        assert_eq!(comparison.clauses[&Clause::Nuisance], Change { old: 0, new: 2, gained: 2, lost: 0 });
        let samples = &comparison.samples["allow → act"];
        assert_eq!(samples.len(), 1);
        assert_eq!((samples[0].text.as_str(), samples[0].new.spans.len()), ("カステラだ", 1));
        assert_eq!(rules_that_differ(&old, &new), [("NUI900".to_owned(), Some(Status::Shadow), Some(Status::Enforce))]);
    }
}
