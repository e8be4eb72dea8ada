//! Numbers that identify a person or an account: phones, cards, My Number, bank accounts, IBAN, SSN.

use super::checks::{iban, luhn, my_number};
use super::{Hints, SignalKind, Signals, original};
use crate::views::View;
use crate::work;

/// Bytes around a number in which a word may say what it is.
const REACH: usize = 60;
/// Numbers looked at in one post.
const MOST_NUMBERS: usize = 200;

const PHONE_WORDS: &[&str] = &[
    "電話",
    "でんわ",
    "tel",
    "☎",
    "📞",
    "携帯",
    "けーたい",
    "番号",
    "call",
    "phone",
    "mobile",
    "cell",
    "ring",
    "whatsapp",
    "fax",
    "text me",
    "contact",
    "reach",
    "answering",
    "dial",
    "sms",
    "連絡",
    "number",
    "at ",
];
const CARD_WORDS: &[&str] =
    &["card", "visa", "mastercard", "amex", "credit", "debit", "カード", "クレカ", "charge", "cc "];
const MY_NUMBER_WORDS: &[&str] = &["マイナンバー", "個人番号", "my number"];
const ORDER_WORDS: &[&str] = &[
    "注文",
    "追跡",
    "伝票",
    "荷物",
    "シリアル",
    "製造番号",
    "型番",
    "品番",
    "受付",
    "問い合わせ番号",
    "問合せ番号",
    "予約番号",
    "会員番号",
    "管理番号",
    "お客様番号",
    "ロット番号",
    "エラー",
    "tracking",
    "parcel",
    "serial",
    "ticket",
    "case number",
    "reference",
    "confirmation",
    "error",
];
const BANK_WORDS: &[&str] = &["口座", "普通", "当座", "支店", "銀行", "ゆうちょ"];
const ACCOUNT_WORDS: &[&str] =
    &["account number", "account no", "account is", "account #", "acct", "routing", "sort code", "bank account"];

/// A stretch of digits with their separators.
pub(super) struct Number<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// As written, separators included.
    text: &'a str,
    pub(super) digits: Vec<u8>,
    pub(super) groups: Vec<usize>,
    plus: bool,
    bracket: bool,
}

pub(super) fn find(plain: &View, hints: &Hints, wanted: &impl Fn(SignalKind) -> bool, signals: &mut Signals) {
    if hints.longest_digits >= 4 && wanted(SignalKind::Digits) {
        let bytes = plain.text().as_bytes();
        let start = bytes.windows(4).position(|four| four.iter().all(u8::is_ascii_digit)).unwrap_or(0);
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        signals.push(SignalKind::Digits, original(plain, start, start + length));
    }
    if hints.digits >= 11 {
        find_ibans(plain, signals);
    }
    if hints.digits < 6 {
        return;
    }
    for number in numbers(plain.text()) {
        let span = original(plain, number.start, number.end);
        for kind in kinds_of(plain.text(), &number) {
            signals.push(kind, span);
        }
    }
}

pub(super) fn numbers(text: &str) -> Vec<Number<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST_NUMBERS {
        if !(bytes[at].is_ascii_digit()
            || matches!(bytes[at], b'+' | b'(') && bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'+'))
        {
            at += 1;
            continue;
        }
        let start = at;
        let mut number =
            Number { start, end: start, text: "", digits: Vec::new(), groups: Vec::new(), plus: false, bracket: false };
        let mut group = 0;
        let mut separators = 0;
        while at < bytes.len() {
            work::add(1);
            match bytes[at] {
                digit @ b'0'..=b'9' => {
                    if separators > 0 && group > 0 {
                        number.groups.push(group);
                        group = 0;
                    }
                    separators = 0;
                    number.digits.push(digit - b'0');
                    group += 1;
                    number.end = at + 1;
                }
                b'+' if number.digits.is_empty() => number.plus = true,
                b'(' if number.digits.is_empty() || separators <= 1 => {
                    number.bracket |= number.digits.len() <= 4;
                    separators += 1;
                }
                b'-' | b' ' | b'.' | b')' if !number.digits.is_empty() && separators < 2 => separators += 1,
                _ => match dash(&text[at..]) {
                    Some(length) if !number.digits.is_empty() && separators < 2 => {
                        separators += 1;
                        at += length - 1;
                    }
                    Some(_) | None => break,
                },
            }
            at += 1;
            if number.digits.len() > 40 {
                break;
            }
        }
        if group > 0 {
            number.groups.push(group);
        }
        // Written digit by digit it is grouped by nobody.
        if number.groups.len() > 6 && number.groups.iter().all(|&group| group == 1) {
            number.groups = vec![number.digits.len()];
        }
        number.text = &text[start..number.end.max(start)];
        let before = text[..start].chars().next_back();
        let after = text[number.end.max(start)..].chars().next();
        let glued = before.is_some_and(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '$' | '€' | '£' | '¥' | '/' | '_' | '=' | '&' | '-' | '%')
        }) || after
            .is_some_and(|c| c.is_ascii_alphabetic() && c != 'x' || matches!(c, '_' | '/' | '%' | '円' | '万' | '億'));
        if !glued && number.digits.len() >= 6 {
            found.push(number);
        }
        at = at.max(start + 1);
    }
    found
}

/// The bytes of what Japanese writes between groups of digits in the place of a hyphen.
fn dash(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    matches!(first, '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | '・').then(|| first.len_utf8())
}

fn kinds_of(text: &str, number: &Number<'_>) -> Vec<SignalKind> {
    let near = surroundings(text, number.start, number.end);
    let about = |words: &[&str]| words.iter().any(|word| near.contains(word));
    let digits = number.digits.len();
    let mut kinds = Vec::new();
    let dots = number.text.matches('.').count();
    // Every tenth number has a right check digit: what is called an order, a parcel or an article is none of these.
    let is_ordered = || about(ORDER_WORDS) || near.replace("in order to", "").contains("order");
    let card = is_card(number) && !is_ordered() || (12..=19).contains(&digits) && about(CARD_WORDS);
    if card && dots == 0 && !number.plus && luhn(&number.digits) {
        return vec![SignalKind::Card];
    }
    if digits == 12 && about(MY_NUMBER_WORDS) && my_number(&number.digits) {
        return vec![SignalKind::MyNumber];
    }
    let ssn_called = near.contains("ssn") || near.contains("social security");
    let ssn_shape = number.groups == [3, 2, 4] && number.text.matches('-').count() == 2;
    if digits == 9 && (ssn_shape && number.digits[..3] != [0, 0, 0] && number.digits[0] != 9 || ssn_called) {
        return vec![SignalKind::Ssn];
    }
    if digits == 7 && number.groups.len() == 1 && BANK_WORDS.iter().filter(|word| near.contains(**word)).count() >= 2 {
        return vec![SignalKind::BankAccount];
    }
    if digits >= 6 && dots == 0 && about(ACCOUNT_WORDS) {
        kinds.push(SignalKind::BankAccount);
    }
    if !near.contains("isbn") && is_phone(number, about(PHONE_WORDS)) {
        kinds.push(SignalKind::Phone);
    }
    kinds
}

/// Whether a number begins, and is grouped, as those on cards are (ISO/IEC 7812).
fn is_card(number: &Number<'_>) -> bool {
    let begins = number.digits.iter().take(2).fold(0, |number, &digit| number * 10 + digit);
    matches!(
        (begins, number.groups.as_slice()),
        (34 | 37, [15] | [4, 6, 5])
            | (30 | 36 | 38, [14] | [4, 6, 4])
            | (22..=27 | 35 | 40..=49 | 51..=55 | 60 | 62 | 64 | 65, [16] | [4, 4, 4, 4])
    )
}

fn is_phone(number: &Number<'_>, called: bool) -> bool {
    let digits = &number.digits;
    let groups = number.groups.as_slice();
    if number.text.contains('.')
        && (groups.len() < 3 || groups.iter().all(|&group| group <= 3))
        && !number.text.contains('-')
        && groups != [3, 3, 4]
    {
        return false;
    }
    if looks_like_date(digits, groups) || looks_like_years(digits, groups) {
        return false;
    }
    if number.plus {
        return (8..=15).contains(&digits.len());
    }
    if digits[0] == 0 && is_japanese_plan(digits, groups) {
        return groups.len() >= 2 || digits.len() == 11 || called;
    }
    if digits.starts_with(&[0, 0]) && (10..=16).contains(&digits.len()) && (groups.len() >= 2 || called) {
        return true;
    }
    if number.bracket {
        return (7..=13).contains(&digits.len());
    }
    match groups {
        [3, 3, 4] | [1, 3, 3, 4] | [2, 2, 2, 2] | [2, 2, 2, 2, 2] | [3, 3, 3] | [3, 3, 2, 2] => {
            called || groups.len() >= 3 && digits.len() >= 10
        }
        [3, 4] => called,
        _ => called && (7..=15).contains(&digits.len()) && groups.iter().all(|&group| group >= 2),
    }
}

/// Ten or eleven digits by the numbering plan of Japan (MIC, telephone number plan).
pub(super) fn is_japanese_plan(digits: &[u8], groups: &[usize]) -> bool {
    match digits {
        [0, 5..=9, 0, ..] if digits.len() == 11 => matches!(groups, [11] | [3, 4, 4] | [3, 8] | [7, 4]),
        [0, 1, 2, 0, ..] if digits.len() == 10 => true,
        [0, 8, 0, 0, ..] if digits.len() == 11 => true,
        [0, 1..=9, ..] if digits.len() == 10 => {
            matches!(groups, [10] | [2, 4, 4] | [3, 3, 4] | [4, 2, 4] | [5, 1, 4] | [6, 4])
        }
        _ => false,
    }
}

/// Two years: `(1622-1626`, `1979 (1399`.
fn looks_like_years(digits: &[u8], groups: &[usize]) -> bool {
    groups == [4, 4] && digits.as_chunks::<4>().0.iter().all(|year| matches!(year, [1, ..] | [2, 0, ..]))
}

fn looks_like_date(digits: &[u8], groups: &[usize]) -> bool {
    let value = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |sum, &digit| sum * 10 + u32::from(digit));
    match groups {
        [4, 1 | 2, 1 | 2] | [4, 2, 2, 2] | [4, 2, 2, 4] => (1900..2100).contains(&value(0..4)),
        [1 | 2, 1 | 2, 4] => true,
        [4, 4] => (1900..2100).contains(&value(0..4)) && (1900..2100).contains(&value(4..8)),
        [8] => (1900..2100).contains(&value(0..4)) && value(4..6) <= 12,
        _ => false,
    }
}

/// The text close before and after, for words that say what a number is.
fn surroundings(text: &str, start: usize, end: usize) -> String {
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (end + REACH / 2).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    format!("{} {}", &text[from..start], &text[end..to])
}

fn find_ibans(plain: &View, signals: &mut Signals) {
    let bytes = plain.text().as_bytes();
    for start in 0..bytes.len().saturating_sub(14) {
        let begins = bytes[start].is_ascii_alphabetic()
            && bytes[start + 1].is_ascii_alphabetic()
            && bytes[start + 2].is_ascii_digit()
            && bytes[start + 3].is_ascii_digit()
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        if !begins {
            continue;
        }
        let mut compact = String::new();
        for (at, &byte) in bytes[start..].iter().enumerate().take(44) {
            work::add(1);
            if byte.is_ascii_alphanumeric() {
                compact.push(char::from(byte));
                let end = start + at + 1;
                if compact.len() >= 15 && iban(&compact) && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
                    signals.push(SignalKind::Iban, original(plain, start, end));
                    break;
                }
            } else if byte != b' ' && byte != b'-' {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::Clues;
    use crate::views::Views;

    fn kinds(text: &str) -> Vec<SignalKind> {
        let views = Views::of(text);
        let mut signals = Signals::default();
        let hints = Hints::of(&views.plain, Clues::default());
        find(&views.plain, &hints, &|kind| kind != SignalKind::Digits, &mut signals);
        signals.hits.into_iter().map(|hit| hit.kind).collect()
    }

    #[test]
    fn numbers_are_known_by_their_plan() {
        use SignalKind::{BankAccount, Card, Iban, MyNumber, Phone, Ssn};
        for (text, kind) in [
            ("090-1234-5678 に電話", Phone),
            ("０８０－１２３４－５６７８", Phone),
            ("03-1234-5678まで", Phone),
            ("0120-123-456", Phone),
            ("+81 90 1234 5678", Phone),
            ("call (555) 010-0123", Phone),
            ("please call 555-0100", Phone),
            ("WhatsApp +44 7700 900123", Phone),
            ("4111 1111 1111 1111", Card),
            ("マイナンバーは123456789018です", MyNumber),
            ("my ssn is 078-05-1120", Ssn),
            ("5555 5555 5555 4444", Card),
            ("090ー1234ー5678 に電話", Phone),
            ("090・1234・5678 が携帯", Phone),
            ("0 9 0 1 2 3 4 5 6 7 8 が携帯", Phone),
            ("5 5 5 5 5 5 5 5-5 5 5 5 4 4 4 4", Card),
            ("GB82 WEST 1234 5698 7654 32", Iban),
            ("見本銀行 本店 普通 1234567", BankAccount),
            ("my account number is 000123456", BankAccount),
        ] {
            assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "品番は AB-1234-5678 です",
            "3-1-2で勝ち",
            "2024-01-15 10:30",
            "the king (1622-1626) called it",
            "call it 1979 (1399)",
            "ISBN: 8170239818, call number 12",
            "¥1,000,000円",
            "version 10.12.1234",
            "1234567890123",
            "2019-2020年",
            "合計 1500000 円",
            "isbn 978-4-00-000000-0x",
            "1,234,567 views",
            "1234 5678 9018 の荷物がまだ届きません",
            "JAN 4901234567894 の商品",
            "249-1234567-1234567 never arrived",
            "order 4111 1111 1111 1111",
            "1ー2ー3と数える",
        ] {
            assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
        }
    }
}
