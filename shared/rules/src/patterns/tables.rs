//! A trie as tables that can be stored: a double array, the codes of its characters, and what is left of each literal
//! below its last state.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::packed;

/// Characters of one page of the code table.
const PAGE: usize = 256;
/// Marks a place of the double array that no state has.
const FREE: u32 = u32::MAX;
/// Places tried for a state before it is put behind all others, so that building stays linear.
const MOST_TRIES: usize = 64;
/// Marks the base of a state that only one literal goes through; the rest is the number of that literal.
pub(super) const TAIL: u32 = 1 << 31;
/// The bits of any other base that are a place; places are counted round it.
pub(super) const PLACE: u32 = (1 << 30) - 1;

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

/// What there is to know of a literal besides its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    /// Whether it may begin inside a word of Latin letters or digits.
    pub(super) inner: bool,
    /// Told where it is found.
    pub(super) value: u32,
}

/// The trie as it is stored: what can't be told from the rest in no time.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Tables {
    #[serde(with = "packed")]
    pub(super) pages: Vec<u16>,
    #[serde(with = "packed")]
    pub(super) codes: Vec<u16>,
    #[serde(with = "packed")]
    pub(super) bases: Vec<u32>,
    #[serde(with = "packed")]
    pub(super) checks: Vec<u32>,
    /// The last state of each literal.
    #[serde(with = "packed")]
    pub(super) ends: Vec<u32>,
    /// Bytes of each literal below its last state.
    #[serde(with = "packed")]
    pub(super) lengths: Vec<u16>,
    pub(super) tails: String,
    pub(super) inner: Vec<bool>,
    /// What each literal means.
    #[serde(with = "packed")]
    pub(super) values: Vec<u32>,
}

impl Tables {
    pub(super) fn new<'a>(literals: impl Iterator<Item = (&'a str, Meaning)> + Clone) -> Tables {
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
        tables.inner = literals.clone().map(|(_, meaning)| meaning.inner).collect();
        tables.values = literals.map(|(_, meaning)| meaning.value).collect();
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
            let base = places.base_for(&nodes[node].children) & PLACE;
            base_of[node] = base;
            for &(code, child) in &nodes[node].children {
                let place = base.wrapping_add(code) & PLACE;
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
    pub(super) fn characters(&self) -> Vec<char> {
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
    pub(super) fn path(&self, end: u32, characters: &[char], path: &mut Vec<char>) {
        path.clear();
        let mut at = end;
        while at != 0 {
            let parent = self.checks.get(at as usize).copied().unwrap_or(0);
            let base = self.bases.get(parent as usize).copied().unwrap_or(0);
            path.push(characters.get((at.wrapping_sub(base) & PLACE) as usize).copied().unwrap_or_default());
            at = parent;
        }
        path.reverse();
    }
}

/// The code of a character; 0 for one that no literal holds.
pub(super) fn code(pages: &[u16], codes: &[u16], c: char) -> u32 {
    let c = c as usize;
    match pages.get(c / PAGE) {
        None | Some(0) => 0,
        Some(&page) => codes.get((usize::from(page) - 1) * PAGE + c % PAGE).map_or(0, |&code| u32::from(code)),
    }
}
