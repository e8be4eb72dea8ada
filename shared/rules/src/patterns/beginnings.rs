//! A filter by which most places of a text are known to begin no literal.

use crate::views::Class;

/// Numbers of characters by which beginnings are known, from three on; a literal by the largest that it has.
const KNOWN: [usize; 3] = [3, 4, 6];
const _: () = assert!(KNOWN[0] == 3, "the quick look is at three characters");
/// Characters of a beginning that are looked at.
pub(super) const LONGEST: usize = KNOWN[KNOWN.len() - 1];
/// Places of a text that are looked at together.
pub(super) const BLOCK: usize = u64::BITS as usize;

/// The characters of a text, with their classes.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) chars: &'a [char],
    pub(super) classes: &'a [Class],
}

/// Where literals may begin. Most characters of Latin text stand inside of words, where few of them may.
#[derive(Clone, Debug, Default)]
pub(super) struct Beginnings {
    /// Of every literal.
    pub(super) outside: Starts,
    /// Of those that may begin inside a word of Latin letters or digits.
    pub(super) inside: Starts,
}

/// The first characters of some literals.
#[derive(Clone, Debug, Default)]
pub(super) struct Starts {
    pairs: Pairs,
    bloom: Bloom,
}

/// What a quick look says of some places of a text, a bit for each.
#[derive(Default)]
pub(super) struct Block {
    first: usize,
    /// Those inside a word of Latin letters or digits.
    inside: u64,
    /// Those at which a literal of one or two characters may begin.
    short: u64,
    /// Those at which a longer one may begin.
    long: u64,
}

impl Beginnings {
    /// A quick look at the places of a text from one on.
    pub(super) fn block(&self, text: Text<'_>, first: usize) -> Block {
        let chars = text.chars.get(first..).unwrap_or_default();
        let classes = text.classes.get(first..).unwrap_or_default();
        let char_at = |at: usize| chars.get(at).copied().unwrap_or_default();
        let mut before = first.checked_sub(1).and_then(|before| text.classes.get(before)).copied().unwrap_or_default();
        let mut block = Block { first, ..Block::default() };
        let mut pairs = 0;
        for (at, (&c, &class)) in (0..BLOCK).zip(chars.iter().zip(classes)) {
            let inside = before.is(Class::WORD) & !before.is(Class::JAPANESE) & !class.is(Class::JAPANESE);
            block.inside |= u64::from(inside) << at;
            let starts = if inside { &self.inside } else { &self.outside };
            pairs |= u64::from(starts.pairs.may_begin(c, char_at(at + 1))) << at;
            before = class;
        }
        for at in set_bits(pairs) {
            let bloom = &self.starts(&block, at).bloom;
            let (short, long) = bloom.may_begin(char_at(at), char_at(at + 1), char_at(at + 2));
            block.short |= u64::from(short) << at;
            block.long |= u64::from(long) << at;
        }
        block
    }

    /// Whether a literal may begin at a place of a block, looked at for longer.
    #[inline(always)]
    pub(super) fn may_begin(&self, text: Text<'_>, block: &Block, at: usize) -> bool {
        let bit = at - block.first;
        block.short >> bit & 1 != 0
            || block.long >> bit & 1 != 0
                && text.chars.get(at..).is_some_and(|rest| self.starts(block, bit).bloom.may_go_on(rest))
    }

    #[inline(always)]
    fn starts(&self, block: &Block, bit: usize) -> &Starts {
        if block.inside >> bit & 1 != 0 { &self.inside } else { &self.outside }
    }
}

impl Block {
    /// The places of one or the other block, which begin at the same, where a literal may begin.
    pub(super) fn places(&self, other: &Block) -> impl Iterator<Item = usize> + use<> {
        let first = self.first;
        set_bits(self.short | self.long | other.short | other.long).map(move |bit| first + bit)
    }
}

fn set_bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (first < BLOCK).then_some(first)
    })
}

impl Starts {
    pub(super) fn with_room_for(literals: usize) -> Starts {
        Starts { pairs: Pairs::default(), bloom: Bloom::with_room_for(literals) }
    }

    /// Adds the first characters of a literal.
    pub(super) fn add(&mut self, first: &[char]) {
        self.pairs.add(first);
        self.bloom.add(first);
    }
}

/// Where some literals may begin: by their first three characters, and by some more (Bloom filters).
#[derive(Clone, Debug, Default)]
struct Bloom {
    /// Literals of one character, by the end of its number.
    ones: [u64; 4],
    /// Literals of two characters, and the first three characters of longer ones: two bits for each.
    few: Vec<u64>,
    /// Two bits for each literal of three characters and more, at the hash of its first characters.
    more: Vec<u64>,
    /// By how much hashes are shifted to be places of the words of each.
    few_shift: u32,
    more_shift: u32,
}

impl Bloom {
    /// As many bits as leave most of them unset.
    fn with_room_for(literals: usize) -> Bloom {
        let (few, more) = (words(literals / 16), words(literals / 8));
        let shift = |words: usize| u64::BITS - words.ilog2();
        Bloom { ones: [0; 4], few: vec![0; few], more: vec![0; more], few_shift: shift(few), more_shift: shift(more) }
    }

    fn add(&mut self, first: &[char]) {
        let hash =
            |known: usize| first.iter().zip(FACTORS).take(known).fold(0, |sum, (&c, factor)| with(sum, c, factor));
        match first.len() {
            0 => {}
            1 => self.ones[first[0] as usize / 64 % 4] |= 1 << (first[0] as u32 % 64),
            2.. => self.few[(hash(3) >> self.few_shift) as usize] |= mask(hash(3)),
        }
        if let Some(&known) = KNOWN.iter().rev().find(|known| **known <= first.len()) {
            self.more[(hash(known) >> self.more_shift) as usize] |= mask(hash(known));
        }
    }

    /// Whether a literal of one or two characters may begin with these, and whether a longer one. Without a branch: what
    /// comes out is as good as random.
    #[inline(always)]
    fn may_begin(&self, one: char, two: char, three: char) -> (bool, bool) {
        let two = with(with(0, one, FACTORS[0]), two, FACTORS[1]);
        let three = with(two, three, FACTORS[2]);
        let few = |sum: u64| is_in(&self.few, self.few_shift, sum);
        (self.has_one(one) | few(two), few(three))
    }

    /// A longer look at a place at which a literal of three characters or more may begin.
    #[inline]
    fn may_go_on(&self, text: &[char]) -> bool {
        let (mut sum, mut any) = (0, false);
        for (at, factor) in FACTORS.into_iter().enumerate() {
            sum = with(sum, text.get(at).copied().unwrap_or_default(), factor);
            any |= KNOWN.contains(&(at + 1)) && is_in(&self.more, self.more_shift, sum);
        }
        any
    }

    #[inline(always)]
    fn has_one(&self, c: char) -> bool {
        self.ones[c as usize / 64 % 4] >> (c as u32 % 64) & 1 != 0
    }
}

/// The first two characters of literals, a bit for each by the last eight bits of both: the quickest look.
#[derive(Clone, Debug)]
struct Pairs(Vec<u64>);

impl Default for Pairs {
    fn default() -> Pairs {
        Pairs(vec![0; 1 << 10])
    }
}

impl Pairs {
    fn add(&mut self, first: &[char]) {
        match *first {
            [] => {}
            [one] => self.0[Pairs::place(one, '\0').0..][..4].fill(u64::MAX),
            [one, two, ..] => {
                let (word, bit) = Pairs::place(one, two);
                self.0[word] |= 1 << bit;
            }
        }
    }

    /// Whether a literal may begin with these characters, or with the first of them.
    #[inline(always)]
    fn may_begin(&self, one: char, two: char) -> bool {
        let (word, bit) = Pairs::place(one, two);
        self.0.get(word).copied().unwrap_or(0) >> bit & 1 != 0
    }

    #[inline(always)]
    fn place(one: char, two: char) -> (usize, u32) {
        (one as usize % 256 * 4 + two as usize % 256 / 64, two as u32 % 64)
    }
}

/// A power of two, for a number of words.
fn words(wanted: usize) -> usize {
    wanted.next_power_of_two().clamp(16, 1 << 20)
}

/// What the characters of a beginning are multiplied by for their hash, which is the sum.
const FACTORS: [u64; LONGEST] = [
    0x9e37_79b9_7f4a_7c15,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0xd6e8_feb8_6659_fd93,
    0xa076_1d64_78bd_642f,
    0xe703_7ed1_a0b4_28db,
];

/// The hash with one more character.
#[inline(always)]
fn with(hash: u64, c: char, factor: u64) -> u64 {
    hash.wrapping_add(u64::from(c).wrapping_mul(factor))
}

#[inline(always)]
fn is_in(words: &[u64], shift: u32, hash: u64) -> bool {
    let mask = mask(hash);
    words.get((hash >> shift) as usize).copied().unwrap_or(0) & mask == mask
}

/// The bits of a hash within its word; its place there is told by the highest bits.
#[inline(always)]
fn mask(hash: u64) -> u64 {
    (1_u64 | 1 << 23).rotate_left((hash >> 32) as u32)
}
