//! The rulebook: loaded from its files, ready to judge by.

mod cases;
mod condition;
mod file;
mod guidelines;
mod lexicon;
mod load;
mod organisation;
mod policy;
mod rule;

use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use jiff::Timestamp;

pub use cases::CaseFailure;
pub(crate) use condition::Answer;
pub use file::Status;
pub use guidelines::GuidelineVersion;
pub use organisation::{Account, Organisation, Purpose, Titles};
pub use policy::{ModelAlone, Plan, Policy, Retention, Step, XLadder, YouTubeLadder};
pub use rule::Rule;
pub(crate) use rule::Within;

use crate::Model;
use crate::patterns::Index;

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rulebook");

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
struct Fault {
    span: Option<std::ops::Range<usize>>,
    message: String,
}

impl Fault {
    fn whole(message: String) -> Fault {
        Fault { span: None, message }
    }

    fn in_file(self, file: &str, text: &str) -> RulebookError {
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

fn from_toml<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| Fault { span: error.span(), message: error.message().to_owned() })
}

/// Everything that a post is judged by.
#[derive(Debug)]
pub struct Rulebook {
    version: String,
    rules: Vec<Rule>,
    guidelines: Vec<GuidelineVersion>,
    policy: Policy,
    organisation: Organisation,
    innocent: Vec<file::Case>,
    by_score_alone: Vec<u32>,
    model: Arc<Model>,
    pub(crate) index: Index,
}

impl Rulebook {
    /// The rulebook that the program was built with. Parsed once; patterns and conditions are compiled when needed.
    ///
    /// # Errors
    /// When the folder held a rulebook that can't be read; the tests of this crate prevent that.
    pub fn embedded() -> Result<&'static Rulebook, RulebookError> {
        static EMBEDDED: OnceLock<Result<Rulebook, RulebookError>> = OnceLock::new();
        EMBEDDED
            .get_or_init(|| load::load(Rulebook::embedded_files(), load::Depth::Shallow))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The files of the embedded rulebook: path within the folder, and text.
    pub fn embedded_files() -> impl Iterator<Item = (String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![&FOLDER];
        while let Some(folder) = folders.pop() {
            for file in folder.files() {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    files.push((path.replace('\\', "/"), text.to_owned()));
                }
            }
            folders.extend(folder.dirs());
        }
        files.into_iter()
    }

    /// Reads a rulebook from its files (path within the folder, text) and checks every term, pattern and condition.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn from_files<P, T>(files: impl Iterator<Item = (P, T)>) -> Result<Rulebook, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        load::load(files.map(|(path, text)| (path.into(), text.into())), load::Depth::Full)
    }

    /// A file of the embedded folder, text or not; empty where there is none.
    pub(crate) fn embedded_bytes(path: &str) -> &'static [u8] {
        FOLDER.get_file(path).map_or(&[], include_dir::File::contents)
    }

    /// The same rulebook with another model, for measuring.
    #[must_use]
    pub fn with_model(mut self, model: Model) -> Rulebook {
        self.model = Arc::new(model);
        self
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Numbers of the rules that nothing but scores sets off.
    pub(crate) fn by_score_alone(&self) -> impl Iterator<Item = u32> {
        self.by_score_alone.iter().copied()
    }

    /// Digest of the contents, twelve hexadecimal digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every rule, by clause and id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The version of the guidelines in force at a time; before the first one, the first one.
    pub fn guidelines_at(&self, at: Timestamp) -> &GuidelineVersion {
        let in_force = self.guidelines.iter().rev().find(|version| version.effective_at() <= at);
        // Loading refuses an empty list, so there is a first one.
        in_force.unwrap_or(&self.guidelines[0])
    }

    /// Every version of the guidelines, oldest first.
    pub fn guidelines(&self) -> &[GuidelineVersion] {
        &self.guidelines
    }

    /// A version of the guidelines by its id.
    pub fn guideline(&self, id: &str) -> Option<&GuidelineVersion> {
        self.guidelines.iter().find(|version| version.id == id)
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The organisation.
    pub fn organisation(&self) -> &Organisation {
        &self.organisation
    }

    /// Number of literals of all rules.
    pub fn literals(&self) -> usize {
        self.index.literals()
    }
}

#[cfg(test)]
mod tests;
