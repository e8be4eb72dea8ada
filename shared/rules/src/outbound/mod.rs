//! What a draft of our own has to pass before it is published: the second section of the rulebook.
//!
//! Two kinds of rules: words, in the language of all other rules (`outbound/words.toml`, and `outbound/personal.toml`
//! for employees' own accounts), and checks that words can't express (`outbound/checks.toml`, made in [`dates`] and
//! [`numbers`]). Our own posts are checked by the same rules every night.

mod checks;
mod dates;
mod file;
mod numbers;
mod section;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use dates::stale_after;
pub(crate) use section::Section;

use crate::rulebook::{Organisation, Rule, Rulebook, Titles};
use crate::{Author, Clause, Context, Media, Platform, Post, PostKind, Span, Verdict, judge};
use checks::Check;

/// Folder of this section within the rulebook.
pub(crate) const FOLDER: &str = "outbound/";

/// Clauses of our own guidelines that a draft of ours may not break either. The others forbid others to advertise
/// here, which is what our own account is for.
const OUR_OWN: [Clause; 5] =
    [Clause::Slander, Clause::IpInfringement, Clause::Criminal, Clause::Offensive, Clause::PoliticalReligious];

/// A text that somebody wants to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft<'a> {
    /// Its words.
    pub text: &'a str,
    /// Whether it is for an employee's own account.
    pub personal: bool,
}

/// What has to follow a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Look again: it may be right.
    Look,
    /// Mend it: as it stands it is wrong, or must not be published.
    Fix,
}

/// What is wrong, or may be, with a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutboundFinding {
    /// The rule, for example `OUT001`; or the rule of our guidelines that the draft breaks.
    pub rule: String,
    /// What has to follow.
    pub severity: Severity,
    /// Title of the rule.
    pub title: Titles,
    /// Why that is wrong.
    pub why: Titles,
    /// Where; empty where it is about the whole text.
    pub spans: Vec<Span>,
    /// The text there.
    pub evidence: Vec<String>,
    /// What would be right, where that is known.
    pub hint: Option<Titles>,
}

/// The rules for drafts of one rulebook; see [`Rulebook::outbound`].
#[derive(Debug)]
pub struct Outbound {
    words: Rulebook,
    personal: Rulebook,
    checks: Vec<Check>,
    cases_at: Timestamp,
}

impl Outbound {
    /// Checks a draft; what has to be mended comes first. `rulebook` is what our own guidelines are judged by.
    pub fn check(&self, draft: &Draft<'_>, rulebook: &Rulebook, now: Timestamp) -> Vec<OutboundFinding> {
        let organisation = rulebook.organisation();
        let post = as_post(draft.text, now);
        let mut findings: Vec<OutboundFinding> =
            self.checks.iter().filter_map(|check| check.ask(draft.text, now)).collect();
        let books = std::iter::once(&self.words).chain(draft.personal.then_some(&self.personal));
        for book in books {
            findings.extend(judged(&post, book, now, |_| true));
        }
        findings.extend(judged(&post, rulebook, now, |rule| OUR_OWN.contains(&rule.clause)));
        findings.retain_mut(|finding| disclose_ours(finding, organisation));
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.cmp(&b.rule)));
        findings
    }

    /// The title of a rule.
    pub fn title(&self, id: &str) -> Option<&Titles> {
        let check = self.checks.iter().find(|check| check.id == id).map(|check| &check.title);
        check.or_else(|| self.words.rule(id).or_else(|| self.personal.rule(id)).map(|rule| &rule.title))
    }

    /// Runs the cases of all rules; comes back empty when all is well.
    pub fn check_cases(&self) -> Vec<String> {
        let mut failures: Vec<String> =
            [&self.words, &self.personal].into_iter().flat_map(Rulebook::check).map(|f| f.to_string()).collect();
        for check in &self.checks {
            failures.extend(check.check_cases(self.cases_at));
        }
        failures
    }

    /// Number of rules and of cases.
    pub fn size(&self) -> (usize, usize) {
        let rules = self.words.rules().iter().chain(self.personal.rules());
        let cases = rules.clone().map(|rule| rule.cases.0 + rule.cases.1).sum::<usize>();
        (rules.count() + self.checks.len(), cases + self.checks.iter().map(Check::cases).sum::<usize>())
    }
}

/// What a rulebook finds in a post, as findings.
fn judged(post: &Post, book: &Rulebook, now: Timestamp, wants: impl Fn(&Rule) -> bool) -> Vec<OutboundFinding> {
    let judgement = judge(post, &Context::default(), book, now);
    let found = judgement.violations.into_iter().filter_map(|violation| {
        let severity = match violation.verdict {
            Verdict::Allow => return None,
            Verdict::Review => Severity::Look,
            Verdict::Act => Severity::Fix,
        };
        let rule = book.rule(&violation.rule).filter(|rule| wants(rule))?;
        Some(OutboundFinding {
            rule: rule.id.clone(),
            severity,
            title: rule.title.clone(),
            why: rule.why.clone(),
            spans: violation.spans,
            evidence: violation.evidence,
            hint: None,
        })
    });
    found.collect()
}

/// Drops what is ours to publish: our own addresses of mail, and the contact that the accounts tell. `false` when
/// nothing is left of the finding.
fn disclose_ours(finding: &mut OutboundFinding, organisation: &Organisation) -> bool {
    if finding.spans.is_empty() {
        return true;
    }
    let ours = |text: &str| {
        let text = text.to_lowercase();
        let contact = organisation.accounts.iter().filter_map(|account| account.contact.as_deref());
        contact.map(str::to_lowercase).any(|contact| contact == text)
            || text.split_once('@').is_some_and(|(local, host)| {
                !local.is_empty()
                    && organisation.domains.iter().any(|domain| {
                        host == domain || host.strip_suffix(domain.as_str()).is_some_and(|sub| sub.ends_with('.'))
                    })
            })
    };
    let kept: Vec<bool> = finding.evidence.iter().map(|text| !ours(text)).collect();
    let mut keep = kept.iter();
    finding.spans.retain(|_| keep.next().copied().unwrap_or(true));
    let mut keep = kept.iter();
    finding.evidence.retain(|_| keep.next().copied().unwrap_or(true));
    !finding.spans.is_empty()
}

/// The draft as if it were already a post of ours.
fn as_post(text: &str, now: Timestamp) -> Post {
    Post {
        platform: Platform::X,
        id: "draft".to_owned(),
        target: "draft".to_owned(),
        version: "draft".to_owned(),
        account: "ours".to_owned(),
        kind: PostKind::Post,
        author: Author::unknown("ours"),
        text: text.to_owned(),
        lang: None,
        created_at: now,
        edited_at: None,
        conversation: None,
        answers: None,
        answers_user: None,
        links: Vec::new(),
        media: Media::None,
        held: false,
    }
}

#[cfg(test)]
mod tests;
