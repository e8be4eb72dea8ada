//! Text from bytes whose label may be absent or wrong, above all Japanese.
//!
//! ISO-2022-JP is turned into EUC-JP and decoded as that: the WHATWG table of EUC-JP knows JIS X 0212 and half-width
//! katakana, which the one of ISO-2022-JP does not.

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};

const ESC: u8 = 0x1B;

/// Decodes with the declared charset where it is true, else with the one that fits.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    if has_japanese_escape(bytes) && declared.is_none_or(may_be_iso_2022_jp) {
        return decode_iso_2022_jp(bytes);
    }
    let declared = declared.map(canonical).filter(|label| !matches!(label.as_str(), "us-ascii" | "ascii"));
    let encoding = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = encoding {
        let (text, _, malformed) = encoding.decode(bytes);
        let lied = malformed || encoding == encoding_rs::ISO_2022_JP && bytes.iter().any(|byte| !byte.is_ascii());
        return if lied { guess(bytes).unwrap_or_else(|| text.into_owned()) } else { text.into_owned() };
    }
    guess(bytes).unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
}

/// Labels that a mail with JIS escapes may carry: its own, none worth the name, or one that has no escapes.
fn may_be_iso_2022_jp(label: &str) -> bool {
    let label = canonical(label);
    matches!(label.as_str(), "iso-2022-jp" | "us-ascii" | "ascii" | "utf-8" | "utf8" | "iso-8859-1" | "unknown-8bit")
        || Encoding::for_label(label.as_bytes()).is_none()
}

fn canonical(label: &str) -> String {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    match label.as_str() {
        "cp932" | "cp943" | "cp943c" | "mskanji" | "ms_kanji" | "shift-jis" | "shiftjis" | "shift_jis-2004" => {
            "shift_jis".to_owned()
        }
        "iso-2022-jp-ms" | "cp50220" | "cp50221" | "cp50222" | "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3"
        | "iso-2022-jp-2004" | "iso2022jp" | "iso_2022-jp" | "jis" => "iso-2022-jp".to_owned(),
        "eucjp" | "ujis" | "euc_jp" | "eucjp-ms" | "eucjp-win" | "cp51932" | "euc-jis-2004" => "euc-jp".to_owned(),
        "ks_c_5601" | "cp949" => "euc-kr".to_owned(),
        _ => label,
    }
}

fn has_japanese_escape(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| matches!(window, [ESC, b'$', b'B' | b'@' | b'('] | [ESC, b'(', b'J' | b'I']))
}

/// The encoding that reads the bytes without an error: UTF-8 first, then the likelier of EUC-JP and Shift_JIS.
fn guess(bytes: &[u8]) -> Option<String> {
    let read = |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    if let Some(text) = read(UTF_8) {
        return Some(text.trim_start_matches('\u{FEFF}').to_owned());
    }
    let likely = |text: &str| {
        // Read with the wrong one of the two, Japanese turns into half-width katakana and rare kanji.
        text.chars()
            .map(|c| match c {
                'ぁ'..='ん' | 'ァ'..='ヶ' | '、' | '。' => 2_i64,
                '\u{FF61}'..='\u{FF9F}' | '\u{E000}'..='\u{F8FF}' => -2,
                _ => 0,
            })
            .sum::<i64>()
    };
    [read(EUC_JP), read(SHIFT_JIS)].into_iter().flatten().max_by_key(|text| likely(text)).map(|text| text.into_owned())
}

#[derive(Clone, Copy, PartialEq)]
enum Set {
    Ascii,
    Katakana,
    Jis0208,
    Jis0212,
    Unknown,
}

fn decode_iso_2022_jp(bytes: &[u8]) -> String {
    let mut euc = Vec::with_capacity(bytes.len());
    let mut out = String::new();
    let mut set = Set::Ascii;
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        if *first == ESC
            && let Some((next, length)) = escape(rest)
        {
            set = next;
            rest = &rest[length..];
            continue;
        }
        let pair = tail.first().filter(|second| (0x21..=0x7E).contains(*second));
        rest = match (set, first, pair) {
            (_, 0x0E, _) => {
                set = Set::Katakana;
                tail
            }
            (_, 0x0F, _) => {
                set = Set::Ascii;
                tail
            }
            (_, 0x80.., _) => {
                // Not JIS at all: a run of another encoding between the escapes.
                let length = rest.iter().position(u8::is_ascii).unwrap_or(rest.len()).max(1);
                let length = (length + 1).min(rest.len());
                out.push_str(&EUC_JP.decode_without_bom_handling(&euc).0);
                euc.clear();
                let run = &rest[..length];
                match guess(run) {
                    Some(text) => out.push_str(&text),
                    None => out.push_str(&String::from_utf8_lossy(run)),
                }
                &rest[length..]
            }
            (Set::Katakana, 0x21..=0x5F, _) => {
                euc.extend([0x8E, first | 0x80]);
                tail
            }
            (Set::Jis0208, 0x21..=0x7E, Some(second)) => {
                euc.extend([first | 0x80, second | 0x80]);
                &tail[1..]
            }
            (Set::Jis0212, 0x21..=0x7E, Some(second)) => {
                euc.extend([0x8F, first | 0x80, second | 0x80]);
                &tail[1..]
            }
            (Set::Unknown, 0x21..=0x7E, Some(_)) => {
                euc.push(0xFF);
                &tail[1..]
            }
            (Set::Jis0208 | Set::Jis0212 | Set::Unknown, 0x21..=0x7E, None) => {
                euc.push(0xFF);
                tail
            }
            (Set::Ascii | Set::Katakana | Set::Jis0208 | Set::Jis0212 | Set::Unknown, _, _) => {
                euc.push(*first);
                tail
            }
        };
    }
    out.push_str(&EUC_JP.decode_without_bom_handling(&euc).0);
    out
}

/// The set that an escape sequence selects, and the length of the sequence.
fn escape(bytes: &[u8]) -> Option<(Set, usize)> {
    Some(match bytes {
        [ESC, b'(', b'I', ..] => (Set::Katakana, 3),
        [ESC, b'(', _, ..] => (Set::Ascii, 3),
        [ESC, b'$', b'B' | b'@', ..] => (Set::Jis0208, 3),
        [ESC, b'$', b'(', b'D', ..] => (Set::Jis0212, 4),
        // Plane 1 of JIS X 0213 has the characters of JIS X 0208 at the same places.
        [ESC, b'$', b'(', b'O' | b'Q' | b'B' | b'@', ..] => (Set::Jis0208, 4),
        [ESC, b'$', b'(', _, ..] => (Set::Unknown, 4),
        [ESC, b'&', b'@', ..] => (Set::Jis0208, 3),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_read_under_any_label() {
        let text = "個人情報の開示を請求します。";
        let jis = encoding_rs::ISO_2022_JP.encode(text).0.into_owned();
        let euc = EUC_JP.encode(text).0.into_owned();
        let sjis = SHIFT_JIS.encode(text).0.into_owned();
        let utf8 = text.as_bytes().to_vec();
        let labels = [None, Some("us-ascii"), Some("utf-8"), Some("ISO-2022-JP"), Some("x-unheard-of")];
        for label in labels {
            for (name, bytes) in [("jis", &jis), ("euc", &euc), ("sjis", &sjis), ("utf-8", &utf8)] {
                assert_eq!(decode(bytes, label), text, "{name} under {label:?}");
            }
        }
    }

    #[test]
    fn aliases_that_others_do_not_know() {
        let sjis = SHIFT_JIS.encode("㈱関所①").0.into_owned();
        for label in ["cp932", "CP932", "\"windows-31j\"", "ms932", "x-sjis", "sjis"] {
            assert_eq!(decode(&sjis, Some(label)), "㈱関所①", "{label}");
        }
        for label in ["cp50220", "iso-2022-jp-ms", "ISO-2022-JP-2004", "iso-2022-jp-1"] {
            assert_eq!(decode(b"\x1b$B4X=j\x1b(B", Some(label)), "関所", "{label}");
        }
    }

    #[test]
    fn half_width_katakana_and_jis_x_0212() {
        assert_eq!(decode(b"\x1b(I1\x1b(B", Some("iso-2022-jp")), "ｱ");
        assert_eq!(decode(b"t\x1b$(D+W\x1b(Btatsu", Some("iso-2022-jp")), "tōtatsu");
        assert_eq!(decode(b"\x1b$B-@\x1b(B", None), "㍉");
    }

    #[test]
    fn eight_bit_bytes_between_escapes_do_not_spoil_the_rest() {
        let mut bytes = b"\x1b$B4X=j\x1b(B ".to_vec();
        bytes.extend("を".as_bytes());
        bytes.extend(b" \x1b$B4X\x1b(B");
        assert_eq!(decode(&bytes, Some("iso-2022-jp")), "関所 を 関");
    }

    #[test]
    fn a_cut_character_is_marked_and_nothing_panics() {
        assert_eq!(decode(b"\x1b$B4", None), "\u{FFFD}");
        assert_eq!(decode(b"\x1b$", None), "\u{1b}$");
        assert_eq!(decode(b"caf\xe9", Some("us-ascii")), "café");
        assert_eq!(decode(b"caf\xe9", Some("utf-8")), "caf\u{FFFD}");
    }
}
