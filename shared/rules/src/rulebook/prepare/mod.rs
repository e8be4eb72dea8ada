//! From the files of a rulebook to the tables that judging starts from. The build script runs it on the folder of the
//! program's own rulebook, so that a start reads tables only; a rulebook that comes later goes through it as it comes.

mod file;
mod guidelines;
mod lexicon;
mod load;
mod organisation;
mod policy;
mod rule;

use serde::{Deserialize, Serialize};

pub use file::Status;
pub(crate) use file::{Case, CasesFile};
pub use guidelines::GuidelineVersion;
pub(crate) use load::{Flaw, Part, Read, read};
pub use organisation::{Account, Organisation, Purpose, Titles};
pub use policy::{JumpLimits, ModelAlone, Plan, Policy, Retention, Step, XLadder, YouTubeLadder};
pub(crate) use rule::{PreparedPattern, PreparedRule, Within};

use crate::patterns::Index;

/// A rulebook that can't be used, and where that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct RulebookError {
    /// File within the rulebook folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// What is wrong within one file.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) span: Option<std::ops::Range<usize>>,
    pub(crate) message: String,
}

impl Fault {
    fn whole(message: String) -> Fault {
        Fault { span: None, message }
    }

    pub(crate) fn in_file(self, file: &str, text: &str) -> RulebookError {
        let at = self.span.map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        RulebookError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: self.message,
        }
    }
}

fn from_toml<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| Fault { span: error.span(), message: error.message().to_owned() })
}

/// A rulebook as tables; patterns and conditions are still text.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Prepared {
    pub(crate) version: String,
    pub(crate) guidelines: Vec<GuidelineVersion>,
    pub(crate) policy: Policy,
    pub(crate) organisation: Organisation,
    pub(crate) rules: Vec<PreparedRule>,
    pub(crate) index: Index,
}

/// The cases of a rulebook: those of each rule, in their order, and the texts on which no rule may fire.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cases {
    pub(crate) rules: Vec<CasesFile>,
    pub(crate) innocent: Vec<Case>,
}
