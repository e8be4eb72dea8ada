//! The literals: the trie of their texts, what their ends ask, and the lists that they belong to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::builder::SetId;
use super::packed;
use super::term::Edge;
use super::trie::Trie;
use crate::signals::Clue;
use crate::views::View;

/// A text with what its ends ask; several literals may share a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) left: Edge,
    pub(super) right: Edge,
}

impl Literal {
    fn bits(self) -> u8 {
        self.left.bits() | self.right.bits() << 2
    }

    fn of(bits: u8) -> Literal {
        Literal { left: Edge::of(bits), right: Edge::of(bits >> 2) }
    }
}

/// A list that a literal belongs to, with what has to be known of it at every match.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(u32);

impl Entry {
    const SET: u32 = (1 << 24) - 1;
    /// The views that the list is for begin here.
    const VIEWS: u32 = 24;
    /// The list is for hidden characters, too.
    const MASK: u32 = 1 << 28;
    const TRIGGER: u32 = 1 << 29;
    /// It is no list, but a clue for signals.
    const CLUE: u32 = 1 << 30;

    pub(super) fn new(set: SetId, views: u8, mask: bool, trigger: bool) -> Entry {
        let bits = u32::from(views & 0xf) << Entry::VIEWS;
        let mask = if mask { Entry::MASK } else { 0 };
        Entry(set.0 & Entry::SET | bits | mask | if trigger { Entry::TRIGGER } else { 0 })
    }

    pub(super) fn of_clue(clue: Clue) -> Entry {
        Entry(clue as u32 | Entry::CLUE)
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

/// All literals, ready to be searched.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Literals {
    trie: Trie,
    /// First literal of each text, and their number at the end.
    #[serde(with = "packed")]
    of_text: Vec<u32>,
    /// What each literal asks (`KIND` bits) and its first list within `entries`, and the number of those at the end.
    #[serde(with = "packed")]
    literals: Vec<u32>,
    #[serde(with = "packed")]
    entries: Vec<u32>,
}

impl Literals {
    /// What a literal asks begins here.
    const KIND: u32 = 28;
    const FIRST: u32 = (1 << Literals::KIND) - 1;

    pub(super) fn len(&self) -> usize {
        self.literals.len().saturating_sub(1)
    }

    /// Calls `found` with a literal, its number, first and end place, for every occurrence of its text.
    pub(super) fn search(&self, view: &View, mut found: impl FnMut(u32, Literal, usize, usize)) {
        self.trie.search(&view.chars, &view.classes, |text, first, end| {
            let text = text as usize;
            let (Some(&from), Some(&to)) = (self.of_text.get(text), self.of_text.get(text + 1)) else { return };
            for literal in from..to {
                found(literal, self.get(literal), first, end);
            }
        });
    }

    pub(super) fn get(&self, literal: u32) -> Literal {
        Literal::of((self.literals.get(literal as usize).copied().unwrap_or_default() >> Literals::KIND) as u8)
    }

    /// The lists that a literal belongs to.
    pub(super) fn entries(&self, literal: u32) -> impl Iterator<Item = Entry> {
        let first = |at: usize| self.literals.get(at).map(|first| (first & Literals::FIRST) as usize);
        let range = match (first(literal as usize), first(literal as usize + 1)) {
            (Some(from), Some(to)) => from..to,
            _ => 0..0,
        };
        self.entries.get(range).unwrap_or_default().iter().copied().map(Entry)
    }
}

/// A text and its literals, each with the lists that it belongs to and the views in which.
type Text = (String, Vec<(Literal, Vec<(SetId, u8)>)>);

/// Collects literals before the trie is built.
#[derive(Debug, Default)]
pub(super) struct LiteralsBuilder {
    by_text: HashMap<String, usize>,
    texts: Vec<Text>,
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
        let mut built = Literals {
            trie: Trie::new(self.texts.iter().map(|(text, literals)| {
                (text.as_str(), literals.iter().any(|(literal, _)| literal.left != Edge::Word))
            })),
            of_text: vec![0],
            ..Literals::default()
        };
        let mut numbers = HashMap::with_capacity(self.texts.len());
        for (text, literals) in self.texts {
            let first = built.literals.len() as u32;
            for (literal, sets) in literals {
                built.literals.push(u32::from(literal.bits()) << Literals::KIND | built.entries.len() as u32);
                built.entries.extend(sets.iter().map(|&(set, views)| entry(set, views).0));
            }
            let end = built.literals.len() as u32;
            built.of_text.push(end);
            numbers.insert(text, (first..end).collect());
        }
        built.literals.push(built.entries.len() as u32);
        (built, numbers)
    }
}
