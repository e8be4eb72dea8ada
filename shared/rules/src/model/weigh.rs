//! Asking the model: one pass over the plain view, no allocation.

use super::features::{SHAPE, each};
use super::{Model, Output, Scores, calibration};
use crate::views::{View, is_word};

/// Words named as having weighed most.
const MOST_WORDS: usize = 3;

impl Model {
    /// The scores of a text. `plain` is its plain view.
    pub(crate) fn scores(&self, text: &str, plain: &View) -> Scores {
        let mut sums = [0_i32; Output::COUNT];
        let (buckets, _) = self.weights.as_chunks::<{ Output::COUNT }>();
        let count = each(text, plain, |bucket, _| {
            if let Some(weights) = buckets.get(bucket as usize) {
                for (sum, &weight) in sums.iter_mut().zip(weights) {
                    *sum += i32::from(weight as i8);
                }
            }
        });
        let norm = (count.max(1) as f32).sqrt();
        let mut scores = Scores::default();
        for ((score, sum), head) in scores.0.iter_mut().zip(sums).zip(&self.heads) {
            let margin = sum as f32 * head.step / norm + head.bias;
            *score = calibration::probability(head.calibration, margin);
        }
        scores
    }

    /// The words that weighed most for an output, as ranges of cells of the plain view, in the order of the text.
    pub(crate) fn weightiest(&self, text: &str, plain: &View, output: Output) -> Vec<(usize, usize)> {
        let mut at_cell = vec![0_i32; plain.cells.len() + 1];
        each(text, plain, |bucket, place| {
            let weight = self.weights.get(bucket as usize * Output::COUNT + output as usize);
            if place != SHAPE {
                at_cell[place.min(plain.cells.len())] += weight.map_or(0, |&weight| i32::from(weight as i8));
            }
        });
        let mut words: Vec<(i32, usize, usize)> = Vec::new();
        let mut at = 0;
        while at < plain.cells.len() {
            let same = plain.cells[at..].iter().take_while(|cell| is_word(cell.ch)).count();
            if same > 0 {
                // What follows a word at once (a space, a full stop) closes its longest runs.
                let weight = at_cell[at..=at + same].iter().sum();
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
