//! `sekisho queue`: what waits for a person, with the words that matched.

use std::io::IsTerminal;

use anyhow::Result;
use casework::ledger::{CaseFile, Desk, QueueEntry, WaitsFor};
use clap::Args;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use jiff::{SignedDuration, Timestamp};
use rules::{Clause, Platform, Span, Verdict, deep_link};

use crate::connect;

use super::say;

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
        let mark = std::io::stdout().is_terminal();
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
                text(entry, file.as_ref(), mark),
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

fn text(entry: &QueueEntry, file: Option<&CaseFile>, mark: bool) -> String {
    let Some(post) = file.and_then(|file| file.post.as_ref()) else {
        return "(no longer kept)".to_owned();
    };
    let spans = entry.decision.findings.iter().flat_map(|finding| finding.spans.iter().copied()).collect();
    format!(
        "{}\n{}",
        highlighted(&post.text, spans, mark),
        deep_link(post.platform, &post.target, post.conversation.as_deref())
    )
}

/// The text with what matched between marks: reverse video on a terminal, brackets elsewhere.
pub(super) fn highlighted(text: &str, mut spans: Vec<Span>, terminal: bool) -> String {
    let (open, close) = if terminal { ("\u{1b}[7m", "\u{1b}[0m") } else { ("【", "】") };
    spans.sort();
    let mut out = String::new();
    let mut done = 0;
    for span in spans {
        let start = span.start.max(done);
        if start >= span.end {
            continue;
        }
        // Spans of an older version of the text may not fit the newest.
        let (Some(before), Some(matched)) = (text.get(done..start), text.get(start..span.end)) else { continue };
        out.push_str(before);
        out.push_str(open);
        out.push_str(matched);
        out.push_str(close);
        done = span.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_what_matched_and_survives_spans_that_do_not_fit() {
        let span = |start, end| Span { start, end };
        assert_eq!(highlighted("お前死ねよ", vec![span(6, 12)], false), "お前【死ね】よ");
        assert_eq!(highlighted("abcd", vec![span(2, 3), span(0, 3)], false), "【abc】d");
        assert_eq!(highlighted("死", vec![span(1, 2), span(7, 9)], false), "死");
        assert_eq!(highlighted("ab", vec![span(0, 1)], true), "\u{1b}[7ma\u{1b}[0mb");
    }
}
