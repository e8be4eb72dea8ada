//! Every literal of every rule in two automata, and which term lists each of them belongs to.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::mask::MaskIndex;
use super::term::{Edge, Part, Term};
use crate::signals::{SignalHit, SignalKind};
use crate::views::{View, ViewKind, Views, is_japanese, is_word, literal_text, script_class};

/// A list of terms of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(pub(crate) u32);

/// Who asks for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The `any` of a rule.
    Any(u32),
    /// The guard of a regex of a rule.
    Guard(u32),
    /// Looked at only when the rule was set off, or a part of a sequence.
    Inner,
}

/// How the terms of a list are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SetOptions {
    /// Bits of `ViewKind`.
    pub(crate) views: u8,
    pub(crate) mask: bool,
    /// Characters that `…` may stand for.
    pub(crate) gap: u32,
}

/// A match of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Bytes of the original.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Characters of the most compact view.
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// Bit of the view; 0 for a signal.
    pub(crate) view: u8,
    /// Found with hidden characters.
    pub(crate) masked: bool,
}

#[derive(Debug)]
struct Literal {
    left: Edge,
    right: Edge,
    /// Matched on the plain view whatever its lists ask, since folding would eat it.
    plain_only: bool,
    sets: Vec<SetId>,
}

#[derive(Debug)]
struct Sequence {
    parts: Vec<SetId>,
    gap: u32,
    sets: Vec<SetId>,
}

#[derive(Debug, Default)]
struct Literals {
    /// Patterns of the automaton; each has the literals of that text.
    texts: Vec<(String, Vec<u32>)>,
    by_text: HashMap<String, u32>,
    literals: Vec<Literal>,
}

impl Literals {
    fn add(&mut self, text: String, (left, right): (Edge, Edge), plain_only: bool, set: SetId) -> u32 {
        let next = self.texts.len() as u32;
        let pattern = *self.by_text.entry(text).or_insert_with_key(|text| {
            self.texts.push((text.clone(), Vec::new()));
            next
        });
        let same = &mut self.texts[pattern as usize].1;
        let found = same.iter().copied().find(|&id| {
            let literal = &self.literals[id as usize];
            literal.left == left && literal.right == right && literal.plain_only == plain_only
        });
        let id = found.unwrap_or_else(|| {
            let id = self.literals.len() as u32;
            self.literals.push(Literal { left, right, plain_only, sets: Vec::new() });
            same.push(id);
            id
        });
        self.literals[id as usize].sets.push(set);
        id
    }
}

/// Collects the lists of terms before the automata are built.
#[derive(Debug, Default)]
pub(crate) struct IndexBuilder {
    plain: Literals,
    folded: Literals,
    signals: HashMap<SignalKind, Vec<SetId>>,
    sequences: Vec<Sequence>,
    sequence_ids: HashMap<(Term, SetOptions), usize>,
    sets: Vec<(Owner, SetOptions)>,
    masks: BTreeSet<(String, u32)>,
    lexicons: HashMap<String, Vec<Term>>,
}

impl IndexBuilder {
    pub(crate) fn new(lexicons: HashMap<String, Vec<Term>>) -> Self {
        IndexBuilder { lexicons, ..IndexBuilder::default() }
    }

    /// Adds a list; an error names the term that can't be matched.
    pub(crate) fn set<'a>(
        &mut self,
        owner: Owner,
        options: SetOptions,
        terms: impl IntoIterator<Item = &'a Term>,
    ) -> Result<SetId, String> {
        let id = SetId(self.sets.len() as u32);
        self.sets.push((owner, options));
        for term in terms {
            self.add(id, options, term, true)?;
        }
        Ok(id)
    }

    fn add(&mut self, set: SetId, options: SetOptions, term: &Term, outer: bool) -> Result<(), String> {
        if let [part] = term.parts.as_slice() {
            return self.add_part(set, options, part, outer);
        }
        if !outer {
            return Err("a part of a term with … cannot be a lexicon that has … itself".into());
        }
        let key = (term.clone(), options);
        if let Some(&at) = self.sequence_ids.get(&key) {
            self.sequences[at].sets.push(set);
            return Ok(());
        }
        let mut parts = Vec::with_capacity(term.parts.len());
        for part in &term.parts {
            let inner = SetId(self.sets.len() as u32);
            self.sets.push((Owner::Inner, options));
            self.add_part(inner, options, part, false)?;
            parts.push(inner);
        }
        self.sequence_ids.insert(key, self.sequences.len());
        self.sequences.push(Sequence { parts, gap: options.gap, sets: vec![set] });
        Ok(())
    }

    fn add_part(&mut self, set: SetId, options: SetOptions, part: &Part, outer: bool) -> Result<(), String> {
        match part {
            Part::Signal(kind) if self.lexicons.contains_key(&format!("<{}>", kind.key())) => {
                self.add_part(set, options, &Part::Lexicon(format!("<{}>", kind.key())), outer)
            }
            Part::Signal(kind) => {
                self.signals.entry(*kind).or_default().push(set);
                Ok(())
            }
            Part::Lexicon(name) => {
                let Some(terms) = self.lexicons.remove(name) else {
                    return Err(format!("there is no lexicon {name:?} (or it holds itself)"));
                };
                let added = terms.iter().try_for_each(|term| self.add(set, options, term, outer));
                self.lexicons.insert(name.clone(), terms);
                added
            }
            Part::Literal { text, left, right } => self.add_literal(set, options, text, *left, *right),
        }
    }

    fn add_literal(
        &mut self,
        set: SetId,
        options: SetOptions,
        text: &str,
        left: Edge,
        right: Edge,
    ) -> Result<(), String> {
        let plain = literal_text(text, ViewKind::Plain);
        let folded = literal_text(text, ViewKind::Folded);
        let repeats =
            plain.chars().zip(plain.chars().skip(1)).zip(plain.chars().skip(2)).any(|((a, b), c)| a == b && b == c);
        if plain.is_empty() || folded.is_empty() {
            return Err(format!("nothing is left of {text:?} in the views"));
        }
        // Three of the same character would fold to one and match too much.
        let plain_only = repeats && folded.chars().count() < 3;
        if plain_only || options.views & ViewKind::Plain.bit() != 0 {
            self.plain.add(plain, (left, right), plain_only, set);
        }
        if !plain_only && options.views & !ViewKind::Plain.bit() != 0 {
            let id = self.folded.add(folded.clone(), (left, right), false, set);
            if options.mask {
                self.masks.insert((folded, id));
            }
        }
        Ok(())
    }

    pub(crate) fn build(self) -> Result<Index, String> {
        Ok(Index {
            plain: automaton(&self.plain)?,
            folded: automaton(&self.folded)?,
            masks: MaskIndex::new(self.masks),
            plain_texts: ids(self.plain.texts),
            folded_texts: ids(self.folded.texts),
            plain_literals: self.plain.literals,
            folded_literals: self.folded.literals,
            signals: self.signals,
            sequences: self.sequences,
            sets: self.sets,
        })
    }
}

fn ids(texts: Vec<(String, Vec<u32>)>) -> Vec<Vec<u32>> {
    texts.into_iter().map(|(_, ids)| ids).collect()
}

fn automaton(literals: &Literals) -> Result<Option<AhoCorasick>, String> {
    if literals.texts.is_empty() {
        return Ok(None);
    }
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(literals.texts.iter().map(|(text, _)| text.as_bytes()))
        .map(Some)
        .map_err(|error| error.to_string())
}

/// The automata, ready to search.
#[derive(Debug)]
pub(crate) struct Index {
    plain: Option<AhoCorasick>,
    folded: Option<AhoCorasick>,
    plain_texts: Vec<Vec<u32>>,
    folded_texts: Vec<Vec<u32>>,
    plain_literals: Vec<Literal>,
    folded_literals: Vec<Literal>,
    masks: MaskIndex,
    signals: HashMap<SignalKind, Vec<SetId>>,
    sequences: Vec<Sequence>,
    sets: Vec<(Owner, SetOptions)>,
}

/// All matches in one post, by list.
#[derive(Debug, Default)]
pub(crate) struct Found {
    hits: Vec<(SetId, Hit)>,
}

impl Found {
    /// Matches of one list, by place.
    pub(crate) fn of(&self, set: SetId) -> &[(SetId, Hit)] {
        let first = self.hits.partition_point(|(id, _)| *id < set);
        let rest = &self.hits[first..];
        &rest[..rest.partition_point(|(id, _)| *id <= set)]
    }

    pub(crate) fn sets(&self) -> impl Iterator<Item = SetId> {
        self.hits.chunk_by(|a, b| a.0 == b.0).map(|chunk| chunk[0].0)
    }

    fn sort(&mut self) {
        self.hits.sort_unstable_by_key(|(set, hit)| (*set, hit.from, hit.to, hit.start, hit.end, hit.view));
        self.hits.dedup_by_key(|(set, hit)| (*set, hit.start, hit.end));
    }
}

impl Index {
    /// Whether some rule asks for this signal.
    pub(crate) fn wants(&self, kind: SignalKind) -> bool {
        self.signals.contains_key(&kind)
    }

    pub(crate) fn literals(&self) -> usize {
        self.plain_literals.len() + self.folded_literals.len()
    }

    pub(crate) fn owner(&self, set: SetId) -> Owner {
        self.sets.get(set.0 as usize).map_or(Owner::Inner, |(owner, _)| *owner)
    }

    /// Every match of every list.
    pub(crate) fn search(&self, text: &str, views: &Views, signals: &[SignalHit], sentences: &[u32]) -> Found {
        let mut found = Found::default();
        for kind in ViewKind::ALL {
            if let Some(view) = views.get(kind) {
                self.scan(text, kind, view, views, &mut found);
            }
        }
        if views.masked {
            self.masks.search(&views.folded, |id, first, end| {
                let hit = hit(&views.folded, ViewKind::Folded, first, end, views);
                let literal = &self.folded_literals[id as usize];
                if edges_fit(text, &views.folded, first, end, literal) {
                    let sets = literal.sets.iter().filter(|set| self.sets[set.0 as usize].1.mask);
                    found.hits.extend(sets.map(|&set| (set, Hit { masked: true, ..hit })));
                }
            });
        }
        let compact = views.compact();
        for signal in signals {
            for &set in self.signals.get(&signal.kind).into_iter().flatten() {
                let (start, end) = (signal.span.start as u32, signal.span.end as u32);
                let from = compact.cell_of_original(signal.span.start) as u32;
                let to = (compact.cell_of_original(signal.span.end) as u32).max(from);
                found.hits.push((set, Hit { start, end, from, to, view: 0, masked: false }));
            }
        }
        found.sort();
        self.search_sequences(&mut found, sentences);
        found
    }

    fn scan(&self, text: &str, kind: ViewKind, view: &View, views: &Views, found: &mut Found) {
        let plain = kind == ViewKind::Plain;
        let (automaton, texts, literals) = if plain {
            (&self.plain, &self.plain_texts, &self.plain_literals)
        } else {
            (&self.folded, &self.folded_texts, &self.folded_literals)
        };
        let Some(automaton) = automaton else { return };
        for matched in automaton.find_overlapping_iter(view.text.as_str()) {
            let first = view.cell_at(matched.start());
            let end = view.cell_at(matched.end());
            let mut made = None;
            for &id in &texts[matched.pattern().as_usize()] {
                let literal = &literals[id as usize];
                if !edges_fit(text, view, first, end, literal) {
                    continue;
                }
                let hit = *made.get_or_insert_with(|| hit(view, kind, first, end, views));
                let wanted = literal
                    .sets
                    .iter()
                    .filter(|set| literal.plain_only || self.sets[set.0 as usize].1.views & kind.bit() != 0);
                found.hits.extend(wanted.map(|&set| (set, hit)));
            }
        }
    }

    fn search_sequences(&self, found: &mut Found, sentences: &[u32]) {
        let mut hits = Vec::new();
        for sequence in &self.sequences {
            let Some((first, rest)) = sequence.parts.split_first() else { continue };
            let openings = found.of(*first);
            if openings.is_empty() || rest.iter().any(|part| found.of(*part).is_empty()) {
                continue;
            }
            for &(_, opening) in openings {
                let mut whole = opening;
                let complete = rest.iter().all(|&part| {
                    let following = found.of(part);
                    let at = following.partition_point(|(_, hit)| hit.from < whole.to);
                    let next = following[at..].iter().find(|(_, hit)| hit.start >= whole.end);
                    let Some(&(_, next)) = next.filter(|(_, hit)| hit.from - whole.to <= sequence.gap) else {
                        return false;
                    };
                    if !same_sentence(sentences, whole.end, next.start) {
                        return false;
                    }
                    whole.end = next.end;
                    whole.to = next.to;
                    whole.masked |= next.masked;
                    whole.view = whole.view.max(next.view);
                    true
                });
                if complete {
                    hits.extend(sequence.sets.iter().map(|&set| (set, whole)));
                }
            }
        }
        if !hits.is_empty() {
            found.hits.append(&mut hits);
            found.sort();
        }
    }
}

/// Whether no sentence ends between two bytes of the original.
pub(crate) fn same_sentence(sentences: &[u32], before: u32, after: u32) -> bool {
    let at = sentences.partition_point(|&end| end <= before);
    sentences.get(at).is_none_or(|&end| end > after)
}

fn hit(view: &View, kind: ViewKind, first: usize, end: usize, views: &Views) -> Hit {
    let span = view.span(first, end);
    let compact = views.compact();
    let (from, to) = if std::ptr::eq(compact, view) {
        (first, end)
    } else {
        let from = compact.cell_of_original(span.start);
        (from, compact.cell_of_original(span.end).max(from))
    };
    Hit {
        start: span.start as u32,
        end: span.end as u32,
        from: from as u32,
        to: to as u32,
        view: kind.bit(),
        masked: false,
    }
}

fn edges_fit(text: &str, view: &View, first: usize, end: usize, literal: &Literal) -> bool {
    edge_fits(text, view, literal.left, first.checked_sub(1), first)
        && edge_fits(text, view, literal.right, Some(end), end.saturating_sub(1))
}

fn edge_fits(text: &str, view: &View, edge: Edge, outside: Option<usize>, inside: usize) -> bool {
    if edge == Edge::Open {
        return true;
    }
    let Some(outer) = outside.and_then(|at| view.cells.get(at)) else { return true };
    match edge {
        Edge::Open => true,
        Edge::Word => !is_word(outer.ch) || is_japanese(outer.ch),
        Edge::Script => {
            let Some(inner) = view.cells.get(inside) else { return true };
            let written = |at: u32| text.get(at as usize..).and_then(|rest| rest.chars().next()).map(script_class);
            let (outer, inner) = (written(outer.start), written(inner.start));
            outer == Some(crate::views::ScriptClass::Break) || outer != inner
        }
    }
}
