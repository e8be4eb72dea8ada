//! What the model sees of a text: hashed runs of four characters that end in two of ASCII, of two and three that don't,
//! words, word pairs, and its shape.

use crate::views::{Class, Views};

/// Buckets that features are hashed to: as many as the model file has room for.
pub(super) const BUCKETS: usize = 54_000;
/// Characters of a text that are looked at.
pub(super) const MOST_CHARS: usize = 2_000;

/// A feature of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Feature {
    pub(super) bucket: u32,
    /// Character of the view that it ends at; `SHAPE` for one of the whole text.
    pub(super) place: u32,
}

const SHAPE: u32 = u32::MAX;

/// The most features that one character may end: two runs, a word and its pair, a sign and its pair.
const MOST_AT_ONCE: usize = 6;

/// Features as they are found, each once.
struct Found {
    features: Vec<Feature>,
    count: usize,
    seen: Seen,
}

impl Found {
    /// Without a branch: whether a feature is new can't be foreseen.
    #[inline(always)]
    fn add(&mut self, hash: u64, place: usize) {
        let bucket = ((hash >> 32).wrapping_mul(BUCKETS as u64) >> 32) as u32;
        if let Some(next) = self.features.get_mut(self.count) {
            *next = Feature { bucket, place: place as u32 };
        }
        self.count += usize::from(self.seen.is_new(bucket));
    }
}

/// Every different feature of a text.
pub(crate) fn features(text: &str, views: &Views) -> Vec<Feature> {
    let (text, view) = (text.get(views.said..).unwrap_or_default(), views.compact());
    let length = view.chars.len();
    let most = (length.min(MOST_CHARS) + 2) * MOST_AT_ONCE + SHAPES;
    let mut found = Found { features: vec![Feature::default(); most], count: 0, seen: Seen([0; BUCKETS.div_ceil(64)]) };
    let mut grams = Grams::default();
    let mut words = Words::default();
    grams.push(' ', 0, &mut found);
    let (mut last, mut run, mut emoji) = (' ', 0, 0);
    for (at, (&c, &class)) in view.chars.iter().zip(&view.classes).take(MOST_CHARS).enumerate() {
        emoji += u64::from(class.is(Class::EMOJI));
        let c = if class.is(Class::SPACE) { ' ' } else { c };
        run = if c == last { run + 1 } else { 1 };
        last = c;
        // Three of the same say as much as thirty; one space is a space.
        if run > 3 || c == ' ' && run > 1 {
            continue;
        }
        let c = if c.is_ascii_digit() { '0' } else { c };
        grams.push(c, at, &mut found);
        words.push(c, class, at, &mut found);
    }
    if last != ' ' {
        grams.push(' ', length, &mut found);
    }
    words.end(length.saturating_sub(1), &mut found);
    for (kind, step) in shape(text, length, emoji).into_iter().enumerate() {
        found.add(mix(mix(0x5348_4150, kind as u64), step), SHAPE as usize);
    }
    found.features.truncate(found.count);
    found.features
}

/// The buckets that were met, a bit for each.
struct Seen([u64; BUCKETS.div_ceil(64)]);

impl Seen {
    #[inline(always)]
    fn is_new(&mut self, bucket: u32) -> bool {
        let (word, bit) = (&mut self.0[bucket as usize / 64], 1_u64 << (bucket % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

#[inline(always)]
fn mix(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(5) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hashes of the runs of one, two and three characters that end at the current one.
#[derive(Default)]
struct Grams {
    one: u64,
    two: u64,
    three: u64,
    /// Characters so far.
    length: usize,
    /// Whether the last of them is of ASCII.
    ascii: bool,
}

impl Grams {
    #[inline(always)]
    fn push(&mut self, c: char, at: usize, found: &mut Found) {
        let next = u64::from(c);
        let (two, three, four) = (mix(self.one, next), mix(self.two, next), mix(self.three, next));
        (self.one, self.two, self.three) = (mix(0, next), two, three);
        let ascii = c.is_ascii();
        // Latin words are long and known as such besides; two or three kanji are a word.
        if ascii & self.ascii {
            if self.length >= 3 {
                found.add(four, at);
            }
        } else {
            if self.length >= 1 {
                found.add(two, at);
            }
            if self.length >= 2 {
                found.add(three, at);
            }
        }
        self.length += 1;
        self.ascii = ascii;
    }
}

/// Words of scripts that write them apart, single signs, and pairs of either.
#[derive(Default)]
struct Words {
    word: Option<u64>,
    before: u64,
}

impl Words {
    #[inline(always)]
    fn push(&mut self, c: char, class: Class, at: usize, found: &mut Found) {
        if class.is(Class::WORD) && !class.is(Class::JAPANESE) || c == '\'' {
            self.word = Some(mix(self.word.unwrap_or(0x574f_5244), u64::from(c)));
            return;
        }
        self.end(at.saturating_sub(1), found);
        if class.is(Class::JAPANESE) {
            self.before = 0;
        } else if c != ' ' {
            self.word = Some(mix(0x5349_474e, u64::from(c)));
            self.end(at, found);
        }
    }

    #[inline(always)]
    fn end(&mut self, at: usize, found: &mut Found) {
        let Some(word) = self.word.take() else { return };
        found.add(word, at);
        found.add(mix(self.before, word), at);
        self.before = word;
    }
}

/// Numbers that `shape` tells.
const SHAPES: usize = 11;

/// Counts of what the text is made of, in coarse steps.
fn shape(text: &str, chars: usize, emoji: u64) -> [u64; SHAPES] {
    let bytes = text.as_bytes();
    // Bytes are counted as bytes, a few at a time: many at once.
    let count = |is: fn(u8) -> bool| -> usize {
        let few = bytes.chunks(usize::from(u8::MAX)).map(|few| few.iter().map(|&byte| u8::from(is(byte))).sum::<u8>());
        few.map(usize::from).sum()
    };
    let (second, third) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let twice = |is: fn(u8, u8) -> bool| bytes.iter().zip(second).fold(false, |any, (&a, &b)| any | is(a, b));
    let thrice = |is: fn(u8, u8, u8) -> bool| {
        bytes.iter().zip(second).zip(third).fold(false, |any, ((&a, &b), &c)| any | is(a, b, c))
    };
    let upper = count(|byte| byte.is_ascii_uppercase());
    let letters = count(|byte| byte.is_ascii_alphabetic());
    let log = |count: usize| u64::from(count.checked_ilog2().map_or(0, |log| log + 1));
    let quarter = (4 * upper).checked_div(letters).map_or(0, |quarter| quarter as u64);
    [
        if letters > 5 { quarter + 1 } else { 0 },
        log(chars).min(9),
        log(count(|byte| byte.is_ascii_digit())).min(5),
        count(|byte| byte == b'\n').min(4) as u64,
        count(|byte| byte == b'#').min(4) as u64,
        emoji.min(4),
        u64::from(count(|byte| byte == b'@') > 0),
        u64::from(count(|byte| byte == b'$') > 0),
        u64::from(twice(|a, b| (a == b'!') & (b == b'!'))),
        u64::from(thrice(|a, b, c| (a == b) & (b == c) & a.is_ascii_graphic())),
        u64::from(thrice(|a, b, c| a.is_ascii_uppercase() & b.is_ascii_uppercase() & c.is_ascii_uppercase())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_tells_what_a_text_is_made_of() {
        assert_eq!(shape("", 0, 0), [0; SHAPES]);
        assert_eq!(shape("quiet", 5, 0), [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(shape("WOW!! $12\n#a @bcdef", 19, 9), [2, 5, 2, 1, 1, 4, 1, 1, 1, 0, 1]);
        assert_eq!(shape("ABCD efg", 8, 0), [3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(shape(&"aaaaaa".repeat(100), 600, 0), [1, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    }
}
