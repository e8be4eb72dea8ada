//! Every literal of every rule in two automata, searched in one pass per view.

use serde::{Deserialize, Serialize};

use super::builder::{Owner, Sequence, SetId};
use super::literals::{Entry, Literal, Literals};
use super::mask::MaskIndex;
use super::term::Edge;
use crate::signals::{SignalHit, SignalKind};
use crate::views::{View, ViewKind, Views, is_japanese, is_word, script_class};
use crate::work;

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

/// The automata, ready to search.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(super) plain: Literals,
    pub(super) folded: Literals,
    pub(super) masks: MaskIndex,
    /// Lists that ask for a signal, by its place in `SignalKind::ALL`.
    pub(super) signals: Vec<Vec<SetId>>,
    pub(super) sequences: Vec<Sequence>,
    /// Who asks for each list.
    pub(super) owners: Vec<Owner>,
    /// Whether something found by a list may set off a rule that looks for more.
    pub(super) triggers: Vec<bool>,
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

    /// Puts in order what was added; what was there already is.
    fn sort(&mut self) {
        self.hits.sort_by_key(|(set, hit)| (*set, hit.order()));
        self.dedup();
    }

    fn dedup(&mut self) {
        self.hits.dedup_by_key(|(set, hit)| (*set, hit.start, hit.end));
    }
}

impl Hit {
    fn order(&self) -> (u32, u32, u32, u32, u8) {
        (self.from, self.to, self.start, self.end, self.view)
    }
}

/// A place where something was found, and for which lists.
struct Occurrence {
    hit: Hit,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// A literal of the plain view, by its number.
    Plain(u32),
    /// A literal of another view.
    Folded(u32, ViewKind),
    /// A literal with hidden characters.
    Masked(u32),
    Signal(SignalKind),
}

impl Index {
    /// Whether some rule asks for this signal.
    pub(crate) fn wants(&self, kind: SignalKind) -> bool {
        !self.wanting(kind).is_empty()
    }

    fn wanting(&self, kind: SignalKind) -> &[SetId] {
        self.signals.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn literals(&self) -> usize {
        self.plain.len() + self.folded.len()
    }

    pub(crate) fn owner(&self, set: SetId) -> Owner {
        self.owners.get(set.0 as usize).copied().unwrap_or(Owner::Inner)
    }

    /// Every match of every list; of signals alone, where nothing was found that may set off a rule that asks for more.
    pub(crate) fn search(&self, text: &str, views: &Views, signals: &[SignalHit], sentences: &[u32]) -> Found {
        let mut occurrences = Vec::new();
        let mut triggered = false;
        for kind in ViewKind::ALL {
            if let Some(view) = views.get(kind) {
                triggered |= self.scan(text, kind, view, views, &mut occurrences);
            }
        }
        if views.masked {
            self.masks.search(text, &views.folded, |id, first, end| {
                if edges_fit(text, &views.folded, first, end, self.folded.get(id)) {
                    let hit = hit(&views.folded, ViewKind::Folded, first, end, views);
                    triggered |= self.folded.entries(id).any(|entry| entry.is_masked() && entry.is_trigger());
                    occurrences.push(Occurrence { hit: Hit { masked: true, ..hit }, what: What::Masked(id) });
                }
            });
        }
        let sets_off = |set: &SetId| self.triggers.get(set.0 as usize).copied().unwrap_or_default();
        triggered |= signals.iter().any(|signal| self.wanting(signal.kind).iter().any(sets_off));
        if !triggered {
            occurrences.clear();
        }
        let compact = views.compact();
        for signal in signals.iter().filter(|signal| self.wants(signal.kind)) {
            let (start, end) = (signal.span.start as u32, signal.span.end as u32);
            let from = compact.cell_of_original(signal.span.start) as u32;
            let to = (compact.cell_of_original(signal.span.end) as u32).max(from);
            let hit = Hit { start, end, from, to, view: 0, masked: false };
            occurrences.push(Occurrence { hit, what: What::Signal(signal.kind) });
        }
        let mut found = self.spread(occurrences);
        if triggered {
            self.search_sequences(&mut found, sentences);
        }
        found
    }

    /// Finds the literals of a view; tells whether one of them may set off a rule.
    fn scan(&self, text: &str, kind: ViewKind, view: &View, views: &Views, found: &mut Vec<Occurrence>) -> bool {
        let literals = if kind == ViewKind::Plain { &self.plain } else { &self.folded };
        let mut triggered = false;
        literals.search(view.chars(), |id, literal, first, end| {
            if !edges_fit(text, view, first, end, literal) {
                return;
            }
            triggered |= literals.entries(id).any(|entry| entry.is_for(kind) && entry.is_trigger());
            let what = if kind == ViewKind::Plain { What::Plain(id) } else { What::Folded(id, kind) };
            found.push(Occurrence { hit: hit(view, kind, first, end, views), what });
        });
        triggered
    }

    /// Gives every list its matches, in order.
    fn spread(&self, mut occurrences: Vec<Occurrence>) -> Found {
        occurrences.sort_unstable_by_key(|occurrence| occurrence.hit.order());
        // List and place in one number each: cheap to sort.
        let mut pairs: Vec<u64> = Vec::with_capacity(occurrences.len() * 4);
        for (place, occurrence) in (0_u64..).zip(&occurrences) {
            let pair = |set: u32| u64::from(set) << 32 | place;
            let wanted = |entry: Entry, kind| entry.is_for(kind).then(|| pair(entry.set()));
            match occurrence.what {
                What::Plain(id) => {
                    pairs.extend(self.plain.entries(id).filter_map(|entry| wanted(entry, ViewKind::Plain)));
                }
                What::Folded(id, kind) => {
                    pairs.extend(self.folded.entries(id).filter_map(|entry| wanted(entry, kind)));
                }
                What::Masked(id) => {
                    let masked = self.folded.entries(id).filter(|entry| entry.is_masked());
                    pairs.extend(masked.map(|entry| pair(entry.set())));
                }
                What::Signal(kind) => pairs.extend(self.wanting(kind).iter().map(|set| pair(set.0))),
            }
        }
        work::add(pairs.len());
        pairs.sort_unstable();
        let hit = |pair: &u64| {
            let occurrence = occurrences.get((pair & u64::from(u32::MAX)) as usize)?;
            Some((SetId((pair >> 32) as u32), occurrence.hit))
        };
        let mut found = Found { hits: pairs.iter().filter_map(hit).collect() };
        found.dedup();
        found
    }

    fn search_sequences(&self, found: &mut Found, sentences: &[u32]) {
        let mut hits = Vec::new();
        let openings: Vec<u32> = found
            .sets()
            .filter_map(|set| match self.owner(set) {
                Owner::Opening(sequence) => Some(sequence),
                Owner::Any(_) | Owner::Alone(_) | Owner::Guard(_) | Owner::Inner => None,
            })
            .collect();
        // A common word opens many sequences: most of them end here.
        let mut present = vec![0_u64; self.owners.len() / 64 + 1];
        for set in found.sets() {
            if let Some(bits) = present.get_mut(set.0 as usize / 64) {
                *bits |= 1 << (set.0 % 64);
            }
        }
        let is_present =
            |set: &SetId| present.get(set.0 as usize / 64).is_some_and(|bits| bits & 1 << (set.0 % 64) != 0);
        for sequence in openings.into_iter().filter_map(|at| self.sequences.get(at as usize)) {
            let Some((first, rest)) = sequence.parts.split_first() else { continue };
            if !rest.iter().all(is_present) {
                continue;
            }
            let openings = found.of(*first);
            for &(_, opening) in openings {
                work::add(rest.len());
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
        let from = compact.cell_near(first, span.start);
        (from, compact.cell_near(end, span.end).max(from))
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

fn edges_fit(text: &str, view: &View, first: usize, end: usize, literal: Literal) -> bool {
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
