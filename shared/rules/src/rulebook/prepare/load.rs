//! Reads the files of a rulebook and puts them together.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::file::{InnocentFile, RuleFile};
use super::{
    Cases, Fault, Organisation, Policy, Prepared, PreparedRule, RulebookError, from_toml, guidelines, lexicon, rule,
};
use crate::Clause;
use crate::patterns::{IndexBuilder, Term};
use crate::signals::SignalKind;

/// What of a rule is still text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its condition.
    When,
    /// One of its patterns.
    Pattern(usize),
}

/// What is wrong with a part that is still text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Where in the part's text, in bytes.
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// A rulebook that was read.
pub(crate) struct Read {
    pub(crate) prepared: Prepared,
    pub(crate) cases: Cases,
    files: BTreeMap<String, String>,
    /// Where the parts of rules that are still text stand: rule, part, file, bytes.
    places: Vec<(usize, Part, String, std::ops::Range<usize>)>,
}

impl Read {
    /// Checks what is still text of every rule; the first fault is told with its place.
    pub(crate) fn check(&self, check: impl Fn(&PreparedRule, Part) -> Result<(), Flaw>) -> Result<(), RulebookError> {
        self.places.iter().try_for_each(|(rule, part, path, span)| {
            let Some(rule) = self.prepared.rules.get(*rule) else { return Ok(()) };
            let text = self.files.get(path).map_or("", String::as_str);
            check(rule, *part).map_err(|flaw| {
                let source = match part {
                    Part::When => rule.when.as_deref(),
                    Part::Pattern(at) => rule.patterns.get(*at).map(|pattern| pattern.pattern.as_str()),
                };
                // A part that is written otherwise in the file (with escapes, or folded) is pointed at as a whole.
                let written = text.get(span.clone()).unwrap_or_default();
                let within = source.and_then(|source| written.find(source)).map_or(0, |start| start + flaw.at);
                let at = span.start + within;
                Fault { span: Some(at..span.end), message: flaw.message }.in_file(path, text)
            })
        })
    }
}

/// Reads the files of a rulebook: path within the folder, and text. Its terms are checked, what is still text is not.
pub(crate) fn read(files: impl Iterator<Item = (String, String)>) -> Result<Read, RulebookError> {
    let files: BTreeMap<String, String> = files.filter(|(path, _)| path != "README.md").collect();
    let version = digest(&files);
    let whole = |name: &str| -> Result<&String, RulebookError> {
        files.get(name).ok_or_else(|| Fault::whole("the file is missing".into()).in_file(name, ""))
    };
    let text = whole("guidelines.toml")?;
    let guidelines = guidelines::parse(text).map_err(|fault| fault.in_file("guidelines.toml", text))?;
    let text = whole("policy.toml")?;
    let policy: Policy = from_toml(text).map_err(|fault| fault.in_file("policy.toml", text))?;
    let text = whole("organisation.toml")?;
    let organisation: Organisation = from_toml(text).map_err(|fault| fault.in_file("organisation.toml", text))?;

    let mut lexicons = names(&organisation);
    let mut rule_files = Vec::new();
    let mut innocent = Vec::new();
    for (path, text) in &files {
        let fault = |fault: Fault| fault.in_file(path, text);
        if let Some(name) = path.strip_prefix("lexicons/").and_then(|name| name.strip_suffix(".txt")) {
            lexicons.insert(name.to_owned(), lexicon::parse(text).map_err(fault)?);
        } else if let Some(name) = path.strip_prefix("rules/").and_then(|name| name.strip_suffix(".toml")) {
            let clause: Clause = name.parse().map_err(Fault::whole).map_err(fault)?;
            let file: RuleFile = from_toml(text).map_err(fault)?;
            rule_files.push((clause, path, text, file));
        } else if path == "innocent.toml" {
            innocent = from_toml::<InnocentFile>(text).map_err(fault)?.innocent;
        } else if !["guidelines.toml", "policy.toml", "organisation.toml", "model/card.md", "model/training.toml"]
            .contains(&path.as_str())
            // Read by `outbound` and `listening`, not by the judge.
            && !path.starts_with("outbound/")
            && path != "listening.toml"
        {
            return Err(fault(Fault::whole("no such file belongs to a rulebook".into())));
        }
    }
    rule_files.sort_by_key(|(clause, ..)| *clause);

    let mut index = IndexBuilder::new(lexicons);
    let mut rules: Vec<PreparedRule> = Vec::new();
    let mut cases = Cases { rules: Vec::new(), innocent };
    let mut places = Vec::new();
    for (clause, path, text, file) in rule_files {
        for raw in file.rule {
            let place = raw.id.span();
            let number = rules.len();
            let when = raw.when.as_ref().map(|when| (Part::When, when.span()));
            let patterns = raw.regex.iter().enumerate().map(|(at, regex)| (Part::Pattern(at), regex.pattern.span()));
            places.extend(when.into_iter().chain(patterns).map(|(part, span)| (number, part, path.clone(), span)));
            let fault = |span: std::ops::Range<usize>, message| Fault { span: Some(span), message }.in_file(path, text);
            let (rule, own) =
                rule::prepare(raw, clause, number as u32, &mut index).map_err(|fault| fault.in_file(path, text))?;
            if rules.iter().any(|other| other.id == rule.id) {
                return Err(fault(place, format!("another rule is called {}", rule.id)));
            }
            if let Some(since) =
                rule.since.as_deref().filter(|since| guidelines.iter().all(|version| version.id != *since))
            {
                return Err(fault(place, format!("there is no version {since:?} of the guidelines")));
            }
            rules.push(rule);
            cases.rules.push(own);
        }
    }
    let prepared = Prepared { version, guidelines, policy, organisation, rules, index: index.build() };
    Ok(Read { prepared, cases, files, places })
}

/// The names of the organisation file as lexicons of the signals that stand for them.
fn names(organisation: &Organisation) -> HashMap<String, Vec<Term>> {
    let ours = organisation.names.iter().chain(std::iter::once(&organisation.name));
    let accounts = organisation.accounts.iter().flat_map(|account| [&account.handle, &account.name]);
    let lists: [(SignalKind, Vec<&String>); 4] = [
        (SignalKind::Competitor, organisation.competitors.iter().collect()),
        (SignalKind::Product, organisation.products.iter().collect()),
        (SignalKind::Stakeholder, organisation.stakeholders.iter().collect()),
        (SignalKind::OurName, ours.chain(accounts).filter(|name| !name.is_empty()).collect()),
    ];
    let escaped = |name: &String| {
        let special = |c: char| matches!(c, '\\' | '*' | '|' | '@' | '<' | '…');
        name.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect::<String>()
    };
    lists
        .into_iter()
        .map(|(kind, names)| {
            let terms = names.into_iter().filter_map(|name| Term::parse(&escaped(name), false).ok()).collect();
            (format!("<{}>", kind.key()), terms)
        })
        .collect()
}

fn digest(files: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
