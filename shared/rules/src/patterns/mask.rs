//! Words with hidden characters (伏字): 死○, パ◯活, ち✗こ.

use serde::{Deserialize, Serialize};

use super::packed;
use crate::views::{View, is_japanese, is_kana, is_kanji, is_mask, is_word};
use crate::work;

/// Words by the first two of their characters, either of which may be hidden.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct MaskIndex {
    /// First characters of the words, in order.
    #[serde(with = "packed")]
    firsts: Vec<u32>,
    /// Second characters in order, and the words that they belong to.
    #[serde(with = "packed")]
    seconds: Vec<u32>,
    #[serde(with = "packed")]
    of_second: Vec<u32>,
    /// Literals of the words.
    #[serde(with = "packed")]
    literals: Vec<u32>,
    /// First character of each word within `chars`, and their number at the end.
    #[serde(with = "packed")]
    of_word: Vec<u32>,
    #[serde(with = "packed")]
    chars: Vec<u32>,
    longest: usize,
}

impl MaskIndex {
    /// Takes texts with their literals, by text.
    pub(super) fn new(literals: impl Iterator<Item = (String, u32)>) -> Self {
        let mut index = MaskIndex { of_word: vec![0], ..MaskIndex::default() };
        let mut seconds = Vec::new();
        for (text, literal) in literals {
            let chars: Vec<char> = text.chars().collect();
            let [first, second, ..] = chars[..] else { continue };
            if !chars.iter().any(|&c| is_japanese(c)) {
                continue;
            }
            seconds.push((u32::from(second), index.literals.len() as u32));
            index.firsts.push(u32::from(first));
            index.literals.push(literal);
            index.longest = index.longest.max(chars.len());
            index.chars.extend(chars.into_iter().map(u32::from));
            index.of_word.push(index.chars.len() as u32);
        }
        seconds.sort_unstable();
        (index.seconds, index.of_second) = seconds.into_iter().unzip();
        index
    }

    /// Words with this character at their beginning.
    fn by_first(&self, c: char) -> impl Iterator<Item = usize> {
        equal(&self.firsts, c)
    }

    /// Words with this character after their first.
    fn by_second(&self, c: char) -> impl Iterator<Item = usize> {
        equal(&self.seconds, c).filter_map(|at| self.of_second.get(at).map(|&word| word as usize))
    }

    fn word(&self, word: usize) -> Option<(&[u32], u32)> {
        let chars = self.chars.get(*self.of_word.get(word)? as usize..*self.of_word.get(word + 1)? as usize)?;
        Some((chars, *self.literals.get(word)?))
    }

    /// Calls `found` with literal, first and end place of every hidden word.
    pub(super) fn search(&self, text: &str, view: &View, mut found: impl FnMut(u32, usize, usize)) {
        if self.literals.is_empty() {
            return;
        }
        let chars = &view.chars;
        let hides = |at: usize| {
            chars.get(at).is_some_and(|&c| is_mask(c))
                && (at > 0 && is_japanese(chars[at - 1]) || chars.get(at + 1).is_some_and(|&next| is_japanese(next)))
        };
        let masks: Vec<usize> = (0..chars.len()).filter(|&at| hides(at)).collect();
        let mut next = 0;
        for at in 0..chars.len().saturating_sub(1) {
            while masks.get(next).is_some_and(|&mask| mask < at) {
                next += 1;
            }
            match masks.get(next) {
                None => return,
                Some(&mask) if mask >= at + self.longest => continue,
                Some(_) => {}
            }
            let (first, second) = (chars[at], chars[at + 1]);
            let mut candidate = |word: usize| {
                work::add(1);
                let Some((letters, literal)) = self.word(word) else { return };
                let end = at + letters.len();
                if end > chars.len() {
                    return;
                }
                let mut masks = 0;
                let fits = letters.iter().enumerate().all(|(index, &c)| {
                    if u32::from(chars[at + index]) == c {
                        return true;
                    }
                    masks += 1;
                    hides(at + index)
                });
                if fits
                    && masks > 0
                    && masks * 2 <= letters.len()
                    && (letters.len() > 2 || is_word_of_two(text, view, at, end))
                {
                    found(literal, at, end);
                }
            };
            if hides(at) {
                self.by_second(second).for_each(&mut candidate);
            } else {
                self.by_first(first).for_each(&mut candidate);
            }
        }
    }
}

/// Places of a character in a list that is in order.
fn equal(list: &[u32], c: char) -> std::ops::Range<usize> {
    let first = list.partition_point(|&other| other < u32::from(c));
    first..first + list[first..].partition_point(|&other| other == u32::from(c))
}

/// Two characters of which the second is hidden are a word where nothing touches them, or after a change of script;
/// those of which the first is, where they end a sentence after kana, as a verb does (お前を○す).
fn is_word_of_two(text: &str, view: &View, first: usize, end: usize) -> bool {
    let there = |at: Option<usize>| at.and_then(|at| view.chars.get(at)).copied();
    let touches = |c: Option<char>| c.is_some_and(|c| is_word(c) || is_mask(c));
    let (before, after) = (there(first.checked_sub(1)), there(Some(end)));
    if is_mask(view.chars[first]) {
        let verb = matches!(view.chars[end - 1], 'う' | 'く' | 'ぐ' | 'す' | 'つ' | 'ぬ' | 'ぶ' | 'む' | 'る');
        // Katakana is no ending of a verb, though the view reads it as hiragana.
        let written =
            |at: usize| view.places.get(at).and_then(|place| text.get(place.start as usize..)?.chars().next());
        let hiragana = |at: usize| written(at).is_some_and(|c| matches!(c, 'ぁ'..='ゖ'));
        return verb && first > 0 && hiragana(first - 1) && hiragana(end - 1) && !touches(after);
    }
    let sign = !view.chars[end - 1].is_ascii_alphanumeric();
    let begins = !touches(before) || (is_kanji(view.chars[first]) && before.is_some_and(is_kana));
    begins
        && (!touches(after)
            || sign && !after.is_some_and(|c| is_mask(c) || c.is_ascii_digit()) && after.is_some_and(is_kana))
}
