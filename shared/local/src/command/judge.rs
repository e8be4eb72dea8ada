//! `sekisho judge`: JSON lines in, judgements out, one line each, in order, streaming.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::{Result, bail};
use clap::Args;
use indicatif::ProgressBar;
use jiff::Timestamp;
use rules::{Author, Context, Media, Platform, Post, PostKind, Rulebook, Scores, Span, UserId, Verdict, judge};
use serde::{Deserialize, Serialize};

use super::rulebook::open;

/// Lines that one worker takes at once; fewer where the input pauses.
const BATCH: usize = 256;
/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Batches that wait for a worker or for their turn.
const WAITING: usize = 16;

#[derive(Debug, Args)]
pub(super) struct Judge {
    /// Worker threads.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
    /// Folder of the rulebook; the built-in one unless given.
    #[arg(long, value_name = "FOLDER")]
    rulebook: Option<PathBuf>,
}

/// A line of the input.
#[derive(Deserialize)]
struct Row {
    id: serde_json::Value,
    text: String,
    platform: Option<Platform>,
    author: Option<RowAuthor>,
    reply_to: Option<serde_json::Value>,
    created_at: Option<Timestamp>,
}

/// Who wrote it: a handle, or what is known.
#[derive(Deserialize)]
#[serde(untagged)]
enum RowAuthor {
    Handle(String),
    Known {
        id: Option<String>,
        handle: Option<String>,
        name: Option<String>,
        description: Option<String>,
        created_at: Option<Timestamp>,
    },
}

/// A line of the output.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    verdict: Verdict,
    violations: Vec<Reason<'a>>,
    scores: Scores,
}

#[derive(Serialize)]
struct Reason<'a> {
    clause: rules::Clause,
    rule: &'a str,
    confidence: f32,
    spans: &'a [Span],
    evidence: &'a [String],
}

/// A run of input lines, with the number of the first.
struct Batch {
    place: usize,
    first: usize,
    lines: Vec<Vec<u8>>,
}

/// What a batch came to.
struct Judged {
    place: usize,
    lines: usize,
    out: Vec<u8>,
    /// Numbers of bad lines, with what was wrong.
    bad: Vec<(usize, String)>,
}

impl Judge {
    pub(super) fn run(self) -> Result<()> {
        let rulebook = open(self.rulebook.as_deref())?;
        let bad = run(rulebook, usize::from(self.threads), std::io::stdin(), std::io::stdout(), Timestamp::now())?;
        if bad > 0 {
            bail!("{bad} lines could not be read");
        }
        Ok(())
    }
}

/// Judges every line; gives how many could not be read.
fn run(
    rulebook: &Rulebook,
    threads: usize,
    input: impl Read + Send,
    output: impl Write,
    now: Timestamp,
) -> Result<usize> {
    let progress = if std::io::stderr().is_terminal() { ProgressBar::no_length() } else { ProgressBar::hidden() };
    let (to_workers, from_reader) = sync_channel::<Batch>(WAITING);
    let (to_writer, from_workers) = sync_channel::<Judged>(WAITING);
    let from_reader = Mutex::new(from_reader);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(input, &to_workers));
        for _ in 0..threads {
            let (to_writer, from_reader) = (to_writer.clone(), &from_reader);
            scope.spawn(move || {
                while let Some(batch) = next(from_reader) {
                    if to_writer.send(judge_batch(&batch, rulebook, now)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_writer);
        let bad = match write(output, from_workers, &progress) {
            // A reader that has seen enough (`| head`) ends the program, though the input may go on.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
            written => written?,
        };
        progress.finish_and_clear();
        match reader.join() {
            Ok(read) => read?,
            Err(_) => bail!("reading the input broke off"),
        }
        Ok(bad)
    })
}

/// One worker at a time waits for the next batch.
fn next(batches: &Mutex<Receiver<Batch>>) -> Option<Batch> {
    batches.lock().ok()?.recv().ok()
}

fn read(input: impl Read, batches: &SyncSender<Batch>) -> std::io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let (mut place, mut number) = (0, 0);
    let mut batch = Batch { place, first: 1, lines: Vec::new() };
    loop {
        let mut line = Vec::new();
        let end = input.read_until(b'\n', &mut line)? == 0;
        if !end {
            number += 1;
            // Some editors begin a file with a mark of its byte order.
            if number == 1 && line.starts_with(BYTE_ORDER_MARK) {
                line.drain(..BYTE_ORDER_MARK.len());
            }
            batch.lines.push(line);
        }
        // What has come is judged before waiting for more.
        let pauses = end || input.buffer().is_empty();
        if !batch.lines.is_empty() && (pauses || batch.lines.len() >= BATCH) {
            place += 1;
            let next = Batch { place, first: number + 1, lines: Vec::new() };
            if batches.send(std::mem::replace(&mut batch, next)).is_err() {
                return Ok(());
            }
        }
        if end {
            return Ok(());
        }
    }
}

fn judge_batch(batch: &Batch, rulebook: &Rulebook, now: Timestamp) -> Judged {
    let mut judged = Judged { place: batch.place, lines: batch.lines.len(), out: Vec::new(), bad: Vec::new() };
    for (offset, line) in batch.lines.iter().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Err(error) = judge_line(line, rulebook, now, &mut judged.out) {
            judged.bad.push((batch.first + offset, error.to_string()));
        }
    }
    judged
}

fn judge_line(line: &[u8], rulebook: &Rulebook, now: Timestamp, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let row: Row = serde_json::from_slice(line)?;
    let id = row.id.clone();
    let judgement = judge(&post(row, now), &Context::default(), rulebook, now);
    let violations = judgement.violations.iter().filter(|violation| violation.verdict > Verdict::Allow);
    let answer = Answer {
        id: &id,
        verdict: judgement.verdict,
        violations: violations
            .map(|violation| Reason {
                clause: violation.clause,
                rule: &violation.rule,
                confidence: violation.confidence,
                spans: &violation.spans,
                evidence: &violation.evidence,
            })
            .collect(),
        scores: judgement.scores,
    };
    serde_json::to_writer(&mut *out, &answer)?;
    out.push(b'\n');
    Ok(())
}

/// The post of one line.
pub(super) fn post_of(line: &[u8], now: Timestamp) -> serde_json::Result<Post> {
    serde_json::from_slice(line).map(|row| post(row, now))
}

/// An id, which others write as a string or a number.
fn id_text(id: &serde_json::Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// The row as a reply to us, or to whom it says.
fn post(row: Row, now: Timestamp) -> Post {
    let id = id_text(&row.id);
    let platform = row.platform.unwrap_or(Platform::X);
    let mut author = Author::unknown("unknown");
    match row.author {
        None => {}
        Some(RowAuthor::Handle(handle)) => author.handle = Some(handle),
        Some(RowAuthor::Known { id, handle, name, description, created_at }) => {
            let known = Author::unknown(id.unwrap_or_else(|| "unknown".to_owned()));
            author = Author { handle, name, description, created_at, ..known };
        }
    }
    Post {
        platform,
        target: id.clone(),
        version: id.clone(),
        id,
        account: "ours".to_owned(),
        kind: match platform {
            Platform::X => PostKind::Reply,
            Platform::YouTube => PostKind::Comment,
        },
        author,
        text: row.text,
        lang: None,
        created_at: row.created_at.unwrap_or(now),
        edited_at: None,
        conversation: None,
        answers: row.reply_to.as_ref().filter(|id| !id.is_null()).map(id_text),
        answers_user: Some(UserId("ours".to_owned())),
        links: Vec::new(),
        media: Media::None,
        held: false,
    }
}

/// Writes in the order of the input, as soon as it is that batch's turn.
fn write(output: impl Write, judged: Receiver<Judged>, progress: &ProgressBar) -> std::io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut early = BTreeMap::new();
    let (mut turn, mut bad) = (0, 0);
    for one in judged {
        early.insert(one.place, one);
        while let Some(one) = early.remove(&turn) {
            turn += 1;
            output.write_all(&one.out)?;
            output.flush()?;
            for (number, error) in &one.bad {
                progress.suspend(|| eprintln!("line {number}: {error}"));
            }
            bad += one.bad.len();
            progress.inc(one.lines as u64);
        }
    }
    Ok(bad)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn judged(input: &str, threads: usize) -> (Vec<serde_json::Value>, usize) {
        let mut out = Vec::new();
        let now = "2026-11-20T03:00:00Z".parse().unwrap();
        let bad = run(Rulebook::embedded().unwrap(), threads, input.as_bytes(), &mut out, now).unwrap();
        (String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect(), bad)
    }

    #[test]
    fn lines_are_answered_in_order_whatever_the_threads() {
        let texts = ["お前を殺すぞ", "新曲とても良かったです", "thanks for the update"];
        let rows: Vec<String> = (0..2000)
            .map(|id| serde_json::json!({"id": id.to_string(), "text": texts[id % texts.len()]}).to_string())
            .collect();
        let (one, _) = judged(&rows.join("\n"), 1);
        let (four, _) = judged(&rows.join("\n"), 4);
        assert_eq!(one, four);
        assert_eq!(one.len(), 2000);
        assert!(one.iter().enumerate().all(|(place, answer)| answer["id"].as_str() == Some(&place.to_string())));
        assert_eq!((&one[0]["verdict"], &one[1]["verdict"]), (&"act".into(), &"allow".into()));
    }

    #[test]
    fn evidence_is_the_text_at_its_span() {
        let (answers, _) = judged(r#"{"id":"a","text":"お前を殺すぞ","platform":"youtube","author":"x"}"#, 1);
        let violation = &answers[0]["violations"][0];
        let span = &violation["spans"][0];
        let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
        assert_eq!("お前を殺すぞ"[start..end], *violation["evidence"][0].as_str().unwrap());
        assert_eq!(violation["clause"], "criminal");
    }

    #[test]
    fn bad_lines_are_counted_and_the_rest_is_answered() {
        let (answers, bad) = judged("{\"id\":1,\"text\":\"a\"}\nnonsense\n\n{\"id\":2}\n{\"id\":3,\"text\":\"b\"}", 2);
        assert_eq!((answers.len(), bad), (2, 2));
        let (answers, bad) =
            judged("\u{feff}{\"id\":1,\"text\":\"a\",\"reply_to\":17}\r\n{\"id\":2,\"text\":\"b\"}", 1);
        assert_eq!((answers.len(), bad), (2, 0));
    }
}
