//! Every command of `sekisho` that README, runbook and the rulebook's guide show is one that the program takes.

#![allow(clippy::unwrap_used)]

use clap::Parser;
use clap::error::ErrorKind;
use local::command::Sekisho;

const DOCUMENTS: [&str; 3] = ["README.md", "infra/RUNBOOK.md", "shared/rules/rulebook/README.md"];

/// The words of a line, as a shell reads them: what stands in quotes is one.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars().chain([' ']) {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            (' ', None) if word.is_empty() => {}
            (' ', None) => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words
}

/// What is said to the program on one line, without where the output goes.
fn commands(line: &str) -> Vec<Vec<String>> {
    let words = words(line);
    let is_said = |at: usize| words[at - 1] == "sekisho" || words[..at].ends_with(&["run".into(), "--".into()]);
    let rest = |at: usize| {
        let mut said = Vec::new();
        for word in &words[at..] {
            if matches!(word.as_str(), "|" | ">" | "&&") || word.starts_with('#') {
                break;
            }
            said.push(word.trim_end_matches(';').to_owned());
            if word.ends_with(';') {
                break;
            }
        }
        said
    };
    (1..words.len()).filter(|&at| is_said(at)).map(rest).collect()
}

#[test]
fn what_documents_show_is_taken() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seen = 0;
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let mut code = false;
        for (number, line) in text.lines().enumerate() {
            code ^= line.trim_start().starts_with("```");
            for said in commands(line).into_iter().filter(|_| code) {
                seen += 1;
                let taken = |more: &[&str]| {
                    let more = more.iter().map(|word| (*word).to_owned());
                    Sekisho::try_parse_from(std::iter::once("sekisho".to_owned()).chain(said.clone()).chain(more))
                };
                // Who rules is the user of the machine, where it has one; and `TICKET` is no ticket.
                let as_somebody = |refused: clap::Error| {
                    let lacks = refused.kind() == ErrorKind::MissingRequiredArgument;
                    if lacks { taken(&["--as", "reviewer"]) } else { Err(refused) }
                };
                if let Err(refused) = taken(&[]).or_else(as_somebody)
                    && refused.kind() != ErrorKind::ValueValidation
                {
                    panic!("{document}:{}: {said:?}: {refused}", number + 1);
                }
            }
        }
    }
    assert!(seen > 40, "{seen} commands found");
}
