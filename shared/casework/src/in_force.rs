//! What posts are judged by now: a rulebook, and the rules that lost their right to act.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;
use rules::{Context, Judgement, Post, Rulebook, Verdict, judge};

/// The rulebook in force for one invocation. Cheap to clone; reads like the [`Rulebook`] that it holds.
#[derive(Clone, Debug)]
pub struct InForce {
    rulebook: Source,
    demoted: Arc<BTreeSet<String>>,
}

#[derive(Clone, Debug)]
enum Source {
    BuiltIn(&'static Rulebook),
    Published(Arc<Rulebook>),
}

impl InForce {
    /// The same rulebook, in which these rules lead to review at most.
    #[must_use]
    pub fn demoting(self, rules: impl IntoIterator<Item = String>) -> Self {
        InForce { demoted: Arc::new(rules.into_iter().collect()), ..self }
    }

    /// Whether a rule lost its right to act, whatever its status says.
    pub fn is_demoted(&self, rule: &str) -> bool {
        self.demoted.contains(rule)
    }

    /// The rules that lost their right to act.
    pub fn demoted(&self) -> impl Iterator<Item = &str> {
        self.demoted.iter().map(String::as_str)
    }

    /// Judges a post. Beside the judgement: why it is milder than the rules asked for, where it is.
    pub fn judge(&self, post: &Post, context: &Context, now: Timestamp) -> (Judgement, Option<String>) {
        let mut judgement = judge(post, context, self, now);
        let mut lowered = Vec::new();
        for violation in &mut judgement.violations {
            if violation.verdict == Verdict::Act && self.is_demoted(&violation.rule) {
                violation.verdict = Verdict::Review;
                lowered.push(violation.rule.clone());
            }
        }
        if lowered.is_empty() {
            return (judgement, None);
        }
        judgement.violations.sort_by(|a, b| {
            let by_weight = b.verdict.cmp(&a.verdict).then(b.confidence.total_cmp(&a.confidence));
            by_weight.then_with(|| a.rule.cmp(&b.rule))
        });
        if judgement.violations.iter().any(|violation| violation.verdict == Verdict::Act) {
            return (judgement, None);
        }
        judgement.verdict = Verdict::Review;
        (judgement, Some(format!("demoted to review: {}", lowered.join(", "))))
    }
}

impl Deref for InForce {
    type Target = Rulebook;

    fn deref(&self) -> &Rulebook {
        match &self.rulebook {
            Source::BuiltIn(rulebook) => rulebook,
            Source::Published(rulebook) => rulebook,
        }
    }
}

impl From<&'static Rulebook> for InForce {
    fn from(rulebook: &'static Rulebook) -> Self {
        InForce { rulebook: Source::BuiltIn(rulebook), demoted: Arc::default() }
    }
}

impl From<Arc<Rulebook>> for InForce {
    fn from(rulebook: Arc<Rulebook>) -> Self {
        InForce { rulebook: Source::Published(rulebook), demoted: Arc::default() }
    }
}
