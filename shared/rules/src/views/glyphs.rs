//! Letters drawn with other signs (ギャル文字): one sign, or several pieces, for one kana or kanji.

use super::chars::{is_japanese, is_kana};

/// A letter put together from two signs: レよ is は, ナこ is た, ネ申 is 神.
///
/// Pieces lie beside other Japanese, and not behind katakana, where they are letters of their own (アレよ, タヒチ).
pub(super) fn pieces(plain: &[char], at: usize) -> Option<char> {
    let letter = composed(*plain.get(at)?, *plain.get(at + 1)?)?;
    let before = at.checked_sub(1).and_then(|before| plain.get(before)).copied();
    let after = plain.get(at + 2).copied();
    let apart = |c: char| !is_katakana(c) || is_katakana_mark(c);
    let beside = before.is_some_and(is_japanese) || after.is_some_and(is_japanese);
    (before.is_none_or(apart) && after.is_none_or(apart) && beside).then_some(letter)
}

/// Whether a sign beyond ASCII may be, or begin, a letter drawn with other signs.
pub(super) fn is_drawn(c: char) -> bool {
    let begins = matches!(
        c,
        'レ' | 'ι'
            | 'ナ'
            | '†'
            | 'カ'
            | '力'
            | 'タ'
            | '夕'
            | '歹'
            | 'ネ'
            | '礻'
            | '禾'
            | '糸'
            | '弓'
            | '女'
            | '亻'
            | 'イ'
            | '火'
            | '言'
            | '月'
    );
    begins || kana_lookalike(c).is_some() || katakana_lookalike(c).is_some()
}

fn is_katakana(c: char) -> bool {
    is_kana(c) && !matches!(c, 'ぁ'..='ゟ')
}

/// Katakana that are pieces more often than letters where they stand among hiragana.
fn is_katakana_mark(c: char) -> bool {
    matches!(c, 'レ' | 'ヽ' | 'ヾ' | 'ー' | 'ッ' | 'ョ' | 'ュ' | 'ャ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ')
}

/// The letter that two signs draw side by side.
fn composed(first: char, second: char) -> Option<char> {
    Some(match (first, second) {
        ('レ' | 'ι' | '|' | 'l', 'よ' | 'ょ') => 'は',
        ('レ' | 'ι' | '|' | 'l', 'ま') => 'ほ',
        ('レ' | 'ι' | '|' | 'l' | '(', 'ニ' | '=') | ('レ' | 'ι' | '|' | 'l', 'こ') => 'に',
        ('ι' | '|' | 'l' | '(', 'ナ' | '†') => 'け',
        ('レ' | 'ι' | '|' | 'l' | '(', 'ヽ' | 'ゝ' | '丶') => 'い',
        ('レ' | 'ι' | 'l', '」' | '丿' | ')') => 'り',
        ('カ' | '力', 'ヽ' | 'ゝ' | '丶') => 'か',
        ('ナ' | '†', 'こ') => 'た',
        ('ナ' | '†', 'よ' | 'ょ') => 'な',
        ('タ' | '夕' | '歹', 'ヒ' | '匕') => '死',
        ('ネ' | '礻', '申') => '神',
        ('禾', 'ム' | '厶') => '私',
        ('糸', '色') => '絶',
        ('糸', '冬') => '終',
        ('弓', '虽') => '強',
        ('女', '兼') => '嫌',
        ('亻' | 'イ', '本') => '体',
        ('亻' | 'イ', '可') => '何',
        ('火', '暴') => '爆',
        ('言', '舌') => '話',
        ('月', '凶') => '胸',
        _ => return None,
    })
}

/// Signs that are read as kana where they stand in a word, by their shape: Bopomofo, and strokes and radicals of kanji
/// that nobody writes alone. Every sign of these blocks that has the outline of a kana, or of a Latin letter, is here.
pub(super) fn kana_lookalike(c: char) -> Option<char> {
    Some(match c {
        'ι' | '∪' => 'し',
        'σ' => 'の',
        'τ' => 'て',
        'ω' => 'ん',
        'ξ' => 'そ',
        'з' => 'ろ',
        '⊃' => 'つ',
        '彡' => 'み',
        'ゐ' => 'る',
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
pub(super) fn katakana_lookalike(c: char) -> Option<char> {
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
