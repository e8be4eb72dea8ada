//! The shape of a text: handles, hashtags, emoji, repeats, gibberish, injection, questions.

use super::{Hints, NOWHERE, SignalKind, Signals, original};
use crate::views::{View, Views, is_emoji, is_latin, is_word};
use crate::{Span, work};

/// Characters of the text that are looked at for repeats.
const REPEAT_WINDOW: usize = 2_000;
/// Longest unit that counts as repeated.
const LONGEST_UNIT: usize = 40;
const EMOJI_ROW: usize = 15;
const MANY: usize = 5;

pub(super) const INJECTIONS: &[&str] = &[
    "<script",
    "javascript:",
    "onerror=",
    "onload=",
    "onclick=",
    "<iframe",
    "<svg/onload",
    "<img src=x",
    "; drop table",
    "' or '1'='1",
    "' or 1=1",
    "union select",
    "union all select",
    "{{7*7}}",
    "${jndi:",
    "${7*7}",
    "<?php",
    "../../etc/passwd",
    "document.cookie",
    "xp_cmdshell",
    "%3cscript",
    "data:text/html",
];

/// @handles and #hashtags.
pub(super) fn handles(plain: &View, signals: &mut Signals) {
    let text = plain.text();
    let mut before = ' ';
    let (mut mentions, mut hashtags) = (0, 0);
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        if c == '@' && !(before.is_ascii_alphanumeric() || before == '.') {
            let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if length > 0 {
                mentions += 1;
                signals.push(SignalKind::Mention, original(plain, at, at + 1 + length));
            }
        } else if c == '#' && !is_word(before) && before != '&' {
            let length = rest.find(|c: char| !(is_word(c) || c == '_')).unwrap_or(rest.len());
            if rest[..length].chars().any(|c| !c.is_ascii_digit()) {
                hashtags += 1;
                signals.push(SignalKind::Hashtag, original(plain, at, at + 1 + length));
            }
        }
        before = c;
        if mentions + hashtags >= 64 {
            break;
        }
    }
    if mentions >= MANY {
        signals.push(SignalKind::ManyMentions, NOWHERE);
    }
    if hashtags >= MANY {
        signals.push(SignalKind::ManyHashtags, NOWHERE);
    }
}

pub(super) fn find(
    text: &str,
    views: &Views,
    hints: Hints,
    wanted: &impl Fn(SignalKind) -> bool,
    signals: &mut Signals,
) {
    let plain = &views.plain;
    let whole = Span { start: 0, end: text.len() };
    let emoji = Emoji::of(plain);
    if emoji.row >= EMOJI_ROW || emoji.count >= 10 && emoji.count * 5 >= emoji.visible * 4 {
        signals.push(SignalKind::EmojiWall, whole);
    }
    if wanted(SignalKind::Repeat) && repeats(plain) {
        signals.push(SignalKind::Repeat, whole);
    }
    if wanted(SignalKind::Gibberish)
        && let Some(span) = gibberish(plain)
    {
        signals.push(SignalKind::Gibberish, span);
    }
    if hints.has_injection() && hints.has_ascii_letters() && hints.has(b"<;'{=:%") {
        for needle in INJECTIONS {
            if let Some(at) = plain.text().find(needle) {
                signals.push(SignalKind::Injection, original(plain, at, at + needle.len()));
            }
        }
    }
    if asks(plain.text()) {
        signals.push(SignalKind::Question, NOWHERE);
    }
}

/// Counts of emoji.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Emoji {
    pub(crate) count: usize,
    /// Longest row.
    pub(crate) row: usize,
    /// Characters that are no space.
    pub(crate) visible: usize,
}

impl Emoji {
    pub(crate) fn of(view: &View) -> Emoji {
        let mut emoji = Emoji::default();
        let mut row = 0;
        for cell in &view.cells {
            if cell.ch.is_whitespace() {
                continue;
            }
            emoji.visible += 1;
            if !cell.ch.is_ascii() && is_emoji(cell.ch) {
                emoji.count += 1;
                row += 1;
                emoji.row = emoji.row.max(row);
            } else {
                row = 0;
            }
        }
        emoji
    }
}

/// Whether the post asks something.
pub(crate) fn asks(plain: &str) -> bool {
    let end = plain.trim_end_matches(|c: char| c.is_whitespace() || is_emoji(c) || matches!(c, '!' | ')' | 'w' | '笑'));
    end.ends_with('?')
        || plain.contains("か?")
        || end.ends_with("ですか")
        || end.ends_with("ますか")
        || end.ends_with("ますか。")
        || end.ends_with("ですか。")
}

/// Whether the same unit makes up most of the text.
fn repeats(plain: &View) -> bool {
    let shown = || plain.chars().filter(|&c| is_word(c) || is_emoji(c)).take(REPEAT_WINDOW);
    // Few different characters for its length, or it can't repeat: a cheap look before the real one.
    let (length, kinds) = shown().fold((0, 0_u128), |(length, seen), c| (length + 1, seen | 1 << (c as u32 % 128)));
    if length < 16 || kinds.count_ones() as usize * 3 > length {
        return false;
    }
    let chars: Vec<char> = shown().collect();
    (1..=LONGEST_UNIT.min(chars.len() / 4)).any(|unit| {
        // At least 85 in 100 are the same; counting ends with the first that is one too many.
        let others = (chars.len() - unit) * 15 / 100;
        chars.iter().zip(&chars[unit..]).filter(|(a, b)| a != b).nth(others).is_none()
    })
}

/// A long token that nobody could read.
fn gibberish(plain: &View) -> Option<Span> {
    let mut start = 0;
    let cells = &plain.cells;
    while start < cells.len() {
        let length = cells[start..].iter().take_while(|cell| is_word(cell.ch)).count();
        work::add(length + 1);
        let token = &cells[start..start + length];
        let preceded = start.checked_sub(1).map(|at| cells[at].ch);
        let in_link =
            preceded.is_some_and(|c| matches!(c, '/' | '.' | '#' | '@' | '-' | '_' | '=' | '&' | '?' | ':' | '%'));
        if length >= 12 && !in_link && (unreadable_latin(token) || flickering(token)) {
            return Some(plain.span(start, start + length));
        }
        start += length + 1;
    }
    None
}

fn unreadable_latin(token: &[crate::views::Cell]) -> bool {
    if !token.iter().all(|cell| cell.ch.is_ascii_lowercase()) {
        return false;
    }
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let longest = token.split(|cell| vowel(cell.ch)).map(<[_]>::len).max().unwrap_or(0);
    let kinds = token.iter().fold(0_u32, |seen, cell| seen | 1 << (cell.ch as u32 - 'a' as u32)).count_ones();
    longest >= 6 && kinds >= 5
}

/// Kana and single Latin letters taking turns, as when hands fall on a keyboard.
fn flickering(token: &[crate::views::Cell]) -> bool {
    let changes = token.windows(2).filter(|pair| is_latin(pair[0].ch) != is_latin(pair[1].ch)).count();
    changes >= 6 && changes * 4 >= token.len()
}
