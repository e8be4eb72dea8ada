//! Texts as they are looked at: their sentences, and their words in one width and case.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text as patterns see it: NFKC, in lower case.
pub(super) fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// How a Japanese line ends that is a whole sentence although no mark follows.
const FINAL_FORMS: [&str; 12] = [
    "ます",
    "ました",
    "です",
    "でした",
    "ません",
    "ください",
    "下さい",
    "ほしい",
    "欲しい",
    "ですか",
    "ますか",
    "したい",
];

/// Byte ranges of sentences: up to an end mark, an empty line, a list mark, or a line that ends like a sentence. Other
/// line breaks end nothing: mail programs break lines within sentences.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' => true,
            '.' => next.is_none_or(char::is_whitespace),
            '\n' => {
                let line = text[start..at].trim_end();
                next.is_none_or(|next| matches!(next, '\n' | '-' | '*' | '・' | '■' | '●' | '①'..='⑳' | '0'..='9'))
                    || FINAL_FORMS.iter().any(|form| line.ends_with(form))
            }
            _ => false,
        };
        if ends || next.is_none() {
            let end = at + c.len_utf8();
            let sentence = &text[start..end];
            let lead = sentence.len() - sentence.trim_start().len();
            if !sentence.trim().is_empty() {
                found.push(start + lead..start + lead + sentence.trim().len());
            }
            start = end;
        }
    }
    found
}
