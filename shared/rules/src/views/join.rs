//! The joined view: words whose characters were kept apart are put together. And the view of line beginnings.

use super::chars::{is_japanese, is_kana, is_latin, is_long, is_separator, is_word};
use super::class::Class;
use super::fold::squeezed;
use super::glyphs::{kana_lookalike, katakana_lookalike, pieces};
use super::{Place, View, is_ascii};
use crate::work;

/// Lines read downwards: more than this many are no longer a message.
const MOST_LINES: usize = 64;

/// The joined reading, or `None` where it is the folded one.
pub(super) fn joined(plain: &View, base: &View) -> Option<View> {
    let ascii = is_ascii(&plain.chars);
    if ascii && !may_join_ascii(&base.chars, &base.classes) {
        return None;
    }
    join(plain, base, ascii)
}

fn join(plain: &View, read: &View, ascii: bool) -> Option<View> {
    let View { chars: base, places, classes, .. } = read;
    let (plain, plain_classes) = (&plain.chars, &plain.classes);
    let class_at = |at: usize| classes.get(at).copied().unwrap_or_default();
    // At most places nothing can change.
    let may_change = |at: usize| {
        let before = at.checked_sub(1).map(class_at).unwrap_or_default();
        let (class, after) = (class_at(at), class_at(at + 1));
        let apart = class.is(Class::WORD) && !after.is(Class::WORD);
        apart && (!before.is(Class::WORD) || class.is(Class::JAPANESE))
            || base.get(at) == base.get(at + 1)
            || !ascii && {
                let syllable = before.or(after).is(Class::KANA) || !before.is(Class::WORD);
                class.or(plain_classes[at]).is(Class::DRAWN) || base[at].is_ascii_lowercase() && syllable
            }
    };
    // Nothing is copied before something changes.
    let mut joined: Option<View> = None;
    let mut at = 0;
    // What stands before is not as in `base`.
    let mut just_changed = false;
    loop {
        let next = if just_changed { at } else { (at..base.len()).find(|&at| may_change(at)).unwrap_or(base.len()) };
        work::add(next - at + 1);
        if let Some(view) = &mut joined {
            view.extend(read, at..next);
        }
        at = next;
        let Some((&c, &place)) = base.get(at).zip(places.get(at)) else { break };
        let previous = match &joined {
            Some(view) => view.chars.last().copied(),
            None => at.checked_sub(1).map(|before| base[before]),
        };
        let found = change(plain, base, at, previous, base.get(at + 1).copied(), ascii);
        just_changed = found.is_some();
        let view = match (&mut joined, &found) {
            (Some(view), _) => view,
            (none, Some(_)) => none.insert(read.beginning(at)),
            (None, None) => {
                at += 1;
                continue;
            }
        };
        at = match found {
            Some(Change::Joined(stretch, end)) => {
                stretch.into_iter().for_each(|(c, at)| view.push(c, places[at]));
                end
            }
            Some(Change::Drawn(letter, end)) => {
                view.push(letter, Place { end: places[end - 1].end.max(place.end), ..place });
                end
            }
            Some(Change::Dropped(end)) => end,
            Some(Change::Repeated) | None => {
                view.push(c, place);
                at + 1
            }
        };
    }
    joined.map(|view| squeezed(&view, 2).unwrap_or(view))
}

/// Whether a text of ASCII has what joining may change: three letters that stand alone, or three of the same in a row.
/// Looks at all of them: faster than to stop early.
fn may_join_ascii(chars: &[char], classes: &[Class]) -> bool {
    let is_word = |class: Option<&Class>| class.is_some_and(|class| class.is(Class::WORD));
    let inner = classes
        .windows(3)
        .filter(|three| !three[0].is(Class::WORD) & three[1].is(Class::WORD) & !three[2].is(Class::WORD));
    let first = is_word(classes.first()) && !is_word(classes.get(1));
    let last = is_word(classes.last()) && !is_word(classes.iter().nth_back(1));
    let alone = inner.count() + usize::from(first) + usize::from(last);
    alone >= 3 || chars.windows(3).fold(false, |any, three| any | (three[0] == three[1]) & (three[1] == three[2]))
}

/// What joining changes at a place.
enum Change {
    /// Characters kept apart, up to a place, are these, each with where it stands.
    Joined(Vec<(char, usize)>, usize),
    /// The signs up to a place read as this letter.
    Drawn(char, usize),
    /// Nothing is left up to a place.
    Dropped(usize),
    /// It is the first of three of the same, which are squeezed after.
    Repeated,
}

fn change(
    plain: &[char],
    base: &[char],
    at: usize,
    previous: Option<char>,
    next: Option<char>,
    ascii: bool,
) -> Option<Change> {
    let c = base[at];
    if let Some((stretch, end)) = stretch(base, at) {
        return Some(Change::Joined(stretch, end));
    }
    let repeated = c != ' ' && next == Some(c) && base.get(at + 2) == Some(&c);
    if ascii {
        return repeated.then_some(Change::Repeated);
    }
    if is_long(c) && previous.is_some_and(is_kana) {
        let run = base[at..].iter().take_while(|c| is_long(**c)).count();
        work::add(run);
        let between_kana = next.is_some_and(|next| is_kana(next) || is_long(next));
        if run >= 2 || (c != 'ー' && between_kana) {
            return Some(Change::Dropped(at + run));
        }
    }
    if let Some(letter) = pieces(plain, at) {
        return Some(Change::Drawn(letter, at + 2));
    }
    if let Some((kana, end)) = romaji(base, at, previous) {
        return Some(Change::Drawn(kana, end));
    }
    if let Some(kana) = kana_lookalike(c).filter(|_| previous.is_some_and(is_word) || next.is_some_and(is_word)) {
        return Some(Change::Drawn(kana, at + 1));
    }
    if let Some(kana) = katakana_lookalike(c).filter(|_| among_katakana(plain, at)) {
        return Some(Change::Drawn(kana, at + 1));
    }
    repeated.then_some(Change::Repeated)
}

/// Whether katakana stands before a place, and after it more of it or no letter at all.
fn among_katakana(plain: &[char], at: usize) -> bool {
    let katakana = |c: char| matches!(c, 'ァ'..='ヺ');
    let there = |at: Option<usize>| at.and_then(|at| plain.get(at)).copied();
    let after = there(at.checked_add(1));
    there(at.checked_sub(1)).is_some_and(katakana) && after.is_none_or(|c| katakana(c) || !is_word(c))
}

/// Characters of a stretch that are looked at before it must be mostly letters.
const TRIED: usize = 64;

/// Separators in a row that may be one kept apart from the next, as ` . ` is.
const WIDEST: usize = 3;

/// A stretch of single characters kept apart by separators, from `first`: joined, and where it ends.
///
/// Spaces and commas join only characters that stand alone at both sides (`し ね`), and so do different separators in a row
/// (`し . ね`). One separator inside a word gives itself away, so that one side may belong to a longer run (`副・業で`,
/// `お前死・ね`). Where there are more separators than usual, a word ends.
fn stretch(base: &[char], first: usize) -> Option<(Vec<(char, usize)>, usize)> {
    let opening = base[first];
    let filler = *base.get(first + 1).filter(|c| may_fill(**c))?;
    let same = |at: usize| base[at..].iter().take_while(|&&c| c == filler).count();
    let row = base[first + 1..].iter().take(WIDEST).take_while(|&&c| may_fill(c)).count();
    let mixed = Some(&base[first + 1..first + 1 + row]).filter(|row| row.iter().any(|&c| c != filler));
    let run_at = |at: usize| match mixed {
        Some(row) if base[at..].starts_with(row) => row.len(),
        Some(_) => 0,
        None => same(at),
    };
    let row = run_at(first + 1);
    // The first may be a word of one letter.
    let usual = Some(first + 2 + row)
        .filter(|&next| next < base.len())
        .map(run_at)
        .filter(|&next| next > 0)
        .map_or(row, |next| next.min(row));
    let spaced = matches!(filler, ' ' | '、') || mixed.is_some();
    let begins_alone = first == 0 || !is_word(base[first - 1]);
    if !is_word(opening) || !begins_alone && (spaced || !is_japanese(opening)) {
        return None;
    }
    let mut out = Vec::new();
    let (mut at, mut singles, mut letters, mut japanese) = (first + 1, 1, 1, usize::from(is_japanese(opening)));
    // Where the stretch was last mostly letters: what comes after can't make a long one worthless, nor be looked at twice.
    let mut good = None;
    loop {
        let run = run_at(at);
        work::add(run + 1);
        let other = run == 0 && !spaced && base.get(at).is_some_and(|&c| !matches!(c, ' ' | '、') && may_fill(c));
        let Some(&single) = base.get(at + run.max(1)).filter(|_| run > 0 || other) else { break };
        let after = base.get(at + run.max(1) + 1).copied();
        let alone = after.is_none_or(|after| after == filler || (is_word(single) && is_separator(after)));
        let runs_on = !alone && !spaced && begins_alone && is_japanese(single) && japanese == letters;
        if !(alone || runs_on) || single == '\n' || (other && !is_word(single)) {
            break;
        }
        if out.is_empty() {
            out.push((opening, first));
        }
        if run > usual {
            out.push((' ', at));
        }
        out.push((single, at + run.max(1)));
        singles += 1;
        if is_word(single) {
            letters += 1;
            japanese += usize::from(is_japanese(single));
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
    is_separator(c) && !matches!(c, '。' | '\n' | '？' | '?' | '「' | '」' | '(' | ')' | '○' | '×')
}

/// A syllable in Latin letters that stands for the kana between Japanese characters: しnE, あhoう, ばくだn.
fn romaji(base: &[char], at: usize, previous: Option<char>) -> Option<(char, usize)> {
    if !base[at].is_ascii_lowercase() || previous.is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let letters = base[at..].iter().take(4).take_while(|c| c.is_ascii_alphanumeric()).count();
    let next = base.get(at + letters).copied();
    if letters == 1 && base[at] == 'n' && previous.is_some_and(is_kana) && next.is_none_or(|next| !is_latin(next)) {
        return Some(('ん', at + 1));
    }
    if !(2..=3).contains(&letters) || !(previous.is_some_and(is_kana) || next.is_some_and(is_kana)) {
        return None;
    }
    let consonants: String = base[at..at + letters - 1].iter().collect();
    let (_, row) = ROMAJI.iter().find(|(spelled, _)| *spelled == consonants)?;
    let kana = row.chars().nth("aiueo".find(base[at + letters - 1])?).filter(|kana| *kana != ' ')?;
    Some((kana, at + letters))
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
pub(super) fn lines(plain: &View, base: &View) -> Option<View> {
    let breaks = plain.chars.iter().filter(|c| **c == '\n').count();
    if breaks < 2 {
        return None;
    }
    let mut view = View::default();
    let mut begins = true;
    for ((&c, &folded), &place) in plain.chars.iter().zip(&base.chars).zip(&plain.places) {
        if c == '\n' {
            begins = true;
        } else if begins && is_word(c) {
            begins = false;
            view.push(folded, place);
            if view.chars.len() > MOST_LINES {
                return None;
            }
        }
    }
    (view.chars.len() >= 3).then_some(view)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::plain::read;

    proptest::proptest! {
        #[test]
        fn nothing_joins_where_nothing_may(text in "[ab][ .ab-]{0,14}|[ab1*-]{0,10}|([ab] |[ab]\\.|aaa|- ){0,6}") {
            let plain = read(&text);
            let joined = join(&plain, &plain, true).map(|view| view.chars);
            assert_eq!(super::joined(&plain, &plain).map(|view| view.chars), joined);
        }
    }
}
