//! Asking the model: one pass over the compact view.

use super::features::{Feature, features};
use super::format::ZERO;
use super::{Model, Output, Scores, calibration};
use crate::views::{View, Views, is_word};

/// Words named as having weighed most.
const MOST_WORDS: usize = 3;

/// Words of eight weights that hold the weights of one bucket.
const WORDS: usize = Output::COUNT.div_ceil(8);

/// Rows whose weights are added byte by byte, as many as fit.
const AT_ONCE: usize = u8::MAX as usize / (2 * ZERO as usize - 1);

/// Sums of the weights of all outputs at once: the bytes of a few rows as they are, then twice four numbers of 16 bits,
/// which are emptied before they can overflow.
#[derive(Default)]
struct Sums {
    even: [u64; WORDS],
    odd: [u64; WORDS],
    /// Rows in `even` and `odd`.
    held: u32,
    sums: [i32; WORDS * 8],
}

impl Sums {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    const MOST_HELD: u32 = 1024;

    /// Adds the bytes of at most `AT_ONCE` rows.
    #[inline(always)]
    fn add(&mut self, rows: &[[u64; WORDS]]) {
        for (word, (even, odd)) in self.even.iter_mut().zip(&mut self.odd).enumerate() {
            let bytes = rows.iter().fold(0, |sum: u64, row| sum.wrapping_add(row[word]));
            *even += bytes & Sums::EVEN;
            *odd += bytes >> 8 & Sums::EVEN;
        }
        self.held += rows.len() as u32;
        if self.held >= Sums::MOST_HELD - AT_ONCE as u32 {
            self.empty();
        }
    }

    fn empty(&mut self) {
        for (at, sum) in self.sums.iter_mut().enumerate() {
            let half = if at % 2 == 0 { self.even[at / 8] } else { self.odd[at / 8] };
            *sum += (half >> (at % 8 / 2 * 16) & 0xffff) as i32 - self.held as i32 * i32::from(ZERO);
        }
        (self.even, self.odd, self.held) = ([0; WORDS], [0; WORDS], 0);
    }

    fn total(mut self) -> [i32; WORDS * 8] {
        self.empty();
        self.sums
    }
}

impl Model {
    /// The weights of a bucket.
    #[inline(always)]
    fn row(&self, bucket: u32) -> [u64; WORDS] {
        let rest = self.weights.get(bucket as usize * Output::COUNT..).unwrap_or_default();
        let Some(row) = rest.first_chunk::<{ Output::COUNT }>() else { return [0; WORDS] };
        let (whole, rest) = row.as_chunks();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        std::array::from_fn(|at| u64::from_le_bytes(whole.get(at).copied().unwrap_or(last)))
    }

    /// The scores of the text that has these features and this compact view. Where that is empty there is nothing to score.
    pub(crate) fn scores(&self, features: &[Feature], view: &View) -> Scores {
        if view.chars.is_empty() {
            return Scores::default();
        }
        let mut sums = Sums::default();
        let (fours, rest) = features.as_chunks::<AT_ONCE>();
        for four in fours {
            sums.add(&four.map(|feature| self.row(feature.bucket)));
        }
        for feature in rest {
            sums.add(&[self.row(feature.bucket)]);
        }
        let sums = sums.total();
        let norm = (features.len().max(1) as f32).sqrt();
        let mut scores = Scores::default();
        for ((score, sum), head) in scores.0.iter_mut().zip(sums).zip(&self.heads) {
            let margin = sum as f32 * head.step / norm + head.bias;
            *score = calibration::probability(head.calibration, margin);
        }
        scores
    }

    /// The scores of a text that nothing else is known of.
    pub(super) fn scores_of(&self, text: &str) -> Scores {
        let views = Views::of(text);
        self.scores(&features(text, &views), views.compact())
    }

    /// The words that weighed most for an output, as ranges of characters of the view, in the order of the text.
    /// `features` are those of the text.
    pub(crate) fn weightiest(&self, features: &[Feature], view: &View, output: Output) -> Vec<(usize, usize)> {
        let mut at_char = vec![0_i32; view.chars.len() + 1];
        for feature in features {
            let weight = self.weights.get(feature.bucket as usize * Output::COUNT + output as usize);
            // Those of the whole text have no place.
            if let Some((sum, &weight)) = at_char.get_mut(feature.place as usize).zip(weight) {
                *sum += i32::from(weight) - i32::from(ZERO);
            }
        }
        let mut words: Vec<(i32, usize, usize)> = Vec::new();
        let mut at = 0;
        while at < view.chars.len() {
            let same = view.chars[at..].iter().take_while(|c| is_word(**c)).count();
            if same > 0 {
                // What follows a word at once (a space, a full stop) closes its longest runs.
                let weight = at_char[at..=at + same].iter().sum();
                words.push((weight, at, at + same));
            }
            at += same.max(1);
        }
        words.retain(|(weight, ..)| *weight > 0);
        words.sort_unstable_by_key(|&(weight, from, _)| (-weight, from));
        words.truncate(MOST_WORDS);
        words.sort_unstable_by_key(|&(_, from, _)| from);
        words.into_iter().map(|(_, from, to)| (from, to)).collect()
    }
}
