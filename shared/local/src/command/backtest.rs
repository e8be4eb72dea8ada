//! `sekisho backtest`: what a changed rulebook would do, over recorded posts or a file, before it does it.

use std::io::{BufRead, BufReader, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use casework::in_force::InForce;
use clap::Args;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use indicatif::ProgressBar;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::compare::{Change, Comparison, Sample, Side, rules_that_differ};
use rules::{Context, Post, Rulebook, Verdict};
use serde_json::json;
use store::Store;

use super::judge;
use super::rulebook::open;
use super::say;
use super::terminal::{Paint, on_one_line};
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Backtest {
    /// File of posts, JSON lines as `judge` reads them.
    #[arg(conflicts_with = "recorded", required_unless_present = "recorded")]
    file: Option<PathBuf>,
    /// Folder of the changed rulebook.
    #[arg(long, value_name = "FOLDER")]
    new: PathBuf,
    /// Folder of the rulebook to compare with; the one in force unless given, the built-in one where no table is.
    #[arg(long, value_name = "FOLDER")]
    old: Option<PathBuf>,
    /// Judge the posts whose text the store still keeps, without their authors' history.
    #[arg(long)]
    recorded: bool,
    /// With `--recorded`: only posts made since this day in Tokyo, as 2026-11-20.
    #[arg(long, value_name = "DATE", requires = "recorded")]
    since: Option<Date>,
    /// Samples of each kind of change.
    #[arg(long, default_value_t = 5, value_name = "N")]
    samples: usize,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

impl Backtest {
    pub(super) async fn run(self) -> Result<()> {
        let new = open(Some(&self.new))?;
        let now = Timestamp::now();
        let old = self.old(now).await?;
        let mut comparison = Comparison::default();
        let progress = if std::io::stderr().is_terminal() { ProgressBar::no_length() } else { ProgressBar::hidden() };
        let mut add = |id: &str, post: &Post| {
            comparison.add((&*old, new), (id, post, &Context::default()), now, self.samples);
            progress.inc(1);
        };
        match &self.file {
            Some(file) => {
                let lines = std::fs::File::open(file).with_context(|| file.display().to_string())?;
                for (number, line) in BufReader::new(lines).lines().enumerate() {
                    let line = line?;
                    if !line.trim().is_empty() {
                        let post = judge::post_of(line.as_bytes(), now);
                        let post = post.with_context(|| format!("{}:{}", file.display(), number + 1))?;
                        add(&post.id, &post);
                    }
                }
            }
            None => recorded(&connect::store().await?, self.since, now, add).await?,
        }
        progress.finish_and_clear();
        if comparison.posts == 0 {
            bail!("there is no post to judge");
        }
        if self.json {
            return say(serde_json::to_string_pretty(&json!({
                "old": old.version(), "new": new.version(),
                "rules_that_differ": rules_that_differ(&old, new), "comparison": comparison,
            }))?);
        }
        say(told(&old, new, &comparison, Paint::stdout()))
    }

    async fn old(&self, now: Timestamp) -> Result<InForce> {
        match &self.old {
            Some(folder) => Ok(InForce::from(open(Some(folder))?)),
            None if connect::is_there() => Ok(connect::store_and_rulebooks().await?.1.current(now).await?),
            None => Ok(InForce::from(Rulebook::embedded()?)),
        }
    }
}

/// Every recorded post, page by page.
async fn recorded(store: &Store, since: Option<Date>, now: Timestamp, mut add: impl FnMut(&str, &Post)) -> Result<()> {
    // Japan has kept UTC+9 without daylight saving time since 1952.
    let since = since.map(|day| jiff::tz::offset(9).to_timestamp(day.at(0, 0, 0, 0))).transpose()?;
    let mut from = None;
    loop {
        let (posts, next) = store.recorded_posts(since, from, now).await?;
        for post in posts {
            add(&format!("{}:{}", post.platform, post.id), &post);
        }
        from = next;
        if from.is_none() {
            return Ok(());
        }
    }
}

fn told(old: &Rulebook, new: &Rulebook, comparison: &Comparison, paint: Paint) -> String {
    let mut out = vec![format!(
        "{} posts, rulebook {} → {}: {} verdicts change, {} posts are judged the same in every respect",
        comparison.posts,
        old.version(),
        new.version(),
        comparison.changed_verdicts(),
        comparison.same,
    )];
    let status =
        |status: Option<rules::Status>| status.map_or("–".to_owned(), |status| format!("{status:?}").to_lowercase());
    for (rule, before, after) in rules_that_differ(old, new) {
        out.push(format!("  {rule}: {} → {}", status(before), status(after)));
    }
    let mut verdicts = Table::new();
    verdicts.load_preset(UTF8_BORDERS_ONLY).set_header(["verdict", "posts", "share"]);
    for (kind, count) in &comparison.verdicts {
        let share = 100.0 * *count as f64 / comparison.posts as f64;
        verdicts.add_row([kind.clone(), count.to_string(), format!("{share:.2} %")]);
    }
    right(&mut verdicts);
    out.push(verdicts.to_string());
    let rules = comparison.rules.iter().map(|(rule, change)| (named(new, old, rule), *change));
    out.extend(changes("rule", rules));
    out.extend(changes("clause", comparison.clauses.iter().map(|(clause, change)| (clause.to_string(), *change))));
    for (kind, samples) in &comparison.samples {
        out.push(format!("\n{}", paint.bold(kind)));
        out.extend(samples.iter().map(|sample| shown(sample, paint)));
    }
    out.join("\n")
}

/// A rule with its titles.
fn named(new: &Rulebook, old: &Rulebook, id: &str) -> String {
    match new.rule(id).or(old.rule(id)) {
        Some(rule) => format!("{id} {} / {}", rule.title.ja, rule.title.en),
        None => id.to_owned(),
    }
}

/// A table of what changes; nothing where nothing does.
fn changes(of: &str, all: impl Iterator<Item = (String, Change)>) -> Option<String> {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY).set_header([of, "old", "new", "gained", "lost"]);
    let changed: Vec<_> = all.filter(|(_, change)| change.gained + change.lost > 0).collect();
    for (name, change) in &changed {
        table.add_row([
            name.clone(),
            change.old.to_string(),
            change.new.to_string(),
            change.gained.to_string(),
            change.lost.to_string(),
        ]);
    }
    right(&mut table);
    (!changed.is_empty()).then(|| table.to_string())
}

fn right(table: &mut Table) {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

fn shown(sample: &Sample, paint: Paint) -> String {
    let side = |side: &Side| {
        let rules = side.rules.iter().map(|(rule, verdict)| match verdict {
            Verdict::Allow => format!("{rule} (shadow)"),
            Verdict::Review | Verdict::Act => rule.clone(),
        });
        let unknowns = side.unknowns.iter().map(|unknown| format!("unknown {unknown}"));
        let reasons: Vec<String> = rules.chain(unknowns).collect();
        let reasons = if reasons.is_empty() { "no rule".to_owned() } else { reasons.join(", ") };
        format!("{} ({reasons})", paint.verdict(side.verdict))
    };
    let spans = sample.old.spans.iter().chain(&sample.new.spans).copied().collect();
    format!(
        "  {}  {}\n      {} → {}",
        paint.faint(&sample.id),
        on_one_line(&paint.marked(&sample.text, spans)),
        side(&sample.old),
        side(&sample.new)
    )
}
