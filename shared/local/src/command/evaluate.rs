//! `sekisho evaluate`: measures a rulebook on labelled rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use jiff::Timestamp;
use rules::evaluate::{Counts, Report, Row};
use rules::listing::Measured;

use super::rulebook::open;

use super::say;

#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// Files of rows, JSON lines with `id`, `lang`, `text`, `labels`, `ambiguous`; a set is named after its file.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder of the rulebook; the built-in one unless given.
    #[arg(long, value_name = "FOLDER")]
    rulebook: Option<PathBuf>,
    /// Print all counts and every row that came out wrong, as JSON.
    #[arg(long)]
    json: bool,
    /// Keep the counts of rules and sets in this file, for the list of rules.
    #[arg(long, value_name = "FILE")]
    measured: Option<PathBuf>,
    /// List the rows of this set that came out wrong.
    #[arg(long, value_name = "SET")]
    wrong: Option<String>,
}

impl Evaluate {
    pub(super) fn run(self) -> Result<()> {
        let rulebook = open(self.rulebook.as_deref())?;
        let mut report = Report::default();
        let mut texts = BTreeMap::new();
        for file in &self.files {
            let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let rows = rows(file).with_context(|| file.display().to_string())?;
            report.add(&name, &rows, rulebook, Timestamp::now());
            if self.wrong.as_ref() == Some(&name) {
                texts.extend(rows.into_iter().map(|row| (row.id, row.text)));
            }
        }
        if let Some(file) = &self.measured {
            let measured = serde_json::to_string_pretty(&Measured::of(rulebook, &report))?;
            std::fs::write(file, measured + "\n").with_context(|| file.display().to_string())?;
        }
        if self.json {
            say(serde_json::to_string_pretty(&report)?)?;
            return Ok(());
        }
        say(table("set, language, kind", report.groups.iter()))?;
        say(format_args!("counting only the clauses that a set labels\n{}", table("set", report.own_clauses.iter())))?;
        say(table("clause", report.clauses.iter()))?;
        say(table("language", report.languages.iter()))?;
        say(confusion(&report))?;
        if let Some(set) = &self.wrong {
            say_wrong(&report, set, texts)?;
        }
        Ok(())
    }
}

/// Lists the rows of a set that came out wrong, with the rules that fired.
pub(super) fn say_wrong(report: &Report, set: &str, texts: BTreeMap<String, String>) -> Result<()> {
    for confusion in report.confusions.get(set).into_iter().flatten() {
        let how = if confusion.violating { "missed" } else { "false" };
        let text = texts.get(&confusion.id).map_or("", String::as_str).replace('\n', "⏎");
        say(format_args!("{how:<7} {} {} {text}", confusion.id, confusion.rules.join(",")))?;
    }
    Ok(())
}

/// The labelled rows of a file.
pub(super) fn rows(file: &Path) -> Result<Vec<Row>> {
    let text = std::fs::read_to_string(file)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| serde_json::from_str(line).with_context(|| format!("line {}", number + 1))).collect()
}

/// What was taken for something else, most often first.
fn confusion(report: &Report) -> Table {
    let rows = report.taken_for.iter().flat_map(|(label, answers)| {
        answers.iter().map(move |(answer, count)| (label.as_str(), answer.as_str(), *count))
    });
    let wrong = |label: &str, answer: &str| label != answer && (label, answer) != ("innocent", "allowed");
    let mut rows: Vec<_> = rows.filter(|(label, answer, _)| wrong(label, answer)).collect();
    rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY).set_header(["rows of", "taken for", "rows"]);
    for (label, answer, count) in rows {
        table.add_row([label, answer, &count.to_string()]);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn table<'a, K: std::fmt::Display + 'a>(of: &str, groups: impl Iterator<Item = (&'a K, &'a Counts)>) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    table.set_header([of, "rows", "precision", "recall", "F1", "false positives", "innocent acted on", "right clause"]);
    for (group, counts) in groups {
        let rows = counts.hits + counts.misses + counts.false_alarms + counts.rests;
        table.add_row([
            group.to_string(),
            rows.to_string(),
            format!("{:.3}", counts.precision()),
            format!("{:.3}", counts.recall()),
            format!("{:.3}", counts.f1()),
            format!("{:.2} %", 100.0 * counts.false_positive_rate()),
            counts.acted.to_string(),
            format!("{:.3}", counts.clause_rate()),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
