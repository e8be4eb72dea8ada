//! Asking the model: one pass over the compact view.

use super::features::{SHAPE, each};
use super::{Model, Output, Scores, calibration};
use crate::views::{View, is_word};

/// Words named as having weighed most.
const MOST_WORDS: usize = 3;
/// Buckets gathered before their weights are read.
const WAITING: usize = 128;

/// Words of eight weights that hold the weights of one bucket.
const WORDS: usize = Output::COUNT.div_ceil(8);

/// Sums of the weights of all outputs at once: eight bytes of a word are added as two times four numbers of 16 bits,
/// which are emptied before they can overflow.
#[derive(Default)]
struct Sums {
    even: [u64; WORDS],
    odd: [u64; WORDS],
    /// Weights in `even` and `odd`.
    held: u32,
    sums: [i32; WORDS * 8],
}

impl Sums {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    /// Makes a signed byte one that counts from -128.
    const SIGNS: u64 = 0x8080_8080_8080_8080;
    const MOST_HELD: u32 = 256;

    /// Adds a byte for each output; what stands after them counts for nothing.
    #[inline(always)]
    fn add(&mut self, weights: &[u8; WORDS * 8]) {
        for ((even, odd), weights) in self.even.iter_mut().zip(&mut self.odd).zip(weights.as_chunks().0) {
            let word = u64::from_le_bytes(*weights) ^ Sums::SIGNS;
            *even += word & Sums::EVEN;
            *odd += word >> 8 & Sums::EVEN;
        }
        self.held += 1;
        if self.held == Sums::MOST_HELD {
            self.empty();
        }
    }

    fn empty(&mut self) {
        for (at, sum) in self.sums.iter_mut().enumerate() {
            let half = if at % 2 == 0 { self.even[at / 8] } else { self.odd[at / 8] };
            *sum += (half >> (at % 8 / 2 * 16) & 0xffff) as i32 - self.held as i32 * 128;
        }
        (self.even, self.odd, self.held) = ([0; WORDS], [0; WORDS], 0);
    }

    fn total(mut self) -> [i32; WORDS * 8] {
        self.empty();
        self.sums
    }
}

impl Model {
    /// Adds the weights of some buckets.
    fn add(&self, buckets: &[u32], sums: &mut Sums) {
        for &bucket in buckets {
            let rest = self.weights.get(bucket as usize * Output::COUNT..).unwrap_or_default();
            if let Some(weights) = rest.first_chunk() {
                sums.add(weights);
            } else {
                let mut weights = [0; WORDS * 8];
                weights[..rest.len()].copy_from_slice(rest);
                sums.add(&weights);
            }
        }
    }

    /// The scores of a text. `view` is its compact view.
    pub(crate) fn scores(&self, text: &str, view: &View) -> Scores {
        // First some of the buckets, then their weights: they lie far apart, and loads that wait for nothing overlap.
        let mut waiting = [0_u32; WAITING];
        let mut waits = 0;
        let mut sums = Sums::default();
        let count = each(text, view, |bucket, _| {
            waiting[waits] = bucket;
            waits += 1;
            if waits == WAITING {
                self.add(&waiting, &mut sums);
                waits = 0;
            }
        });
        self.add(&waiting[..waits], &mut sums);
        let sums = sums.total();
        let norm = (count.max(1) as f32).sqrt();
        let mut scores = Scores::default();
        for ((score, sum), head) in scores.0.iter_mut().zip(sums).zip(&self.heads) {
            let margin = sum as f32 * head.step / norm + head.bias;
            *score = calibration::probability(head.calibration, margin);
        }
        scores
    }

    /// The words that weighed most for an output, as ranges of characters of the view, in the order of the text.
    pub(crate) fn weightiest(&self, text: &str, view: &View, output: Output) -> Vec<(usize, usize)> {
        let mut at_char = vec![0_i32; view.chars.len() + 1];
        each(text, view, |bucket, place| {
            let weight = self.weights.get(bucket as usize * Output::COUNT + output as usize);
            if place != SHAPE {
                at_char[place.min(view.chars.len())] += weight.map_or(0, |&weight| i32::from(weight as i8));
            }
        });
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
