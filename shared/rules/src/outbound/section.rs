//! The outbound section of a rulebook, read when a draft is first checked: few programs check one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{Outbound, file};
use crate::rulebook::{Rulebook, RulebookError};

/// Where a rulebook has its rules for drafts, and these once they were read.
#[derive(Debug)]
pub(crate) struct Section {
    source: Source,
    ready: OnceLock<Result<Box<Outbound>, RulebookError>>,
}

#[derive(Debug)]
enum Source {
    /// In the files that the program was built with.
    BuiltIn,
    /// In these files; `checked` when their patterns were compiled before.
    Files { files: BTreeMap<String, String>, checked: bool },
}

impl Section {
    /// Of the built-in rulebook.
    pub(crate) fn built_in() -> Self {
        Section { source: Source::BuiltIn, ready: OnceLock::new() }
    }

    /// Of a rulebook with these files, of which those that drafts are checked by are kept.
    pub(crate) fn of(files: &[(String, String)], checked: bool) -> Self {
        let files = files.iter().filter(|(path, _)| file::is_needed(path)).cloned().collect();
        Section { source: Source::Files { files, checked }, ready: OnceLock::new() }
    }

    fn get(&self) -> Result<&Outbound, RulebookError> {
        let read = || match &self.source {
            Source::BuiltIn => file::load(&Rulebook::embedded_for_drafts(), true),
            Source::Files { files, checked } => file::load(files, *checked),
        };
        self.ready.get_or_init(|| read().map(Box::new)).as_deref().map_err(Clone::clone)
    }
}

impl Rulebook {
    /// The rules that drafts of ours are checked by.
    ///
    /// # Errors
    /// When the rulebook has none or they can't be read, with file, line and column.
    pub fn outbound(&self) -> Result<&Outbound, RulebookError> {
        self.drafts.get()
    }
}
