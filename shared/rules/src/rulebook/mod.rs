//! The rulebook: loaded from its files, ready to judge by.

mod cases;
mod condition;
mod embedded;
mod field;
mod prepare;
mod rule;
mod simple;

use std::sync::Arc;

use jiff::Timestamp;

pub use cases::CaseFailure;
pub(crate) use condition::{Answer, Condition};
pub(crate) use field::Field;
pub(crate) use prepare::Within;
pub use prepare::{
    Account, GuidelineVersion, JumpLimits, ModelAlone, Organisation, Plan, Policy, Purpose, Retention, RulebookError,
    Status, Step, Titles, XLadder, YouTubeLadder,
};
use prepare::{Cases, Flaw, Part, Prepared};
pub use rule::Rule;

use crate::Model;
use crate::outbound::Section;
use crate::patterns::Index;
use crate::regexes::LazyRegex;
use crate::signals::letters;

/// Everything that a post is judged by.
#[derive(Debug)]
pub struct Rulebook {
    version: String,
    rules: Vec<Rule>,
    guidelines: Vec<GuidelineVersion>,
    policy: Policy,
    organisation: Organisation,
    cases: Cases,
    by_score_alone: Vec<u32>,
    our_names: Vec<String>,
    model: Arc<Model>,
    pub(crate) index: Index,
    pub(crate) drafts: Section,
}

impl Rulebook {
    /// Reads a rulebook from its files (path within the folder, text) and checks every term, pattern and condition.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn from_files<P, T>(files: impl Iterator<Item = (P, T)>) -> Result<Rulebook, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let files: Vec<(String, String)> = files.map(|(path, text)| (path.into(), text.into())).collect();
        let drafts = Section::of(&files, false);
        let read = Rulebook::read(files.into_iter())?;
        Ok(Rulebook::ready(read.prepared, read.cases, drafts))
    }

    fn read<P, T>(files: impl Iterator<Item = (P, T)>) -> Result<prepare::Read, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let read = prepare::read(files.map(|(path, text)| (path.into(), text.into())))?;
        read.check(|rule, part| match part {
            Part::When => rule.when.as_deref().map_or(Ok(()), Condition::check),
            Part::Pattern(at) => rule.patterns.get(at).map_or(Ok(()), |pattern| {
                LazyRegex::check(&pattern.pattern).map_err(|message| Flaw { at: 0, message })
            }),
        })?;
        Ok(read)
    }

    fn ready(prepared: Prepared, cases: Cases, drafts: Section) -> Rulebook {
        let rules: Vec<Rule> = prepared.rules.into_iter().map(Rule::from).collect();
        let alone = |rule: &Rule| rule.status != Status::Off && rule.is_by_score_alone();
        let by_score_alone = (0..).zip(&rules).filter(|(_, rule)| alone(rule)).map(|(number, _)| number).collect();
        Rulebook {
            version: prepared.version,
            rules,
            guidelines: prepared.guidelines,
            policy: prepared.policy,
            our_names: spellings(&prepared.organisation),
            organisation: prepared.organisation,
            cases,
            by_score_alone,
            model: Arc::new(Model::embedded().clone()),
            index: prepared.index,
            drafts,
        }
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

    /// As [`Rulebook::from_files`], for files that were checked before they were published: patterns and conditions
    /// are compiled when needed.
    ///
    /// # Errors
    /// When the files are of a format that this program does not know.
    pub fn from_checked_files<P, T>(files: impl Iterator<Item = (P, T)>) -> Result<Rulebook, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let files: Vec<(String, String)> = files.map(|(path, text)| (path.into(), text.into())).collect();
        let drafts = Section::of(&files, true);
        let read = prepare::read(files.into_iter())?;
        Ok(Rulebook::ready(read.prepared, read.cases, drafts))
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

    /// The names of our accounts, as `signals::letters` spells them.
    pub(crate) fn our_names(&self) -> &[String] {
        &self.our_names
    }

    /// Number of literals of all rules.
    pub fn literals(&self) -> usize {
        self.index.literals()
    }
}

/// Handles and names of our accounts, each spelling once.
fn spellings(organisation: &Organisation) -> Vec<String> {
    let names = organisation.accounts.iter().flat_map(|account| [&account.handle, &account.name]);
    let mut spellings: Vec<String> = names.map(|name| letters(name)).filter(|name| !name.is_empty()).collect();
    spellings.sort_unstable();
    spellings.dedup();
    spellings
}

#[cfg(test)]
mod tests;
