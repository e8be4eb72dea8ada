//! The files of a rulebook, and where in them something is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use rules::{Model, Rulebook, RulebookError};
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::command::terminal::pointed_at;

/// Where this repository keeps the built-in rulebook.
const BUILT_IN: &str = "shared/rules/rulebook";

/// The files of a rulebook.
pub(in crate::command) struct Source {
    /// Its folder; `None` for the built-in one.
    folder: Option<PathBuf>,
    /// By path within the folder.
    pub(in crate::command) files: BTreeMap<String, String>,
}

/// A case as a rule's file has it.
pub(super) struct Case {
    /// The rule, or `innocent`.
    pub(super) rule: String,
    /// Whether the rule must fire on it.
    pub(super) should_fire: bool,
    /// The text.
    pub(super) text: String,
    /// Its place among the rule's cases of that kind, from 0.
    pub(super) number: usize,
    /// Whether it says more of the post than its text.
    pub(super) more: bool,
    /// `file:line:column`.
    pub(super) place: String,
}

#[derive(Deserialize)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<RuleWithCases>,
    #[serde(default)]
    innocent: Vec<Spanned<Value>>,
}

#[derive(Deserialize)]
struct RuleWithCases {
    id: Spanned<String>,
    #[serde(default)]
    case: Cases,
}

#[derive(Default, Deserialize)]
struct Cases {
    #[serde(default)]
    r#match: Vec<Spanned<Value>>,
    #[serde(default)]
    clear: Vec<Spanned<Value>>,
}

impl Source {
    /// Reads a folder, or takes the built-in files.
    pub(in crate::command) fn read(folder: Option<&Path>) -> Result<Self> {
        let mut files = BTreeMap::new();
        match folder {
            None => files.extend(Rulebook::embedded_files()),
            Some(folder) => read_folder(folder, folder, &mut files).with_context(|| folder.display().to_string())?,
        }
        Ok(Source { folder: folder.map(Path::to_owned), files })
    }

    /// The folder to write to: the one given, or this repository's.
    pub(super) fn writable(folder: Option<&Path>) -> Result<PathBuf> {
        let folder = folder.unwrap_or(Path::new(BUILT_IN));
        if folder.join("rules").is_dir() {
            return Ok(folder.to_owned());
        }
        Err(anyhow!("{} is no folder of a rulebook: name one with --rulebook", folder.display()))
    }

    /// The rulebook that the files make, fully checked.
    pub(in crate::command) fn load(&self) -> Result<Rulebook> {
        let rulebook = Rulebook::from_files(self.files.clone().into_iter()).map_err(|error| self.told(&error))?;
        // The folder's own model, where it has one.
        let Some(weights) = self.folder.as_ref().map(|folder| folder.join("model/weights.bin")) else {
            return Ok(rulebook);
        };
        if !weights.exists() {
            return Ok(rulebook);
        }
        let model = Model::from_bytes(std::fs::read(&weights)?).with_context(|| weights.display().to_string())?;
        Ok(rulebook.with_model(model))
    }

    /// An error with its place and the line that it points at.
    pub(in crate::command) fn told(&self, error: &RulebookError) -> anyhow::Error {
        let line = self.files.get(&error.file).and_then(|text| pointed_at(text, error.line, error.column));
        let place = self.place(&error.file, error.line, error.column);
        let line = line.map(|line| format!("\n{line}")).unwrap_or_default();
        anyhow!("{place}: {}{line}", error.message)
    }

    /// `file:line:column` as an editor opens it.
    fn place(&self, file: &str, line: usize, column: usize) -> String {
        let folder = match &self.folder {
            Some(folder) => folder.clone(),
            None if Path::new(BUILT_IN).is_dir() => PathBuf::from(BUILT_IN),
            None => PathBuf::new(),
        };
        format!("{}:{line}:{column}", folder.join(file).display())
    }

    /// Where each rule begins.
    pub(super) fn rules(&self) -> BTreeMap<String, String> {
        let mut places = BTreeMap::new();
        for (name, text, file) in self.rule_files() {
            for rule in file.rule {
                let (line, column) = line_and_column(text, rule.id.span().start);
                places.insert(rule.id.into_inner(), self.place(name, line, column));
            }
        }
        places
    }

    /// Every case, in the order of the files.
    pub(super) fn cases(&self) -> Vec<Case> {
        let mut found = Vec::new();
        for (name, text, file) in self.rule_files() {
            let mut add = |rule: &str, should_fire: bool, cases: Vec<Spanned<Value>>| {
                for (number, case) in cases.into_iter().enumerate() {
                    let (line, column) = line_and_column(text, case.span().start);
                    let value = case.into_inner();
                    let words = value.as_str().or_else(|| value.get("text").and_then(Value::as_str));
                    found.push(Case {
                        rule: rule.to_owned(),
                        should_fire,
                        text: words.unwrap_or_default().to_owned(),
                        number,
                        more: value.is_table(),
                        place: self.place(name, line, column),
                    });
                }
            };
            for rule in file.rule {
                add(rule.id.get_ref(), true, rule.case.r#match);
                add(rule.id.get_ref(), false, rule.case.clear);
            }
            add("innocent", false, file.innocent);
        }
        found
    }

    fn rule_files(&self) -> impl Iterator<Item = (&String, &String, RuleFile)> {
        let files = self.files.iter().filter(|(name, _)| name.starts_with("rules/") || *name == "innocent.toml");
        files.filter_map(|(name, text)| Some((name, text, toml::from_str(text).ok()?)))
    }
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "bin") {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
            files.insert(name, text);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FILE: &str = "rules/nuisance.toml";

    /// The built-in rulebook with a rule at the end of a file; gives the line at which it begins.
    fn with_rule(rest: &str) -> (Source, usize) {
        let mut source = Source::read(None).unwrap();
        let text = source.files.get_mut(FILE).unwrap();
        let line = text.lines().count() + 1;
        text.push_str("[[rule]]\nid = \"NUI900\"\ntitle = { ja = \"題\", en = \"title\" }\nstatus = \"shadow\"\n");
        text.push_str("confidence = 0.9\nany = [\"関所カステラ\"]\nwhy = { ja = \"理由\", en = \"reason\" }\n");
        text.push_str(rest);
        (source, line)
    }

    #[test]
    fn an_unknown_field_is_pointed_at_within_its_condition() {
        let cases = "case.match = [\"関所カステラ\"]\ncase.clear = [\"カステラ\"]\n";
        let (source, line) = with_rule(&format!("when = \"text.chars > 1 && author.strike > 0\"\n{cases}"));
        let told = source.load().unwrap_err().to_string();
        let column = "when = \"text.chars > 1 && ".len() + 1;
        assert!(told.contains(&format!("{FILE}:{}:{column}: there is no field author.strike", line + 7)), "{told}");
        assert!(told.contains("author.strikes") && told.ends_with('^'), "{told}");
    }

    #[test]
    fn a_failing_case_is_pointed_at() {
        let (source, line) =
            with_rule("case.match = [\n  \"関所カステラ\",\n  \"ただのカステラ\",\n]\ncase.clear = [\"カステラ\"]\n");
        let failures = source.load().unwrap().check();
        let told = super::super::check::failing(&source, &failures);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains(&format!("{FILE}:{}:3: NUI900 should fire on", line + 9)), "{told:?}");
    }
}
