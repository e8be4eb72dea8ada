//! Header blocks: where they end, their raw values, and encoded words joined before they are decoded.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::charset;

/// The longest text looked at inside one encoded word.
const WORD_LIMIT: usize = 4096;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Raw header fields, unfolded on demand, in their order.
pub(super) struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Headers<'a> {
    /// Reads a block as [`block_end`] delimits it.
    pub(super) fn read(block: &'a [u8]) -> Self {
        let mut fields = Vec::new();
        let mut start = 0;
        while start < block.len() {
            let mut end = line_end(block, start);
            while matches!(block.get(end), Some(b' ' | b'\t')) {
                end = line_end(block, end);
            }
            let field = &block[start..end];
            if let Some(colon) = field.iter().position(|byte| *byte == b':') {
                fields.push((field[..colon].trim_ascii(), field[colon + 1..].trim_ascii()));
            }
            start = end;
        }
        Self { fields }
    }

    /// All raw values of a field, by its name in any case.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let name = name.as_bytes().to_vec();
        self.fields.iter().filter(move |(field, _)| field.eq_ignore_ascii_case(&name)).map(|(_, value)| *value)
    }

    /// The first value of a field, decoded, on one line.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.all(name).next().map(decode_value)
    }

    /// Whether any field has a name that passes the test; names come in lower case.
    pub(super) fn any_name(&self, test: impl Fn(&str) -> bool) -> bool {
        self.fields.iter().any(|(name, _)| test(&String::from_utf8_lossy(name).to_ascii_lowercase()))
    }
}

/// The start of the line after the one that holds `from`.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| from + at + 1)
}

/// Where the header block that starts at `start` ends, and where its body starts. A line that can be no header ends
/// the block as well: mails without the empty line exist.
pub(super) fn block_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let mut at = start;
    while at < bytes.len() {
        let next = line_end(bytes, at);
        let line = &bytes[at..next];
        if line.trim_ascii_end().is_empty() {
            return (at, next);
        }
        let folded = matches!(line, [b' ' | b'\t', ..]) && at > start;
        let envelope = at == start && line.starts_with(b"From ");
        if !folded && !envelope && !is_field(line) {
            return (at, at);
        }
        at = next;
    }
    (bytes.len(), bytes.len())
}

fn is_field(line: &[u8]) -> bool {
    let colon = line.iter().take(200).position(|byte| *byte == b':');
    colon.is_some_and(|colon| colon > 0 && line[..colon].iter().all(|byte| (0x20..0x7F).contains(byte)))
}

/// Decodes encoded words; raw bytes between them are read with the charset that fits.
pub(super) fn decode_value(raw: &[u8]) -> String {
    let raw: Vec<u8> = raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let mut out = String::new();
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut plain_from = 0;
    let mut at = 0;
    while at < raw.len() {
        let Some(word) = raw[at..].starts_with(b"=?").then(|| encoded_word(&raw[at..])).flatten() else {
            at += 1;
            continue;
        };
        let between = &raw[plain_from..at];
        let blank = between.iter().all(u8::is_ascii_whitespace);
        pending = match pending.take() {
            Some((charset, mut bytes)) if blank && charset == word.charset => {
                bytes.extend(word.bytes);
                Some((charset, bytes))
            }
            earlier => {
                if let Some((charset, bytes)) = &earlier {
                    out.push_str(&charset::decode(bytes, Some(charset)));
                }
                if earlier.is_none() || !blank {
                    out.push_str(&charset::decode(between, None));
                }
                Some((word.charset, word.bytes))
            }
        };
        at += word.length;
        plain_from = at;
    }
    if let Some((charset, bytes)) = &pending {
        out.push_str(&charset::decode(bytes, Some(charset)));
    }
    out.push_str(&charset::decode(&raw[plain_from..], None));
    out.trim().to_owned()
}

struct Word {
    charset: String,
    bytes: Vec<u8>,
    length: usize,
}

fn encoded_word(bytes: &[u8]) -> Option<Word> {
    let charset_end = bytes.iter().skip(2).take(64).position(|byte| *byte == b'?')? + 2;
    let label = std::str::from_utf8(&bytes[2..charset_end]).ok()?;
    // RFC 2231 allows a language after the charset.
    let charset = label.split('*').next().unwrap_or(label).to_ascii_lowercase();
    let [encoding, b'?', text @ ..] = bytes.get(charset_end + 1..)? else { return None };
    let window = &text[..text.len().min(WORD_LIMIT)];
    let text_end = window.windows(2).position(|pair| pair == b"?=")?;
    let text = &text[..text_end];
    let bytes = match encoding {
        b'B' | b'b' => decode_base64(text),
        b'Q' | b'q' => decode_q(text),
        _ => return None,
    };
    Some(Word { charset, bytes, length: charset_end + 3 + text_end + 2 })
}

fn decode_q(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
    decode_quoted_printable(&spaced)
}

/// Quoted-printable of which an `=` that means nothing stands for itself.
pub(super) fn decode_quoted_printable(text: &[u8]) -> Vec<u8> {
    let hex = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'=', [b'\n', after @ ..] | [b'\r', b'\n', after @ ..]) => after,
            (b'=', [high, low, after @ ..]) if hex(high).is_some() && hex(low).is_some() => {
                out.push(hex(high).unwrap_or_default() << 4 | hex(low).unwrap_or_default());
                after
            }
            _ => {
                out.push(*first);
                tail
            }
        };
    }
    out
}

/// Base64 of which stray bytes and a cut end are passed over.
pub(super) fn decode_base64(text: &[u8]) -> Vec<u8> {
    let mut clean: Vec<u8> =
        text.iter().copied().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).collect();
    if clean.len() % 4 == 1 {
        clean.pop();
    }
    LENIENT.decode(&clean).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_before_decoding() {
        for (raw, expected) in [
            (&b"=?utf-8?B?6ZaL?= =?utf-8?B?56S6?="[..], "開示"),
            (b"=?UTF-8?B?6Zs=?= =?utf-8?B?gQ==?=", "雁"),
            (b"=?iso-2022-jp?B?GyRCMys=?=\r\n =?iso-2022-jp?B?PCgbKEI=?=", "開示"),
            (b"Re: =?utf-8?Q?=E9=96=8B=E7=A4=BA?= request", "Re: 開示 request"),
            (b"=?utf-8?Q?a_b?= =?iso-8859-1?Q?=E9?=", "a bé"),
            (b"\x1b$B3+<(\x1b(B", "開示"),
            (b"=?utf-8*ja?B?6ZaL56S6?=", "開示"),
            (b"=?cp932?B?ikqOpg==?=", "開示"),
            (b"=?utf-8?X?abc?= =?broken", "=?utf-8?X?abc?= =?broken"),
        ] {
            assert_eq!(decode_value(raw), expected, "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn a_block_ends_at_the_empty_line_or_at_what_is_no_header() {
        assert_eq!(block_end(b"A: b\r\n c\r\n\r\nbody", 0), (10, 12));
        assert_eq!(block_end(b"A: b\nno header here\n", 0), (5, 5));
        assert_eq!(block_end(b"From a@b Mon\nA: b\n\nbody", 0), (18, 19));
        assert_eq!(block_end(b"A: b", 0), (4, 4));
    }

    #[test]
    fn names_match_in_any_case_and_values_unfold() {
        let headers = Headers::read(b"SUBJECT: one\r\n two\r\nList-Id: x\r\n");
        assert_eq!(headers.text("subject").as_deref(), Some("one two"));
        assert!(headers.any_name(|name| name.starts_with("list-")));
    }
}
