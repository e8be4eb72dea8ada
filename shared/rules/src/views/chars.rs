//! Kinds of characters: how they are asked for, and what they are.

use super::class::Class;

/// Hiragana, katakana or kanji, with the marks that only Japanese uses inside words.
#[inline]
pub(crate) fn is_japanese(c: char) -> bool {
    Class::of(c).is(Class::JAPANESE)
}

#[inline]
pub(crate) fn is_kana(c: char) -> bool {
    Class::of(c).is(Class::KANA)
}

#[inline]
pub(crate) fn is_kanji(c: char) -> bool {
    Class::of(c).is(Class::KANJI)
}

#[inline]
pub(crate) fn is_latin(c: char) -> bool {
    Class::of(c).is(Class::LATIN)
}

/// A letter or digit of any script.
#[inline]
pub(crate) fn is_word(c: char) -> bool {
    Class::of(c).is(Class::WORD)
}

/// Punctuation, space, symbol or emoji: what may stand between characters to hide a word.
#[inline]
pub(crate) fn is_separator(c: char) -> bool {
    !is_word(c)
}

/// Signs that stand for a hidden character (伏字).
#[inline]
pub(crate) fn is_mask(c: char) -> bool {
    Class::of(c).is(Class::MASK)
}

/// Waves and bars that lengthen a vowel.
#[inline]
pub(super) fn is_long(c: char) -> bool {
    matches!(c, 'ー' | '〜' | '～' | '~' | '∼')
}

pub(super) fn kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ'..='ゟ' | 'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ')
}

pub(super) fn kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々' | '〆' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Kana, kanji, Hangul and what stands between them in Unicode.
pub(super) fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// A pictograph, for counting. Signs that Japanese text uses as marks (○, ★, ♪) are none.
pub(super) fn emoji(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{2604}' | '\u{260e}' | '\u{2614}'..='\u{2615}' | '\u{2618}'
        | '\u{261d}' | '\u{2620}' | '\u{2622}'..='\u{2623}' | '\u{2638}'..='\u{263a}' | '\u{2648}'..='\u{2653}'
        | '\u{2665}' | '\u{2692}'..='\u{2697}' | '\u{26a0}'..='\u{26a1}' | '\u{26bd}'..='\u{26be}'
        | '\u{26c4}'..='\u{26c5}' | '\u{26ce}'..='\u{26ea}' | '\u{26f0}'..='\u{26fd}' | '\u{2702}' | '\u{2705}'
        | '\u{2708}'..='\u{270d}' | '\u{270f}' | '\u{2728}' | '\u{2744}' | '\u{274c}' | '\u{274e}'
        | '\u{2753}'..='\u{2755}' | '\u{2757}' | '\u{2763}'..='\u{2764}' | '\u{2795}'..='\u{2797}'
        | '\u{2b50}' | '\u{2b55}')
}

pub(super) fn mask(c: char) -> bool {
    matches!(
        c,
        '○' | '◯'
            | '〇'
            | '⚪'
            | '●'
            | '⚫'
            | '■'
            | '□'
            | '▲'
            | '△'
            | '×'
            | '✕'
            | '✖'
            | '✗'
            | '✘'
            | '❌'
            | '☓'
            | '⭕'
            | '＊'
            | '※'
            | '＿'
            | '◎'
            | '☆'
            | '★'
            | '◆'
            | '◇'
    )
}

/// Removed from every view: no width, or only steering how others are shown.
pub(super) fn ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || c.is_control()
}

#[inline]
pub(crate) fn kana_to_hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Classes whose change is the edge of a Japanese word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScriptClass {
    Hiragana,
    Katakana,
    Kanji,
    Latin,
    Digit,
    Other,
    /// Space, punctuation, symbols.
    Break,
}

pub(crate) fn script_class(c: char) -> ScriptClass {
    match c {
        'ぁ'..='ゖ' | 'ゝ'..='ゟ' => ScriptClass::Hiragana,
        'ァ'..='ヺ' | 'ー'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ' => ScriptClass::Katakana,
        _ if is_kanji(c) => ScriptClass::Kanji,
        _ if is_latin(c) => ScriptClass::Latin,
        _ if c.is_numeric() => ScriptClass::Digit,
        _ if c.is_alphabetic() => ScriptClass::Other,
        _ => ScriptClass::Break,
    }
}
