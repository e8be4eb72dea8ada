//! Training: from labelled texts to a model. Pure, and the same to the byte on every run.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::features::{BUCKETS, features};
use super::format::{Head, ZERO};
use super::solver::{Row, solve, worths};
use super::{Model, Output, Scores, calibration};
use crate::views::Views;

/// Parts that the rows are cut into: each is scored by a model that learned from the others.
pub const FOLDS: usize = 5;
/// Steps on either side of nothing that a weight has: finer ones judge no better and pack worse.
const STEPS: f32 = (ZERO - 1) as f32;
const SEED: u64 = 20_260_601;

/// A text to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Texts of one group never lie on both sides of a cut.
    pub group: String,
    /// Which outputs are right for it; `None` where nobody said.
    pub answers: [Option<bool>; Output::COUNT],
    /// By output, how much an error on it costs: 1 where the text is at home, less where it only shows what is not meant.
    pub costs: [f64; Output::COUNT],
}

/// What training came to.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Learned from everything, calibrated on texts that its parts had not seen.
    pub model: Model,
    /// One model for each fold, which learned from the other folds; calibrated as `model` is.
    pub folds: Vec<Model>,
    /// The fold of each example.
    pub fold_of: Vec<usize>,
    /// Scores of each example by the model that had not seen it.
    pub held_out: Vec<Scores>,
}

/// Which fold a group belongs to: by its name, so that a new row moves no other.
fn fold_of(group: &str) -> usize {
    let digest = Sha256::digest(group.as_bytes());
    usize::from(u16::from_be_bytes([digest[0], digest[1]])) % FOLDS
}

/// Trains a model, and one for each fold.
pub fn train(examples: &[Example]) -> Trained {
    let buckets: Vec<Vec<u32>> = examples.iter().map(|example| buckets(&example.text)).collect();
    let fold_of: Vec<usize> = examples.iter().map(|example| fold_of(&example.group)).collect();
    let learn = |output: Output, without: Option<usize>| {
        let rows: Vec<Row<'_>> = examples
            .iter()
            .enumerate()
            .filter(|&(at, _)| without != Some(fold_of[at]))
            .filter_map(|(at, example)| {
                let positive = example.answers[output as usize]?;
                Some(Row { buckets: &buckets[at], positive, cost: example.costs[output as usize] })
            })
            .collect();
        Linear::of(solve(&rows, &worths(&rows, BUCKETS), SEED))
    };
    let mut whole = Vec::with_capacity(Output::COUNT);
    let mut parts: Vec<Vec<(Linear, (f32, f32))>> = (0..FOLDS).map(|_| Vec::new()).collect();
    for &output in Output::ALL {
        let folds: Vec<Linear> = (0..FOLDS).map(|fold| learn(output, Some(fold))).collect();
        let margins: Vec<(f32, bool)> = examples
            .iter()
            .enumerate()
            .filter_map(|(at, example)| {
                let answer = example.answers[output as usize].filter(|_| example.costs[output as usize] >= 1.0)?;
                Some((folds[fold_of[at]].margin(&buckets[at]), answer))
            })
            .collect();
        let fitted = calibration::fit(&margins);
        for (part, linear) in parts.iter_mut().zip(folds) {
            part.push((linear, fitted));
        }
        whole.push((learn(output, None), fitted));
    }
    let folds: Vec<Model> = parts.iter().map(|outputs| assemble(outputs)).collect();
    let held_out = examples.iter().zip(&fold_of).map(|(example, &fold)| folds[fold].scores_of(&example.text)).collect();
    Trained { model: assemble(&whole), folds, fold_of, held_out }
}

fn buckets(text: &str) -> Vec<u32> {
    let mut buckets: Vec<u32> = features(text, &Views::of(text)).iter().map(|feature| feature.bucket).collect();
    buckets.sort_unstable();
    buckets
}

/// One output's weights in steps of a byte.
struct Linear {
    step: f32,
    bias: f32,
    weights: Vec<i8>,
}

impl Linear {
    fn of((weights, bias): (Vec<f32>, f32)) -> Linear {
        let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        let step = if largest > 0.0 { largest / STEPS } else { 1.0 };
        let weights = weights.iter().map(|weight| (weight / step).round() as i8).collect();
        Linear { step, bias, weights }
    }

    fn margin(&self, buckets: &[u32]) -> f32 {
        let sum: i32 = buckets.iter().map(|&bucket| i32::from(self.weights[bucket as usize])).sum();
        sum as f32 * self.step / (buckets.len().max(1) as f32).sqrt() + self.bias
    }
}

fn assemble(outputs: &[(Linear, (f32, f32))]) -> Model {
    let mut heads = [Head { step: 0.0, bias: 0.0, calibration: (0.0, 0.0) }; Output::COUNT];
    let mut weights = vec![0_u8; BUCKETS * Output::COUNT];
    for (at, (linear, calibration)) in outputs.iter().enumerate() {
        heads[at] = Head { step: linear.step, bias: linear.bias, calibration: *calibration };
        for (bucket, weight) in linear.weights.iter().enumerate() {
            weights[bucket * Output::COUNT + at] = ZERO.saturating_add_signed(*weight);
        }
    }
    Model { heads, weights: Cow::Owned(weights) }
}
