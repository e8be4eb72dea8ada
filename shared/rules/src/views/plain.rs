//! The plain view: NFKC, lower case, invisible characters removed, half-width kana composed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::chars::ignorable;
use super::class::Class;
use super::{Place, View};
use crate::work;

/// Combining marks kept on one base character; what follows is decoration meant to disturb.
const MARKS_KEPT: usize = 4;

pub(super) fn read(text: &str) -> View {
    work::add(text.len());
    // Looks at all of them: faster than to stop early.
    let stays = |byte: u8| (byte == b'\n') | (b' '..=b'~').contains(&byte);
    if text.bytes().fold(true, |all, byte| all & stays(byte)) { straight(text) } else { composed(text) }
}

/// As `composed`, of a text of which every byte is a character that stays.
fn straight(text: &str) -> View {
    let chars = text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    let classes = text.bytes().map(|byte| Class::of_ascii(byte.to_ascii_lowercase())).collect();
    let places = (0..text.len() as u32).map(|start| Place { start, end: start + 1 }).collect();
    View::new(chars, classes, places)
}

fn composed(text: &str) -> View {
    let mut view = View::with_capacity(text.chars().count());
    let mut chars = text.char_indices().map(|(start, c)| (start, c, Class::of(c)));
    let mut next = chars.next();
    let mut segment = String::new();
    while let Some((start, c, class)) = next {
        next = chars.next();
        let end = start + c.len_utf8();
        let is_marked = next.is_some_and(|(.., next)| next.is(Class::MARK));
        if class.is(Class::SIMPLE) && !is_marked {
            // Tabs and capitals are read as other characters, of another class.
            if matches!(c, '\t' | 'A'..='Z') {
                push(&mut view, c.to_ascii_lowercase(), start, end);
            } else {
                view.push_of(c, class, Place { start: start as u32, end: end as u32 });
            }
            continue;
        }
        // The most usual of those that NFKC changes.
        if matches!(c, '！'..='～') && !is_marked {
            let narrow = char::from((c as u32 - '！' as u32) as u8 + b'!');
            push(&mut view, narrow.to_ascii_lowercase(), start, end);
            continue;
        }
        if c == '\r' {
            if next.is_none_or(|(_, next, _)| next != '\n') {
                push(&mut view, '\n', start, end);
            }
            continue;
        }
        if class.is(Class::IGNORABLE) {
            continue;
        }
        if is_line_end(c) {
            push(&mut view, '\n', start, end);
            continue;
        }
        segment.clear();
        segment.push(voiced_mark(c));
        let mut end = end;
        let mut marks = 0;
        while let Some((at, mark, class)) = next {
            work::add(1);
            if class.is(Class::IGNORABLE) && !(mark == '\u{fe0f}' && segment.is_ascii()) {
                end = at + mark.len_utf8();
                next = chars.next();
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
            next = chars.next();
        }
        for out in segment.nfkc() {
            if out.is_uppercase() {
                for lower in out.to_lowercase() {
                    push(&mut view, lower, start, end);
                }
            } else if !Class::of(out).is(Class::IGNORABLE) {
                push(&mut view, if out == 'ς' { 'σ' } else { out }, start, end);
            }
        }
    }
    view
}

fn push(view: &mut View, c: char, start: usize, end: usize) {
    let c = if c == '\t' { ' ' } else { c };
    view.push(c, Place { start: start as u32, end: end as u32 });
}

/// Whether the plain view has a character beyond ASCII as it is.
pub(super) fn is_simple(c: char) -> bool {
    std::iter::once(c).nfkc().eq([c]) && !c.is_uppercase() && c != 'ς' && !ignorable(c) && !is_line_end(c)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}')
}

/// Whether a character may belong to the segment of the one before.
pub(super) fn is_mark(c: char) -> bool {
    ignorable(c) || matches!(c, '゛' | '゜') || combines(c, '\u{1100}')
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
        fn straight_text_reads_as_all_text_does(text in "[ -~\n]{0,40}") {
            assert_eq!(straight(&text), composed(&text));
        }
    }

    #[test]
    fn wide_letters_are_read_as_nfkc_has_them() {
        for c in '！'..='～' {
            let narrow: String = std::iter::once(c).nfkc().flat_map(char::to_lowercase).collect();
            assert_eq!(read(&c.to_string()).text(), narrow, "{c}");
        }
        assert_eq!(read("Ａ\u{301}").text(), "á");
    }
}
