//! `sekisho rulebook list`: the rules, and how often they fired.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use casework::publication::{Publications, Tallies, Tally};
use clap::Args;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use jiff::{SignedDuration, Timestamp};
use rules::{Clause, Rule, Rulebook, Status};
use serde_json::json;

use super::open;
use crate::command::say;
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this clause, for example `criminal`.
    #[arg(long)]
    clause: Option<Clause>,
    /// Only with this status: off, shadow, review or enforce.
    #[arg(long)]
    status: Option<String>,
    /// Also on how many posts each rule fired, in shadow or not, and on how many people it acted. Shows the rulebook in
    /// force, unless a folder is given.
    #[arg(long)]
    hits: bool,
    /// Days that `--hits` looks back, up to 30.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=30))]
    days: u8,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print Markdown, with the counts of this file that `evaluate --measured` wrote.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["clause", "status", "hits", "json"])]
    markdown: Option<PathBuf>,
}

/// What the table knows of the rules.
struct Seen {
    tally: Tally,
    demoted: BTreeSet<String>,
}

impl List {
    pub(super) async fn run(self, folder: Option<&Path>) -> Result<()> {
        if let Some(file) = &self.markdown {
            let measured = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            let list = rules::listing::markdown(open(folder)?, &serde_json::from_str(&measured)?);
            return say(list.trim_end());
        }
        if !self.hits {
            return self.show(open(folder)?, None);
        }
        let (store, rulebooks) = connect::store_and_rulebooks().await?;
        let now = Timestamp::now();
        let tally = store.tally(now - SignedDuration::from_hours(24 * i64::from(self.days)), now).await?;
        let demoted = store.standing().await?.demoted().map(|demotion| demotion.rule.clone()).collect();
        let seen = Seen { tally, demoted };
        match folder {
            Some(_) => self.show(open(folder)?, Some(&seen)),
            None => {
                let rulebook = rulebooks.current(now).await?;
                self.show(&rulebook, Some(&seen))
            }
        }
    }

    fn show(&self, rulebook: &Rulebook, seen: Option<&Seen>) -> Result<()> {
        let rules = rulebook.rules().iter().filter(|rule| {
            self.clause.is_none_or(|clause| rule.clause == clause)
                && self.status.as_ref().is_none_or(|status| status == word(rule.status))
        });
        if self.json {
            let rules: Vec<_> = rules.map(|rule| as_json(rule, seen)).collect();
            let posts = seen.map(|seen| seen.tally.posts);
            return say(serde_json::to_string_pretty(
                &json!({"rulebook": rulebook.version(), "posts": posts, "rules": rules}),
            )?);
        }
        let mut table = Table::new();
        let mut header = vec!["rule", "clause", "status", "confidence"];
        if seen.is_some() {
            header.extend(["fired", "people acted on"]);
        }
        header.extend(["finds", ""]);
        table.load_preset(UTF8_BORDERS_ONLY).set_header(header);
        for rule in rules {
            let demoted = seen.is_some_and(|seen| seen.demoted.contains(&rule.id));
            let status =
                if demoted { format!("{} (demoted)", word(rule.status)) } else { word(rule.status).to_owned() };
            let mut row = vec![rule.id.clone(), rule.clause.to_string(), status, format!("{:.2}", rule.confidence)];
            if let Some(seen) = seen {
                let hits = seen.tally.rules.get(&rule.id).copied().unwrap_or_default();
                row.extend([hits.fired.to_string(), hits.acted.to_string()]);
            }
            row.extend([rule.title.ja.clone(), rule.title.en.clone()]);
            table.add_row(row);
        }
        let numbers = if seen.is_some() { 3..6 } else { 3..4 };
        for column in table.column_iter_mut().skip(numbers.start).take(numbers.len()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        say(table)?;
        if let Some(seen) = seen {
            say(format_args!(
                "{} posts by people without strikes in {} days, rulebook {}",
                seen.tally.posts,
                self.days,
                rulebook.version()
            ))?;
        }
        Ok(())
    }
}

/// A status as rules write it.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Off => "off",
        Status::Shadow => "shadow",
        Status::Review => "review",
        Status::Enforce => "enforce",
    }
}

fn as_json(rule: &Rule, seen: Option<&Seen>) -> serde_json::Value {
    let hits = seen.map(|seen| seen.tally.rules.get(&rule.id).copied().unwrap_or_default());
    json!({
        "rule": rule.id,
        "clause": rule.clause,
        "status": word(rule.status),
        "demoted": seen.map(|seen| seen.demoted.contains(&rule.id)),
        "confidence": rule.confidence,
        "title": rule.title,
        "cases": {"match": rule.cases.0, "clear": rule.cases.1},
        "fired": hits.map(|hits| hits.fired),
        "acted": hits.map(|hits| hits.acted),
    })
}
