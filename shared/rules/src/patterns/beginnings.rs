//! A filter by which most places of a text are known to begin no literal.

/// Numbers of characters by which beginnings are known; a literal by the largest that it has.
const KNOWN: [usize; 4] = [2, 3, 4, 6];
pub(super) const LONGEST: usize = KNOWN[KNOWN.len() - 1];

/// Where literals may begin: a quick look at two characters, and one at some more (Bloom filters).
#[derive(Clone, Debug, Default)]
pub(super) struct Beginnings {
    /// Literals of one character, and the first two characters of all others: a bit for each at its hash.
    few: Vec<u64>,
    /// Two bits for each literal of two characters and more, at the hash of its first characters.
    more: Vec<u64>,
    /// By how much hashes are shifted to be places of the words of both.
    shift: u32,
}

impl Beginnings {
    /// As many bits as leave most of them unset.
    pub(super) fn with_room_for(literals: usize) -> Beginnings {
        let words = (literals / 8).next_power_of_two().clamp(16, 1 << 20);
        Beginnings { few: vec![0; words], more: vec![0; words], shift: u32::BITS - words.ilog2() }
    }

    pub(super) fn add(&mut self, first: &[char]) {
        let hash = first.iter().take(2).fold(0, |hash, &c| mix(hash, c));
        self.few[(hash >> self.shift) as usize] |= 1 << (hash & 63);
        let known = KNOWN.iter().rev().find(|known| **known <= first.len());
        let hash = first.iter().take(known.copied().unwrap_or(0)).fold(0, |hash, &c| mix(hash, c));
        self.more[(hash >> self.shift) as usize] |= mask(hash);
    }

    /// Whether a literal may begin a text.
    #[inline(always)]
    pub(super) fn may_hold(&self, text: &[char]) -> bool {
        let &[one, ref rest @ ..] = text else { return false };
        let has = |hash: u32| {
            let word = self.few.get((hash >> self.shift) as usize).copied().unwrap_or(0);
            word >> (hash & 63) & 1 != 0
        };
        let hash = mix(0, one);
        has(hash) || rest.first().is_some_and(|&two| has(mix(hash, two))) && self.may_hold_more(text)
    }

    fn may_hold_more(&self, text: &[char]) -> bool {
        let mut hash = 0;
        text.iter().take(LONGEST).enumerate().any(|(at, &c)| {
            hash = mix(hash, c);
            let word = self.more.get((hash >> self.shift) as usize).copied().unwrap_or(0);
            KNOWN.contains(&(at + 1)) && word & mask(hash) == mask(hash)
        })
    }
}

#[inline(always)]
fn mix(hash: u32, c: char) -> u32 {
    (hash.rotate_left(7) ^ u32::from(c)).wrapping_mul(0x9e37_79b1)
}

/// The bits of a hash within its word; its place there is told by other bits.
#[inline(always)]
fn mask(hash: u32) -> u64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63)
}
