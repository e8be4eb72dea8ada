//! A recorded decision: rule ids, clauses, spans and hashes, no names and no text.

use jiff::Timestamp;
use rules::{Clause, Judgement, Platform, Span, Unknown, Verdict};
use serde::{Deserialize, Serialize};

/// Which post.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostKey {
    /// Where it was made.
    pub platform: Platform,
    /// Id that stays the same through edits.
    pub id: String,
}

impl std::fmt::Display for PostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.platform, self.id)
    }
}

impl std::str::FromStr for PostKey {
    type Err = String;

    /// Reads `x:1234` or `youtube:Ugz…`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (platform, id) = text
            .split_once(':')
            .ok_or_else(|| format!("{text:?} is not of the form platform:id, for example x:1234"))?;
        if id.is_empty() || id.contains('#') {
            return Err(format!("{text:?} has no usable id behind the colon"));
        }
        Ok(PostKey { platform: platform.parse()?, id: id.to_owned() })
    }
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decider {
    /// The rules.
    Machine,
    /// A member of staff, by the name given on the command line or console.
    Person(String),
}

/// What one rule contributed, without the words that it matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The prohibition.
    pub clause: Clause,
    /// The rule's id.
    pub rule: String,
    /// How sure the rule is, 0 to 1.
    pub confidence: f32,
    /// What it may lead to; `Allow` for a shadow rule.
    pub verdict: Verdict,
    /// Byte ranges of the text as it was when judged.
    pub spans: Vec<Span>,
}

/// One decision about one version of one post; appended, never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// 1 for the first decision about the post.
    pub number: u32,
    /// Who decided.
    pub by: Decider,
    /// The answer, after the kill switch had its say.
    pub verdict: Verdict,
    /// Why the answer is milder than the rules asked for, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<String>,
    /// Whether the platform itself kept the post from being seen: allowing it then means publishing it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// What a person gave as the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the rules found.
    pub findings: Vec<Finding>,
    /// What was not known and mattered.
    #[serde(default)]
    pub unknowns: Vec<Unknown>,
    /// Version of the content that was judged.
    pub version: String,
    /// Version of the rulebook.
    pub rulebook: String,
    /// Version of the guidelines in force when the post was made.
    pub guidelines: String,
    /// When it was decided.
    pub decided_at: Timestamp,
}

impl Decision {
    /// The clause that leads the statement of reasons.
    pub fn clause(&self) -> Option<Clause> {
        self.findings.iter().find(|finding| finding.verdict > Verdict::Allow).map(|finding| finding.clause)
    }
}

/// The findings of a judgement, without its words.
pub fn findings(judgement: &Judgement) -> Vec<Finding> {
    judgement
        .violations
        .iter()
        .map(|violation| Finding {
            clause: violation.clause,
            rule: violation.rule.clone(),
            confidence: violation.confidence,
            verdict: violation.verdict,
            spans: violation.spans.clone(),
        })
        .collect()
}
