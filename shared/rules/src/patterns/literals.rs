//! The literals of a view: the automaton over their texts, what their ends ask, and the lists that they belong to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::automaton::Automaton;
use super::builder::SetId;
use super::packed;
use super::term::Edge;
use crate::views::ViewKind;

/// A text with what its ends ask; several literals may share a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Literal {
    pub(super) left: Edge,
    pub(super) right: Edge,
    /// Matched on the plain view whatever its lists ask, since folding would eat it.
    pub(super) plain_only: bool,
}

impl Literal {
    fn bits(self) -> u8 {
        self.left.bits() | self.right.bits() << 2 | u8::from(self.plain_only) << 4
    }

    fn of(bits: u8) -> Literal {
        Literal { left: Edge::of(bits), right: Edge::of(bits >> 2), plain_only: bits & 1 << 4 != 0 }
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

    pub(super) fn new(set: SetId, views: u8, mask: bool, trigger: bool) -> Entry {
        let bits = u32::from(views & 0xf) << Entry::VIEWS;
        let mask = if mask { Entry::MASK } else { 0 };
        Entry(set.0 & Entry::SET | bits | mask | if trigger { Entry::TRIGGER } else { 0 })
    }

    pub(super) fn with_view(self, view: ViewKind) -> Entry {
        Entry(self.0 | u32::from(view.bit()) << Entry::VIEWS)
    }

    pub(super) fn set(self) -> u32 {
        self.0 & Entry::SET
    }

    pub(super) fn is_for(self, view: ViewKind) -> bool {
        self.0 & u32::from(view.bit()) << Entry::VIEWS != 0
    }

    pub(super) fn is_masked(self) -> bool {
        self.0 & Entry::MASK != 0
    }

    pub(super) fn is_trigger(self) -> bool {
        self.0 & Entry::TRIGGER != 0
    }
}

/// The literals of one view, ready to be searched.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Literals {
    automaton: Automaton,
    /// First literal of each text, and their number at the end.
    #[serde(with = "packed")]
    of_text: Vec<u32>,
    #[serde(with = "packed")]
    kinds: Vec<u8>,
    /// First list of each literal within `entries`, and their number at the end.
    #[serde(with = "packed")]
    of_literal: Vec<u32>,
    #[serde(with = "packed")]
    entries: Vec<u32>,
}

impl Literals {
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Calls `found` with a literal, its number, first and end place, for every occurrence of its text.
    pub(super) fn search(&self, chars: impl Iterator<Item = char>, mut found: impl FnMut(u32, Literal, usize, usize)) {
        self.automaton.search(chars, |text, first, end| {
            let text = text as usize;
            let (Some(&from), Some(&to)) = (self.of_text.get(text), self.of_text.get(text + 1)) else { return };
            for literal in from..to {
                found(literal, self.get(literal), first, end);
            }
        });
    }

    pub(super) fn get(&self, literal: u32) -> Literal {
        Literal::of(self.kinds.get(literal as usize).copied().unwrap_or_default())
    }

    /// The lists that a literal belongs to.
    pub(super) fn entries(&self, literal: u32) -> impl Iterator<Item = Entry> {
        let range = match (self.of_literal.get(literal as usize), self.of_literal.get(literal as usize + 1)) {
            (Some(&from), Some(&to)) => from as usize..to as usize,
            _ => 0..0,
        };
        self.entries.get(range).unwrap_or_default().iter().copied().map(Entry)
    }
}

/// A text and its literals, each with the lists that it belongs to.
type Text = (String, Vec<(Literal, Vec<SetId>)>);

/// Collects literals before the automaton is built.
#[derive(Debug, Default)]
pub(super) struct LiteralsBuilder {
    by_text: HashMap<String, usize>,
    texts: Vec<Text>,
}

impl LiteralsBuilder {
    pub(super) fn add(&mut self, text: String, literal: Literal, set: SetId) {
        let next = self.texts.len();
        let at = *self.by_text.entry(text).or_insert_with_key(|text| {
            self.texts.push((text.clone(), Vec::new()));
            next
        });
        let same = &mut self.texts[at].1;
        match same.iter_mut().find(|(other, _)| *other == literal) {
            Some((_, sets)) => sets.push(set),
            None => same.push((literal, vec![set])),
        }
    }

    /// The literals, and their numbers by text.
    pub(super) fn build(self, entry: impl Fn(SetId) -> Entry) -> (Literals, HashMap<String, Vec<u32>>) {
        let mut built = Literals {
            automaton: Automaton::new(self.texts.iter().map(|(text, _)| text.as_str())),
            of_text: vec![0],
            of_literal: vec![0],
            ..Literals::default()
        };
        let mut numbers = HashMap::with_capacity(self.texts.len());
        for (text, literals) in self.texts {
            let first = built.kinds.len() as u32;
            for (literal, sets) in literals {
                built.kinds.push(literal.bits());
                built.entries.extend(sets.iter().map(|&set| entry(set).0));
                built.of_literal.push(built.entries.len() as u32);
            }
            let end = built.kinds.len() as u32;
            built.of_text.push(end);
            numbers.insert(text, (first..end).collect());
        }
        (built, numbers)
    }
}
