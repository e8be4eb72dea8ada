//! `judge`: from a post to a verdict with its evidence.

use jiff::Timestamp;

use crate::model::{Feature, Output, features};
use crate::patterns::{Found, Hit, Owner, SetId};
use crate::rulebook::{Answer, Field, Rule, Rulebook, Status, Within};
use crate::sentences::Sentences;
use crate::signals::{NOWHERE, SignalKind, Signals};
use crate::views::{Class, Views};
use crate::{Context, Judgement, Media, Post, Scores, Span, Unknown, Verdict, ViewKind, Violation, work};

/// Places that one violation names at most.
const MOST_SPANS: usize = 8;
/// Matches of one rule that are looked at in one post.
const MOST_HITS: usize = 256;

/// Judges a post by a rulebook. Pure: the same input always gives the same judgement.
pub fn judge(post: &Post, context: &Context, rulebook: &Rulebook, now: Timestamp) -> Judgement {
    let read = Read::of(post, context, rulebook, now);
    let mut judgement = Judgement {
        verdict: Verdict::Allow,
        violations: Vec::new(),
        unknowns: Vec::new(),
        scores: read.scores,
        rulebook: rulebook.version().to_owned(),
        guidelines: rulebook.guidelines_at(post.created_at).id.clone(),
    };
    for rule in read.candidates() {
        match read.ask(rule) {
            Outcome::Silent(_) => {}
            Outcome::Fired(hits) => judgement.violations.push(violation(
                rule,
                &read.scores,
                read.verdict_of(rule, &hits),
                &hits,
                &post.text,
            )),
            Outcome::Unknown(missing) => {
                if read.verdict_of(rule, &[]) != Verdict::Allow {
                    let what = if missing.is_empty() { "condition".to_owned() } else { missing.join(", ") };
                    judgement.unknowns.push(Unknown { what, rule: Some(rule.id.clone()) });
                }
            }
        }
    }
    if post.media == Media::Attached && !read.is_readable() {
        judgement.unknowns.push(Unknown { what: "image".into(), rule: None });
    }
    judgement.violations.sort_by(|a, b| {
        let by_weight = b.verdict.cmp(&a.verdict).then(b.confidence.total_cmp(&a.confidence));
        let seen = |violation: &Violation| Output::of(violation.clause).map_or(0.0, |own| read.scores.get(own));
        by_weight.then_with(|| seen(b).total_cmp(&seen(a))).then_with(|| a.rule.cmp(&b.rule))
    });
    let worst = judgement.violations.iter().map(|violation| violation.verdict).max().unwrap_or(Verdict::Allow);
    judgement.verdict = if judgement.unknowns.is_empty() { worst } else { worst.max(Verdict::Review) };
    judgement
}

/// What asking a rule came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It does not fire, and why.
    Silent(&'static str),
    Fired(Vec<Hit>),
    Unknown(Vec<&'static str>),
}

/// A post with all its readings, ready to be asked about.
pub(crate) struct Read<'a> {
    pub(crate) post: &'a Post,
    pub(crate) context: &'a Context,
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) now: Timestamp,
    pub(crate) views: Views,
    pub(crate) signals: Signals,
    pub(crate) sentences: Sentences<'a>,
    pub(crate) found: Found,
    pub(crate) scores: Scores,
    /// What the model sees.
    features: Vec<Feature>,
}

impl<'a> Read<'a> {
    pub(crate) fn of(post: &'a Post, context: &'a Context, rulebook: &'a Rulebook, now: Timestamp) -> Self {
        let views = Views::of(&post.text);
        let scanned = rulebook.index.scan(&post.text, &views);
        let signals = Signals::of(post, &views, scanned.clues, rulebook);
        let sentences = Sentences::of(&post.text);
        let found = rulebook.index.gather(scanned, &views, &signals.hits, &sentences);
        let features = features(&post.text, &views);
        let scores = rulebook.model().scores(&features, views.compact());
        Read { post, context, rulebook, now, views, signals, sentences, found, scores, features }
    }

    /// Rules that something in the post set off, each once.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = &'a Rule> {
        let mut rules: Vec<u32> = self
            .found
            .sets()
            .filter_map(|set| match self.rulebook.index.owner(set) {
                Owner::Any(rule) | Owner::Alone(rule) | Owner::Guard(rule) => Some(rule),
                Owner::Opening(_) | Owner::Inner | Owner::Clue(_) => None,
            })
            .collect();
        let all = self.rulebook.rules();
        rules.extend(self.rulebook.by_score_alone().filter(|&rule| all[rule as usize].scores_reached(&self.scores)));
        rules.sort_unstable();
        rules.dedup();
        rules.into_iter().filter_map(|rule| all.get(rule as usize))
    }

    /// Matches of a rule's own terms, whatever else it asks.
    pub(crate) fn trigger_hits(&self, rule: &Rule) -> Vec<Hit> {
        self.found.of(rule.any).iter().take(MOST_HITS).map(|(_, hit)| *hit).collect()
    }

    /// The words that weighed most in the scores that a rule asks for; without any, the whole post.
    fn weightiest(&self, rule: &Rule) -> Vec<Hit> {
        let compact = self.views.compact();
        let model = self.rulebook.model();
        let words = rule.scores.iter().flat_map(|&(output, _)| model.weightiest(&self.features, compact, output));
        let hit = |(from, to): (usize, usize)| {
            let Span { start, end } = compact.span(from, to);
            let (start, end, from, to) = (start as u32, end as u32, from as u32, to as u32);
            Hit { start, end, from, to, view: ViewKind::Plain.bit(), masked: false }
        };
        let mut hits: Vec<Hit> = words.map(hit).collect();
        if hits.is_empty() {
            hits.push(Hit { view: 0, ..hit((0, 0)) });
        }
        hits
    }

    /// What a rule may lead to for this post, by what it found.
    pub(crate) fn verdict_of(&self, rule: &Rule, hits: &[Hit]) -> Verdict {
        let policy = self.rulebook.policy();
        let newer = rule.since.as_deref().and_then(|since| self.rulebook.guideline(since));
        let after = newer.is_none_or(|version| self.post.created_at >= version.effective_at());
        let status = if rule.is_by_score_alone() { policy.capped(rule.status) } else { rule.status };
        let in_lines = |hit: &Hit| hit.view == ViewKind::Lines.bit();
        // Lines may begin so by chance, of which the model, who reads on, can say nothing. Nobody disguises what is innocent.
        let is_doubted = || {
            hits.iter().all(in_lines)
                || rule.doubt(&self.scores).is_some()
                    && !hits.iter().any(|hit| !in_lines(hit) && self.is_disguised(hit))
        };
        match status {
            Status::Off | Status::Shadow => Verdict::Allow,
            Status::Enforce if after && rule.confidence >= policy.act_confidence && !is_doubted() => Verdict::Act,
            Status::Review | Status::Enforce => Verdict::Review,
        }
    }

    /// Asks one rule.
    pub(crate) fn ask(&self, rule: &Rule) -> Outcome {
        if !rule.scores_reached(&self.scores) {
            return Outcome::Silent("score");
        }
        if rule.unless_anywhere.is_some_and(|set| !self.found.of(set).is_empty()) {
            return Outcome::Silent("unless_anywhere");
        }
        if rule.condition_first
            && let Some(condition) = rule.when.as_ref().filter(|condition| !condition.is_about_matches())
            && condition.ask(|field| self.value(field, &[])) == Answer::No
        {
            return Outcome::Silent("when");
        }
        let mut hits = if rule.is_by_score_alone() { self.weightiest(rule) } else { self.trigger_hits(rule) };
        for pattern in &rule.patterns {
            if self.found.of(pattern.guard).is_empty() {
                continue;
            }
            let Some(view) = self.views.get(pattern.view) else { continue };
            let Some(matches) = pattern.regex.find(view.text()) else {
                return Outcome::Unknown(vec!["pattern"]);
            };
            let compact = self.views.compact();
            hits.extend(matches.into_iter().map(|(start, end)| {
                let span = view.span(view.char_at(start), view.char_at(end));
                let from = compact.char_of_original(span.start) as u32;
                let to = (compact.char_of_original(span.end) as u32).max(from);
                Hit {
                    start: span.start as u32,
                    end: span.end as u32,
                    from,
                    to,
                    view: pattern.view.bit(),
                    masked: false,
                }
            }));
        }
        if hits.is_empty() {
            return Outcome::Silent("nothing matched");
        }
        if let Some(unless) = rule.unless {
            hits.retain(|hit| !self.overlaps(unless, hit));
        }
        if let Some(near) = rule.unless_near {
            hits.retain(|hit| !self.near(near, hit, Within::Sentence));
        }
        if hits.is_empty() {
            return Outcome::Silent("unless");
        }
        hits.retain(|hit| rule.all.iter().all(|set| self.near(*set, hit, rule.within)));
        if hits.is_empty() {
            return Outcome::Silent("all");
        }
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
        let mut end = None;
        let places = hits.iter().filter(|hit| {
            let apart = end.is_none_or(|end| hit.start >= end);
            end = Some(end.map_or(hit.end, |end: u32| end.max(hit.end)));
            apart
        });
        if places.count() < rule.min {
            return Outcome::Silent("min");
        }
        let Some(condition) = &rule.when else { return Outcome::Fired(hits) };
        match condition.ask(|field| self.value(field, &hits)) {
            Answer::Yes => Outcome::Fired(hits),
            Answer::No => Outcome::Silent("when"),
            Answer::Unknown(missing) => Outcome::Unknown(missing.into_iter().map(Field::name).collect()),
        }
    }

    fn overlaps(&self, set: SetId, hit: &Hit) -> bool {
        let others = self.found.of(set);
        let longest = others.iter().map(|(_, other)| other.to - other.from).max().unwrap_or(0);
        let first = others.partition_point(|(_, other)| other.from + longest < hit.from);
        others[first..]
            .iter()
            .take_while(|(_, other)| other.from <= hit.to)
            .inspect(|_| work::add(1))
            .any(|(_, other)| other.start < hit.end && hit.start < other.end || other.start == hit.start)
    }

    fn near(&self, set: SetId, hit: &Hit, within: Within) -> bool {
        let others = self.found.of(set);
        // A signal without a place is near everything.
        if others.first().is_some_and(|(_, other)| other.view == 0 && other.end == 0) {
            return true;
        }
        match within {
            Within::Post => !others.is_empty(),
            Within::Sentence => {
                let (start, end) = self.sentences.around(hit.start, hit.end);
                let at = others.partition_point(|(_, other)| other.start < start);
                others.get(at).is_some_and(|(_, other)| other.start < end)
            }
            Within::Chars(chars) => {
                let first = others.partition_point(|(_, other)| other.from + chars + 64 < hit.from);
                others[first..]
                    .iter()
                    .take_while(|(_, other)| other.from <= hit.to + chars)
                    .inspect(|_| work::add(1))
                    .any(|(_, other)| other.to + chars >= hit.from)
            }
        }
    }

    /// Whether there is anything to read besides links and handles.
    fn is_readable(&self) -> bool {
        let covered = |at: usize| {
            self.signals.hits.iter().any(|hit| {
                matches!(hit.kind, SignalKind::Link | SignalKind::Mention)
                    && hit.span != NOWHERE
                    && (hit.span.start..hit.span.end).contains(&at)
            })
        };
        let plain = &self.views.plain;
        plain
            .classes
            .iter()
            .zip(&plain.places)
            .any(|(class, place)| class.is(Class::WORD) && !covered(place.start as usize))
    }
}

fn violation(rule: &Rule, scores: &Scores, verdict: Verdict, hits: &[Hit], text: &str) -> Violation {
    let mut spans: Vec<Span> = Vec::new();
    for hit in hits {
        let span = Span { start: hit.start as usize, end: hit.end as usize };
        match spans.last_mut() {
            _ if span == NOWHERE => {}
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            Some(_) | None => spans.push(span),
        }
    }
    spans.truncate(MOST_SPANS);
    let evidence = spans.iter().filter_map(|span| text.get(span.start..span.end)).map(str::to_owned).collect();
    let confidence = rule.confidence_with(scores);
    Violation { clause: rule.clause, rule: rule.id.clone(), confidence, verdict, spans, evidence }
}
