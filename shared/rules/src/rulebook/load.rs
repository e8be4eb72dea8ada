//! Reads the files of a rulebook and puts them together.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use super::file::{InnocentFile, RuleFile};
use super::{Fault, Organisation, Policy, Rulebook, RulebookError, from_toml, guidelines, lexicon, rule};
use crate::Clause;
use crate::patterns::{IndexBuilder, Term};
use crate::signals::SignalKind;

/// Whether patterns and conditions are compiled at once, to find what is wrong with them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Shallow,
    Full,
}

pub(super) fn load(files: impl Iterator<Item = (String, String)>, depth: Depth) -> Result<Rulebook, RulebookError> {
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
        } else if !["guidelines.toml", "policy.toml", "organisation.toml"].contains(&path.as_str())
            && !path.starts_with(crate::outbound::FOLDER)
            && path != crate::listening::FILE
        {
            return Err(fault(Fault::whole("no such file belongs to a rulebook".into())));
        }
    }
    rule_files.sort_by_key(|(clause, ..)| *clause);

    let mut index = IndexBuilder::new(lexicons);
    let mut rules = Vec::new();
    for (clause, path, text, file) in rule_files {
        for raw in file.rule {
            let place = raw.id.span();
            let when = raw.when.as_ref().map(toml::Spanned::span);
            let regexes: Vec<_> = raw.regex.iter().map(|regex| regex.pattern.span()).collect();
            let fault = |span: std::ops::Range<usize>, message| Fault { span: Some(span), message }.in_file(path, text);
            let rule = rule::compile(raw, clause, rules.len() as u32, &mut index)
                .map_err(|fault| fault.in_file(path, text))?;
            if rules.iter().any(|other: &rule::Rule| other.id == rule.id) {
                return Err(fault(place, format!("another rule is called {}", rule.id)));
            }
            if let Some(since) =
                rule.since.as_deref().filter(|since| guidelines.iter().all(|version| version.id != *since))
            {
                return Err(fault(place, format!("there is no version {since:?} of the guidelines")));
            }
            if depth == Depth::Full {
                if let (Some(condition), Some(span)) = (&rule.when, when) {
                    condition.check().map_err(|message| fault(span, message))?;
                }
                for (pattern, span) in rule.patterns.iter().zip(regexes) {
                    pattern.regex.check().map_err(|message| fault(span, message))?;
                }
            }
            rules.push(rule);
        }
    }
    let index = index.build().map_err(|message| Fault::whole(message).in_file("rules", ""))?;
    Ok(Rulebook { version, rules, guidelines, policy, organisation, innocent, index })
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
