//! The literals: the trie of their texts, what their ends ask, and the lists that they belong to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::beginnings::Text;
use super::builder::SetId;
use super::packed;
use super::tables::Meaning;
use super::term::Edge;
use super::trie::{In, Trie};
use crate::signals::Clue;
use crate::views::View;

/// What the ends of a literal ask; several literals may share a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) left: Edge,
    pub(super) right: Edge,
}

/// A list that a literal belongs to, with what has to be known of it at every match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u32);

impl Entry {
    const SET: u32 = (1 << 18) - 1;
    /// What the ends of the literal ask begins here.
    const LEFT: u32 = 18;
    const RIGHT: u32 = 20;
    /// The views that the list is for begin here.
    const VIEWS: u32 = 22;
    /// The list is for hidden characters, too.
    const MASK: u32 = 1 << 26;
    const TRIGGER: u32 = 1 << 27;
    /// It is no list, but a clue for signals.
    const CLUE: u32 = 1 << 28;
    /// The last one of its literal.
    const LAST: u32 = 1 << 29;
    /// The last one of its text.
    const LAST_OF_TEXT: u32 = 1 << 30;

    /// Whether there is room for the number of a list.
    pub(super) fn has_room_for(set: SetId) -> bool {
        set.0 <= Entry::SET
    }

    pub(super) fn new(set: SetId, views: u8, mask: bool, trigger: bool) -> Entry {
        let bits = u32::from(views & 0xf) << Entry::VIEWS;
        let mask = if mask { Entry::MASK } else { 0 };
        Entry(set.0 & Entry::SET | bits | mask | if trigger { Entry::TRIGGER } else { 0 })
    }

    pub(super) fn of_clue(clue: Clue) -> Entry {
        Entry(clue as u32 | Entry::CLUE)
    }

    fn with_literal(self, Literal { left, right }: Literal) -> Entry {
        Entry(self.0 | u32::from(left.bits()) << Entry::LEFT | u32::from(right.bits()) << Entry::RIGHT)
    }

    fn literal(self) -> Literal {
        Literal { left: Edge::of((self.0 >> Entry::LEFT) as u8), right: Edge::of((self.0 >> Entry::RIGHT) as u8) }
    }

    pub(super) fn clue(self) -> Option<Clue> {
        (self.0 & Entry::CLUE != 0).then(|| Clue::ALL.get(self.set() as usize).copied()).flatten()
    }

    pub(super) fn set(self) -> u32 {
        self.0 & Entry::SET
    }

    /// Bits of the views that the list is for.
    pub(super) fn views(self) -> u8 {
        (self.0 >> Entry::VIEWS & 0xf) as u8
    }

    pub(super) fn is_masked(self) -> bool {
        self.0 & Entry::MASK != 0
    }

    pub(super) fn is_trigger(self) -> bool {
        self.0 & Entry::TRIGGER != 0
    }
}

/// All literals, ready to be searched. A literal is known by its first entry.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Literals {
    /// The value of a text is its first entry.
    trie: Trie,
    #[serde(with = "packed")]
    entries: Vec<u32>,
}

impl Literals {
    pub(super) fn len(&self) -> usize {
        self.entries.iter().filter(|entry| **entry & Entry::LAST != 0).count()
    }

    /// Calls `found` with a literal, its number, first and end place, for every occurrence of its text.
    pub(super) fn search(&self, view: &View, mut found: impl FnMut(u32, Literal, usize, usize)) {
        self.trie.search(text(view), |value, first, end| {
            self.of_text(value).for_each(|literal| found(literal, self.get(literal), first, end));
        });
    }

    /// As `search`, in two views of the same characters, most of which are the same in both.
    pub(super) fn search_both(
        &self,
        first: &View,
        second: &View,
        mut found: impl FnMut(In, u32, Literal, usize, usize),
    ) {
        self.trie.search_both(text(first), text(second), |place, value, first, end| {
            self.of_text(value).for_each(|literal| found(place, literal, self.get(literal), first, end));
        });
    }

    /// The literals of a text, by its first entry.
    fn of_text(&self, first: u32) -> impl Iterator<Item = u32> {
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let literal = next?;
            let rest = self.entries.get(literal as usize..)?;
            let last = rest.iter().position(|entry| entry & Entry::LAST != 0)?;
            next = (rest[last] & Entry::LAST_OF_TEXT == 0).then_some(literal + last as u32 + 1);
            Some(literal)
        })
    }

    pub(super) fn get(&self, literal: u32) -> Literal {
        Entry(self.entries.get(literal as usize).copied().unwrap_or_default()).literal()
    }

    /// The lists that a literal belongs to.
    #[inline]
    pub(super) fn entries(&self, literal: u32) -> impl Iterator<Item = Entry> {
        let mut goes_on = true;
        let rest = self.entries.get(literal as usize..).unwrap_or_default().iter();
        rest.take_while(move |entry| std::mem::replace(&mut goes_on, *entry & Entry::LAST == 0)).copied().map(Entry)
    }
}

fn mark_last(entries: &mut [u32], mark: u32) {
    if let Some(last) = entries.last_mut() {
        *last |= mark;
    }
}

fn text(view: &View) -> Text<'_> {
    Text { chars: &view.chars, classes: &view.classes }
}

/// A text and its literals, each with the lists that it belongs to and the views in which.
type TextOfLiterals = (String, Vec<(Literal, Vec<(SetId, u8)>)>);

/// Collects literals before the trie is built.
#[derive(Debug, Default)]
pub(super) struct LiteralsBuilder {
    by_text: HashMap<String, usize>,
    texts: Vec<TextOfLiterals>,
}

impl LiteralsBuilder {
    /// Adds a literal of a list; `views` are the bits of those that it is looked for in.
    pub(super) fn add(&mut self, text: String, literal: Literal, set: SetId, views: u8) {
        let next = self.texts.len();
        let at = *self.by_text.entry(text).or_insert_with_key(|text| {
            self.texts.push((text.clone(), Vec::new()));
            next
        });
        let same = &mut self.texts[at].1;
        let Some((_, sets)) = same.iter_mut().find(|(other, _)| *other == literal) else {
            same.push((literal, vec![(set, views)]));
            return;
        };
        match sets.iter_mut().find(|(other, _)| *other == set) {
            Some((_, already)) => *already |= views,
            None => sets.push((set, views)),
        }
    }

    /// The literals, and their numbers by text.
    pub(super) fn build(self, entry: impl Fn(SetId, u8) -> Entry) -> (Literals, HashMap<String, Vec<u32>>) {
        let mut entries = Vec::new();
        let mut meanings = Vec::with_capacity(self.texts.len());
        let mut numbers: HashMap<String, Vec<u32>> = HashMap::with_capacity(self.texts.len());
        for (text, literals) in &self.texts {
            let inner = literals.iter().any(|(literal, _)| literal.left != Edge::Word);
            meanings.push(Meaning { inner, value: entries.len() as u32 });
            for (literal, sets) in literals {
                numbers.entry(text.clone()).or_default().push(entries.len() as u32);
                entries.extend(sets.iter().map(|&(set, views)| entry(set, views).with_literal(*literal).0));
                mark_last(&mut entries, Entry::LAST);
            }
            mark_last(&mut entries, Entry::LAST_OF_TEXT);
        }
        let texts = self.texts.iter().map(|(text, _)| text.as_str());
        (Literals { trie: Trie::new(texts.zip(meanings.iter().copied())), entries }, numbers)
    }
}
