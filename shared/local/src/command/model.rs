//! `sekisho model`: trains the model from labelled rows, and shows its card.

mod card;
mod rows;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::evaluate::Report;
use rules::{Lesson, Model, Rulebook, Trained};

use self::rows::Learned;
use super::rulebook::Source;
use super::{evaluate, say};

#[derive(Debug, Args)]
pub(super) struct ModelCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains it; writes `weights.bin` and `card.md`. The same rows, rulebook and date give the same bytes.
    Train(Train),
    /// Shows the card of the built-in model.
    Card,
}

#[derive(Debug, Args)]
struct Train {
    /// Folder of labelled rows: `<set>.jsonl`, and `manifest.tsv` with each set's licence and use. May be given again.
    #[arg(long, value_name = "FOLDER", required = true)]
    data: Vec<PathBuf>,
    /// Where to write; the rulebook's `model` folder.
    #[arg(long, value_name = "FOLDER", default_value = "shared/rules/rulebook/model")]
    out: PathBuf,
    /// The date that the card tells.
    #[arg(long)]
    date: Date,
    /// Rulebook with which held-out rows are judged; the built-in one unless given.
    #[arg(long, value_name = "FOLDER")]
    rulebook: Option<PathBuf>,
    /// Write what was said of each held-out row, as JSON lines: set, id, labels, scores, verdict, rules.
    #[arg(long, value_name = "FILE")]
    held_out: Option<PathBuf>,
    /// List the held-out rows of this set that came out wrong.
    #[arg(long, value_name = "SET")]
    wrong: Option<String>,
}

impl ModelCommand {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::Train(train) => train.run(),
            Command::Card => say(card::embedded()),
        }
    }
}

impl Train {
    fn run(self) -> Result<()> {
        let source = Source::read(self.rulebook.as_deref())?;
        let rulebook = source.load()?;
        let lesson = source.files.get("model/training.toml").context("there is no model/training.toml")?;
        let lesson = Lesson::parse(lesson).map_err(anyhow::Error::msg).context("model/training.toml")?;
        let learned = Learned::read(&self.data, &rulebook, lesson)?;
        let trained = rules::train(&learned.examples(), learned.beside_cost);
        let folds = folds(&trained, self.rulebook.as_deref())?;
        let report = judged(&learned, &trained, &folds);
        if let Some(file) = &self.held_out {
            std::fs::write(file, held_out(&learned, &trained, &folds)?).with_context(|| file.display().to_string())?;
        }
        let text = card::write(self.date, &learned, &trained, &report);
        std::fs::create_dir_all(&self.out).with_context(|| self.out.display().to_string())?;
        std::fs::write(self.out.join("weights.bin"), trained.model.to_bytes())?;
        std::fs::write(self.out.join("card.md"), &text)?;
        say(text)?;
        if let Some(set) = &self.wrong {
            evaluate::say_wrong(&report, set, learned.texts(set))?;
        }
        Ok(())
    }
}

/// The whole rulebook with the model of each fold.
fn folds(trained: &Trained, folder: Option<&Path>) -> Result<Vec<Rulebook>> {
    let files = Source::read(folder)?.files;
    let rulebook = |model: &Model| -> Result<Rulebook> {
        Ok(Rulebook::from_files(files.clone().into_iter())?.with_model(model.clone()))
    };
    trained.folds.iter().map(rulebook).collect()
}

/// Judges every row by the whole rulebook, with the model that had not seen the row.
fn judged(learned: &Learned, trained: &Trained, folds: &[Rulebook]) -> Report {
    let mut report = Report::default();
    let mut first = 0;
    for set in &learned.sets {
        let fold_of = &trained.fold_of[first..first + set.rows.len()];
        report.add_by(&set.name, &set.rows, |at| &folds[fold_of[at]], Timestamp::UNIX_EPOCH);
        first += set.rows.len();
    }
    report
}

fn held_out(learned: &Learned, trained: &Trained, folds: &[Rulebook]) -> Result<String> {
    let mut lines = String::new();
    let rows = learned.sets.iter().flat_map(|set| set.rows.iter().map(|row| (&set.name, row)));
    for ((set, row), fold) in rows.zip(&trained.fold_of) {
        let now = Timestamp::UNIX_EPOCH;
        let judgement = rules::judge(&row.post(now), &rules::Context::default(), &folds[*fold], now);
        let fired: Vec<&str> = judgement.violations.iter().map(|violation| violation.rule.as_str()).collect();
        let line = serde_json::json!({
            "set": set, "id": row.id, "labels": row.labels, "scores": judgement.scores,
            "verdict": judgement.verdict, "rules": fired,
        });
        lines.push_str(&serde_json::to_string(&line)?);
        lines.push('\n');
    }
    Ok(lines)
}
