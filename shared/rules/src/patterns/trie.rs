//! All literals in one trie over characters (a double array), as tables that can be stored and read back, and
//! a filter by which most places of a text are known to begin none of them.

use serde::{Deserialize, Serialize};

use super::beginnings::{Beginnings, LONGEST};
use super::tables::{PLACE, TAIL, Tables, code};
use crate::views::Class;
use crate::work;

/// A state: its children lie at `base + code`, and know it by `check`. Below a state that only one literal goes through
/// there are no more states: its base is `TAIL` and the number of that literal. `END` says that a literal ends there.
#[derive(Clone, Copy, Debug)]
struct State {
    base: u32,
    check: u32,
}

/// Set in the base of a state that a literal ends in.
const END: u32 = PLACE + 1;

/// Finds every occurrence of every literal in one pass.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Tables", into = "Tables")]
pub(super) struct Trie {
    /// For each 256 characters, 1 + the page of `codes` that has theirs; 0 where no literal holds any.
    pages: Vec<u16>,
    /// Code of each character of the pages; 0 for a character that no literal holds.
    codes: Vec<u16>,
    states: Vec<State>,
    /// The literal that ends in each state that one ends in.
    ends: Vec<u32>,
    literals: Vec<Ending>,
    /// What is left of the literals below their last states.
    tails: Vec<char>,
    begins: Beginnings,
    begins_inside: Beginnings,
}

/// How a literal ends.
#[derive(Clone, Copy, Debug)]
struct Ending {
    /// Its last state.
    place: u32,
    /// What is left of it below that, as a part of `tails`.
    tail: u32,
    length: u32,
    /// Whether it may begin inside a word of Latin letters or digits.
    inner: bool,
}

impl Trie {
    /// Literals are known by their place in `texts`, which are all different and not empty, each with whether it may
    /// begin inside a word of Latin letters or digits.
    pub(super) fn new<'a>(texts: impl Iterator<Item = (&'a str, bool)> + Clone) -> Trie {
        Tables::new(texts).into()
    }

    /// Calls `found` with literal, first and end place of every occurrence, places counted in characters. `classes` are
    /// those of the characters.
    pub(super) fn search(&self, chars: &[char], classes: &[Class], mut found: impl FnMut(u32, usize, usize)) {
        let mut inside = false;
        for (first, class) in classes.iter().enumerate() {
            let japanese = class.is(Class::JAPANESE);
            let begins = if inside && !japanese { &self.begins_inside } else { &self.begins };
            if chars.get(first..).is_some_and(|text| begins.may_hold(text)) {
                self.walk(chars, first, &mut found);
            }
            inside = class.is(Class::WORD) && !japanese;
        }
    }

    /// The literals that begin at one place.
    fn walk(&self, chars: &[char], first: usize, found: &mut impl FnMut(u32, usize, usize)) {
        let Some(&(mut state)) = self.states.first() else { return };
        let mut at = 0_u32;
        for (place, &c) in chars.iter().enumerate().skip(first) {
            work::add(1);
            let code = code(&self.pages, &self.codes, c);
            let child = state.base.wrapping_add(code) & PLACE;
            let Some(&next) = self.states.get(child as usize).filter(|next| next.check == at && code != 0) else {
                return;
            };
            if next.base & TAIL != 0 {
                let literal = next.base & !TAIL;
                let tail = self.tail(literal);
                work::add(tail.len());
                // Most differ at once: seen without a call.
                let rest = &chars[place + 1..];
                if (tail.is_empty() || rest.first() == tail.first()) && rest.starts_with(tail) {
                    found(literal, first, place + 1 + tail.len());
                }
                return;
            }
            (at, state) = (child, next);
            if state.base & END != 0
                && let Some(&end) = self.ends.get(at as usize)
            {
                found(end, first, place + 1);
            }
        }
    }

    fn tail(&self, literal: u32) -> &[char] {
        let Some(Ending { tail, length, .. }) = self.literals.get(literal as usize) else { return &[] };
        self.tails.get(*tail as usize..(tail + length) as usize).unwrap_or_default()
    }
}

impl From<Trie> for Tables {
    fn from(trie: Trie) -> Tables {
        let tails = (0..).zip(&trie.literals).map(|(literal, _)| trie.tail(literal).iter().collect::<String>());
        let tails: Vec<String> = tails.collect();
        Tables {
            bases: trie
                .states
                .iter()
                .map(|state| state.base)
                .map(|base| if base & TAIL == 0 { base & !END } else { base })
                .collect(),
            checks: trie.states.iter().map(|state| state.check).collect(),
            ends: trie.literals.iter().map(|literal| literal.place).collect(),
            inner: trie.literals.iter().map(|literal| literal.inner).collect(),
            lengths: tails.iter().map(|tail| tail.len() as u16).collect(),
            tails: tails.concat(),
            pages: trie.pages,
            codes: trie.codes,
        }
    }
}

impl From<Tables> for Trie {
    fn from(tables: Tables) -> Trie {
        let parts = tables.bases.iter().zip(&tables.checks);
        let mut states: Vec<State> = parts.map(|(&base, &check)| State { base, check }).collect();
        let mut ends = vec![0; states.len()];
        let mut begins = Beginnings::with_room_for(tables.ends.len());
        let (mut beginning, mut inside) = (Vec::new(), Vec::new());
        let characters = tables.characters();
        let mut literals = Vec::with_capacity(tables.ends.len());
        let mut tails = Vec::with_capacity(tables.tails.len());
        let mut rest = tables.tails.as_str();
        for ((literal, &place), (&length, &inner)) in
            (0_u32..).zip(&tables.ends).zip(tables.lengths.iter().zip(&tables.inner))
        {
            let (tail, after) = rest.split_at_checked(usize::from(length)).unwrap_or((rest, ""));
            rest = after;
            if let (Some(end), Some(state)) = (ends.get_mut(place as usize), states.get_mut(place as usize))
                && state.base & TAIL == 0
            {
                *end = literal;
                state.base |= END;
            }
            tables.path(place, &characters, &mut beginning);
            beginning.extend(tail.chars().take(LONGEST));
            begins.add(&beginning);
            if inner && beginning.first().is_some_and(|&first| !Class::of(first).is(Class::JAPANESE)) {
                inside.push(beginning.clone());
            }
            let from = tails.len() as u32;
            tails.extend(tail.chars());
            literals.push(Ending { place, tail: from, length: tails.len() as u32 - from, inner });
        }
        let mut begins_inside = Beginnings::with_room_for(inside.len());
        inside.iter().for_each(|beginning| begins_inside.add(beginning));
        Trie { states, ends, literals, tails, begins, begins_inside, pages: tables.pages, codes: tables.codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every occurrence, found the slow way.
    fn occurrences(literals: &[String], text: &[char]) -> Vec<(u32, usize, usize)> {
        let mut found = Vec::new();
        for (literal, chars) in (0..).zip(literals.iter().map(|literal| literal.chars().collect::<Vec<_>>())) {
            for first in 0..text.len() {
                if text[first..].starts_with(&chars) {
                    found.push((literal, first, first + chars.len()));
                }
            }
        }
        found.sort_unstable();
        found
    }

    fn search(trie: &Trie, text: &[char]) -> Vec<(u32, usize, usize)> {
        let mut found = Vec::new();
        let classes: Vec<Class> = text.iter().map(|&c| Class::of(c)).collect();
        trie.search(text, &classes, |literal, first, end| found.push((literal, first, end)));
        found.sort_unstable();
        found
    }

    proptest::proptest! {
        #[test]
        fn finds_what_a_slow_search_finds(
            literals in proptest::collection::btree_set("[ab死ねし🥦]{1,5}|[あ-ん]{1,2}", 1..80),
            text in "[ab死ねし🥦x]{0,40}|[あ-ん]{0,40}",
        ) {
            let literals: Vec<String> = literals.into_iter().collect();
            let text: Vec<char> = text.chars().collect();
            let trie = Trie::new(literals.iter().map(|literal| (literal.as_str(), true)));
            assert_eq!(search(&trie, &text), occurrences(&literals, &text));
            let stored = postcard::to_allocvec(&trie).unwrap_or_default();
            let restored: Trie = postcard::from_bytes(&stored).unwrap_or_default();
            assert_eq!(search(&restored, &text), occurrences(&literals, &text));
        }
    }

    #[test]
    fn states_lie_close_together() {
        let mut state = 1_u32;
        let mut random = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        // As in a lexicon: few beginnings lead on to many characters, most to one.
        let words: std::collections::BTreeSet<String> = (0..5_000)
            .map(|_| {
                (0..2 + random(5)).filter_map(|at| char::from_u32(0x4e00 + random(2_000) / (5 - at.min(4)))).collect()
            })
            .collect();
        let prefixes: std::collections::BTreeSet<&str> =
            words.iter().flat_map(|word| word.char_indices().map(|(at, c)| &word[..at + c.len_utf8()])).collect();
        let trie = Trie::new(words.iter().map(|word| (word.as_str(), true)));
        let (states, least) = (trie.states.len(), prefixes.len() + 1);
        assert!(states < 2 * least, "{states} places for {least} states");
    }

    #[test]
    fn no_literals_no_matches() {
        assert!(search(&Trie::new(std::iter::empty()), &['a']).is_empty());
        assert!(search(&Trie::default(), &['a']).is_empty());
    }

    #[test]
    fn inside_a_latin_word_only_some_begin() {
        let trie = Trie::new([("ill", false), ("kill", false), ("ね", false), ("lls", true)].into_iter());
        let found = |text: &str| search(&trie, &text.chars().collect::<Vec<char>>());
        assert_eq!(found("kills"), [(1, 0, 4), (3, 2, 5)]);
        assert_eq!(found("死ねill"), [(0, 2, 5), (2, 1, 2)]);
        assert_eq!(found("aね"), [(2, 1, 2)]);
    }
}
