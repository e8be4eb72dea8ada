//! Words with hidden characters (伏字): 死○, パ◯活, ち✗こ.

use std::collections::{BTreeSet, HashMap};

use crate::views::{View, is_japanese, is_mask, is_word};

/// Words by the first two of their characters, either of which may be hidden.
#[derive(Debug, Default)]
pub(crate) struct MaskIndex {
    words: Vec<(Vec<char>, u32)>,
    by_first: HashMap<char, Vec<u32>>,
    by_second: HashMap<char, Vec<u32>>,
    longest: usize,
}

impl MaskIndex {
    pub(super) fn new(literals: BTreeSet<(String, u32)>) -> Self {
        let mut index = MaskIndex::default();
        for (text, literal) in literals {
            let chars: Vec<char> = text.chars().collect();
            let [first, second, ..] = chars[..] else { continue };
            if !chars.iter().any(|&c| is_japanese(c)) {
                continue;
            }
            let word = index.words.len() as u32;
            index.by_first.entry(first).or_default().push(word);
            index.by_second.entry(second).or_default().push(word);
            index.longest = index.longest.max(chars.len());
            index.words.push((chars, literal));
        }
        index
    }

    /// Calls `found` with literal, first cell and end cell of every hidden word.
    pub(super) fn search(&self, view: &View, mut found: impl FnMut(u32, usize, usize)) {
        if self.words.is_empty() {
            return;
        }
        let cells = &view.cells;
        let hides = |at: usize| {
            cells.get(at).is_some_and(|cell| is_mask(cell.ch))
                && (at > 0 && is_japanese(cells[at - 1].ch)
                    || cells.get(at + 1).is_some_and(|next| is_japanese(next.ch)))
        };
        let masks: Vec<usize> = (0..cells.len()).filter(|&at| hides(at)).collect();
        let mut next = 0;
        for at in 0..cells.len().saturating_sub(1) {
            while masks.get(next).is_some_and(|&mask| mask < at) {
                next += 1;
            }
            match masks.get(next) {
                None => return,
                Some(&mask) if mask >= at + self.longest => continue,
                Some(_) => {}
            }
            let (first, second) = (cells[at].ch, cells[at + 1].ch);
            let candidates = if hides(at) { self.by_second.get(&second) } else { self.by_first.get(&first) };
            for &word in candidates.into_iter().flatten() {
                let (chars, literal) = &self.words[word as usize];
                let end = at + chars.len();
                if end > cells.len() {
                    continue;
                }
                let mut masks = 0;
                let fits = chars.iter().enumerate().all(|(index, &c)| {
                    let there = cells[at + index].ch;
                    if there == c {
                        return true;
                    }
                    masks += 1;
                    hides(at + index)
                });
                if fits && masks > 0 && masks * 2 <= chars.len() && (chars.len() > 2 || stands_alone(view, at, end)) {
                    found(*literal, at, end);
                }
            }
        }
    }
}

/// Two characters of which one is hidden are a word only where nothing else touches them.
fn stands_alone(view: &View, first: usize, end: usize) -> bool {
    let touches = |at: Option<usize>| {
        at.and_then(|at| view.cells.get(at)).is_some_and(|cell| is_word(cell.ch) || is_mask(cell.ch))
    };
    !is_mask(view.cells[first].ch) && !touches(first.checked_sub(1)) && !touches(Some(end))
}
