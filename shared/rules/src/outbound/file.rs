//! The files of the outbound section: words and personal as rulebooks of their own, and the checks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::checks::{Check, CheckKind};
use super::{FOLDER, Outbound, Severity};
use crate::rulebook::{Rulebook, RulebookError, Titles};

/// Where the rules of a file are put when it is read as a rulebook.
const AS_RULES: &str = "rules/other.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    /// The time at which the cases are written: dates in them are read as of then.
    cases_at: Timestamp,
    check: Vec<RawCheck>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    id: String,
    kind: CheckKind,
    severity: Severity,
    title: Titles,
    why: Titles,
    case: RawCases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCases {
    #[serde(rename = "match")]
    matching: Vec<String>,
    clear: Vec<String>,
}

/// Reads the section; patterns and conditions that were `checked` before are compiled when needed.
pub(super) fn load(files: &BTreeMap<String, String>, checked: bool) -> Result<Outbound, RulebookError> {
    let book = |name| book(files, name, checked);
    let (words, personal) = (book("outbound/words.toml")?, book("outbound/personal.toml")?);
    let name = "outbound/checks.toml";
    let text = files.get(name).ok_or_else(|| missing(name))?;
    let file: CheckFile = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        RulebookError {
            file: name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            message: error.message().to_owned(),
        }
    })?;
    let checks: Vec<Check> = file.check.into_iter().map(ready).collect();
    let ids = words.rules().iter().chain(personal.rules()).map(|rule| rule.id.as_str());
    let mut ids: Vec<&str> = ids.chain(checks.iter().map(|check| check.id.as_str())).collect();
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("two outbound rules are called {}", twice[0]);
        return Err(RulebookError { file: name.to_owned(), line: 1, column: 1, message });
    }
    if let Some(bare) = checks.iter().find(|check| check.matching.is_empty() || check.clear.is_empty()) {
        let message = format!("{} needs at least one case.match and one case.clear", bare.id);
        return Err(RulebookError { file: name.to_owned(), line: 1, column: 1, message });
    }
    Ok(Outbound { words, personal, checks, cases_at: file.cases_at })
}

fn ready(raw: RawCheck) -> Check {
    Check {
        id: raw.id,
        kind: raw.kind,
        severity: raw.severity,
        title: raw.title,
        why: raw.why,
        matching: raw.case.matching,
        clear: raw.case.clear,
    }
}

/// Whether a file of a rulebook is read for its outbound section.
pub(super) fn is_needed(path: &str) -> bool {
    path.starts_with(FOLDER) || is_shared(path)
}

/// Whether rules of any section may refer to what is in a file.
fn is_shared(path: &str) -> bool {
    !path.starts_with("rules/")
        && !path.starts_with(FOLDER)
        && path != "innocent.toml"
        && path != crate::listening::FILE
}

/// One file of rules with everything that rules may refer to, read as a rulebook.
fn book(files: &BTreeMap<String, String>, name: &str, checked: bool) -> Result<Rulebook, RulebookError> {
    let rules = files.get(name).ok_or_else(|| missing(name))?;
    let shared = files.iter().filter(|(path, _)| is_shared(path)).map(|(path, text)| (path.clone(), text.clone()));
    let files = shared.chain([(AS_RULES.to_owned(), rules.clone())]);
    let book = if checked { Rulebook::from_checked_files(files) } else { Rulebook::from_files(files) };
    book.map_err(|error| match error.file.as_str() {
        AS_RULES => RulebookError { file: name.to_owned(), ..error },
        _ => error,
    })
}

fn missing(name: &str) -> RulebookError {
    RulebookError { file: name.to_owned(), line: 1, column: 1, message: "the file is missing".to_owned() }
}
