//! All literals in one trie over characters (a double array), as tables that can be stored and read back.

use serde::{Deserialize, Serialize};

use super::beginnings::{BLOCK, Beginnings, LONGEST, Text};
use super::tables::{Meaning, PLACE, TAIL, Tables, code};
use crate::views::Class;
use crate::work;

/// A state: its children lie at `base + code`, and know it by `check`. Below a state that only one literal goes through
/// there are no more states: its base is `TAIL` and where in `tails` that literal goes on. `END` says that a literal ends
/// there.
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
    /// The value of the literal that ends in each state that one ends in.
    ends: Vec<u32>,
    /// What is left of literals below their last states: value, number of characters, and these.
    tails: Vec<u32>,
    begins: Beginnings,
    /// Of each literal its last state, and whether it may begin inside a word of Latin letters or digits. For storing.
    literals: Vec<(u32, bool)>,
}

/// In which of two texts something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    First,
    Second,
    Both,
}

impl Trie {
    /// Literals are all different and not empty.
    pub(super) fn new<'a>(literals: impl Iterator<Item = (&'a str, Meaning)> + Clone) -> Trie {
        Tables::new(literals).into()
    }

    /// Calls `found` with value, first and end place of every occurrence, places counted in characters.
    pub(super) fn search(&self, text: Text<'_>, mut found: impl FnMut(u32, usize, usize)) {
        for first in (0..text.chars.len()).step_by(BLOCK) {
            let block = self.begins.block(text, first);
            for at in block.places(&block) {
                if self.begins.may_begin(text, &block, at) {
                    self.walk(text.chars, at, &mut found);
                }
            }
        }
    }

    /// As `search`, in two texts of the same length of which most characters are the same: literals of the second are
    /// followed only near the others. An occurrence is in both where its neighbours are the same, too.
    pub(super) fn search_both(&self, one: Text<'_>, two: Text<'_>, mut found: impl FnMut(In, u32, usize, usize)) {
        let length = one.chars.len().min(two.chars.len());
        debug_assert_eq!(one.chars.len(), two.chars.len());
        let differs = |at: usize| one.chars.get(at) != two.chars.get(at);
        let mut next = 0;
        for first in (0..length).step_by(BLOCK) {
            let (in_one, in_two) = (self.begins.block(one, first), self.begins.block(two, first));
            for at in in_one.places(&in_two) {
                if next < at || at == 0 {
                    next = (at..length).find(|&at| differs(at)).unwrap_or(usize::MAX);
                    work::add(next.min(length) - at);
                }
                let after_other = at.checked_sub(1).is_some_and(differs);
                let same = |end: usize| !after_other && end < next;
                let mut looked_at = at + LONGEST;
                if self.begins.may_begin(one, &in_one, at) {
                    looked_at = self.walk(one.chars, at, &mut |value, at, end| {
                        found(if same(end) { In::Both } else { In::First }, value, at, end);
                    });
                }
                if !same(looked_at) && self.begins.may_begin(two, &in_two, at) {
                    self.walk(two.chars, at, &mut |value, at, end| {
                        if !same(end) {
                            found(In::Second, value, at, end);
                        }
                    });
                }
            }
        }
    }

    /// The literals that begin at one place, and up to where characters were looked at.
    fn walk(&self, chars: &[char], first: usize, found: &mut impl FnMut(u32, usize, usize)) -> usize {
        let Some(&(mut state)) = self.states.first() else { return first };
        let mut at = 0_u32;
        for (place, &c) in chars.iter().enumerate().skip(first) {
            work::add(1);
            let code = code(&self.pages, &self.codes, c);
            let child = state.base.wrapping_add(code) & PLACE;
            let Some(&next) = self.states.get(child as usize).filter(|next| next.check == at && code != 0) else {
                return place;
            };
            if next.base & TAIL != 0 {
                let (value, tail) = self.tail(next.base & !TAIL);
                work::add(tail.len());
                let end = place + 1 + tail.len();
                let rest = chars.get(place + 1..end);
                if rest.is_some_and(|rest| rest.iter().zip(tail).all(|(&c, &tail)| u32::from(c) == tail)) {
                    found(value, first, end);
                }
                return end;
            }
            (at, state) = (child, next);
            if state.base & END != 0
                && let Some(&value) = self.ends.get(at as usize)
            {
                found(value, first, place + 1);
            }
        }
        chars.len()
    }

    /// The value of a literal, and what is left of it.
    #[inline(always)]
    fn tail(&self, at: u32) -> (u32, &[u32]) {
        match self.tails.get(at as usize..) {
            Some([value, length, tail @ ..]) => (*value, tail.get(..*length as usize).unwrap_or_default()),
            _ => (0, &[]),
        }
    }
}

impl From<Trie> for Tables {
    fn from(trie: Trie) -> Tables {
        let mut tables = Tables {
            bases: trie.states.iter().map(|state| state.base & !END).collect(),
            checks: trie.states.iter().map(|state| state.check).collect(),
            ..Tables::default()
        };
        for (literal, &(place, inner)) in (0_u32..).zip(&trie.literals) {
            let base = trie.states.get(place as usize).map_or(0, |state| state.base);
            let (value, tail) = match base & TAIL {
                0 => (trie.ends.get(place as usize).copied().unwrap_or(0), [].as_slice()),
                _ => trie.tail(base & !TAIL),
            };
            if base & TAIL != 0 {
                tables.bases[place as usize] = TAIL | literal;
            }
            let length = tables.tails.len();
            tables.tails.extend(tail.iter().filter_map(|&c| char::from_u32(c)));
            tables.lengths.push((tables.tails.len() - length) as u16);
            tables.ends.push(place);
            tables.inner.push(inner);
            tables.values.push(value);
        }
        (tables.pages, tables.codes) = (trie.pages, trie.codes);
        tables
    }
}

impl From<Tables> for Trie {
    fn from(tables: Tables) -> Trie {
        let parts = tables.bases.iter().zip(&tables.checks);
        let mut states: Vec<State> = parts.map(|(&base, &check)| State { base, check }).collect();
        let mut ends = vec![0; states.len()];
        let mut begins = Beginnings::with_room_for(tables.ends.len());
        let mut beginning = Vec::new();
        let characters = tables.characters();
        let mut tails = Vec::with_capacity(tables.tails.len() + 2 * tables.ends.len());
        let mut rest = tables.tails.as_str();
        let parts = tables.lengths.iter().zip(&tables.inner).zip(&tables.values);
        for (&place, ((&length, &inner), &value)) in tables.ends.iter().zip(parts) {
            let (tail, after) = rest.split_at_checked(usize::from(length)).unwrap_or((rest, ""));
            rest = after;
            if let (Some(end), Some(state)) = (ends.get_mut(place as usize), states.get_mut(place as usize)) {
                if state.base & TAIL == 0 {
                    *end = value;
                    state.base |= END;
                } else {
                    state.base = TAIL | tails.len() as u32;
                    tails.extend([value, 0]);
                    let length = tails.len();
                    tails.extend(tail.chars().map(u32::from));
                    tails[length - 1] = (tails.len() - length) as u32;
                }
            }
            tables.path(place, &characters, &mut beginning);
            beginning.extend(tail.chars().take(LONGEST));
            begins.add(&beginning, inner && beginning.first().is_some_and(|&c| !Class::of(c).is(Class::JAPANESE)));
        }
        let literals = tables.ends.iter().copied().zip(tables.inner.iter().copied()).collect();
        let Tables { pages, codes, .. } = tables;
        Trie { states, ends, tails, begins, pages, codes, literals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with a slow search. Literals at odd numbers, which begin outside of Latin words, may be found inside, too.
    fn check(literals: &[String], text: &[char], found: &[(u32, usize, usize)]) {
        let is_inside =
            |at: usize| at > 0 && text[at - 1].is_ascii_alphanumeric() && !Class::of(text[at]).is(Class::JAPANESE);
        let mut occurrences = Vec::new();
        for (literal, chars) in (0..).zip(literals.iter().map(|literal| literal.chars().collect::<Vec<_>>())) {
            for first in (0..text.len()).filter(|&first| text[first..].starts_with(&chars)) {
                let occurrence = (literal, first, first + chars.len());
                if literal % 2 == 0 || !is_inside(first) || found.contains(&occurrence) {
                    occurrences.push(occurrence);
                }
            }
        }
        assert_eq!(found, occurrences);
    }

    fn trie<'a>(literals: impl IntoIterator<Item = (&'a str, bool)>) -> Trie {
        let literals: Vec<(&str, bool)> = literals.into_iter().collect();
        let meaning = |(value, &(text, inner)): (u32, &(&'a str, bool))| (text, Meaning { inner, value });
        Trie::new((0..).zip(&literals).map(meaning))
    }

    fn classes(text: &[char]) -> Vec<Class> {
        text.iter().map(|&c| Class::of(c)).collect()
    }

    fn search(trie: &Trie, text: &[char]) -> Vec<(u32, usize, usize)> {
        let mut found = Vec::new();
        let classes = classes(text);
        trie.search(Text { chars: text, classes: &classes }, |value, first, end| found.push((value, first, end)));
        found.sort_unstable();
        found
    }

    /// What is found in each of two texts, searched together.
    fn search_both(trie: &Trie, texts: [&[char]; 2]) -> [Vec<(u32, usize, usize)>; 2] {
        let mut found = [Vec::new(), Vec::new()];
        let classes = texts.map(classes);
        let [first, second] = [0, 1].map(|at| Text { chars: texts[at], classes: &classes[at] });
        trie.search_both(first, second, |place, value, first, end| {
            let [in_first, in_second] = &mut found;
            if place != In::Second {
                in_first.push((value, first, end));
            }
            if place != In::First {
                in_second.push((value, first, end));
            }
        });
        found.iter_mut().for_each(|found| found.sort_unstable());
        found
    }

    proptest::proptest! {
        #[test]
        fn finds_what_a_slow_search_finds(
            literals in proptest::collection::btree_set("[ab死ねし🥦]{1,8}|[あ-ん]{1,2}", 1..80),
            text in "[ab死ねし🥦x]{0,200}|[あ-ん]{0,200}|[ab x]{0,150}",
            other in proptest::collection::vec(proptest::option::weighted(0.2, proptest::char::ranges(vec!['a'..='c', 'あ'..='う', '死'..='死'].into())), 200),
        ) {
            let literals: Vec<String> = literals.into_iter().collect();
            let text: Vec<char> = text.chars().collect();
            let trie = trie((0..).zip(&literals).map(|(at, literal): (u32, &String)| (literal.as_str(), at % 2 == 0)));
            check(&literals, &text, &search(&trie, &text));
            let stored = postcard::to_allocvec(&trie).unwrap_or_default();
            let restored: Trie = postcard::from_bytes(&stored).unwrap_or_default();
            check(&literals, &text, &search(&restored, &text));
            let other: Vec<char> = text.iter().zip(other).map(|(&c, other)| other.unwrap_or(c)).collect();
            let [in_text, in_other] = search_both(&trie, [&text, &other]);
            check(&literals, &text, &in_text);
            check(&literals, &other, &in_other);
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
        let trie = trie(words.iter().map(|word| (word.as_str(), true)));
        let (states, least) = (trie.states.len(), prefixes.len() + 1);
        assert!(states < 2 * least, "{states} places for {least} states");
    }

    #[test]
    fn no_literals_no_matches() {
        assert!(search(&trie([]), &['a']).is_empty());
        assert!(search(&Trie::default(), &['a']).is_empty());
    }

    #[test]
    fn inside_a_latin_word_only_some_begin() {
        let trie = trie([("ill", false), ("kill", false), ("ね", false), ("lls", true)]);
        let found = |text: &str| search(&trie, &text.chars().collect::<Vec<char>>());
        assert_eq!(found("kills"), [(1, 0, 4), (3, 2, 5)]);
        assert_eq!(found("死ねill"), [(0, 2, 5), (2, 1, 2)]);
        assert_eq!(found("aね"), [(2, 1, 2)]);
    }
}
