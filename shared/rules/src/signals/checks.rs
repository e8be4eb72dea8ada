//! Check digits.

/// Luhn's check of a payment card (ISO/IEC 7812-1).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match u32::from(digit) * if at % 2 == 1 { 2 } else { 1 } {
            big if big > 9 => big - 9,
            small => small,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != digits[0])
}

/// The check digit of a My Number (Order of the Ministry of Internal Affairs No. 85 of 2014, Article 5).
pub(super) fn my_number(digits: &[u8]) -> bool {
    let [body @ .., check] = digits else { return false };
    if body.len() != 11 || body.iter().all(|&digit| digit == body[0]) {
        return false;
    }
    let weighted = body.iter().rev().enumerate().map(|(at, &digit)| {
        let weight = if at < 6 { at + 2 } else { at - 4 };
        u32::from(digit) * weight as u32
    });
    let rest = weighted.sum::<u32>() % 11;
    u32::from(*check) == if rest <= 1 { 0 } else { 11 - rest }
}

/// The check digits of an IBAN (ISO 13616): letters and digits without spaces, upper or lower case.
pub(super) fn iban(text: &str) -> bool {
    if !(15..=34).contains(&text.len()) || !text.is_ascii() {
        return false;
    }
    let (head, body) = text.split_at(4);
    if !head.starts_with(|c: char| c.is_ascii_alphabetic()) || !head[2..].bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let mut rest = 0_u32;
    for byte in body.bytes().chain(head.bytes()) {
        rest = match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            b'a'..=b'z' => (rest * 100 + u32::from(byte - b'a') + 10) % 97,
            b'A'..=b'Z' => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => return false,
        };
    }
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn check_digits_of_published_examples() {
        assert!(luhn(&digits("4111111111111111")) && !luhn(&digits("4111111111111112")));
        assert!(my_number(&digits("123456789018")) && !my_number(&digits("123456789012")));
        assert!(iban("GB82WEST12345698765432") && !iban("GB83WEST12345698765432"));
        assert!(iban("de89370400440532013000"));
    }
}
