//! Measures a rulebook on labelled rows: `evaluate [--rulebook FOLDER] [--wrong SET] FILE.jsonl…`

#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::error::Error;
use std::fs;
use std::path::Path;

use rules::Rulebook;
use rules::evaluate::{Report, Row};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut folder, mut wrong, mut files) = (None, Vec::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rulebook" => folder = arguments.next(),
            "--wrong" => wrong.extend(arguments.next()),
            _ => files.push(argument),
        }
    }
    let loaded;
    let rulebook = match &folder {
        Some(folder) => {
            let mut found = Vec::new();
            read_folder(Path::new(folder), Path::new(folder), &mut found)?;
            loaded = Rulebook::from_files(found.into_iter())?;
            &loaded
        }
        None => Rulebook::embedded()?,
    };
    for failure in rulebook.check() {
        println!("CASE {failure}");
    }
    let now = "2026-06-01T00:00:00Z".parse()?;
    let mut report = Report::default();
    let mut texts = std::collections::BTreeMap::new();
    for file in &files {
        let set = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("rows").to_owned();
        let mut rows = Vec::new();
        for line in fs::read_to_string(file)?.lines() {
            let row: Row = serde_json::from_str(line)?;
            rows.push(row);
        }
        report.add(&set, &rows, rulebook, now);
        if wrong.contains(&set) {
            texts.extend(rows.into_iter().map(|row| (row.id.clone(), row.text)));
        }
    }
    println!(
        "{:<44} {:>6} {:>6} {:>6} {:>6} {:>7} {:>5} {:>6}",
        "group", "rows", "P", "R", "F1", "FPR", "acted", "clause"
    );
    for (group, counts) in &report.groups {
        let rows = counts.hits + counts.misses + counts.false_alarms + counts.rests;
        println!(
            "{group:<44} {rows:>6} {:>6.3} {:>6.3} {:>6.3} {:>7.4} {:>5} {:>6.3}",
            counts.precision(),
            counts.recall(),
            counts.f1(),
            counts.false_positive_rate(),
            counts.acted,
            counts.clause_rate()
        );
    }
    println!("\nonly the clauses that the set labels:");
    for (set, counts) in &report.own_clauses {
        println!("{set:<44} F1 {:.3} FPR {:.4} R {:.3}", counts.f1(), counts.false_positive_rate(), counts.recall());
    }
    println!("\nrule: right, other clause, wrong");
    for (rule, counts) in &report.rules {
        println!("{rule} {} {} {}", counts.right, counts.other_clause, counts.wrong);
    }
    for set in &wrong {
        println!("\nwrong in {set}:");
        for confusion in report.confusions.get(set).into_iter().flatten() {
            let kind = if confusion.violating { "missed" } else { "FALSE " };
            println!(
                "{kind} {:?} {}",
                confusion.rules,
                texts.get(&confusion.id).map_or("", String::as_str).replace('\n', "⏎")
            );
        }
    }
    Ok(())
}

fn read_folder(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, found)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
