//! A rule of a file as tables: its lists of terms go to the index.

use serde::{Deserialize, Serialize};

use super::file::{EdgeDefault, RawRule, Status, WithinFile};
use super::{CasesFile, Fault, Titles};
use crate::patterns::{IndexBuilder, Owner, SetId, SetOptions, Term, fold_pattern};
use crate::views::ViewKind;
use crate::{Clause, Output};

/// Characters that `…` may stand for unless the rule says otherwise.
const GAP: u32 = 12;

/// How far the terms of `all` may lie from the match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Within {
    Post,
    Sentence,
    Chars(u32),
}

/// A pattern behind its guard.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PreparedPattern {
    pub(crate) pattern: String,
    pub(crate) guard: SetId,
    pub(crate) view: ViewKind,
}

/// A rule whose terms are in the index.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PreparedRule {
    pub(crate) id: String,
    pub(crate) clause: Clause,
    pub(crate) title: Titles,
    pub(crate) status: Status,
    pub(crate) confidence: f32,
    pub(crate) why: Titles,
    pub(crate) since: Option<String>,
    pub(crate) cases: (usize, usize),
    pub(crate) any: SetId,
    pub(crate) patterns: Vec<PreparedPattern>,
    pub(crate) all: Vec<SetId>,
    pub(crate) within: Within,
    pub(crate) unless: Option<SetId>,
    pub(crate) unless_near: Option<SetId>,
    pub(crate) unless_anywhere: Option<SetId>,
    pub(crate) min: usize,
    /// Scores that must be reached.
    pub(crate) scores: Vec<(Output, f32)>,
    /// Whether nothing else sets it off.
    pub(crate) by_score_alone: bool,
    pub(crate) act_score: Option<f32>,
    pub(crate) when: Option<String>,
}

/// Prepares a rule and its cases; `number` is its place in the rulebook.
pub(super) fn prepare(
    raw: RawRule,
    clause: Clause,
    number: u32,
    index: &mut IndexBuilder,
) -> Result<(PreparedRule, CasesFile), Fault> {
    let place = raw.id.span();
    let id = raw.id.into_inner();
    let at_rule = |message: String| Fault { span: Some(place.clone()), message };
    let shaped = id.len() == 6
        && id.bytes().take(3).all(|byte| byte.is_ascii_uppercase())
        && id.bytes().skip(3).all(|byte| byte.is_ascii_digit());
    if !shaped {
        return Err(at_rule(format!("rule id {id:?} is not three capitals and three digits")));
    }
    if !(0.0..=1.0).contains(&raw.confidence) {
        return Err(at_rule(format!("confidence of {id} is not between 0 and 1")));
    }
    let by_score_alone = raw.any.is_empty() && raw.regex.is_empty();
    if by_score_alone && raw.score.is_empty() {
        return Err(at_rule(format!("{id} has neither any nor regex nor score")));
    }
    if by_score_alone && !(raw.unless.is_empty() && raw.unless_near.is_empty() && raw.within.is_none()) {
        return Err(at_rule(format!(
            "{id} has scores alone, which lie nowhere: it can't have unless, unless_near or within"
        )));
    }
    if let Some((output, _)) = raw.score.iter().find(|(_, least)| !(0.0..=1.0).contains(*least)) {
        return Err(at_rule(format!("score {} of {id} is not between 0 and 1", output.key())));
    }
    if raw.act_score.is_some_and(|least| !(0.0..=1.0).contains(&least)) {
        return Err(at_rule(format!("act_score of {id} is not between 0 and 1")));
    }
    if raw.status != Status::Off && (raw.case.matching.is_empty() || raw.case.clear.is_empty()) {
        return Err(at_rule(format!("{id} needs at least one case.match and one case.clear")));
    }
    let edges = matches!(raw.edge, Some(EdgeDefault::Word));
    let bits = |views: &[ViewKind]| views.iter().fold(0, |bits, view| bits | view.bit());
    let views = raw.views.as_deref().map_or(ViewKind::Folded.bit() | ViewKind::Joined.bit(), bits);
    let gap = raw.gap.unwrap_or(GAP);
    let on = SetOptions { views, mask: raw.mask, gap };
    // What speaks for innocence is read in every spelling.
    let every =
        SetOptions { views: views | ViewKind::Plain.bit() | ViewKind::Folded.bit() | ViewKind::Joined.bit(), ..on };

    let mut add = |terms: &[toml::Spanned<String>], owner: Owner, options: SetOptions| -> Result<SetId, Fault> {
        let mut parsed = Vec::with_capacity(terms.len());
        for term in terms {
            let fault = |message| Fault { span: Some(term.span()), message };
            let term = Term::parse(term.as_ref(), edges).map_err(fault)?;
            parsed.push(term);
        }
        let off = raw.status == Status::Off;
        let owner = if off { Owner::Inner } else { owner };
        let fault = |message| Fault { span: terms.first().map(toml::Spanned::span), message };
        index.set(owner, options, &parsed).map_err(fault)
    };

    let more = [&raw.unless, &raw.unless_near, &raw.unless_anywhere];
    let alone = raw.regex.is_empty() && raw.all.is_empty() && more.iter().all(|terms| terms.is_empty());
    let any = add(&raw.any, if alone { Owner::Alone(number) } else { Owner::Any(number) }, on)?;
    let mut patterns = Vec::with_capacity(raw.regex.len());
    for regex in raw.regex {
        if regex.guard.is_empty() {
            return Err(Fault { span: Some(regex.pattern.span()), message: "a pattern needs a guard".into() });
        }
        let view = regex.view.unwrap_or(ViewKind::Plain);
        let guard = add(&regex.guard, Owner::Guard(number), every)?;
        let pattern = regex.pattern.into_inner();
        let pattern = if view == ViewKind::Plain { pattern } else { fold_pattern(&pattern) };
        patterns.push(PreparedPattern { pattern, guard, view });
    }
    let mut all = Vec::with_capacity(raw.all.len());
    for terms in &raw.all {
        all.push(add(terms, Owner::Inner, on)?);
    }
    let mut optional = |terms: &[toml::Spanned<String>]| -> Result<Option<SetId>, Fault> {
        if terms.is_empty() {
            Ok(None)
        } else {
            add(terms, Owner::Inner, SetOptions { mask: false, ..every }).map(Some)
        }
    };
    let (unless, unless_near) = (optional(&raw.unless)?, optional(&raw.unless_near)?);
    let unless_anywhere = optional(&raw.unless_anywhere)?;
    if by_score_alone {
        all.iter().copied().chain(unless_anywhere).for_each(|set| index.keep(set));
    }
    let within = match raw.within {
        None => Within::Post,
        Some(WithinFile::Chars(chars)) => Within::Chars(chars),
        Some(WithinFile::Name(name)) if name == "post" => Within::Post,
        Some(WithinFile::Name(name)) if name == "sentence" => Within::Sentence,
        Some(WithinFile::Name(name)) => return Err(at_rule(format!("within = {name:?} of {id} is not known"))),
    };
    let rule = PreparedRule {
        id,
        clause,
        title: raw.title,
        status: raw.status,
        confidence: raw.confidence,
        why: raw.why,
        since: raw.since.map(toml::Spanned::into_inner),
        cases: (raw.case.matching.len(), raw.case.clear.len()),
        any,
        patterns,
        all,
        within,
        unless,
        unless_near,
        unless_anywhere,
        scores: raw.score.into_iter().collect(),
        by_score_alone,
        act_score: raw.act_score,
        min: raw.min.unwrap_or(1).max(1) as usize,
        when: raw.when.map(toml::Spanned::into_inner),
    };
    Ok((rule, raw.case))
}
