//! The folded view: spellings of the same word made one, Japanese words left as they are.

use unicode_normalization::UnicodeNormalization;

use super::View;
use super::chars::{is_kana, is_latin, kana_to_hiragana};
use super::class::Class;
use crate::work;

/// Folds characters one for one; `squeezed` comes after. None where that changes nothing.
pub(super) fn base(plain: &View) -> Option<View> {
    let mut chars = plain.chars.clone();
    let strange = |(&c, class): (&char, &Class)| class.is(Class::LOOKALIKE) && lookalike(c).is_none();
    // Looks at all of them: faster than to stop early.
    let kinds = plain.classes.iter().fold(Class::default(), |all, &class| all.or(class));
    let foreign = kinds.is(Class::LOOKALIKE) && plain.chars.iter().zip(&plain.classes).any(strange);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if plain.classes[at].is(Class::WORD_PART) {
            let letters = chars[at..].iter().take_while(|c| c.is_ascii_lowercase()).count();
            let end = at
                + letters
                + plain.classes[at + letters..].iter().take_while(|class| class.is(Class::WORD_PART)).count();
            // A lone letter beside kana is drawn like one (ι for し), and left to the joined view.
            let kana =
                |at: Option<usize>| at.and_then(|at| plain.classes.get(at)).is_some_and(|class| class.is(Class::KANA));
            let drawn = matches!(c, 'ι' | 'σ' | 'τ' | 'ω' | 'ξ' | 'з')
                && end == at + 1
                && (kana(at.checked_sub(1)) || kana(Some(end)));
            // A word of letters alone is as it should be.
            if end > at + letters && !drawn {
                fold_word(&mut chars[at..end], !foreign);
            }
            at = end;
            continue;
        }
        chars[at] = match c {
            '\u{20}' | '\u{a0}' | '\n' => ' ',
            '`' => '\'',
            _ if c.is_ascii() && c != '-' => c,
            'ぁ' | 'ァ' => 'あ',
            'ぃ' | 'ィ' => 'い',
            'ぅ' | 'ゥ' => 'う',
            'ぇ' | 'ェ' => 'え',
            'ぉ' | 'ォ' => 'お',
            'ゎ' | 'ヮ' => 'わ',
            'ゕ' | 'ヵ' => 'か',
            'ゖ' | 'ヶ' => 'け',
            '―' | '─' | '‐' | '-' | '−' | '–' | '—' | '━'
                if at > 0 && is_kana(chars[at - 1]) && chars.get(at + 1).is_some_and(|&next| is_kana(next)) =>
            {
                'ー'
            }
            '’' | '‘' | '´' => '\'',
            '“' | '”' => '"',
            _ => kana_to_hiragana(c),
        };
        at += 1;
    }
    (chars != plain.chars).then(|| plain.with_chars(chars))
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
        let run = chars[at..].iter().take_while(|&&other| other == c).count();
        let kept = match c {
            ' ' => 1,
            'ー' => run.min(keep),
            _ if run >= 3 && !classes[at].is(Class::NUMERIC) => keep,
            _ => run,
        };
        for index in 0..kept {
            let mut place = places[at + index];
            if index + 1 == kept {
                place.end = places[at + run - 1].end.max(place.end);
            }
            view.push(c, place);
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

fn fold_word(word: &mut [char], latin_text: bool) {
    let latin = word.iter().any(|&c| is_latin(c));
    let disguised = latin_text && word.iter().all(|&c| !is_of_lookalike_script(c) || lookalike(c).is_some());
    let letters = latin || (disguised && word.iter().any(|&c| is_of_lookalike_script(c)));
    if !letters {
        return;
    }
    // A leading @ is a mention, trailing ! and | are punctuation.
    let first = word.iter().take_while(|c| matches!(c, '@' | '!' | '|')).count();
    let last = word.len() - word[first..].iter().rev().take_while(|c| matches!(c, '!' | '|' | '@')).count();
    let mut previous = None;
    for at in first..last.max(first) {
        let c = word[at];
        let one_beside = previous == Some('1') || word.get(at + 1) == Some(&'1');
        previous = Some(c);
        word[at] = match c {
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
