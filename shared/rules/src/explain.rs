//! Why a post was judged as it was: every view, every match, every rule that was asked.

use cel::Value;
use jiff::Timestamp;
use serde::Serialize;

use crate::judge::{Outcome, Read, judge};
use crate::rulebook::{Condition, Field};
use crate::{Context, Judgement, Post, Rulebook, Span, Verdict, ViewKind};

/// A reading of the text that says something new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ViewText {
    /// Which.
    pub view: ViewKind,
    /// The text as the rules see it.
    pub text: String,
}

/// A signal and where it was found; an empty span where it isn't in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundSignal {
    /// Name as rules write it.
    pub signal: &'static str,
    /// Bytes of the original.
    pub span: Span,
    /// The text there.
    pub text: String,
}

/// How a rule answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAnswer {
    /// It fired.
    Fired,
    /// Something in it matched, yet it stayed silent because of this key.
    Silent(&'static str),
    /// These were not known and mattered.
    Unknown(Vec<&'static str>),
}

/// A rule that something in the post set off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskedRule {
    /// Its id.
    pub rule: String,
    /// What it may lead to for this post.
    pub verdict: Verdict,
    /// Its condition, as written.
    pub when: Option<String>,
    /// The values that the condition asks for.
    pub facts: Vec<Fact>,
    /// What it answered.
    pub answer: RuleAnswer,
    /// What matched: texts of the original, each with the view that showed it.
    pub matches: Vec<Matched>,
}

/// A value that a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The field, as conditions write it.
    pub field: &'static str,
    /// Its value for this post; `None` when it is not known.
    pub value: Option<String>,
}

/// A match of a rule's terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Bytes of the original.
    pub span: Span,
    /// The text there.
    pub text: String,
    /// The view; absent for a signal.
    pub view: Option<ViewKind>,
    /// Whether hidden characters were read (死○).
    pub masked: bool,
}

/// Everything that led to a judgement.
#[derive(Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The readings of the text.
    pub views: Vec<ViewText>,
    /// What else was found.
    pub signals: Vec<FoundSignal>,
    /// Registrable domains of links.
    pub domains: Vec<String>,
    /// Rules that were asked.
    pub rules: Vec<AskedRule>,
    /// The judgement.
    pub judgement: Judgement,
}

/// Judges a post and tells every step.
pub fn explain(post: &Post, context: &Context, rulebook: &Rulebook, now: Timestamp) -> Explanation {
    let read = Read::of(post, context, rulebook, now);
    let text = |span: Span| post.text.get(span.start..span.end).unwrap_or_default().to_owned();
    let views = ViewKind::ALL
        .into_iter()
        .filter_map(|view| read.views.get(view).map(|found| ViewText { view, text: found.text().to_owned() }))
        .collect();
    let signals = read
        .signals
        .hits
        .iter()
        .map(|hit| FoundSignal { signal: hit.kind.key(), span: hit.span, text: text(hit.span) })
        .collect();
    let rules = read
        .candidates()
        .map(|rule| {
            let (answer, hits) = match read.ask(rule) {
                Outcome::Fired(hits) => (RuleAnswer::Fired, hits),
                Outcome::Silent(why) => (RuleAnswer::Silent(why), read.trigger_hits(rule)),
                Outcome::Unknown(missing) => (RuleAnswer::Unknown(missing), read.trigger_hits(rule)),
            };
            let fact =
                |field: Field| Fact { field: field.name(), value: read.value(field, &hits).as_ref().map(written) };
            let facts = rule.when.as_ref().map(Condition::fields).unwrap_or_default().into_iter().map(fact).collect();
            let matches = hits
                .iter()
                .map(|hit| {
                    let span = Span { start: hit.start as usize, end: hit.end as usize };
                    let view = ViewKind::ALL.into_iter().find(|view| view.bit() == hit.view);
                    Matched { span, text: text(span), view, masked: hit.masked }
                })
                .collect();
            AskedRule {
                rule: rule.id.clone(),
                verdict: read.verdict_of(rule, &hits),
                when: rule.condition().map(str::to_owned),
                facts,
                answer,
                matches,
            }
        })
        .collect();
    let domains = read.signals.links.iter().map(|link| link.domain.clone()).collect();
    Explanation { views, signals, domains, rules, judgement: judge(post, context, rulebook, now) }
}

/// A value as a condition would write it.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Float(value) => format!("{value:.2}"),
        Value::List(values) => format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Map(_) | Value::Function(..) | Value::Bytes(_) | Value::Opaque(_) | Value::Struct(_) | Value::Null => {
            format!("{value:?}")
        }
    }
}
