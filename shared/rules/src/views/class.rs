//! What kind of character a character is: worked out page by page, when a page is first met.

use std::sync::OnceLock;

use unicode_script::{Script, UnicodeScript};

use super::chars::{emoji, ignorable, is_east_asian, is_long, kana, kanji, mask};
use super::{fold, glyphs, plain};

/// Characters of one page.
const PAGE: usize = 256;
type Page = [Class; PAGE];

static ASCII: [Class; 128] = {
    let mut classes = [Class(0); 128];
    let mut at = 0;
    while at < classes.len() {
        classes[at] = Class::ascii(at as u8);
        at += 1;
    }
    classes
};

/// The page of a character beyond ASCII.
fn page_of(c: char) -> &'static Page {
    static PAGES: [OnceLock<Box<Page>>; (char::MAX as usize + 1) / PAGE] =
        [const { OnceLock::new() }; (char::MAX as usize + 1) / PAGE];
    PAGES[c as usize / PAGE].get_or_init(|| {
        let first = c as u32 / PAGE as u32 * PAGE as u32;
        let class = |at: usize| char::from_u32(first + at as u32).map(Class::beyond_ascii).unwrap_or_default();
        Box::new(std::array::from_fn(class))
    })
}

/// Everything that is asked of a character over and over, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class(u16);

impl Class {
    /// A letter or digit of any script.
    pub(crate) const WORD: Class = Class(1);
    pub(crate) const KANA: Class = Class(1 << 1);
    pub(crate) const KANJI: Class = Class(1 << 2);
    pub(crate) const LATIN: Class = Class(1 << 3);
    pub(crate) const EMOJI: Class = Class(1 << 4);
    pub(crate) const MASK: Class = Class(1 << 5);
    pub(crate) const IGNORABLE: Class = Class(1 << 6);
    /// A letter of a script whose letters look like Latin ones.
    pub(crate) const LOOKALIKE: Class = Class(1 << 7);
    pub(crate) const NUMERIC: Class = Class(1 << 8);
    pub(crate) const SPACE: Class = Class(1 << 9);
    /// The plain view has it as it is, but for ASCII capitals, where no mark follows.
    pub(crate) const SIMPLE: Class = Class(1 << 10);
    /// A sign that may be, or begin, a drawing of another letter.
    pub(crate) const DRAWN: Class = Class(1 << 11);
    /// May belong to a word of Latin letters, written straight or disguised.
    pub(crate) const WORD_PART: Class = Class(1 << 12);
    /// May belong to a link.
    pub(crate) const URL: Class = Class(1 << 13);
    /// May belong to the character before.
    pub(crate) const MARK: Class = Class(1 << 14);
    /// Outside of Latin words the folded view may have another character for it. A hyphen is looked at apart.
    pub(crate) const FOLDED: Class = Class(1 << 15);

    pub(crate) const JAPANESE: Class = Class(Class::KANA.0 | Class::KANJI.0);

    /// The class of a character.
    #[inline]
    pub(crate) fn of(c: char) -> Class {
        match ASCII.get(c as usize) {
            Some(class) => *class,
            None => page_of(c)[c as usize % PAGE],
        }
    }

    /// As `of`, of a character of ASCII.
    #[inline]
    pub(crate) fn of_ascii(byte: u8) -> Class {
        ASCII[usize::from(byte & 0x7f)]
    }

    /// Whether it has one of these bits.
    #[inline]
    pub(crate) fn is(self, bits: Class) -> bool {
        self.0 & bits.0 != 0
    }

    /// The bits of either.
    #[inline]
    pub(crate) fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    const fn ascii(byte: u8) -> Class {
        let mut bits = 0;
        if byte.is_ascii_alphanumeric() {
            bits |= Class::WORD.0;
        }
        if byte.is_ascii_alphabetic() {
            bits |= Class::LATIN.0;
        }
        if byte.is_ascii_digit() {
            bits |= Class::NUMERIC.0;
        }
        if byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t') {
            bits |= Class::IGNORABLE.0;
        }
        if matches!(byte, b'\t'..=b'\r' | b' ') {
            bits |= Class::SPACE.0;
        }
        if matches!(byte, b' '..=b'~' | b'\n' | b'\t') {
            bits |= Class::SIMPLE.0;
        }
        if matches!(byte, b'*' | b'_' | b'o' | b'x') {
            bits |= Class::MASK.0;
        }
        if matches!(byte, b'|' | b'l' | b'(' | b'~') {
            bits |= Class::DRAWN.0;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'$' | b'!' | b'|') {
            bits |= Class::WORD_PART.0;
        }
        let bracket = matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'\\' | b'^');
        if byte.is_ascii_graphic() && !bracket {
            bits |= Class::URL.0;
        }
        if matches!(byte, b'\n' | b'`') {
            bits |= Class::FOLDED.0;
        }
        Class(bits)
    }

    fn beyond_ascii(c: char) -> Class {
        let alphabetic = c.is_alphabetic();
        let (kana, kanji) = (kana(c), kanji(c));
        let script = if alphabetic && !is_east_asian(c) { c.script() } else { Script::Unknown };
        let latin = c > '\u{a9}' && script == Script::Latin;
        let lookalike = matches!(
            script,
            Script::Cyrillic | Script::Greek | Script::Armenian | Script::Cherokee | Script::Coptic | Script::Lisu
        );
        let bits = [
            (Class::WORD, kana || kanji || c.is_alphanumeric()),
            (Class::KANA, kana),
            (Class::KANJI, kanji),
            (Class::LATIN, latin),
            (Class::EMOJI, emoji(c)),
            (Class::MASK, mask(c)),
            (Class::IGNORABLE, ignorable(c)),
            (Class::LOOKALIKE, lookalike),
            (Class::NUMERIC, c.is_numeric()),
            (Class::SPACE, c.is_whitespace()),
            (Class::SIMPLE, plain::is_simple(c)),
            (Class::MARK, plain::is_mark(c)),
            (Class::DRAWN, is_long(c) || glyphs::is_drawn(c)),
            (Class::WORD_PART, latin || lookalike),
            (Class::FOLDED, fold::is_folded(c)),
        ];
        bits.into_iter().filter(|(_, holds)| *holds).fold(Class::default(), |all, (bit, _)| all.or(bit))
    }
}
