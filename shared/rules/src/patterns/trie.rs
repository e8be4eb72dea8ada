//! All literals of a view in one trie over characters (a double array), as tables that can be stored and read back, and
//! a filter by which most places of a text are known to begin none of them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::packed;
use crate::views::Class;
use crate::work;

/// Characters of one page of the code table.
const PAGE: usize = 256;
/// Marks a place of the double array that no state has.
const FREE: u32 = u32::MAX;
/// Places tried for a state before it is put behind all others, so that building stays linear.
const MOST_TRIES: usize = 64;

/// A state: its children lie at `base + code`, and know it by `check`. Below a state that only one literal goes through
/// there are no more states: its base is `TAIL` and the number of that literal.
#[derive(Clone, Copy, Debug)]
struct State {
    base: u32,
    check: u32,
}

const TAIL: u32 = 1 << 31;

/// Finds every occurrence of every literal in one pass.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Tables", into = "Tables")]
pub(super) struct Trie {
    /// For each 256 characters, 1 + the page of `codes` that has theirs; 0 where no literal holds any.
    pages: Vec<u16>,
    /// Code of each character of the pages; 0 for a character that no literal holds.
    codes: Vec<u16>,
    states: Vec<State>,
    /// 1 + the literal that ends in each state; 0 for none.
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
            let child = state.base.wrapping_add(code) & !TAIL;
            let Some(&next) = self.states.get(child as usize).filter(|next| next.check == at && code != 0) else {
                return;
            };
            if next.base & TAIL != 0 {
                let literal = next.base & !TAIL;
                let tail = self.tail(literal);
                work::add(tail.len());
                if chars[place + 1..].starts_with(tail) {
                    found(literal, first, place + 1 + tail.len());
                }
                return;
            }
            (at, state) = (child, next);
            match self.ends.get(at as usize) {
                None | Some(0) => {}
                Some(end) => found(end - 1, first, place + 1),
            }
        }
    }

    fn tail(&self, literal: u32) -> &[char] {
        let Some(Ending { tail, length, .. }) = self.literals.get(literal as usize) else { return &[] };
        self.tails.get(*tail as usize..(tail + length) as usize).unwrap_or_default()
    }
}

/// Numbers of characters by which beginnings are known; a literal by the largest that it has.
const KNOWN: [usize; 4] = [2, 3, 4, 6];
const LONGEST: usize = KNOWN[KNOWN.len() - 1];

/// Where literals may begin: a quick look at two characters, and one at some more (Bloom filters).
#[derive(Clone, Debug, Default)]
struct Beginnings {
    /// Literals of one character, and the first two characters of all others: a bit for each at its hash.
    few: Vec<u64>,
    /// Two bits for each literal of two characters and more, at the hash of its first characters.
    more: Vec<u64>,
    /// By how much hashes are shifted to be places of the words of both.
    shift: u32,
}

impl Beginnings {
    /// As many bits as leave most of them unset.
    fn with_room_for(literals: usize) -> Beginnings {
        let words = (literals / 8).next_power_of_two().clamp(16, 1 << 20);
        Beginnings { few: vec![0; words], more: vec![0; words], shift: u32::BITS - words.ilog2() }
    }

    fn add(&mut self, first: &[char]) {
        let hash = first.iter().take(2).fold(0, |hash, &c| mix(hash, c));
        self.few[(hash >> self.shift) as usize] |= 1 << (hash & 63);
        let known = KNOWN.iter().rev().find(|known| **known <= first.len());
        let hash = first.iter().take(known.copied().unwrap_or(0)).fold(0, |hash, &c| mix(hash, c));
        self.more[(hash >> self.shift) as usize] |= mask(hash);
    }

    /// Whether a literal may begin a text.
    #[inline(always)]
    fn may_hold(&self, text: &[char]) -> bool {
        let &[one, ref rest @ ..] = text else { return false };
        let has = |hash: u32| {
            let word = self.few.get((hash >> self.shift) as usize).copied().unwrap_or(0);
            word >> (hash & 63) & 1 != 0
        };
        let hash = mix(0, one);
        has(hash) || rest.first().is_some_and(|&two| has(mix(hash, two))) && self.may_hold_more(text)
    }

    fn may_hold_more(&self, text: &[char]) -> bool {
        let mut hash = 0;
        text.iter().take(LONGEST).enumerate().any(|(at, &c)| {
            hash = mix(hash, c);
            let word = self.more.get((hash >> self.shift) as usize).copied().unwrap_or(0);
            KNOWN.contains(&(at + 1)) && word & mask(hash) == mask(hash)
        })
    }
}

#[inline(always)]
fn mix(hash: u32, c: char) -> u32 {
    (hash.rotate_left(7) ^ u32::from(c)).wrapping_mul(0x9e37_79b1)
}

/// The bits of a hash within its word; its place there is told by other bits.
#[inline(always)]
fn mask(hash: u32) -> u64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63)
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

/// A node of the trie of all literals.
#[derive(Default)]
struct Node {
    /// Codes in order, with the nodes that they lead to.
    children: Vec<(u32, u32)>,
    /// Characters before it.
    depth: usize,
    /// Literals that go through it or end in it.
    literals: u32,
}

/// The nodes of the trie, and for each literal the first node that no other goes through, or the one it ends in.
fn trie<'a>(texts: impl Iterator<Item = &'a str>, code: impl Fn(char) -> u32) -> (Vec<Node>, Vec<u32>) {
    let mut nodes = vec![Node::default()];
    let mut child: HashMap<(u32, u32), u32> = HashMap::new();
    let mut paths = Vec::new();
    for text in texts {
        let mut path = vec![0_u32];
        let mut at = 0_u32;
        for (depth, code) in (1..).zip(text.chars().map(&code)) {
            at = *child.entry((at, code)).or_insert_with(|| {
                let next = nodes.len() as u32;
                nodes.push(Node { depth, ..Node::default() });
                nodes[at as usize].children.push((code, next));
                next
            });
            path.push(at);
        }
        path.iter().for_each(|&node| nodes[node as usize].literals += 1);
        paths.push(path);
    }
    nodes.iter_mut().for_each(|node| node.children.sort_unstable());
    let last = |path: &Vec<u32>| {
        let alone = path.iter().skip(1).find(|&&node| nodes[node as usize].literals == 1);
        alone.or(path.last()).copied().unwrap_or(0)
    };
    let ends = paths.iter().map(last).collect();
    (nodes, ends)
}

/// The trie as it is stored: what can't be told from the rest in no time.
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
    /// The last state of each literal.
    #[serde(with = "packed")]
    ends: Vec<u32>,
    /// Bytes of each literal below its last state.
    #[serde(with = "packed")]
    lengths: Vec<u16>,
    tails: String,
    inner: Vec<bool>,
}

impl Tables {
    fn new<'a>(literals: impl Iterator<Item = (&'a str, bool)> + Clone) -> Tables {
        let mut tables = Tables::default();
        let texts = literals.clone().map(|(text, _)| text);
        tables.number_characters(texts.clone());
        let (nodes, ends) = trie(texts.clone(), |c| code(&tables.pages, &tables.codes, c));
        tables.place(&nodes, &ends);
        for (text, end) in texts.zip(ends) {
            let tail = text.char_indices().nth(nodes[end as usize].depth).map_or("", |(at, _)| &text[at..]);
            tables.lengths.push(tail.len() as u16);
            tables.tails.push_str(tail);
        }
        tables.inner = literals.map(|(_, inner)| inner).collect();
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
        let branches = |node: &Node| !node.children.is_empty() && (node.literals > 1 || node.depth == 0);
        let mut parents: Vec<usize> = (0..nodes.len()).filter(|&at| branches(&nodes[at])).collect();
        parents.sort_by_key(|&at| std::cmp::Reverse(nodes[at].children.len()));
        for &node in &parents {
            // May be less than nothing, as `base + code` may not be.
            let base = places.base_for(&nodes[node].children) & !TAIL;
            base_of[node] = base;
            for &(code, child) in &nodes[node].children {
                let place = base.wrapping_add(code) & !TAIL;
                places.take(place as usize);
                place_of[child as usize] = place;
            }
        }
        self.bases = vec![0; places.taken.len()];
        self.checks = vec![FREE; places.taken.len()];
        for node in parents {
            self.bases[place_of[node] as usize] = base_of[node];
            for &(_, child) in &nodes[node].children {
                self.checks[place_of[child as usize] as usize] = place_of[node];
            }
        }
        self.ends = ends.iter().map(|&node| place_of[node as usize]).collect();
        for (literal, &node) in (0_u32..).zip(ends) {
            if nodes[node as usize].literals == 1 && nodes[node as usize].depth > 0 {
                self.bases[place_of[node as usize] as usize] = TAIL | literal;
            }
        }
    }

    /// The character of each code.
    fn characters(&self) -> Vec<char> {
        let mut characters = vec!['\0'; self.codes.iter().max().map_or(0, |&most| usize::from(most)) + 1];
        for (first, &page) in (0_u32..).step_by(PAGE).zip(&self.pages).filter(|(_, page)| **page > 0) {
            let codes = self.codes.chunks(PAGE).nth(usize::from(page) - 1).unwrap_or_default();
            for (c, &code) in (first..).zip(codes).filter(|(_, code)| **code > 0) {
                characters[usize::from(code)] = char::from_u32(c).unwrap_or_default();
            }
        }
        characters
    }

    /// Puts down the characters that lead to a state.
    fn path(&self, end: u32, characters: &[char], path: &mut Vec<char>) {
        path.clear();
        let mut at = end;
        while at != 0 {
            let parent = self.checks.get(at as usize).copied().unwrap_or(0);
            let base = self.bases.get(parent as usize).copied().unwrap_or(0);
            path.push(characters.get((at.wrapping_sub(base) & !TAIL) as usize).copied().unwrap_or_default());
            at = parent;
        }
        path.reverse();
    }
}

impl From<Trie> for Tables {
    fn from(trie: Trie) -> Tables {
        let tails = (0..).zip(&trie.literals).map(|(literal, _)| trie.tail(literal).iter().collect::<String>());
        let tails: Vec<String> = tails.collect();
        Tables {
            bases: trie.states.iter().map(|state| state.base).collect(),
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
        let states: Vec<State> = parts.map(|(&base, &check)| State { base, check }).collect();
        let mut ends = vec![0; states.len()];
        let mut begins = Beginnings::with_room_for(tables.ends.len());
        let (mut beginning, mut inside) = (Vec::new(), Vec::new());
        let characters = tables.characters();
        let mut literals = Vec::with_capacity(tables.ends.len());
        let mut tails = Vec::with_capacity(tables.tails.len());
        let mut rest = tables.tails.as_str();
        for ((literal, &place), (&length, &inner)) in
            (1_u32..).zip(&tables.ends).zip(tables.lengths.iter().zip(&tables.inner))
        {
            let (tail, after) = rest.split_at_checked(usize::from(length)).unwrap_or((rest, ""));
            rest = after;
            if let Some(end) = ends.get_mut(place as usize).filter(|_| tables.bases[place as usize] & TAIL == 0) {
                *end = literal;
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
