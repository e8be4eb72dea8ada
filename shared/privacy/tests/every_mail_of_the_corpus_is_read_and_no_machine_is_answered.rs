//! Reads every mail of the corpus in bounded time; what its manifest calls a machine's mail is never answered.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use privacy::mail::loops::{Answering, Envelope, Sent, Verdict, decide};
use privacy::mail::{Address, Mail, read};

struct Case {
    file: String,
    kind: String,
    raw: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let Some(corpus) = std::env::var_os("SEKISHO_CORPUS") else {
        println!("SEKISHO_CORPUS is not set: only the project's own mails are read");
        return Vec::new();
    };
    let folder = PathBuf::from(corpus).join("mail");
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let cases: Vec<Case> = manifest
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let raw = std::fs::read(folder.join(fields[0])).unwrap();
            Case { file: fields[0].to_owned(), kind: fields[4].to_owned(), raw }
        })
        .collect();
    assert!(cases.len() > 100, "the corpus is cut");
    cases
}

fn has_japanese(text: &str) -> bool {
    text.chars().filter(|c| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ' | '一'..='龠')).count() >= 3
}

fn names(mail: &Mail) -> Vec<String> {
    mail.attachments.iter().filter_map(|attachment| attachment.name.clone()).collect()
}

/// The most favourable circumstances for an answer: everything authenticated, nothing sent yet.
fn answer(mail: &Mail) -> Answering {
    let source = mail.from.first().cloned().map(String::from).unwrap_or_else(|| "someone@example.jp".to_owned());
    let envelope = Envelope { source, dmarc: Verdict::Pass, ..Envelope::default() };
    let own = [Address::parse("privacy@desk.example").unwrap()];
    let answers_us = !mail.in_reply_to.is_empty() || !mail.references.is_empty();
    decide(mail, &envelope, &own, answers_us, Sent::default())
}

#[test]
fn every_mail_is_read_in_bounded_time() {
    for case in cases() {
        let started = Instant::now();
        let mail = read(&case.raw);
        privacy::mail::quote::unquoted(&mail.text);
        assert!(started.elapsed() < Duration::from_secs(2), "{} took {:?}", case.file, started.elapsed());
    }
}

#[test]
fn no_bounce_auto_reply_report_or_list_is_answered() {
    let mut answered = Vec::new();
    for case in cases() {
        let machine = ["bounce", "auto-reply", "report", "mdn", "loop", "cr-only", "crlf"];
        if case.kind.starts_with("human") || !machine.iter().any(|word| case.kind.contains(word)) {
            continue;
        }
        // The other marks have to suffice when the empty return path was lost on the way.
        let mut pathless = case.raw.clone();
        for at in 0..pathless.len().saturating_sub(12) {
            if pathless[at..at + 12].eq_ignore_ascii_case(b"return-path:") {
                pathless[at] = b'X';
            }
        }
        if [&case.raw, &pathless].iter().any(|raw| matches!(answer(&read(raw)), Answering::MayAnswer(_))) {
            answered.push((case.file, case.kind));
        }
    }
    assert!(answered.is_empty(), "{answered:#?}");
}

#[test]
fn people_are_answered() {
    for case in cases().iter().filter(|case| case.kind == "jp-human") {
        let mail = read(&case.raw);
        assert!(matches!(answer(&mail), Answering::MayAnswer(_)), "{}: {:?}", case.file, answer(&mail));
    }
}

#[test]
fn japanese_mails_are_read_as_japanese() {
    let (mut unread, mut mislabelled) = (Vec::new(), 0);
    let cases = cases();
    let read_any = !cases.is_empty();
    for case in cases {
        // Mails enclosed in a bounce are not opened; what only they say is not read.
        let enclosed = case.raw.windows(14).position(|window| window == b"message/rfc822").unwrap_or(case.raw.len());
        let outer = &case.raw[..enclosed];
        // Says that it is JIS, which has seven bits, and is something else.
        let lies = outer.windows(11).any(|window| window.eq_ignore_ascii_case(b"iso-2022-jp"))
            && outer.iter().any(|byte| *byte >= 0x80);
        mislabelled += usize::from(lies);
        let japanese = case.kind == "jp-human" || lies || outer.windows(3).any(|window| window == b"\x1b$B");
        let mail = read(&case.raw);
        if japanese && ![&mail.text, &mail.subject].into_iter().chain(&names(&mail)).any(|text| has_japanese(text)) {
            unread.push((case.file.clone(), "no Japanese"));
        }
        if japanese && mail.text.matches('\u{FFFD}').count() > 2 {
            unread.push((case.file, "unreadable characters"));
        }
    }
    assert!(unread.is_empty(), "{unread:#?}");
    assert!(!read_any || mislabelled >= 5, "only {mislabelled} mislabelled");
}

/// The structure oracles are of a parser that opens enclosed mails and guesses at broken structure; ours does neither,
/// so texts are compared, of mails that enclose none.
#[test]
fn texts_agree_with_the_structure_oracles() {
    let Some(corpus) = std::env::var_os("SEKISHO_CORPUS") else { return };
    let folder = PathBuf::from(corpus).join("mail");
    let (mut compared, mut differing) = (0, Vec::new());
    for case in cases() {
        let Ok(oracle) = std::fs::read(folder.join(case.file.replace(".eml", ".expected.json"))) else { continue };
        let oracle: serde_json::Value = serde_json::from_slice(&oracle).unwrap();
        let parts = oracle["parts"].as_array().unwrap();
        let texts = oracle["text_body"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|id| parts[usize::try_from(id.as_u64()?).ok()?]["body"]["Text"].as_str());
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        let mail = read(&case.raw);
        let ours = squeeze(&mail.text);
        for text in texts.map(squeeze).filter(|text| !text.is_empty()) {
            compared += 1;
            if !ours.contains(&text) {
                differing.push(case.file.clone());
            }
        }
    }
    assert!(compared > 20, "only {compared} compared");
    assert!(differing.is_empty(), "{differing:#?}");
}
