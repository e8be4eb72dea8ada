//! Cheap facts by which finders are skipped.

use super::clue::{Clue, Clues};
use crate::views::{Class, View};

const ALPHANUMERIC: [bool; 128] = {
    let mut alphanumeric = [false; 128];
    let mut byte = 0;
    while byte < alphanumeric.len() {
        alphanumeric[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    alphanumeric
};

/// What the text holds, besides words of the rules.
#[derive(Clone, Debug)]
pub(super) struct Hints {
    /// ASCII digits.
    pub(super) digits: usize,
    /// Most of them in a row.
    pub(super) longest_digits: usize,
    /// Most ASCII letters and digits in a row; none where there is no digit.
    pub(super) longest_word: usize,
    /// Most letters and digits of any script in a row.
    pub(super) longest_token: usize,
    /// Whether a digit follows an ASCII letter.
    pub(super) has_code: bool,
    /// Letters, digits and pictographs.
    pub(super) shown: usize,
    /// ASCII characters that occur.
    seen: [bool; 128],
    /// Letters, digits and pictographs beyond ASCII that occur, by the end of their numbers.
    others: [bool; 128],
    /// Classes of all characters.
    classes: Class,
    clues: Clues,
}

impl Hints {
    /// `clues` are those of the text.
    pub(super) fn of(plain: &View, clues: Clues) -> Hints {
        let mut hints = Hints {
            digits: 0,
            longest_digits: 0,
            longest_word: 0,
            longest_token: 0,
            has_code: false,
            shown: 0,
            seen: [false; 128],
            others: [false; 128],
            classes: Class::default(),
            clues,
        };
        let mut token = 0;
        for (&c, &class) in plain.chars.iter().zip(&plain.classes) {
            hints.classes = hints.classes.or(class);
            token = if class.is(Class::WORD) { token + 1 } else { 0 };
            hints.longest_token = hints.longest_token.max(token);
            let is_shown = class.is(Class::WORD.or(Class::EMOJI));
            hints.shown += usize::from(is_shown);
            match hints.seen.get_mut(c as usize) {
                Some(seen) => *seen = true,
                None => hints.others[c as usize % 128] |= is_shown,
            }
        }
        if hints.seen[usize::from(b'0')..=usize::from(b'9')].contains(&true) {
            hints.look_at_digits(plain);
        }
        hints
    }

    fn look_at_digits(&mut self, plain: &View) {
        let (mut run, mut word) = (0, 0);
        for (&c, &class) in plain.chars.iter().zip(&plain.classes) {
            let is_word = class.is(Class::WORD) && c.is_ascii();
            word = if is_word { word + 1 } else { 0 };
            self.longest_word = self.longest_word.max(word);
            let digit = c.is_ascii_digit();
            self.digits += usize::from(digit);
            self.has_code |= digit && word > run + 1;
            run = if digit { run + 1 } else { 0 };
            self.longest_digits = self.longest_digits.max(run);
        }
    }

    /// Whether one of these ASCII characters occurs.
    pub(super) fn has(&self, chars: &[u8]) -> bool {
        chars.iter().any(|&byte| self.seen.get(usize::from(byte)) == Some(&true))
    }

    pub(super) fn has_ascii_letters(&self) -> bool {
        // The plain view has no capitals.
        self.seen[usize::from(b'a')..=usize::from(b'z')].contains(&true)
    }

    /// Whether a character of one of these classes occurs.
    pub(super) fn has_class(&self, classes: Class) -> bool {
        self.classes.is(classes)
    }

    /// Different letters, digits and pictographs; rather too few.
    pub(super) fn kinds(&self) -> usize {
        let both = self.seen.iter().zip(&self.others).zip(&ALPHANUMERIC);
        usize::from(both.map(|((&seen, &other), &shown)| u8::from(other | seen & shown)).sum::<u8>())
    }

    pub(super) fn has_clue(&self, clue: Clue) -> bool {
        self.clues.has(clue)
    }
}
