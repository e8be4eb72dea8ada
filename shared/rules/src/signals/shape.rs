//! The shape of a text: handles, hashtags, emoji, repeats, gibberish, injection, questions.

use super::clue::INJECTIONS;
use super::{Clue, Hints, NOWHERE, SignalKind, Signals, original};
use crate::views::{Class, View, is_latin, is_word};
use crate::{Span, work};

/// Characters of the text that are looked at for repeats.
const REPEAT_WINDOW: usize = 2_000;
/// Longest unit that counts as repeated.
const LONGEST_UNIT: usize = 40;
const EMOJI_ROW: usize = 15;
/// Signs that make a wall.
const WALL: usize = 60;
const MANY: usize = 5;
/// Letters of a token that may be gibberish.
const LONG_TOKEN: usize = 12;

/// @handles and #hashtags.
pub(super) fn handles(plain: &View, signals: &mut Signals) {
    let (mut mentions, mut hashtags) = (0, 0);
    for (at, &c) in plain.chars.iter().enumerate().filter(|(_, c)| matches!(c, '@' | '#')) {
        let rest = &plain.chars[at + 1..];
        let before = at.checked_sub(1).map_or(' ', |before| plain.chars[before]);
        if c == '@' && !(before.is_ascii_alphanumeric() || before == '.') {
            let length = rest.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
            if length > 0 {
                mentions += 1;
                signals.push(SignalKind::Mention, plain.span(at, at + 1 + length));
            }
        } else if c == '#' && !is_word(before) && before != '&' {
            let tag = || rest.iter().take_while(|c| is_word(**c) || **c == '_');
            if tag().any(|c| !c.is_ascii_digit()) {
                hashtags += 1;
                signals.push(SignalKind::Hashtag, plain.span(at, at + 1 + tag().count()));
            }
        }
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
    plain: &View,
    hints: &Hints,
    wanted: &impl Fn(SignalKind) -> bool,
    signals: &mut Signals,
) {
    let whole = Span { start: 0, end: text.len() };
    if hints.has_class(Class::EMOJI) {
        let emoji = Emoji::of(plain);
        if emoji.row >= EMOJI_ROW || emoji.count >= 10 && emoji.count * 5 >= emoji.visible * 4 {
            signals.push(SignalKind::EmojiWall, whole);
        }
    }
    if wanted(SignalKind::Repeat) && (repeats(plain, hints) || is_walled(plain, hints)) {
        signals.push(SignalKind::Repeat, whole);
    }
    if hints.longest_token >= LONG_TOKEN
        && wanted(SignalKind::Gibberish)
        && let Some(span) = gibberish(plain)
    {
        signals.push(SignalKind::Gibberish, span);
    }
    if hints.has_clue(Clue::Injection) {
        for needle in INJECTIONS {
            if let Some(at) = plain.text().find(needle) {
                signals.push(SignalKind::Injection, original(plain, at, at + needle.len()));
            }
        }
    }
    if (hints.has(b"?") || hints.has_class(Class::KANA)) && asks(plain) {
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
        for class in &view.classes {
            if class.is(Class::SPACE) {
                continue;
            }
            emoji.visible += 1;
            if class.is(Class::EMOJI) {
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
pub(crate) fn asks(plain: &View) -> bool {
    let trails = |c: char| Class::of(c).is(Class::SPACE.or(Class::EMOJI)) || matches!(c, '!' | ')' | 'w' | '笑');
    let length = plain.chars.iter().rposition(|&c| !trails(c)).map_or(0, |last| last + 1);
    let end = &plain.chars[..length];
    let polite = end.strip_suffix(&['。']).unwrap_or(end);
    end.ends_with(&['?'])
        || polite.ends_with(&['で', 'す', 'か'])
        || polite.ends_with(&['ま', 'す', 'か'])
        || plain.chars.windows(2).any(|pair| pair == ['か', '?'])
}

/// Signs of one kind or two that fill a post without a word are a wall; those that people cheer with are not.
fn is_walled(plain: &View, hints: &Hints) -> bool {
    if plain.chars.len() < WALL || hints.shown * 10 > plain.chars.len() {
        return false;
    }
    let cheers = |c: char| {
        matches!(c, '!' | '?' | '.' | '。' | '、' | '・' | '~' | '〜' | 'ー' | '-' | '♪' | '♡' | '♥' | '☆' | '★' | '^')
    };
    let sign = |(c, class): (&char, &Class)| (!class.is(Class::SPACE.or(Class::WORD).or(Class::EMOJI))).then_some(*c);
    let mut signs: Vec<char> = plain.chars.iter().zip(&plain.classes).filter_map(sign).collect();
    let many = signs.len() >= WALL;
    signs.sort_unstable();
    signs.dedup();
    many && signs.len() <= 2 && !signs.into_iter().any(cheers)
}

/// Whether the same unit makes up most of the text.
fn repeats(plain: &View, hints: &Hints) -> bool {
    // Few different characters for its length, or it can't repeat: a cheap look before the real one.
    if hints.shown < 16 || hints.kinds() * 3 > hints.shown {
        return false;
    }
    let is_shown = |(_, class): &(&char, &Class)| class.is(Class::WORD.or(Class::EMOJI));
    let shown = || plain.chars.iter().zip(&plain.classes).filter(is_shown).map(|(&c, _)| c).take(REPEAT_WINDOW);
    let chars: Vec<char> = shown().collect();
    let bytes: Vec<u8> = chars.iter().map(|&c| c as u8).collect();
    let half = &bytes[..bytes.len() / 2];
    (1..=LONGEST_UNIT.min(chars.len() / 4)).any(|unit| {
        // At least 85 in 100 are the same; counting ends with the first that is one too many.
        let others = (chars.len() - unit) * 15 / 100;
        !differ(half, &bytes[unit..], others)
            && chars.iter().zip(&chars[unit..]).filter(|(a, b)| a != b).nth(others).is_none()
    })
}

/// Whether two lists are known to differ at more places than some, looking at sixteen at a time.
fn differ(left: &[u8], right: &[u8], most: usize) -> bool {
    let (left, right) = (left.as_chunks::<16>().0, right.as_chunks::<16>().0);
    let mut differing = 0;
    left.iter().zip(right).any(|(left, right)| {
        let count: u8 = left.iter().zip(right).map(|(a, b)| u8::from(a != b)).sum();
        differing += usize::from(count);
        differing > most
    })
}

/// A long token that nobody could read.
fn gibberish(plain: &View) -> Option<Span> {
    let mut start = 0;
    let chars = &plain.chars;
    while start < chars.len() {
        let length = plain.classes[start..].iter().take_while(|class| class.is(Class::WORD)).count();
        work::add(length + 1);
        let token = &chars[start..start + length];
        let preceded = start.checked_sub(1).map(|at| chars[at]);
        let in_link =
            preceded.is_some_and(|c| matches!(c, '/' | '.' | '#' | '@' | '-' | '_' | '=' | '&' | '?' | ':' | '%'));
        if length >= LONG_TOKEN && !in_link && (unreadable_latin(token) || flickering(token)) {
            return Some(plain.span(start, start + length));
        }
        start += length + 1;
    }
    None
}

fn unreadable_latin(token: &[char]) -> bool {
    if !token.iter().all(char::is_ascii_lowercase) {
        return false;
    }
    let vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let longest = token.split(vowel).map(<[_]>::len).max().unwrap_or(0);
    let kinds = token.iter().fold(0_u32, |seen, &c| seen | 1 << (c as u32 - 'a' as u32)).count_ones();
    longest >= 6 && kinds >= 5
}

/// Kana and single Latin letters taking turns, as when hands fall on a keyboard.
fn flickering(token: &[char]) -> bool {
    let changes = token.windows(2).filter(|pair| is_latin(pair[0]) != is_latin(pair[1])).count();
    changes >= 6 && changes * 4 >= token.len()
}
