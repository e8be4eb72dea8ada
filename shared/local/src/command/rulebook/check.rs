//! `sekisho rulebook check` and `test`: whether the rules do what their cases say.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use rules::{CaseFailure, Rulebook, Status};

use super::source::{Case, Source};
use crate::command::say;
use crate::command::terminal::{Paint, on_one_line};

/// Loads everything and runs every case; what is wrong is told with its file, line and column.
pub(super) fn check(folder: Option<&Path>) -> Result<()> {
    let source = Source::read(folder)?;
    let rulebook = source.load()?;
    let mut wrong = unworded(&source, &rulebook);
    wrong.extend(failing(&source, &rulebook.check()));
    let outbound = rulebook.outbound()?;
    wrong.extend(outbound.check_cases());
    for line in &wrong {
        say(line)?;
    }
    if !wrong.is_empty() {
        bail!("{} things to mend", wrong.len());
    }
    let cases: usize = rulebook.rules().iter().map(|rule| rule.cases.0 + rule.cases.1).sum();
    let (rules, cases) = (rulebook.rules().len() + outbound.size().0, cases + outbound.size().1);
    say(format_args!("{rules} rules, {cases} cases pass, version {}", rulebook.version()))
}

/// Failures, each with the place of its case.
pub(super) fn failing(source: &Source, failures: &[CaseFailure]) -> Vec<String> {
    let cases = source.cases();
    let told = |failure: &CaseFailure| match cases.iter().find(|case| is_of(failure, case)) {
        Some(case) => format!("{}: {failure}", case.place),
        None => failure.to_string(),
    };
    failures.iter().map(told).collect()
}

fn is_of(failure: &CaseFailure, case: &Case) -> bool {
    failure.rule == case.rule && (failure.should_fire, failure.place) == (case.should_fire, case.number)
}

/// Rules without a title or reason in one of the languages, which every statement of reasons needs.
fn unworded(source: &Source, rulebook: &Rulebook) -> Vec<String> {
    let places = source.rules();
    let mut wrong = Vec::new();
    for rule in rulebook.rules() {
        for (what, words) in [("title", &rule.title), ("why", &rule.why)] {
            for (lang, words) in [("ja", &words.ja), ("en", &words.en)] {
                if words.trim().is_empty() {
                    let place = places.get(&rule.id).map(|place| format!("{place}: ")).unwrap_or_default();
                    wrong.push(format!("{place}{}: {what}.{lang} is empty", rule.id));
                }
            }
        }
    }
    wrong
}

#[derive(Debug, Args)]
pub(super) struct Test {
    /// Ids of the rules, or the beginnings of ids; `innocent` for the texts on which no rule may fire. All, if none is given.
    rules: Vec<String>,
    /// Show only what fails.
    #[arg(long)]
    failing: bool,
}

impl Test {
    pub(super) fn run(self, folder: Option<&Path>) -> Result<()> {
        let source = Source::read(folder)?;
        let rulebook = source.load()?;
        let wanted = |id: &str| self.rules.is_empty() || self.rules.iter().any(|start| id.starts_with(start.as_str()));
        let known: BTreeSet<&str> = rulebook.rules().iter().map(|rule| rule.id.as_str()).chain(["innocent"]).collect();
        if let Some(unknown) = self.rules.iter().find(|start| !known.iter().any(|id| id.starts_with(start.as_str()))) {
            bail!("there is no rule {unknown}");
        }
        let failures = rulebook.check();
        let paint = Paint::stdout();
        let (mut passed, mut failed, mut of) = (0, 0, String::new());
        for case in source.cases().into_iter().filter(|case| wanted(&case.rule)) {
            let off = rulebook.rule(&case.rule).is_some_and(|rule| rule.status == Status::Off);
            let failure = failures.iter().find(|failure| is_of(failure, &case));
            match failure {
                _ if off => {}
                Some(_) => failed += 1,
                None => passed += 1,
            }
            if self.failing && failure.is_none() {
                continue;
            }
            if of != case.rule {
                of.clone_from(&case.rule);
                say(heading(&rulebook, &of, paint))?;
            }
            say(shown(&case, failure, off, paint))?;
        }
        say(format_args!("{passed} pass, {failed} fail"))?;
        if failed > 0 {
            bail!("{failed} cases fail");
        }
        Ok(())
    }
}

fn heading(rulebook: &Rulebook, id: &str, paint: Paint) -> String {
    match rulebook.rule(id) {
        None => paint.bold(id),
        Some(rule) => {
            let status = format!("{:?}", rule.status).to_lowercase();
            format!("{} {} / {} ({status})", paint.bold(id), rule.title.ja, rule.title.en)
        }
    }
}

fn shown(case: &Case, failure: Option<&CaseFailure>, off: bool, paint: Paint) -> String {
    let how = if case.should_fire { "match" } else { "clear" };
    let more = if case.more { paint.faint(" (with more of the post)") } else { String::new() };
    let text = on_one_line(&case.text);
    match failure {
        _ if off => format!("  {} {how}  {text}{more}", paint.faint("off ")),
        None => format!("  {} {how}  {text}{more}", paint.green("ok  ")),
        Some(failure) => {
            let fired = if failure.fired.is_empty() { "nothing".to_owned() } else { failure.fired.join(", ") };
            format!("  {} {how}  {text}{more}\n            {}; fired: {fired}", paint.red("FAIL"), case.place)
        }
    }
}
