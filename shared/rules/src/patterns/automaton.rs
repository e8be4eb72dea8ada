//! All literals of a view in one automaton over characters (Aho–Corasick on a double array), as tables that can be
//! stored and read back.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::packed;
use crate::work;

/// Characters of one page of the code table.
const PAGE: usize = 256;
/// Marks a place of the double array that no state has.
const FREE: u32 = u32::MAX;
/// Places tried for a state before it is put behind all others, so that building stays linear.
const MOST_TRIES: usize = 64;

/// A state: its children lie at `base + code`, and know it by `check`.
#[derive(Clone, Copy, Debug)]
struct State {
    base: u32,
    check: u32,
    /// The state of the longest proper suffix.
    fail: u32,
    /// 1 + the first of its `ends`; 0 for none.
    ends: u32,
}

/// A literal that ends in a state.
#[derive(Clone, Copy, Debug)]
struct End {
    literal: u32,
    chars: u32,
    /// 1 + the next literal that ends here, a shorter one; 0 for none.
    next: u32,
}

/// Finds every occurrence of every literal in one pass.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Tables", into = "Tables")]
pub(crate) struct Automaton {
    /// For each 256 characters, 1 + the page of `codes` that has theirs; 0 where no literal holds any.
    pages: Vec<u16>,
    /// Code of each character of the pages; 0 for a character that no literal holds.
    codes: Vec<u16>,
    states: Vec<State>,
    ends: Vec<End>,
}

impl Automaton {
    /// Literals are known by their place in `texts`, which are all different and not empty.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Automaton {
        let mut automaton = Automaton::default();
        automaton.number_characters(texts.clone());
        let trie = Trie::new(texts, |c| automaton.code(c));
        automaton.ends = trie.ends.clone();
        automaton.place(&trie);
        automaton
    }

    /// Calls `found` with literal, first and end place of every occurrence, places counted in characters.
    pub(crate) fn search(&self, chars: impl Iterator<Item = char>, mut found: impl FnMut(u32, usize, usize)) {
        let mut at = 0_u32;
        let Some(&root) = self.states.first() else { return };
        let mut state = root;
        for (place, c) in chars.enumerate() {
            let code = self.code(c);
            if code == 0 {
                (at, state) = (0, root);
                continue;
            }
            loop {
                work::add(1);
                let child = state.base.wrapping_add(code);
                if let Some(&next) = self.states.get(child as usize).filter(|next| next.check == at) {
                    (at, state) = (child, next);
                    break;
                }
                if at == 0 {
                    break;
                }
                at = state.fail;
                state = self.states.get(at as usize).copied().unwrap_or(root);
            }
            let mut end = state.ends;
            while let Some(&one) = (end as usize).checked_sub(1).and_then(|end| self.ends.get(end)) {
                work::add(1);
                found(one.literal, (place + 1).saturating_sub(one.chars as usize), place + 1);
                end = one.next;
            }
        }
    }

    fn code(&self, c: char) -> u32 {
        let c = c as usize;
        match self.pages.get(c / PAGE) {
            None | Some(0) => 0,
            Some(&page) => self.codes.get((usize::from(page) - 1) * PAGE + c % PAGE).map_or(0, |&code| u32::from(code)),
        }
    }

    /// Gives every character that occurs a code, the most frequent ones the smallest.
    fn number_characters<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for c in texts.flat_map(str::chars) {
            *counts.entry(c).or_default() += 1;
        }
        let mut chars: Vec<(char, usize)> = counts.into_iter().collect();
        chars.sort_by_key(|&(c, count)| (std::cmp::Reverse(count), c));
        chars.truncate(usize::from(u16::MAX));
        for (code, (c, _)) in (1_u16..).zip(chars) {
            let c = c as usize;
            if self.pages.len() <= c / PAGE {
                self.pages.resize(c / PAGE + 1, 0);
            }
            if self.pages[c / PAGE] == 0 {
                self.codes.resize(self.codes.len() + PAGE, 0);
                self.pages[c / PAGE] = (self.codes.len() / PAGE) as u16;
            }
            self.codes[(usize::from(self.pages[c / PAGE]) - 1) * PAGE + c % PAGE] = code;
        }
    }

    /// Puts the nodes of a trie into the double array: those with most children first, so that the many with one
    /// child fill the holes.
    fn place(&mut self, trie: &Trie) {
        let mut places = Places { taken: vec![true], first_free: 1, cursor: 1 };
        let mut place_of = vec![0_u32; trie.nodes.len()];
        let mut base_of = vec![0_u32; trie.nodes.len()];
        let mut parents: Vec<usize> = (0..trie.nodes.len()).filter(|&at| !trie.nodes[at].children.is_empty()).collect();
        parents.sort_by_key(|&at| std::cmp::Reverse(trie.nodes[at].children.len()));
        for node in parents {
            let children = &trie.nodes[node].children;
            // May be less than nothing, as `base + code` may not be.
            let base = places.base_for(children);
            base_of[node] = base;
            for &(code, child) in children {
                let place = base.wrapping_add(code);
                places.take(place as usize);
                place_of[child as usize] = place;
            }
        }
        self.states = vec![State { base: 0, check: FREE, fail: 0, ends: 0 }; places.taken.len()];
        for (at, node) in trie.nodes.iter().enumerate() {
            for &(_, child) in &node.children {
                self.states[place_of[child as usize] as usize].check = place_of[at];
            }
            let state = &mut self.states[place_of[at] as usize];
            state.base = base_of[at];
            state.fail = place_of[node.fail as usize];
            state.ends = node.ends;
        }
    }
}

/// Which places of the double array are taken.
struct Places {
    taken: Vec<bool>,
    first_free: usize,
    /// Where looking for a place of several children goes on.
    cursor: usize,
}

impl Places {
    fn is_free(&self, place: usize) -> bool {
        self.taken.get(place).is_none_or(|taken| !taken)
    }

    fn take(&mut self, place: usize) {
        if self.taken.len() <= place {
            self.taken.resize(place + 1, false);
        }
        self.taken[place] = true;
    }

    /// A base at which all children, given by their codes in order, have a free place.
    fn base_for(&mut self, children: &[(u32, u32)]) -> u32 {
        let least = children.first().map_or(0, |&(code, _)| code);
        if children.len() == 1 {
            while !self.is_free(self.first_free) {
                self.first_free += 1;
            }
            return (self.first_free as u32).wrapping_sub(least);
        }
        for _ in 0..MOST_TRIES {
            while !self.is_free(self.cursor) {
                self.cursor += 1;
            }
            let place = |code: u32| self.cursor + (code - least) as usize;
            if children.iter().all(|&(code, _)| self.is_free(place(code))) {
                return (self.cursor as u32).wrapping_sub(least);
            }
            self.cursor += 1;
        }
        (self.taken.len() as u32).wrapping_sub(least)
    }
}

#[derive(Debug, Default)]
struct Node {
    /// Codes in order, with the nodes that they lead to.
    children: Vec<(u32, u32)>,
    fail: u32,
    ends: u32,
}

struct Trie {
    nodes: Vec<Node>,
    ends: Vec<End>,
}

impl Trie {
    fn new<'a>(texts: impl Iterator<Item = &'a str>, code: impl Fn(char) -> u32) -> Trie {
        let mut nodes = vec![Node::default()];
        let mut child: HashMap<(u32, u32), u32> = HashMap::new();
        let mut ends = Vec::new();
        for (literal, text) in (0_u32..).zip(texts) {
            let mut node = 0_u32;
            let mut chars = 0;
            for c in text.chars() {
                let code = code(c);
                chars += 1;
                node = *child.entry((node, code)).or_insert_with(|| {
                    let next = nodes.len() as u32;
                    nodes.push(Node::default());
                    nodes[node as usize].children.push((code, next));
                    next
                });
            }
            ends.push(End { literal, chars, next: 0 });
            nodes[node as usize].ends = ends.len() as u32;
        }
        // By depth, since a suffix is shorter.
        let mut order = vec![0_u32];
        let mut at = 0;
        while let Some(&node) = order.get(at) {
            at += 1;
            nodes[node as usize].children.sort_unstable();
            let children = nodes[node as usize].children.clone();
            for (code, next) in children {
                let mut fail = nodes[node as usize].fail;
                let found = loop {
                    match child.get(&(fail, code)) {
                        Some(&found) if found != next => break found,
                        Some(_) | None if fail == 0 => break 0,
                        Some(_) | None => fail = nodes[fail as usize].fail,
                    }
                };
                nodes[next as usize].fail = found;
                let shorter = nodes[found as usize].ends;
                match (nodes[next as usize].ends as usize).checked_sub(1) {
                    Some(own) => ends[own].next = shorter,
                    None => nodes[next as usize].ends = shorter,
                }
                order.push(next);
            }
        }
        Trie { nodes, ends }
    }
}

/// The automaton as it is stored: a list for each part of a state and of an end.
#[derive(Serialize, Deserialize)]
struct Tables {
    #[serde(with = "packed")]
    pages: Vec<u16>,
    #[serde(with = "packed")]
    codes: Vec<u16>,
    #[serde(with = "packed")]
    bases: Vec<u32>,
    #[serde(with = "packed")]
    checks: Vec<u32>,
    #[serde(with = "packed")]
    fails: Vec<u32>,
    #[serde(with = "packed")]
    firsts: Vec<u32>,
    #[serde(with = "packed")]
    literals: Vec<u32>,
    #[serde(with = "packed")]
    chars: Vec<u32>,
    #[serde(with = "packed")]
    nexts: Vec<u32>,
}

impl From<Automaton> for Tables {
    fn from(automaton: Automaton) -> Tables {
        let of_states = |part: fn(&State) -> u32| automaton.states.iter().map(part).collect();
        let of_ends = |part: fn(&End) -> u32| automaton.ends.iter().map(part).collect();
        Tables {
            bases: of_states(|state| state.base),
            checks: of_states(|state| state.check),
            fails: of_states(|state| state.fail),
            firsts: of_states(|state| state.ends),
            literals: of_ends(|end| end.literal),
            chars: of_ends(|end| end.chars),
            nexts: of_ends(|end| end.next),
            pages: automaton.pages,
            codes: automaton.codes,
        }
    }
}

impl From<Tables> for Automaton {
    fn from(tables: Tables) -> Automaton {
        let states = tables.bases.iter().zip(&tables.checks).zip(&tables.fails).zip(&tables.firsts);
        let ends = tables.literals.iter().zip(&tables.chars).zip(&tables.nexts);
        Automaton {
            states: states.map(|(((&base, &check), &fail), &ends)| State { base, check, fail, ends }).collect(),
            ends: ends.map(|((&literal, &chars), &next)| End { literal, chars, next }).collect(),
            pages: tables.pages,
            codes: tables.codes,
        }
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

    fn search(automaton: &Automaton, text: &[char]) -> Vec<(u32, usize, usize)> {
        let mut found = Vec::new();
        automaton.search(text.iter().copied(), |literal, first, end| found.push((literal, first, end)));
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
            let automaton = Automaton::new(literals.iter().map(String::as_str));
            assert_eq!(search(&automaton, &text), occurrences(&literals, &text));
            let stored = postcard::to_allocvec(&automaton).unwrap_or_default();
            let restored: Automaton = postcard::from_bytes(&stored).unwrap_or_default();
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
        let automaton = Automaton::new(words.iter().map(String::as_str));
        let (states, least) = (automaton.states.len(), prefixes.len() + 1);
        assert!(states < 2 * least, "{states} places for {least} states");
    }

    #[test]
    fn no_literals_no_matches() {
        assert!(search(&Automaton::new(std::iter::empty()), &['a']).is_empty());
        assert!(search(&Automaton::default(), &['a']).is_empty());
    }
}
