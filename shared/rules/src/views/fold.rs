//! The folded view: spellings of the same word made one, Japanese words left as they are.

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

use super::Cell;
use super::chars::{is_east_asian, is_kana, is_latin, kana_to_hiragana};
use crate::work;

/// Folds characters one for one; `squeeze` comes after.
pub(super) fn base(plain: &[Cell]) -> Vec<Cell> {
    let mut cells = plain.to_vec();
    let foreign = plain.iter().any(|cell| is_lookalike_script(cell.ch) && lookalike(cell.ch).is_none());
    let mut at = 0;
    while at < cells.len() {
        let ch = cells[at].ch;
        if is_word_part(ch) {
            let letters = cells[at..].iter().take_while(|cell| cell.ch.is_ascii_lowercase()).count();
            let end = at + letters + cells[at + letters..].iter().take_while(|cell| is_word_part(cell.ch)).count();
            // A word as it should be.
            if end == at + letters {
                at = end;
                continue;
            }
            // A lone letter beside kana is drawn like one (ι for し), and left to the joined view.
            let kana = |at: Option<usize>| at.and_then(|at| plain.get(at)).is_some_and(|cell| is_kana(cell.ch));
            let drawn = matches!(ch, 'ι' | 'σ' | 'τ' | 'ω' | 'ξ' | 'з')
                && end == at + 1
                && (kana(at.checked_sub(1)) || kana(Some(end)));
            if !drawn {
                fold_word(&mut cells[at..end], !foreign);
            }
            at = end;
            continue;
        }
        let previous_kana = at > 0 && is_kana(cells[at - 1].ch);
        cells[at].ch = match ch {
            '\u{20}' | '\u{a0}' | '\n' => ' ',
            'ぁ' | 'ァ' => 'あ',
            'ぃ' | 'ィ' => 'い',
            'ぅ' | 'ゥ' => 'う',
            'ぇ' | 'ェ' => 'え',
            'ぉ' | 'ォ' => 'お',
            'ゎ' | 'ヮ' => 'わ',
            'ゕ' | 'ヵ' => 'か',
            'ゖ' | 'ヶ' => 'け',
            '―' | '─' | '‐' | '-' | '−' | '–' | '—' | '━'
                if previous_kana && cells.get(at + 1).is_some_and(|next| is_kana(next.ch)) =>
            {
                'ー'
            }
            '’' | '‘' | '`' | '´' => '\'',
            '“' | '”' => '"',
            _ => kana_to_hiragana(ch),
        };
        at += 1;
    }
    cells
}

/// Runs of three or more become `keep` characters (never digits), runs of space one space.
pub(super) fn squeeze(base: Vec<Cell>, keep: usize) -> Vec<Cell> {
    work::add(base.len());
    let same = |pair: &[Cell]| pair[0].ch == pair[1].ch;
    let long = |three: &[Cell]| same(three) && same(&three[1..]);
    let short = |pair: &[Cell]| same(pair) && matches!(pair[0].ch, ' ' | 'ー');
    if !base.windows(2).any(short) && !base.windows(3).any(long) {
        return base;
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(base.len());
    let mut at = 0;
    while at < base.len() {
        let ch = base[at].ch;
        let run = base[at..].iter().take_while(|cell| cell.ch == ch).count();
        let kept = match ch {
            ' ' => 1,
            'ー' => run.min(keep),
            _ if run >= 3 && !ch.is_numeric() => keep,
            _ => run,
        };
        let (first, rest) = (at, at + run);
        for index in 0..kept {
            let mut cell = base[first + index];
            if index + 1 == kept {
                cell.end = base[rest - 1].end.max(cell.end);
            }
            cells.push(cell);
        }
        at = rest;
    }
    cells
}

/// Characters that may belong to a word of Latin letters, written straight or disguised.
fn is_word_part(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '@' | '$' | '!' | '|')
        || (!c.is_ascii() && (is_latin(c) || is_lookalike_script(c)))
}

fn is_lookalike_script(c: char) -> bool {
    !c.is_ascii()
        && !is_east_asian(c)
        && c.is_alphabetic()
        && matches!(
            c.script(),
            Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic | Script::Lisu
        )
}

fn fold_word(word: &mut [Cell], latin_text: bool) {
    let latin = word.iter().any(|cell| is_latin(cell.ch));
    let disguised = latin_text && word.iter().all(|cell| !is_lookalike_script(cell.ch) || lookalike(cell.ch).is_some());
    let letters = latin || (disguised && word.iter().any(|cell| is_lookalike_script(cell.ch)));
    if !letters {
        return;
    }
    // A leading @ is a mention, trailing ! and | are punctuation.
    let first = word.iter().take_while(|cell| matches!(cell.ch, '@' | '!' | '|')).count();
    let last = word.len() - word[first..].iter().rev().take_while(|cell| matches!(cell.ch, '!' | '|' | '@')).count();
    let mut previous = None;
    for at in first..last.max(first) {
        let ch = word[at].ch;
        let one_beside = previous == Some('1') || word.get(at + 1).is_some_and(|next| next.ch == '1');
        previous = Some(ch);
        word[at].ch = match ch {
            'a'..='z' | '2' | '6' | '8' | '9' => ch,
            '0' => 'o',
            '1' if one_beside => 'l',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '|' => 'l',
            _ => latin_base(ch).or_else(|| lookalike(ch)).unwrap_or(ch),
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
