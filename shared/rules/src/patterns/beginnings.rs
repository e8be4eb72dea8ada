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

/// Where literals may begin: by their first character, two, three (the quick look), and by some more. Most characters
/// of Latin text stand inside of words, where few literals may begin: those are told apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Beginnings {
    /// By the end of the number of the first character, the `ONE_OR_TWO` of literals of one.
    ones: Vec<u8>,
    /// By the hash of the first two characters, the `ONE_OR_TWO` of literals of two.
    twos: Vec<u8>,
    /// By the hash of the first three characters, the `LONGER` of literals.
    threes: Vec<u8>,
    /// By how much hashes are shifted to be places of these.
    twos_shift: u32,
    threes_shift: u32,
    /// Of all literals of three characters and more, and of those that may begin inside a word of Latin letters or digits.
    more: [Bloom; 2],
}

/// Bits of a short literal and of a longer one; the next bit up is that of one which may begin inside a word.
const ONE_OR_TWO: u8 = 1;
const LONGER: u8 = 1 << 2;

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
    pub(super) fn with_room_for(literals: usize) -> Beginnings {
        let (twos, threes) = (power_of_two(literals), power_of_two(4 * literals));
        Beginnings {
            ones: vec![0; ONES],
            twos: vec![0; twos],
            threes: vec![0; threes],
            twos_shift: shift(twos),
            threes_shift: shift(threes),
            more: [Bloom::with_room_for(literals), Bloom::with_room_for(literals)],
        }
    }

    /// Adds the first characters of a literal.
    pub(super) fn add(&mut self, first: &[char], inner: bool) {
        let kinds = if inner { 0b11 } else { 1 };
        match *first {
            [] => {}
            [one] => self.ones[one as usize % ONES] |= kinds * ONE_OR_TWO,
            [_, _] => self.twos[(hash(first) >> self.twos_shift) as usize] |= kinds * ONE_OR_TWO,
            [_, _, _, ..] => {
                self.threes[(hash(&first[..3]) >> self.threes_shift) as usize] |= kinds * LONGER;
                self.more.iter_mut().take(if inner { 2 } else { 1 }).for_each(|more| more.add(first));
            }
        }
    }

    /// A quick look at the places of a text from one on. Without a branch: what comes out is as good as random.
    pub(super) fn block(&self, text: Text<'_>, first: usize) -> Block {
        let chars = text.chars.get(first..).unwrap_or_default();
        let classes = text.classes.get(first..).unwrap_or_default();
        let places = chars.len().min(BLOCK);
        let mut ahead = ['\0'; BLOCK + 2];
        let known = chars.len().min(ahead.len());
        ahead[..known].copy_from_slice(&chars[..known]);
        let mut before = first.checked_sub(1).and_then(|before| text.classes.get(before)).copied().unwrap_or_default();
        let mut block = Block { first, ..Block::default() };
        let push = |bits: &mut u64, bit: u8| *bits = *bits >> 1 | u64::from(bit & 1) << (BLOCK - 1);
        for (three, &class) in ahead[..places + 2].windows(3).zip(classes) {
            let inside = before.is(Class::WORD) & !before.is(Class::JAPANESE) & !class.is(Class::JAPANESE);
            let kinds = self.kinds(three[0], three[1], three[2]) >> u8::from(inside);
            push(&mut block.inside, u8::from(inside));
            push(&mut block.short, kinds / ONE_OR_TWO);
            push(&mut block.long, kinds / LONGER);
            before = class;
        }
        let unused = (BLOCK - places) as u32;
        for bits in [&mut block.inside, &mut block.short, &mut block.long] {
            *bits = bits.checked_shr(unused).unwrap_or(0);
        }
        block
    }

    /// The kinds of literals that may begin with these characters.
    #[inline(always)]
    fn kinds(&self, one: char, two: char, three: char) -> u8 {
        let at = |kinds: &[u8], place: usize| kinds.get(place).copied().unwrap_or(0);
        let hash_of_two = with(with(0, one, FACTORS[0]), two, FACTORS[1]);
        let hash_of_three = with(hash_of_two, three, FACTORS[2]);
        at(&self.ones, one as usize % ONES)
            | at(&self.twos, (hash_of_two >> self.twos_shift) as usize)
            | at(&self.threes, (hash_of_three >> self.threes_shift) as usize)
    }

    /// Whether a literal may begin at a place of a block, looked at for longer.
    #[inline(always)]
    pub(super) fn may_begin(&self, text: Text<'_>, block: &Block, at: usize) -> bool {
        let bit = at - block.first;
        let more = &self.more[usize::from(block.inside >> bit & 1 != 0)];
        block.short >> bit & 1 != 0
            || block.long >> bit & 1 != 0 && text.chars.get(at..).is_some_and(|rest| more.may_begin(rest))
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

/// The first characters of literals of three characters and more: two bits for each, at their hash.
#[derive(Clone, Debug, Default)]
struct Bloom {
    words: Vec<u64>,
    shift: u32,
}

impl Bloom {
    /// As many bits as leave most of them unset.
    fn with_room_for(literals: usize) -> Bloom {
        let words = power_of_two(literals / 8);
        Bloom { words: vec![0; words], shift: shift(words) }
    }

    fn add(&mut self, first: &[char]) {
        if let Some(&known) = KNOWN.iter().rev().find(|known| **known <= first.len()) {
            let hash = hash(&first[..known]);
            self.words[(hash >> self.shift) as usize] |= mask(hash);
        }
    }

    fn may_begin(&self, text: &[char]) -> bool {
        let (mut sum, mut any) = (0, false);
        for (at, factor) in FACTORS.into_iter().enumerate() {
            sum = with(sum, text.get(at).copied().unwrap_or_default(), factor);
            any |= KNOWN.contains(&(at + 1)) && self.has(sum);
        }
        any
    }

    #[inline(always)]
    fn has(&self, hash: u64) -> bool {
        let mask = mask(hash);
        self.words.get((hash >> self.shift) as usize).copied().unwrap_or(0) & mask == mask
    }
}

/// Literals of one character are told apart by so much of its number.
const ONES: usize = 1 << 10;

/// The size of a table.
fn power_of_two(wanted: usize) -> usize {
    wanted.next_power_of_two().clamp(16, 1 << 20)
}

/// By how much a hash is shifted to be a place of a table.
fn shift(size: usize) -> u32 {
    u64::BITS - size.ilog2()
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

fn hash(chars: &[char]) -> u64 {
    chars.iter().zip(FACTORS).fold(0, |sum, (&c, factor)| with(sum, c, factor))
}

/// The bits of a hash within its word; its place there is told by the highest bits.
#[inline(always)]
fn mask(hash: u64) -> u64 {
    (1_u64 | 1 << 23).rotate_left((hash >> 32) as u32)
}
