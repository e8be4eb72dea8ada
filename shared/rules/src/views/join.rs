//! The joined view: words whose characters were kept apart are put together. And the view of line beginnings.

use super::Cell;
use super::chars::{is_japanese, is_kana, is_separator, is_word};
use super::fold::squeeze;
use super::glyphs::{kana_lookalike, katakana_lookalike, pieces};
use crate::work;

/// Lines read downwards: more than this many are no longer a message.
const MOST_LINES: usize = 64;

/// The joined cells, or `None` where they are the folded ones.
pub(super) fn joined(plain: &[Cell], base: &[Cell]) -> Option<Vec<Cell>> {
    // Nothing is copied before something changes.
    let mut cells: Vec<Cell> = Vec::new();
    let mut changed = false;
    let mut at = 0;
    let ascii = base.iter().all(|cell| cell.ch.is_ascii());
    while let Some(&cell) = base.get(at) {
        work::add(1);
        let next = base.get(at + 1).map(|cell| cell.ch);
        // Inside a Latin word nothing changes.
        let inside = |next: char| next.is_ascii_alphanumeric() && next != cell.ch;
        if ascii && cell.ch.is_ascii_alphanumeric() && next.is_some_and(inside) {
            if changed {
                cells.push(cell);
            }
            at += 1;
            continue;
        }
        let previous = if changed { cells.last() } else { at.checked_sub(1).and_then(|before| base.get(before)) };
        let previous = previous.map(|cell| cell.ch);
        let change = change(plain, base, at, previous, next);
        if let (false, Some(_)) = (changed, &change) {
            changed = true;
            cells.reserve(base.len());
            cells.extend_from_slice(&base[..at]);
        }
        match change {
            Some(Change::Joined(stretch, end)) => {
                cells.extend(stretch);
                at = end;
                continue;
            }
            Some(Change::Dropped(end)) => {
                at = end;
                continue;
            }
            Some(Change::Read(kana)) => cells.push(Cell { ch: kana, ..cell }),
            Some(Change::Repeated) => cells.push(cell),
            None if changed => cells.push(cell),
            None => {}
        }
        at += 1;
    }
    changed.then(|| squeeze(cells, 2))
}

/// What joining changes at a place.
enum Change {
    /// Characters kept apart, up to a place, are these.
    Joined(Vec<Cell>, usize),
    /// Nothing is left up to a place.
    Dropped(usize),
    /// The character reads as this one.
    Read(char),
    /// It is the first of three of the same, which are squeezed after.
    Repeated,
}

fn change(plain: &[Cell], base: &[Cell], at: usize, previous: Option<char>, next: Option<char>) -> Option<Change> {
    let ch = base[at].ch;
    if let Some((stretch, end)) = stretch(base, at) {
        return Some(Change::Joined(stretch, end));
    }
    if is_long(ch) && previous.is_some_and(is_kana) {
        let run = base[at..].iter().take_while(|cell| is_long(cell.ch)).count();
        work::add(run);
        let between_kana = next.is_some_and(|next| is_kana(next) || is_long(next));
        if run >= 2 || (ch != 'ー' && between_kana) {
            return Some(Change::Dropped(at + run));
        }
    }
    if let Some((letter, end)) = pieces(plain, at) {
        return Some(Change::Joined(vec![letter], end));
    }
    if let Some((kana, end)) = romaji(base, at, previous) {
        return Some(Change::Joined(vec![kana], end));
    }
    if let Some(kana) = kana_lookalike(ch).filter(|_| previous.is_some_and(is_word) || next.is_some_and(is_word)) {
        return Some(Change::Read(kana));
    }
    if let Some(kana) = katakana_lookalike(ch).filter(|_| among_katakana(plain, at)) {
        return Some(Change::Read(kana));
    }
    let repeated = ch != ' ' && next == Some(ch) && base.get(at + 2).is_some_and(|third| third.ch == ch);
    repeated.then_some(Change::Repeated)
}

/// Whether katakana stands before a place, and after it more of it or no letter at all.
fn among_katakana(plain: &[Cell], at: usize) -> bool {
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ');
    let there = |at: Option<usize>| at.and_then(|at| plain.get(at)).map(|cell| cell.ch);
    let after = there(at.checked_add(1));
    there(at.checked_sub(1)).is_some_and(katakana) && after.is_none_or(|c| katakana(c) || !is_word(c))
}

fn is_long(c: char) -> bool {
    matches!(c, 'ー' | '〜' | '～' | '~' | '∼')
}

/// Characters of a stretch that are looked at before it must be mostly letters.
const TRIED: usize = 64;

/// A stretch of single characters kept apart by separators, from `first`: joined, and where it ends.
///
/// Spaces join only characters that stand alone at both sides (`し ね`). Other separators inside a word give
/// themselves away, so that one side may belong to a longer run (`副・業で`, `お前死・ね`).
fn stretch(base: &[Cell], first: usize) -> Option<(Vec<Cell>, usize)> {
    let opening = base[first];
    let filler = base.get(first + 1).filter(|cell| may_fill(cell.ch))?.ch;
    let spaced = filler == ' ';
    let begins_alone = first == 0 || !is_word(base[first - 1].ch);
    if !is_word(opening.ch) || !begins_alone && (spaced || !is_japanese(opening.ch)) {
        return None;
    }
    let mut out = Vec::new();
    let (mut at, mut singles, mut letters, mut japanese) = (first + 1, 1, 1, usize::from(is_japanese(opening.ch)));
    // Where the stretch was last mostly letters: what comes after can't make a long one worthless, nor be looked at twice.
    let mut good = None;
    loop {
        let run = base[at..].iter().take_while(|cell| cell.ch == filler).count();
        work::add(run + 1);
        let other = run == 0 && !spaced && base.get(at).is_some_and(|cell| cell.ch != ' ' && may_fill(cell.ch));
        let Some(&single) = base.get(at + run.max(1)).filter(|_| run > 0 || other) else { break };
        let after = base.get(at + run.max(1) + 1).map(|cell| cell.ch);
        let alone = after.is_none_or(|after| after == filler || (is_word(single.ch) && is_separator(after)));
        let runs_on = !alone && !spaced && begins_alone && is_japanese(single.ch) && japanese == letters;
        if !(alone || runs_on) || single.ch == '\n' || (other && !is_word(single.ch)) {
            break;
        }
        if out.is_empty() {
            out.push(opening);
        }
        if run >= 2 {
            out.push(Cell { ch: ' ', ..base[at] });
        }
        out.push(single);
        singles += 1;
        if is_word(single.ch) {
            letters += 1;
            japanese += usize::from(is_japanese(single.ch));
        }
        at += run.max(1) + 1;
        if runs_on {
            break;
        }
        if letters * 2 > singles {
            good = (letters >= 3).then_some((out.len(), at));
        } else if singles > TRIED {
            let (length, end) = good?;
            out.truncate(length);
            return Some((out, end));
        }
    }
    let enough = if japanese == letters { letters >= 2 } else { letters >= 3 };
    (enough && singles >= 2 && letters * 2 > singles).then_some((out, at))
}

/// Separators that people put between characters; not those that end a sentence or make a list.
fn may_fill(c: char) -> bool {
    is_separator(c) && !matches!(c, '。' | '\n' | '、' | '？' | '?' | '「' | '」' | '(' | ')' | '○' | '×')
}

/// A syllable in Latin letters that stands for the kana between Japanese characters: しnE, あhoう.
fn romaji(base: &[Cell], at: usize, previous: Option<char>) -> Option<(Cell, usize)> {
    let opening = base[at];
    if !opening.ch.is_ascii_lowercase() || previous.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let letters = base[at..].iter().take(4).take_while(|cell| cell.ch.is_ascii_alphanumeric()).count();
    let next = base.get(at + letters).map(|cell| cell.ch);
    if !(2..=3).contains(&letters) || !(previous.is_some_and(is_kana) || next.is_some_and(is_kana)) {
        return None;
    }
    let last = base[at + letters - 1];
    let consonants: String = base[at..at + letters - 1].iter().map(|cell| cell.ch).collect();
    let (_, row) = ROMAJI.iter().find(|(spelled, _)| *spelled == consonants)?;
    let kana = row.chars().nth("aiueo".find(last.ch)?).filter(|kana| *kana != ' ')?;
    Some((Cell { ch: kana, end: last.end, ..opening }, at + letters))
}

/// The kana of each consonant before a, i, u, e, o; a space where there is none.
const ROMAJI: &[(&str, &str)] = &[
    ("k", "かきくけこ"),
    ("s", "さしすせそ"),
    ("t", "たちつてと"),
    ("n", "なにぬねの"),
    ("h", "はひふへほ"),
    ("m", "まみむめも"),
    ("y", "や ゆ よ"),
    ("r", "らりるれろ"),
    ("w", "わ   を"),
    ("g", "がぎぐげご"),
    ("z", "ざじずぜぞ"),
    ("d", "だぢづでど"),
    ("b", "ばびぶべぼ"),
    ("p", "ぱぴぷぺぽ"),
    ("sh", " し   "),
    ("ch", " ち   "),
    ("ts", "  つ  "),
];

/// The first characters of the lines, from three lines on.
pub(super) fn lines(plain: &[Cell], base: &[Cell]) -> Option<Vec<Cell>> {
    let mut cells = Vec::new();
    let mut begins = true;
    for (cell, folded) in plain.iter().zip(base) {
        if cell.ch == '\n' {
            begins = true;
        } else if begins && is_word(cell.ch) {
            begins = false;
            cells.push(*folded);
            if cells.len() > MOST_LINES {
                return None;
            }
        }
    }
    (cells.len() >= 3).then_some(cells)
}
