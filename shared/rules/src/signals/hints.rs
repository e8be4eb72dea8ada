//! Cheap facts by which finders are skipped, from one pass over the text.

use std::sync::OnceLock;

use super::{places, shape};
use crate::patterns::Automaton;
use crate::views::View;

/// What the text holds, besides words of the rules.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints {
    /// ASCII digits.
    pub(super) digits: usize,
    /// Most of them in a row.
    pub(super) longest_digits: usize,
    /// Most ASCII letters and digits in a row.
    pub(super) longest_word: usize,
    /// ASCII characters that occur, a bit for each.
    seen: u128,
    /// Lists of words of which one occurs, a bit for each.
    words: u32,
}

/// Bits of `words`; the written forms have those from 0 on.
const SERVICES: u32 = 1 << 30;
const INJECTIONS: u32 = 1 << 31;

impl Hints {
    pub(super) fn of(plain: &View) -> Hints {
        let mut hints = Hints::default();
        let (mut run, mut word) = (0, 0);
        for c in plain.chars() {
            if !c.is_ascii() {
                (run, word) = (0, 0);
                continue;
            }
            word = if c.is_ascii_alphanumeric() { word + 1 } else { 0 };
            hints.longest_word = hints.longest_word.max(word);
            hints.seen |= 1 << (c as u32);
            if c.is_ascii_digit() {
                hints.digits += 1;
                run += 1;
                hints.longest_digits = hints.longest_digits.max(run);
            } else {
                run = 0;
            }
        }
        let words = Words::get();
        words.automaton.search(plain.chars(), |word, _, _| {
            hints.words |= words.lists.get(word as usize).copied().unwrap_or_default();
        });
        hints
    }

    /// Whether one of these ASCII characters occurs.
    pub(super) fn has(self, chars: &[u8]) -> bool {
        chars.iter().any(|&byte| byte.is_ascii() && self.seen & 1 << byte != 0)
    }

    pub(super) fn has_ascii_letters(self) -> bool {
        const LETTERS: u128 = ((1 << 26) - 1) << b'a';
        // The plain view has no capitals.
        self.seen & LETTERS != 0
    }

    /// Whether a word occurs without which the written form of this place is not there.
    pub(super) fn has_form(self, form: usize) -> bool {
        self.words & 1 << form != 0
    }

    pub(super) fn has_service(self) -> bool {
        self.words & SERVICES != 0
    }

    pub(super) fn has_injection(self) -> bool {
        self.words & INJECTIONS != 0
    }
}

/// All words of all lists.
struct Words {
    automaton: Automaton,
    /// The lists that each word belongs to.
    lists: Vec<u32>,
}

impl Words {
    fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            let mut words: Vec<(&str, u32)> = Vec::new();
            let forms = places::forms()
                .iter()
                .enumerate()
                .flat_map(|(at, form)| form.hints.iter().map(move |&word| (word, 1 << at)));
            let services = places::SERVICES.iter().map(|&word| (word, SERVICES));
            let injections = shape::INJECTIONS.iter().map(|&word| (word, INJECTIONS));
            for (word, list) in forms.chain(services).chain(injections) {
                match words.iter_mut().find(|(other, _)| *other == word) {
                    Some((_, lists)) => *lists |= list,
                    None => words.push((word, list)),
                }
            }
            Words {
                automaton: Automaton::new(words.iter().map(|(word, _)| *word)),
                lists: words.iter().map(|(_, lists)| *lists).collect(),
            }
        })
    }
}
