//! The answer of a judgement, with the evidence behind it.

use serde::{Deserialize, Serialize};

use crate::{Clause, Scores};

/// One of three answers, never two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing to object to.
    Allow,
    /// A person has to look.
    Review,
    /// The policy's actions follow.
    Act,
}

impl Verdict {
    /// The key: `allow`, `review` or `act`.
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Allow => "allow",
            Verdict::Review => "review",
            Verdict::Act => "act",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// A range of bytes of the original text, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A rule that fired.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// The prohibition.
    pub clause: Clause,
    /// Id of the rule, for example `OFF003`.
    pub rule: String,
    /// How sure the rule is, 0 to 1.
    pub confidence: f32,
    /// What the rule may lead to by its status and confidence: `Review` or `Act`; `Allow` for a shadow rule.
    pub verdict: Verdict,
    /// Where it matched; empty when the evidence is not in the text (a count, the author's name).
    pub spans: Vec<Span>,
    /// The matched words, or a short description of what else was found. Personal data: kept with the person only.
    pub evidence: Vec<String>,
}

impl std::fmt::Debug for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Violation")
            .field("clause", &self.clause)
            .field("rule", &self.rule)
            .field("confidence", &self.confidence)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

/// Knowledge that was missing and mattered; leads to review, never silently to allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unknown {
    /// What was missing, for example `image` or `author.age_days`.
    pub what: String,
    /// The rule that needed it, where one did.
    pub rule: Option<String>,
}

/// What judging a post came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// The rules that fired, severest first; shadow rules come last and change nothing.
    pub violations: Vec<Violation>,
    /// What was not known and mattered.
    pub unknowns: Vec<Unknown>,
    /// Scores of the model by name, 0 to 1.
    #[serde(default)]
    pub scores: Scores,
    /// Version of the rulebook that judged.
    pub rulebook: String,
    /// Version of the guidelines in force when the post was made.
    pub guidelines: String,
}
