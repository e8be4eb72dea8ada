//! What the model sees of a text: hashed character 2- to 4-grams, words, word pairs, and its shape.

use crate::views::{View, is_emoji, is_japanese};

/// Buckets that features are hashed to, as a power of two.
pub(super) const BITS: u32 = 17;
pub(super) const BUCKETS: usize = 1 << BITS;
/// Characters of a text that are looked at.
const MOST_CHARS: usize = 2_000;
/// Longest run of characters.
const LONGEST: usize = 4;

/// Where in the view a feature ends; `SHAPE` for one of the whole text.
pub(super) type Place = usize;
pub(super) const SHAPE: Place = usize::MAX;

/// Calls `found` with the bucket of every different feature, and tells how many there were.
pub(super) fn each(text: &str, plain: &View, mut found: impl FnMut(u32, Place)) -> u32 {
    let mut seen = [0_u64; BUCKETS / 64];
    let mut count = 0;
    let mut add = |hash: u64, place: Place| {
        let bucket = (hash >> (64 - BITS)) as u32;
        let (word, bit) = (&mut seen[bucket as usize / 64], 1_u64 << (bucket % 64));
        if *word & bit == 0 {
            *word |= bit;
            count += 1;
            found(bucket, place);
        }
    };
    let mut grams = Grams::default();
    let mut words = Words::default();
    grams.push(' ', 0, &mut add);
    let (mut last, mut run) = (' ', 0);
    for (at, cell) in plain.cells.iter().take(MOST_CHARS).enumerate() {
        let c = if cell.ch.is_whitespace() { ' ' } else { cell.ch };
        run = if c == last { run + 1 } else { 1 };
        last = c;
        // Three of the same say as much as thirty; one space is a space.
        if run > 3 || c == ' ' && run > 1 {
            continue;
        }
        let c = if c.is_ascii_digit() { '0' } else { c };
        grams.push(c, at, &mut add);
        words.push(c, at, &mut add);
    }
    if last != ' ' {
        grams.push(' ', plain.cells.len(), &mut add);
    }
    words.end(plain.cells.len().saturating_sub(1), &mut add);
    for (kind, bucket) in shape(text, plain).into_iter().enumerate() {
        add(mix(mix(0x5348_4150, kind as u64), bucket), SHAPE);
    }
    count
}

fn mix(hash: u64, next: u64) -> u64 {
    (hash.rotate_left(5) ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hashes of the runs of characters that end at the current one, shortest first.
#[derive(Default)]
struct Grams {
    hashes: [u64; LONGEST],
    length: usize,
}

impl Grams {
    fn push(&mut self, c: char, at: Place, add: &mut impl FnMut(u64, Place)) {
        for longer in (1..LONGEST).rev() {
            self.hashes[longer] = mix(self.hashes[longer - 1], u64::from(c));
        }
        self.hashes[0] = mix(0, u64::from(c));
        self.length = (self.length + 1).min(LONGEST);
        for &hash in &self.hashes[1..self.length.max(1)] {
            add(hash, at);
        }
    }
}

/// Words of scripts that write them apart, single signs, and pairs of either.
#[derive(Default)]
struct Words {
    word: Option<u64>,
    before: u64,
}

impl Words {
    fn push(&mut self, c: char, at: Place, add: &mut impl FnMut(u64, Place)) {
        if c.is_ascii_alphanumeric() || c == '\'' || !c.is_ascii() && !is_japanese(c) && c.is_alphanumeric() {
            self.word = Some(mix(self.word.unwrap_or(0x574f_5244), u64::from(c)));
            return;
        }
        self.end(at.saturating_sub(1), add);
        if is_japanese(c) {
            self.before = 0;
        } else if c != ' ' {
            self.word = Some(mix(0x5349_474e, u64::from(c)));
            self.end(at, add);
        }
    }

    fn end(&mut self, at: Place, add: &mut impl FnMut(u64, Place)) {
        let Some(word) = self.word.take() else { return };
        add(word, at);
        add(mix(self.before, word), at);
        self.before = word;
    }
}

/// Counts of what the text is made of, in coarse steps.
fn shape(text: &str, plain: &View) -> [u64; 11] {
    let (mut upper, mut letters, mut digits, mut lines, mut tags) = (0_usize, 0_usize, 0_usize, 0, 0);
    let (mut mention, mut dollar, mut shouts, mut repeats, mut capitals) = (false, false, false, false, false);
    let (mut last, mut run, mut upper_run) = (0_u8, 0, 0);
    for byte in text.bytes() {
        run = if byte == last { run + 1 } else { 1 };
        last = byte;
        repeats |= run >= 3 && byte.is_ascii_graphic();
        shouts |= byte == b'!' && run >= 2;
        letters += usize::from(byte.is_ascii_alphabetic());
        digits += usize::from(byte.is_ascii_digit());
        upper_run = if byte.is_ascii_uppercase() { upper_run + 1 } else { 0 };
        upper += usize::from(upper_run > 0);
        capitals |= upper_run >= 3;
        lines += u64::from(byte == b'\n');
        tags += u64::from(byte == b'#');
        mention |= byte == b'@';
        dollar |= byte == b'$';
    }
    let emoji = plain.cells.iter().take(MOST_CHARS).filter(|cell| !cell.ch.is_ascii() && is_emoji(cell.ch)).count();
    let log = |count: usize| u64::from(count.checked_ilog2().map_or(0, |log| log + 1));
    let quarter = (4 * upper).checked_div(letters).map_or(0, |quarter| quarter as u64);
    [
        if letters > 5 { quarter + 1 } else { 0 },
        log(plain.cells.len()).min(9),
        log(digits).min(5),
        lines.min(4),
        tags.min(4),
        emoji.min(4) as u64,
        u64::from(mention),
        u64::from(dollar),
        u64::from(shouts),
        u64::from(repeats),
        u64::from(capitals),
    ]
}
