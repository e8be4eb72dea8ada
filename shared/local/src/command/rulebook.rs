//! `sekisho rulebook`: checks and lists the rules.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use rules::Rulebook;

use super::say;

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
    /// Lists the rules.
    List,
}

impl Rules {
    pub(super) fn run(self) -> Result<()> {
        let rulebook = open(self.rulebook.as_deref())?;
        match self.command {
            Command::Check => {
                let failures = rulebook.check();
                for failure in &failures {
                    say(failure)?;
                }
                if !failures.is_empty() {
                    bail!("{} cases fail", failures.len());
                }
                let cases: usize = rulebook.rules().iter().map(|rule| rule.cases.0 + rule.cases.1).sum();
                say(format_args!(
                    "{} rules, {cases} cases pass, version {}",
                    rulebook.rules().len(),
                    rulebook.version()
                ))?;
            }
            Command::List => {
                let mut table = Table::new();
                table.load_preset(UTF8_BORDERS_ONLY).set_header([
                    "rule",
                    "clause",
                    "status",
                    "confidence",
                    "finds",
                    "",
                ]);
                for rule in rulebook.rules() {
                    table.add_row([
                        rule.id.clone(),
                        rule.clause.to_string(),
                        format!("{:?}", rule.status).to_lowercase(),
                        format!("{:.2}", rule.confidence),
                        rule.title.ja.clone(),
                        rule.title.en.clone(),
                    ]);
                }
                say(table)?;
            }
        }
        Ok(())
    }
}

/// The rulebook of a folder, or the built-in one.
pub(super) fn open(folder: Option<&Path>) -> Result<&'static Rulebook> {
    let Some(folder) = folder else { return Ok(Rulebook::embedded()?) };
    // One rulebook for the whole run of the program.
    Ok(Box::leak(Box::new(Rulebook::from_files(files(folder)?.into_iter())?)))
}

/// The files of a rulebook's folder: path within it, and text.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    read_folder(folder, folder, &mut files).with_context(|| folder.display().to_string())?;
    Ok(files)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
