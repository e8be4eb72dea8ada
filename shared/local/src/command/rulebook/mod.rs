//! `sekisho rulebook`: the life of a rule, from its scaffold to its publication.

mod check;
mod explain;
mod list;
mod new;
mod publish;
mod source;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use rules::Rulebook;

pub(super) use source::Source;

#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    command: Command,
    /// Folder of the rulebook; the built-in one unless given.
    #[arg(long, value_name = "FOLDER", global = true)]
    rulebook: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Loads the rulebook and runs the cases of all its rules.
    Check,
    /// Runs the cases of chosen rules and shows each.
    Test(check::Test),
    /// Lists the rules.
    List(list::List),
    /// Shows why a text is judged as it is.
    Explain(explain::Explain),
    /// Writes the frame of a new rule into its clause's file.
    New(new::New),
    /// Puts a rulebook in force for the functions, if it passes its own cases.
    Publish(publish::Publish),
    /// Lists what was in force, newest first, and the demoted rules.
    Versions(publish::Versions),
    /// Puts an earlier rulebook in force again.
    Rollback(publish::Rollback),
    /// Lets a rule lead to review at most, and leaves undone what it planned: within a minute, without publishing.
    Demote(publish::Demote),
    /// Lets a demoted rule act again.
    Restore(publish::Restore),
}

impl Rules {
    pub(super) async fn run(self) -> Result<()> {
        let folder = self.rulebook.as_deref();
        match self.command {
            Command::Check => check::check(folder),
            Command::Test(test) => test.run(folder),
            Command::List(list) => list.run(folder).await,
            Command::Explain(explain) => explain.run(folder),
            Command::New(new) => new.run(folder),
            Command::Publish(publish) => publish.run().await,
            Command::Versions(versions) => versions.run().await,
            Command::Rollback(rollback) => rollback.run().await,
            Command::Demote(demote) => demote.run().await,
            Command::Restore(restore) => restore.run().await,
        }
    }
}

/// The rulebook of a folder, or the built-in one.
pub(super) fn open(folder: Option<&Path>) -> Result<&'static Rulebook> {
    if folder.is_none() {
        return Ok(Rulebook::embedded()?);
    }
    // One rulebook for the whole run of the program.
    Ok(Box::leak(Box::new(Source::read(folder)?.load()?)))
}
