//! Every literal of every rule in two automata, searched in one pass per view.

use serde::{Deserialize, Serialize};

use super::builder::{Owner, Sequence, SetId, SetOptions};
use super::literals::{Literal, Literals};
use super::mask::MaskIndex;
use super::term::Edge;
use crate::signals::{SignalHit, SignalKind};
use crate::views::{View, ViewKind, Views, is_japanese, is_word, script_class};

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
    pub(super) sets: Vec<(Owner, SetOptions)>,
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
        !self.wanting(kind).is_empty()
    }

    fn wanting(&self, kind: SignalKind) -> &[SetId] {
        self.signals.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn literals(&self) -> usize {
        self.plain.len() + self.folded.len()
    }

    fn options(&self, set: SetId) -> Option<SetOptions> {
        self.sets.get(set.0 as usize).map(|(_, options)| *options)
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
                if edges_fit(text, &views.folded, first, end, self.folded.get(id)) {
                    let sets =
                        self.folded.sets(id).filter(|&set| self.options(set).is_some_and(|options| options.mask));
                    found.hits.extend(sets.map(|set| (set, Hit { masked: true, ..hit })));
                }
            });
        }
        let compact = views.compact();
        for signal in signals {
            for &set in self.wanting(signal.kind) {
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
        let literals = if kind == ViewKind::Plain { &self.plain } else { &self.folded };
        let mut made: Option<((usize, usize), Hit)> = None;
        literals.search(view.cells.iter().map(|cell| cell.ch), |id, literal, first, end| {
            if !edges_fit(text, view, first, end, literal) {
                return;
            }
            let hit = match made {
                Some((place, hit)) if place == (first, end) => hit,
                Some(_) | None => hit(view, kind, first, end, views),
            };
            made = Some(((first, end), hit));
            let wanted = |&set: &SetId| {
                literal.plain_only || self.options(set).is_some_and(|options| options.views & kind.bit() != 0)
            };
            found.hits.extend(literals.sets(id).filter(wanted).map(|set| (set, hit)));
        });
    }

    fn search_sequences(&self, found: &mut Found, sentences: &[u32]) {
        let mut hits = Vec::new();
        let openings: Vec<u32> = found
            .sets()
            .filter_map(|set| match self.owner(set) {
                Owner::Opening(sequence) => Some(sequence),
                Owner::Any(_) | Owner::Guard(_) | Owner::Inner => None,
            })
            .collect();
        for sequence in openings.into_iter().filter_map(|at| self.sequences.get(at as usize)) {
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
