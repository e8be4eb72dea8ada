//! The joined view: words whose characters were kept apart are put together. And the view of line beginnings.

use super::Cell;
use super::chars::{is_japanese, is_kana, is_separator, is_word};
use super::fold::squeeze;

/// Lines read downwards: more than this many are no longer a message.
const MOST_LINES: usize = 64;

/// The joined cells, or `None` where they are the folded ones.
pub(super) fn joined(base: &[Cell]) -> Option<Vec<Cell>> {
    let mut cells = Vec::with_capacity(base.len());
    let mut changed = false;
    let mut at = 0;
    while at < base.len() {
        if let Some(end) = stretch(base, at, &mut cells) {
            changed = true;
            at = end;
            continue;
        }
        let cell = base[at];
        let previous = cells.last().map(|cell| cell.ch);
        let next = base.get(at + 1).map(|cell| cell.ch);
        let between_kana = previous.is_some_and(is_kana) && next.is_some_and(|next| is_kana(next) || is_long(next));
        if is_long(cell.ch) && previous.is_some_and(is_kana) {
            let run = base[at..].iter().take_while(|cell| is_long(cell.ch)).count();
            let drawn_out = run >= 2 || (cell.ch != 'ー' && between_kana);
            if drawn_out {
                changed = true;
                at += run;
                continue;
            }
        }
        if let Some(kana) =
            kana_lookalike(cell.ch).filter(|_| previous.is_some_and(is_word) || next.is_some_and(is_word))
        {
            changed = true;
            cells.push(Cell { ch: kana, ..cell });
            at += 1;
            continue;
        }
        if base[at..].iter().take(3).filter(|other| other.ch == cell.ch).count() == 3 && cell.ch != ' ' {
            changed = true;
        }
        cells.push(cell);
        at += 1;
    }
    changed.then(|| squeeze(&cells, 2))
}

fn is_long(c: char) -> bool {
    matches!(c, 'ー' | '〜' | '～' | '~' | '∼')
}

/// A stretch of single characters kept apart by one separator, from `first`; pushes it joined, tells where it ends.
fn stretch(base: &[Cell], first: usize, out: &mut Vec<Cell>) -> Option<usize> {
    let opening = base[first];
    if !is_word(opening.ch) || (first > 0 && is_word(base[first - 1].ch)) {
        return None;
    }
    let filler = base.get(first + 1).filter(|cell| may_fill(cell.ch))?.ch;
    let begin = out.len();
    out.push(opening);
    let (mut at, mut singles, mut letters, mut japanese) = (first + 1, 1, 1, usize::from(is_japanese(opening.ch)));
    loop {
        let run = base[at..].iter().take_while(|cell| cell.ch == filler).count();
        let other = base.get(at).is_some_and(|cell| run == 0 && may_fill(cell.ch));
        let single = base.get(at + run.max(1));
        let Some(&single) = single.filter(|_| run > 0 || other) else { break };
        let after = base.get(at + run.max(1) + 1).map(|cell| cell.ch);
        let alone = after.is_none_or(|after| after == filler || (is_word(single.ch) && is_separator(after)));
        if !alone || single.ch == '\n' || (other && !is_word(single.ch)) || (single.ch == ' ' && filler == ' ') {
            break;
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
    }
    let enough = if japanese == letters { letters >= 2 } else { letters >= 3 };
    if enough && singles >= 2 && letters * 2 > singles {
        return Some(at);
    }
    out.truncate(begin);
    None
}

/// Separators that people put between characters; not those that end a sentence or make a list.
fn may_fill(c: char) -> bool {
    is_separator(c) && !matches!(c, '。' | '\n' | '、' | '？' | '?' | '「' | '」' | '(' | ')' | '○' | '×')
}

/// Bopomofo, and others, that look like kana.
fn kana_lookalike(c: char) -> Option<char> {
    Some(match c {
        'ㄎ' | 'ㄘ' => 'ち',
        'ㄑ' => 'く',
        'ㄊ' | 'ㄙ' => 'む',
        'ㄛ' | 'ㄜ' => 'さ',
        'ㄝ' => 'せ',
        'ㄟ' => 'へ',
        'ㄥ' => 'ん',
        'ㄦ' => 'る',
        'ㄨ' => 'め',
        'ㄒ' => 't',
        'ㄋ' => 'ろ',
        'ㄩ' => 'ひ',
        'ㄡ' => 'ぬ',
        'ㄤ' => 'え',
        _ => return None,
    })
}

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
