//! Articles, rules of rights, grounds of refusal and platform duties, as the regime files give them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Deadline, DeadlineKind, LawError, RefusalReason, Regime, Right};
use crate::identity::Tier;

/// How well a fact of law is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The primary text was read.
    Primary,
    /// A secondary source was read.
    Secondary,
    /// Common knowledge; counsel checks it before it becomes a statement in a letter.
    Unchecked,
}

/// One article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Its number, for example `33(2)`.
    pub number: String,
    /// First day of this numbering and content.
    pub effective_from: Date,
    /// Last day, when it has one.
    #[serde(default)]
    pub effective_until: Option<Date>,
    /// The number it had before, as older material cites it.
    #[serde(default)]
    pub formerly: Option<String>,
    /// How it is cited in a Japanese letter.
    pub ja: String,
    /// How it is cited in an English letter.
    pub en: String,
    /// What it says, in short, for the privacy officer.
    pub gist: String,
    /// How well that is known.
    pub evidence: Evidence,
}

/// A ground to refuse, always with the article that allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The reason.
    pub reason: RefusalReason,
    /// The article of the same regime.
    pub article: String,
}

/// What holds for a right from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightRule {
    /// The right.
    pub right: Right,
    /// The article that grants it.
    pub article: String,
    /// First day of arrival to which this applies.
    pub effective_from: Date,
    /// Last day, when it has one.
    #[serde(default)]
    pub effective_until: Option<Date>,
    /// Whether a fee may be taken.
    pub fee_allowed: bool,
    /// Whether the person chooses the form of the answer.
    #[serde(default)]
    pub form_choice: bool,
    /// What must be shown before it is carried out.
    pub tier: Tier,
    /// The clocks that a request starts.
    pub deadlines: Vec<DeadlineKind>,
    /// The closed list of grounds to refuse.
    #[serde(default)]
    pub grounds: Vec<Ground>,
}

/// What a platform asks of us without anyone's request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// First day.
    pub effective_from: Date,
    /// What must be done, in short.
    pub gist: String,
    /// Within which time.
    pub deadline: DeadlineKind,
    /// Where it stands.
    pub source: String,
}

/// A refusal that the law knows. Only [`super::Law::refuse`] makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    right: Right,
    reason: RefusalReason,
    article: String,
    substitute: Option<String>,
}

impl Refusal {
    pub(super) fn new(right: Right, reason: RefusalReason, article: &str, substitute: Option<&str>) -> Self {
        Self { right, reason, article: article.to_owned(), substitute: substitute.map(str::to_owned) }
    }

    /// The right refused.
    pub fn right(&self) -> Right {
        self.right
    }

    /// Why.
    pub fn reason(&self) -> RefusalReason {
        self.reason
    }

    /// By which article of the right's regime.
    pub fn article(&self) -> &str {
        &self.article
    }

    /// The measure taken instead.
    pub fn substitute(&self) -> Option<&str> {
        self.substitute.as_deref()
    }
}

/// A fee that the law allows. Only [`super::Law::fee`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fee {
    right: Right,
    yen: u32,
}

impl Fee {
    pub(super) fn new(right: Right, yen: u32) -> Self {
        Self { right, yen }
    }

    /// The right it is taken for.
    pub fn right(self) -> Right {
        self.right
    }

    /// Japanese yen.
    pub fn yen(self) -> u32 {
        self.yen
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineFile {
    deadline: Vec<Deadline>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegimeFile {
    pub(super) regime: Regime,
    #[serde(default)]
    pub(super) article: Vec<Article>,
    #[serde(default)]
    pub(super) right: Vec<RightRule>,
    #[serde(default)]
    pub(super) duty: Vec<Duty>,
}

pub(super) fn read_deadlines(text: &str) -> Result<Vec<Deadline>, LawError> {
    let file: DeadlineFile =
        toml::from_str(text).map_err(|error| LawError::Malformed("deadlines.toml".to_owned(), error))?;
    Ok(file.deadline)
}

pub(super) fn read_regime(name: &str, text: &str) -> Result<RegimeFile, LawError> {
    toml::from_str(text).map_err(|error| LawError::Malformed(name.to_owned(), error))
}
