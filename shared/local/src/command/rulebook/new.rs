//! `sekisho rulebook new`: the frame of a rule, in its clause's file, with what its author has to fill in.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use rules::Clause;

use super::source::Source;
use crate::command::say;

#[derive(Debug, Args)]
pub(super) struct New {
    /// Clause that the rule stands for, for example `nuisance`.
    clause: Clause,
    /// What the rule finds, in Japanese.
    #[arg(long, default_value = "")]
    ja: String,
    /// What the rule finds, in English.
    #[arg(long, default_value = "")]
    en: String,
    /// A word that sets it off; may be given several times.
    #[arg(long = "any", value_name = "WORD")]
    any: Vec<String>,
}

impl New {
    pub(super) fn run(self, folder: Option<&Path>) -> Result<()> {
        let folder = Source::writable(folder)?;
        let source = Source::read(Some(&folder))?;
        let name = format!("rules/{}.toml", self.clause);
        let old = source.files.get(&name).cloned().unwrap_or_default();
        let id = next_id(&source.files, &name, self.clause);
        let (text, line) = appended(&old, &self.frame(&id));
        let file = folder.join(&name);
        std::fs::write(&file, text).with_context(|| file.display().to_string())?;
        let (file, folder) = (file.display(), folder.display());
        say(format_args!(
            "{id} begins at {file}:{line}, in shadow: it is recorded and changes nothing.\n\
             \n\
             1. Fill in the words, the reason in both languages, and the cases. Write for case.clear what a rule for\n   \
                these words could get wrong: praise, criticism, a quotation, a victim telling, the word inside another.\n\
             2. sekisho rulebook check --rulebook {folder}\n   \
                sekisho rulebook test {id} --rulebook {folder}\n   \
                sekisho rulebook explain \"TEXT\" --rulebook {folder}\n\
             3. sekisho backtest --new {folder} --recorded     what it would have done to recorded posts\n\
             4. sekisho rulebook publish {folder} --note \"…\"    judges in shadow within a minute\n\
             5. sekisho rulebook list --hits --status shadow   after some days; then set status to review, then enforce"
        ))
    }

    fn frame(&self, id: &str) -> String {
        let words: Vec<String> = self.any.iter().map(|word| quoted(word)).collect();
        let (ja, en) = (quoted(&self.ja), quoted(&self.en));
        format!(
            "[[rule]]\n\
             id = \"{id}\"\n\
             title = {{ ja = {ja}, en = {en} }}\n\
             status = \"shadow\"\n\
             confidence = 0.9\n\
             any = [{}]\n\
             # unless = [] # a match inside one of these does not count\n\
             why = {{ ja = \"\", en = \"\" }}\n\
             case.match = [\n  \
               # the rule must fire on each: in Japanese, disguised, in English\n\
             ]\n\
             case.clear = [\n  \
               # and on none of these: in Japanese, in English\n\
             ]\n",
            words.join(", ")
        )
    }
}

/// The file with the frame at its end, and the line at which that begins.
fn appended(old: &str, frame: &str) -> (String, usize) {
    let old = old.trim_end();
    let text = if old.is_empty() { frame.to_owned() } else { format!("{old}\n\n{frame}") };
    let line = if old.is_empty() { 1 } else { old.lines().count() + 2 };
    (text, line)
}

/// The next free number behind the letters that the clause's rules have, or its own first three.
fn next_id(files: &BTreeMap<String, String>, name: &str, clause: Clause) -> String {
    let ids = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("id = \""));
        lines.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let letters = files
        .get(name)
        .and_then(|text| ids(text).last().and_then(|id| id.get(..3).map(str::to_owned)))
        .unwrap_or_else(|| clause.key().chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>())
        .to_ascii_uppercase();
    let every = files.iter().filter(|(name, _)| name.starts_with("rules/")).flat_map(|(_, text)| ids(text));
    let numbers = every.filter_map(|id| id.strip_prefix(&letters)?.parse::<u32>().ok());
    format!("{letters}{:03}", numbers.max().unwrap_or(0) + 1)
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rules::Rulebook;

    use super::*;

    fn files() -> BTreeMap<String, String> {
        Rulebook::embedded_files().collect()
    }

    #[test]
    fn ids_go_on_behind_the_highest_of_all_files() {
        let mut files = BTreeMap::from([
            ("rules/nuisance.toml".to_owned(), "id = \"NUI001\"\nid = \"NUI007\"".to_owned()),
            ("rules/other.toml".to_owned(), "id = \"NUI011\"".to_owned()),
        ]);
        assert_eq!(next_id(&files, "rules/nuisance.toml", Clause::Nuisance), "NUI012");
        files.clear();
        assert_eq!(next_id(&files, "rules/ip_infringement.toml", Clause::IpInfringement), "IPI001");
    }

    #[test]
    fn a_filled_in_frame_is_a_rule_and_an_empty_one_says_what_it_lacks() {
        let new = New {
            clause: Clause::Nuisance,
            ja: "試験".to_owned(),
            en: "A \"test\"".to_owned(),
            any: vec!["関所カステラ".to_owned()],
        };
        let mut files = files();
        let name = "rules/nuisance.toml";
        let id = next_id(&files, name, new.clause);
        let (text, line) = appended(&files[name], &new.frame(&id));
        assert_eq!(text.lines().nth(line - 1), Some("[[rule]]"));
        files.insert(name.to_owned(), text.clone());
        let error = Rulebook::from_files(files.clone().into_iter()).unwrap_err();
        assert!(error.message.contains("case.match") && error.line == line + 1, "{error}");

        let filled = text
            .replace("must fire on each: in Japanese, disguised, in English", "x\n  \"関所カステラだ\"")
            .replace("on none of these: in Japanese, in English", "y\n  \"カステラ\"");
        files.insert(name.to_owned(), filled);
        let rulebook = Rulebook::from_files(files.into_iter()).unwrap();
        assert_eq!(rulebook.rule(&id).unwrap().title.en, "A \"test\"");
    }
}
