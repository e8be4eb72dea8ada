//! `sekisho rulebook`: checks and lists the rules.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use rules::{Model, Rulebook};

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
    List {
        /// As Markdown, with the counts of this file that `evaluate --measured` wrote.
        #[arg(long, value_name = "FILE")]
        markdown: Option<PathBuf>,
    },
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
            Command::List { markdown: Some(file) } => {
                let measured = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
                let list = rules::listing::markdown(rulebook, &serde_json::from_str(&measured)?);
                say(list.trim_end())?;
            }
            Command::List { markdown: None } => {
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
    let mut rulebook = Rulebook::from_files(files(Some(folder))?.into_iter())?;
    // The folder's own model, where it has one.
    let weights = folder.join("model/weights.bin");
    if weights.exists() {
        let model = Model::from_bytes(std::fs::read(&weights)?).with_context(|| weights.display().to_string())?;
        rulebook = rulebook.with_model(model);
    }
    // One rulebook for the whole run of the program.
    Ok(Box::leak(Box::new(rulebook)))
}

/// The files of a rulebook: path within the folder, and text.
pub(super) fn files(folder: Option<&Path>) -> Result<Vec<(String, String)>> {
    let Some(folder) = folder else { return Ok(Rulebook::embedded_files().collect()) };
    let mut files = Vec::new();
    read_folder(folder, folder, &mut files).with_context(|| folder.display().to_string())?;
    Ok(files)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "bin") {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
