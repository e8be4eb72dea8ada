//! Collects the terms of all rules and builds the trie.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::literals::{Entry, Literal, LiteralsBuilder};
use super::mask::MaskIndex;
use super::term::{Edge, Part, Term};
use crate::signals::{Clue, SignalKind};
use crate::views::{ViewKind, is_japanese, is_kanji, literal_text};

/// A list of terms of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct SetId(pub(crate) u32);

/// Who asks for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Owner {
    /// The `any` of a rule.
    Any(u32),
    /// The `any` of a rule that looks for nothing else.
    Alone(u32),
    /// The guard of a regex of a rule.
    Guard(u32),
    /// The first part of a sequence.
    Opening(u32),
    /// Looked at only when the rule was set off, or a later part of a sequence.
    Inner,
    /// No rule, but the search for signals.
    Clue(Clue),
}

/// How the terms of a list are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct SetOptions {
    /// Bits of `ViewKind`.
    pub(crate) views: u8,
    pub(crate) mask: bool,
    /// Characters that `…` may stand for.
    pub(crate) gap: u32,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sequence {
    pub(super) parts: Vec<SetId>,
    pub(super) gap: u32,
    pub(super) sets: Vec<SetId>,
}

/// Collects the lists of terms before the trie is built.
#[derive(Debug, Default)]
pub(crate) struct IndexBuilder {
    literals: LiteralsBuilder,
    signals: Vec<Vec<SetId>>,
    sequences: Vec<Sequence>,
    sequence_ids: HashMap<(Term, SetOptions), usize>,
    sets: Vec<(Owner, SetOptions)>,
    masks: BTreeSet<(String, Literal)>,
    kept: BTreeSet<SetId>,
    /// How rare what a list finds will be: the weight of its shortest literal; none for a signal.
    rarity: HashMap<SetId, usize>,
    lexicons: HashMap<String, Vec<Term>>,
}

impl IndexBuilder {
    pub(crate) fn new(lexicons: HashMap<String, Vec<Term>>) -> Self {
        IndexBuilder { lexicons, signals: vec![Vec::new(); SignalKind::ALL.len()], ..IndexBuilder::default() }
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
        // Parts of terms are lists, too.
        if !Entry::has_room_for(SetId(self.sets.len() as u32 + Clue::ALL.len() as u32)) {
            return Err("there are too many lists and terms with …".into());
        }
        Ok(id)
    }

    /// What is found by this list matters whatever else is found: it belongs to a rule that no list sets off.
    pub(crate) fn keep(&mut self, set: SetId) {
        self.kept.insert(set);
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
        for (at, part) in term.parts.iter().enumerate() {
            let inner = SetId(self.sets.len() as u32);
            let opening = Owner::Opening(self.sequences.len() as u32);
            self.sets.push((if at == 0 { opening } else { Owner::Inner }, options));
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
                self.signals[*kind as usize].push(set);
                self.rarity.insert(set, 0);
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
        // Three of the same character would fold to one, and the digit of a short term to a letter (l4l): both match
        // too much.
        let digit = plain != folded && plain.chars().any(|c| c.is_ascii_digit());
        let short = folded.chars().count();
        let plain_only = repeats && short < 3 || digit && short <= 3 && folded.is_ascii();
        let literal = Literal { left, right };
        if plain_only || options.views & ViewKind::Plain.bit() != 0 {
            self.literals.add(plain, literal, set, ViewKind::Plain.bit());
        }
        let rarity = rarity(&folded);
        self.rarity.entry(set).and_modify(|least| *least = rarity.min(*least)).or_insert(rarity);
        let others = options.views & !ViewKind::Plain.bit();
        if !plain_only && others != 0 {
            self.literals.add(folded.clone(), literal, set, others);
            if options.mask {
                self.masks.insert((folded, literal));
            }
        }
        Ok(())
    }

    /// Adds the words of the clues.
    fn add_clues(&mut self) {
        let open = Literal { left: Edge::Open, right: Edge::Open };
        let options = SetOptions { views: 0, mask: false, gap: 0 };
        for &clue in Clue::ALL {
            let set = SetId(self.sets.len() as u32);
            self.sets.push((Owner::Clue(clue), options));
            for word in clue.words() {
                self.literals.add(literal_text(word, ViewKind::Plain), open, set, 0);
            }
        }
    }

    pub(crate) fn build(mut self) -> Index {
        self.add_clues();
        let triggers = self.triggers();
        let entry = |set: SetId, views: u8| {
            let at = set.0 as usize;
            if let Some((Owner::Clue(clue), _)) = self.sets.get(at) {
                return Entry::of_clue(*clue);
            }
            let options = self.sets.get(at).map(|(_, options)| *options);
            // A signal alone sets off a rule that looks for nothing else; a literal has to be kept for it.
            let alone = matches!(self.sets.get(at), Some((Owner::Alone(_), _)));
            let trigger = alone || triggers.get(at).copied().unwrap_or_default();
            let mask = options.is_some_and(|options| options.mask) && views & !ViewKind::Plain.bit() != 0;
            Entry::new(set, views, mask, trigger)
        };
        let (literals, numbers) = self.literals.build(entry);
        let masks = self.masks.into_iter().flat_map(|(text, literal)| {
            let same = numbers.get(&text).into_iter().flatten().copied();
            same.filter(|&number| literals.get(number) == literal)
                .map(|number| (text.clone(), number))
                .collect::<Vec<_>>()
        });
        let masks = MaskIndex::new(masks);
        Index {
            literals,
            masks,
            signals: self.signals,
            sequences: self.sequences,
            owners: self.sets.iter().map(|(owner, _)| *owner).collect(),
            triggers,
        }
    }

    /// Lists by which a rule may be set off, alone or as the rarest part of a sequence, so that others must be known.
    fn triggers(&self) -> Vec<bool> {
        let sets_off = |set: &SetId| match self.sets.get(set.0 as usize) {
            Some((Owner::Any(_) | Owner::Alone(_) | Owner::Guard(_), _)) => true,
            Some((Owner::Opening(_) | Owner::Inner | Owner::Clue(_), _)) | None => self.kept.contains(set),
        };
        let triggers = |(set, (owner, _)): (u32, &(Owner, SetOptions))| match owner {
            Owner::Any(_) | Owner::Guard(_) => true,
            Owner::Opening(_) | Owner::Alone(_) | Owner::Inner | Owner::Clue(_) => self.kept.contains(&SetId(set)),
        };
        let mut triggers: Vec<bool> = (0..).zip(&self.sets).map(triggers).collect();
        for sequence in self.sequences.iter().filter(|sequence| sequence.sets.iter().any(sets_off)) {
            let rarity = |part: &&SetId| self.rarity.get(*part).copied().unwrap_or(0);
            if let Some(rarest) = sequence.parts.iter().max_by_key(rarity) {
                triggers[rarest.0 as usize] = true;
            }
        }
        triggers
    }
}

/// A weight that is the greater the rarer a literal will be: its characters, of which a kanji says most.
fn rarity(literal: &str) -> usize {
    let weight = |c: char| match c {
        _ if is_kanji(c) => 4,
        _ if is_japanese(c) => 2,
        _ => 1,
    };
    literal.chars().map(weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_lists_than_can_be_numbered_are_refused() {
        let mut builder = IndexBuilder::new(HashMap::new());
        let options = SetOptions { views: 1, mask: false, gap: 0 };
        let refused = (0..1 << 18).find(|_| builder.set(Owner::Inner, options, []).is_err());
        assert!(refused.is_some_and(|lists| lists > 100_000), "{refused:?}");
    }
}
