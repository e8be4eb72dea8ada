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

/// A literal, by its number, where it ends.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Its state.
    place: u32,
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
        Tables::new(texts).into()
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
                found(end - 1, (place + 1).saturating_sub(one.chars as usize), place + 1);
                end = one.next;
            }
        }
    }

    fn code(&self, c: char) -> u32 {
        code(&self.pages, &self.codes, c)
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

/// A node of the trie of all literals: codes in order, with the nodes that they lead to.
type Node = Vec<(u32, u32)>;

/// The nodes of the trie, and the node that each literal ends in.
fn trie<'a>(texts: impl Iterator<Item = &'a str>, code: impl Fn(char) -> u32) -> (Vec<Node>, Vec<u32>) {
    let mut nodes = vec![Node::new()];
    let mut child: HashMap<(u32, u32), u32> = HashMap::new();
    let end = |text: &str| {
        text.chars().map(&code).fold(0, |node, code| {
            *child.entry((node, code)).or_insert_with(|| {
                let next = nodes.len() as u32;
                nodes.push(Node::new());
                nodes[node as usize].push((code, next));
                next
            })
        })
    };
    let ends = texts.map(end).collect();
    nodes.iter_mut().for_each(|node| node.sort_unstable());
    (nodes, ends)
}

/// The automaton as it is stored: what can't be told from the rest in no time.
#[derive(Default, Serialize, Deserialize)]
struct Tables {
    #[serde(with = "packed")]
    pages: Vec<u16>,
    #[serde(with = "packed")]
    codes: Vec<u16>,
    #[serde(with = "packed")]
    bases: Vec<u32>,
    #[serde(with = "packed")]
    checks: Vec<u32>,
    /// The state that each literal ends in.
    #[serde(with = "packed")]
    ends: Vec<u32>,
}

impl Tables {
    fn new<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Tables {
        let mut tables = Tables::default();
        tables.number_characters(texts.clone());
        let (nodes, ends) = trie(texts, |c| code(&tables.pages, &tables.codes, c));
        tables.place(&nodes, &ends);
        tables
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
    fn place(&mut self, nodes: &[Node], ends: &[u32]) {
        let mut places = Places { taken: vec![true], first_free: 1, cursor: 1 };
        let mut place_of = vec![0_u32; nodes.len()];
        let mut base_of = vec![0_u32; nodes.len()];
        let mut parents: Vec<usize> = (0..nodes.len()).filter(|&at| !nodes[at].is_empty()).collect();
        parents.sort_by_key(|&at| std::cmp::Reverse(nodes[at].len()));
        for node in parents {
            // May be less than nothing, as `base + code` may not be.
            let base = places.base_for(&nodes[node]);
            base_of[node] = base;
            for &(code, child) in &nodes[node] {
                let place = base.wrapping_add(code);
                places.take(place as usize);
                place_of[child as usize] = place;
            }
        }
        self.bases = vec![0; places.taken.len()];
        self.checks = vec![FREE; places.taken.len()];
        for (at, node) in nodes.iter().enumerate() {
            self.bases[place_of[at] as usize] = base_of[at];
            for &(_, child) in node {
                self.checks[place_of[child as usize] as usize] = place_of[at];
            }
        }
        self.ends = ends.iter().map(|&node| place_of[node as usize]).collect();
    }

    /// The places of all states but the root, those nearest to it first, with their numbers of characters.
    fn by_depth(&self) -> Vec<(u32, u32)> {
        // The children of each state lie together, from its place in `first` to that of the next.
        let mut first = vec![0_u32; self.checks.len() + 2];
        let parents = || self.checks.iter().map(|&parent| parent as usize).zip(0_u32..);
        for (parent, _) in parents().filter(|&(parent, _)| parent < self.checks.len()) {
            first[parent + 2] += 1;
        }
        (2..first.len()).for_each(|at| first[at] += first[at - 1]);
        let mut children = vec![0_u32; first.last().map_or(0, |&all| all as usize)];
        for (parent, child) in parents().filter(|&(parent, _)| parent < self.checks.len()) {
            children[first[parent + 1] as usize] = child;
            first[parent + 1] += 1;
        }
        let of = |place: u32| &children[first[place as usize] as usize..first[place as usize + 1] as usize];
        let mut order: Vec<(u32, u32)> = Vec::with_capacity(children.len());
        if !self.checks.is_empty() {
            order.extend(of(0).iter().map(|&child| (child, 1)));
        }
        let mut at = 0;
        while let Some(&(place, depth)) = order.get(at) {
            at += 1;
            order.extend(of(place).iter().map(|&child| (child, depth + 1)));
        }
        order
    }
}

impl From<Automaton> for Tables {
    fn from(automaton: Automaton) -> Tables {
        Tables {
            bases: automaton.states.iter().map(|state| state.base).collect(),
            checks: automaton.states.iter().map(|state| state.check).collect(),
            ends: automaton.ends.iter().map(|end| end.place).collect(),
            pages: automaton.pages,
            codes: automaton.codes,
        }
    }
}

impl From<Tables> for Automaton {
    /// Links every state to that of its longest proper suffix, and what ends in it to what is shorter and ends there.
    fn from(tables: Tables) -> Automaton {
        let parts = tables.bases.iter().zip(&tables.checks);
        let mut states: Vec<State> = parts.map(|(&base, &check)| State { base, check, fail: 0, ends: 0 }).collect();
        let mut ends: Vec<End> = tables.ends.iter().map(|&place| End { place, chars: 0, next: 0 }).collect();
        for (end, &place) in (1_u32..).zip(&tables.ends) {
            if let Some(state) = states.get_mut(place as usize) {
                state.ends = end;
            }
        }
        for (place, depth) in tables.by_depth() {
            let State { check: parent, ends: own, .. } = states[place as usize];
            let code = place.wrapping_sub(states[parent as usize].base);
            let child = |state: u32| {
                let child = states[state as usize].base.wrapping_add(code);
                states.get(child as usize).is_some_and(|found| found.check == state).then_some(child)
            };
            let mut suffix = parent;
            let fail = loop {
                if suffix == 0 {
                    break 0;
                }
                suffix = states[suffix as usize].fail;
                if let Some(found) = child(suffix) {
                    break found;
                }
            };
            let shorter = states[fail as usize].ends;
            states[place as usize].fail = fail;
            match (own as usize).checked_sub(1).and_then(|own| ends.get_mut(own)) {
                Some(end) => (end.chars, end.next) = (depth, shorter),
                None => states[place as usize].ends = shorter,
            }
        }
        Automaton { states, ends, pages: tables.pages, codes: tables.codes }
    }
}

/// The code of a character; 0 for one that no literal holds.
fn code(pages: &[u16], codes: &[u16], c: char) -> u32 {
    let c = c as usize;
    match pages.get(c / PAGE) {
        None | Some(0) => 0,
        Some(&page) => codes.get((usize::from(page) - 1) * PAGE + c % PAGE).map_or(0, |&code| u32::from(code)),
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
