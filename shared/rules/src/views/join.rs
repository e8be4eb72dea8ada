//! The joined view: words whose characters were kept apart are put together. And the view of line beginnings.

use super::Cell;
use super::chars::{is_japanese, is_kana, is_separator, is_word};
use super::fold::squeeze;

/// Lines read downwards: more than this many are no longer a message.
const MOST_LINES: usize = 64;

/// The joined cells, or `None` where they are the folded ones.
pub(super) fn joined(plain: &[Cell], base: &[Cell]) -> Option<Vec<Cell>> {
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
        let beside_word = previous.is_some_and(is_word) || next.is_some_and(is_word);
        let kana = kana_lookalike(cell.ch).filter(|_| beside_word);
        if let Some(kana) = kana.or_else(|| katakana_lookalike(cell.ch).filter(|_| among_katakana(plain, at))) {
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

/// A stretch of single characters kept apart by separators, from `first`; pushes it joined, tells where it ends.
///
/// Spaces join only characters that stand alone at both sides (`し ね`). Other separators inside a word give
/// themselves away, so that one side may belong to a longer run (`副・業で`, `お前死・ね`).
fn stretch(base: &[Cell], first: usize, out: &mut Vec<Cell>) -> Option<usize> {
    let opening = base[first];
    let filler = base.get(first + 1).filter(|cell| may_fill(cell.ch))?.ch;
    let spaced = filler == ' ';
    let begins_alone = first == 0 || !is_word(base[first - 1].ch);
    if !is_word(opening.ch) || !begins_alone && (spaced || !is_japanese(opening.ch)) {
        return None;
    }
    let begin = out.len();
    out.push(opening);
    let (mut at, mut singles, mut letters, mut japanese) = (first + 1, 1, 1, usize::from(is_japanese(opening.ch)));
    loop {
        let run = base[at..].iter().take_while(|cell| cell.ch == filler).count();
        let other = run == 0 && !spaced && base.get(at).is_some_and(|cell| cell.ch != ' ' && may_fill(cell.ch));
        let Some(&single) = base.get(at + run.max(1)).filter(|_| run > 0 || other) else { break };
        let after = base.get(at + run.max(1) + 1).map(|cell| cell.ch);
        let alone = after.is_none_or(|after| after == filler || (is_word(single.ch) && is_separator(after)));
        let runs_on = !alone && !spaced && begins_alone && is_japanese(single.ch) && japanese == letters;
        if !(alone || runs_on) || single.ch == '\n' || (other && !is_word(single.ch)) {
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
        if runs_on {
            break;
        }
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

/// Signs that are read as kana where they stand in a word, by their shape: Bopomofo, and strokes and radicals of kanji
/// that nobody writes alone. Every sign of these blocks that has the outline of a kana, or of a Latin letter, is here.
fn kana_lookalike(c: char) -> Option<char> {
    Some(match c {
        'ㄅ' | '勹' | '\u{2f13}' => 'く',
        'ㄉ' | 'ㄌ' => 'か',
        'ㄊ' | 'ㄙ' | '厶' | '\u{2f1b}' => 'む',
        'ㄋ' | 'ㄖ' | '囗' | '\u{2f1d}' => 'ろ',
        'ㄍ' | 'ㄑ' | '巛' => 'く',
        'ㄎ' | 'ㄘ' => 'ち',
        'ㄐ' | '刂' => 'り',
        'ㄔ' | '亻' => 'い',
        'ㄗ' => 'あ',
        'ㄛ' | 'ㄜ' => 'さ',
        'ㄝ' => 'せ',
        'ㄟ' => 'へ',
        'ㄡ' | '\u{2f1c}' => 'ぬ',
        'ㄤ' => 'え',
        'ㄥ' => 'ん',
        'ㄦ' | '儿' | '\u{2f09}' => 'る',
        'ㄧ' | '\u{2f00}' => 'ー',
        'ㄨ' | '乂' => 'め',
        'ㄩ' | '凵' | '\u{2f10}' => 'ひ',
        '丿' | '\u{2f03}' => 'の',
        '丶' | '\u{2f02}' => '、',
        '乚' | '乛' => 'れ',
        '亍' => 'て',
        '匕' | '\u{2f14}' => 'ひ',
        '匚' | '\u{2f15}' => 'こ',
        '卜' | '\u{2f18}' => 'と',
        '彐' | '\u{2f39}' => 'よ',
        '艹' | '廾' => 'さ',
        '礻' => 'ね',
        'ㄒ' => 't',
        'ㄚ' => 'y',
        _ => return None,
    })
}

/// Kanji with the outline of a katakana; read as one only among katakana (バ力), since they are words of their own.
fn katakana_lookalike(c: char) -> Option<char> {
    Some(match c {
        '一' => 'ー',
        '二' => 'に',
        '三' => 'み',
        '八' => 'は',
        '力' => 'か',
        '千' => 'ち',
        '口' => 'ろ',
        '夕' => 'た',
        '工' => 'え',
        '才' => 'お',
        '又' => 'ぬ',
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
