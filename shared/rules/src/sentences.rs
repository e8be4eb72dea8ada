//! Where the sentences of a text end: looked for when first asked.

use std::cell::OnceCell;

/// The sentences of a text, by byte offsets of the original.
#[derive(Debug)]
pub(crate) struct Sentences<'a> {
    text: &'a str,
    ends: OnceCell<Vec<u32>>,
}

impl<'a> Sentences<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Sentences { text, ends: OnceCell::new() }
    }

    fn ends(&self) -> &[u32] {
        self.ends.get_or_init(|| ends(self.text))
    }

    /// Whether none ends between two places.
    pub(crate) fn are_same(&self, before: u32, after: u32) -> bool {
        let ends = self.ends();
        let at = ends.partition_point(|&end| end <= before);
        ends.get(at).is_none_or(|&end| end > after)
    }

    /// From the end of the sentence before a stretch to the end of the one that holds its end.
    pub(crate) fn around(&self, start: u32, end: u32) -> (u32, u32) {
        let ends = self.ends();
        let at = ends.partition_point(|&end| end <= start);
        let from = at.checked_sub(1).map_or(0, |before| ends[before]);
        let until = ends.partition_point(|&before| before < end);
        (from, ends.get(until).copied().unwrap_or(u32::MAX))
    }
}

fn ends(text: &str) -> Vec<u32> {
    let mut ends = Vec::new();
    // First bytes of the characters that may end one: few places are looked at.
    let may_end = |byte: u8| matches!(byte, b'!' | b'?' | b'\n' | b'.' | 0xe2 | 0xe3 | 0xef);
    for (at, _) in text.bytes().enumerate().filter(|&(_, byte)| may_end(byte)) {
        let mut chars = text[at..].chars();
        let Some(c) = chars.next() else { break };
        let ends_here = match c {
            '。' | '!' | '?' | '！' | '？' | '\n' | '\u{2028}' | '\u{2029}' => true,
            '.' | '．' => chars.next().is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends_here {
            ends.push((at + c.len_utf8()) as u32);
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_readers_stop() {
        assert_eq!(ends("a. b.c 死ね。よ"), [2, 16]);
        assert!(!Sentences::of("死ね。よ").are_same(6, 9));
        assert!(Sentences::of("死ね、よ").are_same(6, 9));
        assert_eq!(Sentences::of("a. b.c 死ね。よ").around(3, 5), (2, 16));
        assert_eq!(Sentences::of("a. b").around(3, 4), (2, u32::MAX));
    }
}
