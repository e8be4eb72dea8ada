//! The folded view: spellings of the same word made one, Japanese words left as they are.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::View;
use super::chars::{is_latin, kana_to_hiragana};
use super::class::Class;
use crate::work;

/// Folds characters one for one; `squeezed` comes after. None where that changes nothing.
pub(super) fn base(plain: &View) -> Option<View> {
    may_fold(plain).then(|| folded(plain)).flatten()
}

fn folded(plain: &View) -> Option<View> {
    let mut folding = Folding { plain, folded: None };
    let strange = |(&c, class): (&char, &Class)| class.is(Class::LOOKALIKE) && lookalike(c).is_none();
    let foreign = plain.chars.iter().zip(&plain.classes).any(strange);
    let mut at = 0;
    while let Some((&c, class)) = plain.chars.get(at).zip(plain.classes.get(at)) {
        if class.is(Class::WORD_PART) {
            let parts = plain.classes[at..].iter().take_while(|class| class.is(Class::WORD_PART));
            let end = at + parts.count();
            // A lone letter beside kana is drawn like one (ι for し), and left to the joined view.
            let drawn = matches!(c, 'ι' | 'σ' | 'τ' | 'ω' | 'ξ' | 'з')
                && end == at + 1
                && (folding.is_kana(at.checked_sub(1)) || folding.is_kana(Some(end)));
            if !drawn {
                fold_word(&mut folding, at..end, !foreign);
            }
            at = end;
            continue;
        }
        if class.is(Class::FOLDED) || c == '-' {
            let between_kana = || folding.is_kana(at.checked_sub(1)) && folding.is_kana(Some(at + 1));
            match fold(c) {
                'ー' if !between_kana() => {}
                folded => folding.set(at, folded),
            }
        }
        at += 1;
    }
    folding.folded.map(|(chars, classes)| View::new(chars, classes, plain.places.clone()))
}

/// Whether folding may change anything. Looks at all of them: faster than to stop early.
fn may_fold(plain: &View) -> bool {
    let View { chars, classes, .. } = plain;
    let kinds = classes.iter().fold(Class::default(), |all, &class| all.or(class));
    // Letters beyond ASCII may all be other spellings.
    let beyond =
        chars.iter().zip(classes).fold(false, |any, (&c, class)| any | class.is(Class::WORD_PART) & !c.is_ascii());
    // Beside a letter, what may stand for one.
    let pairs = classes.iter().zip(classes.get(1..).unwrap_or_default());
    let mixed = |a: Class, b: Class| {
        a.is(Class::WORD_PART) & b.is(Class::WORD_PART) & (a.is(Class::LATIN) != b.is(Class::LATIN))
    };
    let hyphen = classes.iter().zip(chars.get(1..).unwrap_or_default());
    kinds.is(Class::FOLDED)
        || beyond
        || pairs.fold(false, |any, (&a, &b)| any | mixed(a, b))
        || kinds.is(Class::KANA) && hyphen.fold(false, |any, (a, &c)| any | a.is(Class::KANA) & (c == '-'))
}

/// The characters of a view and their classes, copied when the first of them changes.
struct Folding<'a> {
    plain: &'a View,
    folded: Option<(Vec<char>, Vec<Class>)>,
}

impl Folding<'_> {
    fn is_kana(&self, at: Option<usize>) -> bool {
        at.and_then(|at| self.plain.classes.get(at)).is_some_and(|class| class.is(Class::KANA))
    }

    fn set(&mut self, at: usize, c: char) {
        if self.plain.chars[at] != c {
            let (chars, classes) =
                self.folded.get_or_insert_with(|| (self.plain.chars.clone(), self.plain.classes.clone()));
            (chars[at], classes[at]) = (c, Class::of(c));
        }
    }
}

/// A character that is no part of a word of Latin letters, folded; a dash, where it stands between kana.
fn fold(c: char) -> char {
    match c {
        '\u{a0}' | '\n' => ' ',
        'ぁ' | 'ァ' => 'あ',
        'ぃ' | 'ィ' => 'い',
        'ぅ' | 'ゥ' => 'う',
        'ぇ' | 'ェ' => 'え',
        'ぉ' | 'ォ' => 'お',
        'ゎ' | 'ヮ' => 'わ',
        'ゕ' | 'ヵ' => 'か',
        'ゖ' | 'ヶ' => 'け',
        '―' | '─' | '‐' | '-' | '−' | '–' | '—' | '━' => 'ー',
        '`' | '’' | '‘' | '´' => '\'',
        '“' | '”' => '"',
        _ => kana_to_hiragana(c),
    }
}

/// Whether a character beyond ASCII is folded.
pub(super) fn is_folded(c: char) -> bool {
    fold(c) != c
}

/// Runs of three or more become `keep` characters (never digits), runs of space one space. None where there are none.
pub(super) fn squeezed(base: &View, keep: usize) -> Option<View> {
    let View { chars, places, classes, .. } = base;
    work::add(chars.len());
    if !has_runs(chars) {
        return None;
    }
    let mut view = View::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let other = chars[at..].windows(2).position(|two| two[0] == two[1]).unwrap_or(chars.len() - at);
        if other > 0 {
            view.extend(base, at..at + other);
            at += other;
            continue;
        }
        let run = chars[at..].iter().take_while(|&&other| other == c).count();
        let kept = match c {
            ' ' => 1,
            'ー' => run.min(keep),
            _ if run >= 3 && !classes[at].is(Class::NUMERIC) => keep,
            _ => run,
        };
        view.extend(base, at..at + kept);
        if let Some(last) = view.places.last_mut() {
            last.end = places[at + run - 1].end.max(last.end);
        }
        at += run;
    }
    Some(view)
}

/// Looks at all of them: faster than to stop early.
fn has_runs(chars: &[char]) -> bool {
    let short = |a: char, b: char| (a == b) & ((a == ' ') | (a == 'ー'));
    let two = chars.iter().zip(chars.get(1..).unwrap_or_default());
    let three = two.clone().zip(chars.get(2..).unwrap_or_default());
    two.fold(false, |runs, (&a, &b)| runs | short(a, b))
        || three.fold(false, |runs, ((&a, &b), &c)| runs | (a == b) & (b == c))
}

fn is_of_lookalike_script(c: char) -> bool {
    Class::of(c).is(Class::LOOKALIKE)
}

fn fold_word(folding: &mut Folding<'_>, range: Range<usize>, latin_text: bool) {
    let word = &folding.plain.chars[range.clone()];
    // A leading @ is a mention, trailing ! and | are punctuation.
    let first = word.iter().take_while(|c| matches!(c, '@' | '!' | '|')).count();
    let last = word.len() - word[first..].iter().rev().take_while(|c| matches!(c, '!' | '|' | '@')).count();
    // A word of letters alone is as it should be.
    if word[first..last.max(first)].iter().all(char::is_ascii_lowercase) {
        return;
    }
    let latin = word.iter().any(|&c| is_latin(c));
    let disguised = latin_text && word.iter().all(|&c| !is_of_lookalike_script(c) || lookalike(c).is_some());
    let letters = latin || (disguised && word.iter().any(|&c| is_of_lookalike_script(c)));
    if !letters {
        return;
    }
    let mut previous = None;
    for at in first..last.max(first) {
        let c = word[at];
        let one_beside = previous == Some('1') || word.get(at + 1) == Some(&'1');
        previous = Some(c);
        let letter = match c {
            'a'..='z' | '2' | '6' | '8' | '9' => c,
            '0' => 'o',
            '1' if one_beside => 'l',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '|' => 'l',
            _ => latin_base(c).or_else(|| lookalike(c)).unwrap_or(c),
        };
        folding.set(range.start + at, letter);
    }
}

/// The plain letter under a Latin letter with marks.
pub(crate) fn latin_base(c: char) -> Option<char> {
    if !is_latin(c) {
        return None;
    }
    match c {
        'ø' => Some('o'),
        'ł' => Some('l'),
        'đ' | 'ð' => Some('d'),
        'ı' | 'ɩ' | 'ɪ' => Some('i'),
        'ɑ' | 'ᴀ' => Some('a'),
        'ʙ' => Some('b'),
        'ᴄ' => Some('c'),
        'ᴅ' => Some('d'),
        'ᴇ' | 'ɛ' => Some('e'),
        'ɡ' | 'ɢ' => Some('g'),
        'ʜ' => Some('h'),
        'ᴊ' => Some('j'),
        'ᴋ' => Some('k'),
        'ʟ' => Some('l'),
        'ᴍ' => Some('m'),
        'ɴ' => Some('n'),
        'ᴏ' => Some('o'),
        'ᴘ' => Some('p'),
        'ʀ' => Some('r'),
        'ꜱ' => Some('s'),
        'ᴛ' => Some('t'),
        'ᴜ' => Some('u'),
        'ᴠ' => Some('v'),
        'ᴡ' => Some('w'),
        'ʏ' => Some('y'),
        'ᴢ' => Some('z'),
        _ => std::iter::once(c).nfd().next().filter(char::is_ascii_alphabetic),
    }
}

/// The Latin letter that a letter of another script looks like.
fn lookalike(c: char) -> Option<char> {
    match c {
        'в' => Some('b'),
        'н' => Some('h'),
        'к' | 'κ' => Some('k'),
        'м' => Some('m'),
        'т' | 'τ' => Some('t'),
        'п' => Some('n'),
        'г' => Some('r'),
        'ω' => Some('w'),
        'η' => Some('n'),
        'ε' | 'є' => Some('e'),
        'α' => Some('a'),
        'β' => Some('b'),
        'ι' => Some('i'),
        'μ' => Some('u'),
        'χ' => Some('x'),
        'ζ' => Some('z'),
        _ if c.is_ascii() => None,
        _ => {
            let mut buffer = [0; 4];
            let mut prototype = unicode_security::confusable_detection::skeleton(c.encode_utf8(&mut buffer));
            match (prototype.next(), prototype.next()) {
                (Some(letter), None) if letter.is_ascii_alphabetic() => Some(letter.to_ascii_lowercase()),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::plain::read;

    proptest::proptest! {
        #[test]
        fn nothing_folds_where_nothing_may(text in "[a-c1@!$|.` \n-]{0,12}|[aあアァ一ー-]{0,8}|[aéвι“—あ ]{0,6}") {
            let plain = read(&text);
            assert_eq!(base(&plain).map(|view| view.chars), folded(&plain).map(|view| view.chars));
        }
    }
}
