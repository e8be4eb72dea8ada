//! The day as a table: what came, what was decided and why, what was done, what waits.

use std::collections::BTreeMap;
use std::fmt::Write;

use casework::decision::Decision;
use casework::ledger::{CaseFile, TaskState};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};
use rules::Verdict;

use super::data::{Expect, Kind};
use super::play::{Played, Told};

/// Widest that the table gets, in columns.
const WIDTH: u16 = 150;

/// Tells the day. `colour` for a terminal.
pub fn report(played: &Played, colour: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", flagged(played, colour));
    let _ = writeln!(out, "{}", summary(played));
    out
}

/// One row for every post that was not simply allowed.
fn flagged(played: &Played, colour: bool) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["time", "what came", "decided", "why", "done", "post"]);
    for told in &played.told {
        let Some(decision) = decision_about(told).filter(|decision| decision.verdict > Verdict::Allow) else {
            continue;
        };
        let Some(file) = &told.file else { continue };
        let verdict = Cell::new(decision.verdict.key()).add_attribute(Attribute::Bold);
        table.add_row([
            Cell::new(clock(told)),
            Cell::new(excerpt(&told.event.text)),
            match (colour, decision.verdict) {
                (true, Verdict::Act) => verdict.fg(Color::Red),
                (true, Verdict::Review) => verdict.fg(Color::Yellow),
                (true, Verdict::Allow) | (false, _) => verdict,
            },
            Cell::new(why(decision)),
            Cell::new(done(file)),
            Cell::new(told.post.as_ref().map(ToString::to_string).unwrap_or_default())
                .set_alignment(CellAlignment::Right),
        ]);
    }
    table
}

/// What the whole day came to, and where it differs from what a reviewer would expect.
fn summary(played: &Played) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for told in &played.told {
        *kinds.entry(kind(told.event.kind)).or_default() += 1;
    }
    let mut out = String::new();
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let _ = writeln!(out, "{} deliveries of {} events: {}", played.deliveries, played.told.len(), kinds.join(", "));

    let decided: Vec<(&Told, &Decision)> =
        played.told.iter().filter_map(|told| Some((told, decision_about(told)?))).collect();
    let count = |verdict| decided.iter().filter(|(_, decision)| decision.verdict == verdict).count();
    let (allowed, review, acted) = (count(Verdict::Allow), count(Verdict::Review), count(Verdict::Act));
    let _ =
        writeln!(out, "{} posts judged: {allowed} allowed, {review} wait for review, {acted} acted on", decided.len());

    let differs: Vec<String> = decided
        .iter()
        .filter(|(told, decision)| expected(told.event.expect).is_some_and(|expected| expected != decision.verdict))
        .map(|(told, decision)| {
            let expected = expected(told.event.expect).map_or("", Verdict::key);
            format!("  {} {}: a reviewer expects {expected}, decided {}", clock(told), told.event.id, decision.verdict)
        })
        .collect();
    let _ = writeln!(
        out,
        "{} of {} as a reviewer would expect{}",
        decided.len() - differs.len(),
        decided.len(),
        if differs.is_empty() { "" } else { "; the others:" }
    );
    for line in differs {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// The newest decision about the version that the event told of.
fn decision_about(told: &Told) -> Option<&Decision> {
    told.file.as_ref()?.decisions.iter().rev().find(|decision| Some(&decision.version) == told.version.as_ref())
}

fn expected(expect: Expect) -> Option<Verdict> {
    match expect {
        Expect::Allow => Some(Verdict::Allow),
        Expect::Review => Some(Verdict::Review),
        Expect::Act => Some(Verdict::Act),
        Expect::Outbound
        | Expect::Counted
        | Expect::Watched
        | Expect::Unreadable
        | Expect::Refused
        | Expect::TooLarge => None,
    }
}

/// Hour and minute in Tokyo.
fn clock(told: &Told) -> String {
    told.event.at.strftime("%H:%M").to_string()
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.is_empty() => "(no text)".to_owned(),
        None => line,
    }
}

fn why(decision: &Decision) -> String {
    let findings = decision.findings.iter().filter(|finding| finding.verdict > Verdict::Allow);
    let mut whys: Vec<String> = findings.map(|finding| format!("{} {}", finding.clause, finding.rule)).collect();
    whys.extend(decision.unknowns.iter().map(|unknown| format!("unknown: {}", unknown.what)));
    whys.extend(decision.limited.clone());
    whys.truncate(3);
    whys.join("\n")
}

fn done(file: &CaseFile) -> String {
    let mut done: Vec<String> = file
        .actions
        .iter()
        .map(|action| {
            let outcome = action.outcome.as_deref().unwrap_or(action.state.key());
            format!("{}: {outcome}", action.key.kind)
        })
        .collect();
    done.extend(file.tasks.iter().map(|task| match task.state {
        TaskState::Open => format!("by hand: {}", task.kind),
        TaskState::Done => format!("by hand: {}, done", task.kind),
    }));
    done.join("\n")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Reply => "replies",
        Kind::Mention => "mentions",
        Kind::Quote => "quotes",
        Kind::Stream => "replies to replies",
        Kind::OwnPost => "own posts",
        Kind::OwnRetweet => "own retweets",
        Kind::Retweet => "retweets",
        Kind::DeleteOwn => "deletions",
        Kind::Like => "likes",
        Kind::Dm => "direct messages",
        Kind::Notice | Kind::RevokeOther => "notices",
        Kind::Aaa => "old envelopes",
        Kind::Malformed => "malformed bodies",
        Kind::Huge => "oversized bodies",
        Kind::Video | Kind::VideoDeleted => "video notices",
        Kind::Comment => "comments",
    }
}
