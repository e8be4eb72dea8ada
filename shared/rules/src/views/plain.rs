//! The plain view: NFKC, lower case, invisible characters removed, half-width kana composed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::Cell;
use super::chars::is_ignorable;
use crate::work;

/// Combining marks kept on one base character; what follows is decoration meant to disturb.
const MARKS_KEPT: usize = 4;

pub(super) fn cells(text: &str) -> Vec<Cell> {
    if text.is_ascii() { ascii(text) } else { composed(text) }
}

/// As `composed`, of a text in which nothing can compose.
fn ascii(text: &str) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(text.len());
    work::add(text.len());
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => push(&mut cells, '\n', at, at + 1),
            b'\n' | b'\t' | b' '..=b'~' => push(&mut cells, char::from(byte.to_ascii_lowercase()), at, at + 1),
            _ => {}
        }
    }
    cells
}

fn composed(text: &str) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    let mut segment = String::new();
    work::add(text.len());
    while let Some((start, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let end = start + c.len_utf8();
        if is_simple(c) && !next.is_some_and(may_combine) {
            push(&mut cells, c.to_ascii_lowercase(), start, end);
            continue;
        }
        if c == '\r' {
            if next != Some('\n') {
                push(&mut cells, '\n', start, end);
            }
            continue;
        }
        if is_ignorable(c) {
            continue;
        }
        if matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') {
            push(&mut cells, '\n', start, end);
            continue;
        }
        segment.clear();
        segment.push(voiced_mark(c));
        let mut end = end;
        let mut marks = 0;
        while let Some(&(at, mark)) = chars.peek() {
            work::add(1);
            if is_ignorable(mark) && !(mark == '\u{fe0f}' && segment.is_ascii()) {
                end = at + mark.len_utf8();
                chars.next();
                continue;
            }
            if !combines(mark, c) {
                break;
            }
            if marks < MARKS_KEPT {
                segment.push(voiced_mark(mark));
            }
            marks += 1;
            end = at + mark.len_utf8();
            chars.next();
        }
        for out in segment.nfkc() {
            if out.is_uppercase() {
                for lower in out.to_lowercase() {
                    push(&mut cells, lower, start, end);
                }
            } else if !is_ignorable(out) {
                push(&mut cells, if out == 'ς' { 'σ' } else { out }, start, end);
            }
        }
    }
    cells
}

fn push(cells: &mut Vec<Cell>, ch: char, start: usize, end: usize) {
    let ch = if ch == '\t' { ' ' } else { ch };
    cells.push(Cell { ch, at: 0, start: start as u32, end: end as u32 });
}

/// Characters that NFKC leaves alone and that need no more than ASCII lower case.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\n' | '\t' | '、'..='〃' | '々'..='】' | '〜' | 'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | '゠'..='ヾ' | '\u{4e00}'..='\u{9fff}')
}

fn may_combine(c: char) -> bool {
    c >= '\u{ad}' && !is_simple(c)
}

/// Whether `mark` belongs to the segment that `base` opened.
fn combines(mark: char, base: char) -> bool {
    if mark < '\u{300}' {
        return false;
    }
    match mark {
        'ﾞ' | 'ﾟ' => true,
        '゛' | '゜' => super::chars::is_kana(base),
        '\u{1160}'..='\u{11ff}' => matches!(base, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}'),
        _ => canonical_combining_class(mark) != 0,
    }
}

/// The spacing voiced marks as combining ones, so that they compose.
fn voiced_mark(c: char) -> char {
    match c {
        '゛' | 'ﾞ' => '\u{3099}',
        '゜' | 'ﾟ' => '\u{309a}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ascii_reads_as_all_text_does(text in "[ -~\r\n\t\x00-\x1f\x7f]{0,40}") {
            assert_eq!(ascii(&text), composed(&text));
        }
    }
}
