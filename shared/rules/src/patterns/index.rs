//! Every literal of every rule in one trie, searched in every view; where two views are the same, once.

use serde::{Deserialize, Serialize};

use super::builder::{Owner, Sequence, SetId};
use super::literals::{Literal, Literals};
use super::mask::MaskIndex;
use super::term::Edge;
use super::trie::In;
use crate::sentences::Sentences;
use crate::signals::{Clues, SignalHit, SignalKind};
use crate::views::{Class, View, ViewKind, Views, script_class};
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

/// The literals, ready to search.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(super) literals: Literals,
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

/// The literals that a post holds.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    occurrences: Vec<Occurrence>,
    /// Whether one of them may set off a rule that asks for more.
    triggered: bool,
    /// Clues for signals.
    pub(crate) clues: Clues,
}

/// A place where something was found, and for which lists.
#[derive(Debug)]
struct Occurrence {
    hit: Hit,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// A literal, by its number, with the bits of the views that have it there.
    Literal(u32, u8),
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
        self.literals.len()
    }

    pub(crate) fn owner(&self, set: SetId) -> Owner {
        self.owners.get(set.0 as usize).copied().unwrap_or(Owner::Inner)
    }

    /// Every literal that a post holds.
    pub(crate) fn scan(&self, text: &str, views: &Views) -> Scanned {
        let mut scanned = Scanned { occurrences: Vec::with_capacity(16), ..Scanned::default() };
        let (plain, folded) = (ViewKind::Plain.bit(), ViewKind::Folded.bit());
        if !views.folds() {
            self.scan_view(text, plain | folded, &views.plain, views, &mut scanned);
        } else if views.plain.chars.len() == views.folded().chars.len() {
            // Folding is one for one until repeats are squeezed: of one length, both have the same places.
            self.literals.search_both(&views.plain, views.folded(), |place, id, literal, first, end| {
                let (kinds, view) = match place {
                    In::First => (plain, &views.plain),
                    In::Second => (folded, views.folded()),
                    In::Both => (plain | folded, views.folded()),
                };
                self.take(text, kinds, view, views, &mut scanned, (id, literal, first, end));
            });
        } else {
            self.scan_view(text, plain, &views.plain, views, &mut scanned);
            self.scan_view(text, folded, views.folded(), views, &mut scanned);
        }
        for kind in [ViewKind::Joined, ViewKind::Lines] {
            if let Some(view) = views.get(kind) {
                self.scan_view(text, kind.bit(), view, views, &mut scanned);
            }
        }
        if views.masked {
            self.masks.search(text, views.folded(), |id, first, end| {
                if edges_fit(text, views.folded(), first, end, self.literals.get(id)) {
                    let hit = hit(views.folded(), folded, first, end, views);
                    scanned.triggered |= self.literals.entries(id).any(|entry| entry.is_masked() && entry.is_trigger());
                    scanned.occurrences.push(Occurrence { hit: Hit { masked: true, ..hit }, what: What::Masked(id) });
                }
            });
        }
        scanned
    }

    /// `kinds` are the bits of the views that read as this one.
    fn scan_view(&self, text: &str, kinds: u8, view: &View, views: &Views, scanned: &mut Scanned) {
        self.literals.search(view, |id, literal, first, end| {
            self.take(text, kinds, view, views, scanned, (id, literal, first, end));
        });
    }

    /// Takes down a literal that stands at a place of a view, if its ends fit there.
    #[inline]
    fn take(
        &self,
        text: &str,
        kinds: u8,
        view: &View,
        views: &Views,
        scanned: &mut Scanned,
        (id, literal, first, end): (u32, Literal, usize, usize),
    ) {
        if !edges_fit(text, view, first, end, literal) {
            return;
        }
        let mut wanted = false;
        for entry in self.literals.entries(id) {
            if entry.views() & kinds != 0 {
                wanted = true;
                scanned.triggered |= entry.is_trigger();
            } else if let Some(clue) = entry.clue().filter(|_| kinds & ViewKind::Plain.bit() != 0) {
                scanned.clues.add(clue);
            }
        }
        if wanted {
            let hit = hit(view, lowest(kinds), first, end, views);
            scanned.occurrences.push(Occurrence { hit, what: What::Literal(id, kinds) });
        }
    }

    /// Every match of every list; of signals alone, where nothing was found that may set off a rule that asks for more.
    pub(crate) fn gather(
        &self,
        scanned: Scanned,
        views: &Views,
        signals: &[SignalHit],
        sentences: &Sentences<'_>,
    ) -> Found {
        let Scanned { mut occurrences, mut triggered, .. } = scanned;
        let sets_off = |set: &SetId| self.triggers.get(set.0 as usize).copied().unwrap_or_default();
        triggered |= signals.iter().any(|signal| self.wanting(signal.kind).iter().any(sets_off));
        if !triggered {
            occurrences.clear();
        }
        let compact = views.compact();
        for signal in signals.iter().filter(|signal| self.wants(signal.kind)) {
            let (start, end) = (signal.span.start as u32, signal.span.end as u32);
            let from = compact.char_of_original(signal.span.start) as u32;
            let to = (compact.char_of_original(signal.span.end) as u32).max(from);
            let hit = Hit { start, end, from, to, view: 0, masked: false };
            occurrences.push(Occurrence { hit, what: What::Signal(signal.kind) });
        }
        let mut found = self.spread(occurrences);
        if triggered {
            self.search_sequences(&mut found, sentences);
        }
        found
    }

    /// Gives every list its matches, in order.
    fn spread(&self, mut occurrences: Vec<Occurrence>) -> Found {
        occurrences.sort_unstable_by_key(|occurrence| occurrence.hit.order());
        // List, place and view in one number each: cheap to sort.
        let mut pairs: Vec<u64> = Vec::with_capacity(occurrences.len() * 8);
        for (place, occurrence) in (0_u64..).zip(&occurrences) {
            let pair = |set: u32, view: u8| u64::from(set) << 40 | place << 4 | u64::from(view);
            match occurrence.what {
                What::Literal(id, kinds) => {
                    for entry in self.literals.entries(id) {
                        let views = entry.views() & kinds;
                        if views != 0 {
                            pairs.push(pair(entry.set(), lowest(views)));
                        }
                    }
                }
                What::Masked(id) => {
                    let masked = self.literals.entries(id).filter(|entry| entry.is_masked());
                    pairs.extend(masked.map(|entry| pair(entry.set(), occurrence.hit.view)));
                }
                What::Signal(kind) => {
                    pairs.extend(self.wanting(kind).iter().map(|set| pair(set.0, occurrence.hit.view)));
                }
            }
        }
        work::add(pairs.len());
        pairs.sort_unstable();
        let mut found = Found { hits: Vec::with_capacity(pairs.len()) };
        for pair in pairs {
            if let Some(occurrence) = occurrences.get((pair >> 4 & u64::from(u32::MAX)) as usize) {
                let hit = Hit { view: (pair & 0xf) as u8, ..occurrence.hit };
                found.hits.push((SetId((pair >> 40) as u32), hit));
            }
        }
        found.dedup();
        found
    }

    fn search_sequences(&self, found: &mut Found, sentences: &Sentences<'_>) {
        let mut hits = Vec::new();
        let openings: Vec<u32> = found
            .sets()
            .filter_map(|set| match self.owner(set) {
                Owner::Opening(sequence) => Some(sequence),
                Owner::Any(_) | Owner::Alone(_) | Owner::Guard(_) | Owner::Inner | Owner::Clue(_) => None,
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
                    if !sentences.are_same(whole.end, next.start) {
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

/// The first of some views.
fn lowest(views: u8) -> u8 {
    views & views.wrapping_neg()
}

fn hit(view: &View, bit: u8, first: usize, end: usize, views: &Views) -> Hit {
    let span = view.span(first, end);
    let compact = views.compact();
    let (from, to) = if std::ptr::eq(compact, view) {
        (first, end)
    } else {
        let from = compact.char_near(first, span.start);
        (from, compact.char_near(end, span.end).max(from))
    };
    Hit { start: span.start as u32, end: span.end as u32, from: from as u32, to: to as u32, view: bit, masked: false }
}

fn edges_fit(text: &str, view: &View, first: usize, end: usize, literal: Literal) -> bool {
    edge_fits(text, view, literal.left, first.checked_sub(1), first)
        && edge_fits(text, view, literal.right, Some(end), end.saturating_sub(1))
}

fn edge_fits(text: &str, view: &View, edge: Edge, outside: Option<usize>, inside: usize) -> bool {
    if edge == Edge::Open {
        return true;
    }
    let Some(outside) = outside else { return true };
    if outside >= view.chars.len() {
        return true;
    }
    match edge {
        Edge::Open => true,
        Edge::Word => {
            let class = view.classes.get(outside).copied().unwrap_or_default();
            !class.is(Class::WORD) || class.is(Class::JAPANESE)
        }
        Edge::Script => {
            let written = |at: usize| {
                let place = view.places.get(at)?;
                text.get(place.start as usize..)?.chars().next().map(script_class)
            };
            let (outer, inner) = (written(outside), written(inside));
            outer == Some(crate::views::ScriptClass::Break) || outer != inner
        }
    }
}
