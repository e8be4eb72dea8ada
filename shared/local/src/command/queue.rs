//! `sekisho queue`: what waits for a person, with the words that matched.

use anyhow::Result;
use casework::ledger::{CaseFile, Desk, QueueEntry, WaitsFor};
use clap::Args;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use jiff::{SignedDuration, Timestamp};
use rules::{Clause, Platform, Verdict, deep_link};

use crate::connect;

use super::say;
use super::terminal::Paint;

#[derive(Debug, Args)]
pub(super) struct Queue {
    /// Only of this clause, for example `criminal`.
    #[arg(long)]
    clause: Option<Clause>,
    /// Only of this platform, `x` or `youtube`.
    #[arg(long)]
    platform: Option<Platform>,
    /// Only what has waited for so many hours.
    #[arg(long, value_name = "HOURS")]
    older_than: Option<u32>,
}

impl Queue {
    pub(super) async fn run(self) -> Result<()> {
        let store = connect::store().await?;
        let now = Timestamp::now();
        let entries: Vec<QueueEntry> =
            store.queue().await?.into_iter().filter(|entry| self.wants(entry, now)).collect();
        if entries.is_empty() {
            say("nothing waits")?;
            return Ok(());
        }
        let paint = Paint::stdout();
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(["post", "waits for", "hours", "why", "text"]);
        for entry in &entries {
            let file = store.case_file(&entry.post, now).await?;
            table.add_row([
                entry.post.to_string(),
                waits_for(entry.waits_for).to_owned(),
                format!("{:.0}", now.duration_since(entry.since).as_secs_f64() / 3600.0),
                why(entry),
                text(entry, file.as_ref(), paint),
            ]);
        }
        say(format_args!(
            "{table}\n{} wait; rule with: sekisho decide <post> allow|act|undo|done --reason TEXT",
            entries.len()
        ))?;
        Ok(())
    }

    fn wants(&self, entry: &QueueEntry, now: Timestamp) -> bool {
        let old = |hours: u32| now.duration_since(entry.since) >= SignedDuration::from_hours(i64::from(hours));
        self.platform.is_none_or(|platform| entry.post.platform == platform)
            && self.older_than.is_none_or(old)
            && self.clause.is_none_or(|clause| entry.decision.findings.iter().any(|finding| finding.clause == clause))
    }
}

fn waits_for(waits_for: WaitsFor) -> &'static str {
    match waits_for {
        WaitsFor::Ruling(_) => "a ruling",
        WaitsFor::Task(task) => task.key(),
    }
}

fn why(entry: &QueueEntry) -> String {
    let findings = entry.decision.findings.iter().filter(|finding| finding.verdict > Verdict::Allow);
    let mut why: Vec<String> = findings.map(|finding| format!("{} {}", finding.clause, finding.rule)).collect();
    why.extend(entry.decision.unknowns.iter().map(|unknown| format!("unknown: {}", unknown.what)));
    why.extend(entry.decision.limited.clone());
    why.join("\n")
}

fn text(entry: &QueueEntry, file: Option<&CaseFile>, paint: Paint) -> String {
    let Some(post) = file.and_then(|file| file.post.as_ref()) else {
        return "(no longer kept)".to_owned();
    };
    let spans = entry.decision.findings.iter().flat_map(|finding| finding.spans.iter().copied()).collect();
    format!(
        "{}\n{}",
        paint.marked(&post.text, spans),
        deep_link(post.platform, &post.target, post.conversation.as_deref())
    )
}
