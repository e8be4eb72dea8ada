//! Telephone numbers whose digits are written out, in kanji or kana: 〇九〇ー一二三四ー…, ゼロ九ゼロ….

use super::numbers::{is_japanese_plan, numbers};
use super::{SignalKind, Signals, original};
use crate::views::{Place, View};

/// Digits written out without which no number is looked for.
const FEWEST: usize = 4;

/// Digits as words. Where no digit stands before them only the first `ANYWHERE` are read: the others are parts of words.
const WORDS: &[(&str, char)] = &[
    ("ゼロ", '0'),
    ("ぜろ", '0'),
    ("きゅう", '9'),
    ("きゅー", '9'),
    ("キュウ", '9'),
    ("キュー", '9'),
    ("いち", '1'),
    ("イチ", '1'),
    ("さん", '3'),
    ("サン", '3'),
    ("よん", '4'),
    ("ヨン", '4'),
    ("ろく", '6'),
    ("ロク", '6'),
    ("なな", '7'),
    ("ナナ", '7'),
    ("はち", '8'),
    ("ハチ", '8'),
    ("れい", '0'),
    ("レイ", '0'),
    ("まる", '0'),
    ("マル", '0'),
    ("に", '2'),
    ("ニ", '2'),
    ("ご", '5'),
    ("ゴ", '5'),
];
const ANYWHERE: usize = 2;

/// Telephone numbers of Japan's plan: what else such digits could be is not told apart.
pub(super) fn find(plain: &View, signals: &mut Signals) {
    let Some(view) = read(plain) else { return };
    for number in numbers(view.text()) {
        if number.digits[0] == 0 && is_japanese_plan(&number.digits, &number.groups) {
            signals.push(SignalKind::Phone, original(&view, number.start, number.end));
        }
    }
}

/// The text with digits for those written out; `None` where there are few.
fn read(plain: &View) -> Option<View> {
    let written = |&&c: &&char| digit(c).is_some() || matches!(c, 'ゼ' | 'ぜ');
    if plain.chars.iter().filter(written).count() < FEWEST {
        return None;
    }
    let mut view = View::default();
    let mut at = 0;
    while let Some((&c, &place)) = plain.chars.get(at).zip(plain.places.get(at)) {
        let follows = view.chars.last().is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | 'ー' | ' '));
        let words = if follows { WORDS } else { &WORDS[..ANYWHERE] };
        let word = words
            .iter()
            .find(|(word, _)| plain.chars[at..].iter().copied().take(word.chars().count()).eq(word.chars()));
        let (read, length) = match (digit(c), word) {
            (Some(digit), _) => (digit, 1),
            (None, Some((word, digit))) => (*digit, word.chars().count()),
            (None, None) if c == 'の' && follows => ('-', 1),
            (None, None) => (c, 1),
        };
        let end = plain.places.get(at + length - 1).map_or(place.end, |last| last.end);
        view.push(read, Place { end, ..place });
        at += length;
    }
    Some(view)
}

fn digit(c: char) -> Option<char> {
    let value = match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Views;

    #[test]
    fn digits_written_out_are_read_where_they_stand() {
        for (text, number) in [
            ("〇九〇ー一二三四ー五六七八へ", "090ー1234ー5678へ"),
            ("ゼロ九ゼロ いち二サン四 ごろく七はち", "090 1234 5678"),
            ("〇三の一二三四の五六七八", "03-1234-5678"),
        ] {
            assert_eq!(read(&Views::of(text).plain).unwrap_or_default().text(), number);
        }
        let view = read(&Views::of("はゼロ九〇一二").plain).unwrap_or_default();
        assert_eq!((view.text(), view.span(1, 2)), ("は09012", crate::Span { start: 3, end: 9 }));
        assert!(read(&Views::of("二〇二五年にご来場").plain).is_some_and(|view| view.text() == "2025年にご来場"));
        assert!(read(&Views::of("一番好き、まるで夢").plain).is_none());
    }

    #[test]
    fn only_numbers_of_the_plan_are_phones() {
        for (text, phones) in [
            ("〇九〇ー一二三四ー五六七八", 1),
            ("電話はゼロ九ゼロの一二三四の五六七八", 1),
            ("二〇二五年一〇月三日、全一二曲", 0),
            ("第〇一二三四五六七八九〇回", 0),
        ] {
            let mut signals = Signals::default();
            find(&Views::of(text).plain, &mut signals);
            assert_eq!(signals.count(SignalKind::Phone), phones, "{text}");
        }
    }
}
