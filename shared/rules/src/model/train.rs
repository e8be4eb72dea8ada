//! Training: from labelled texts to a model. Pure, and the same to the byte on every run.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::features::{BUCKETS, MOST_CHARS, features};
use super::format::{Head, ZERO};
use super::solver::{Row, solve, worths};
use super::{Model, Output, Scores, calibration};
use crate::views::{Views, is_kana};

/// Parts that the rows are cut into: each is scored by a model that learned from the others.
pub const FOLDS: usize = 5;
/// Steps on either side of nothing that a weight has: finer ones judge no better and pack worse.
const STEPS: f32 = (ZERO - 1) as f32;
/// The share of an output's weights that the steps reach, of those that are not nothing: the few beyond count as the last
/// step, so that the many small ones are told apart.
const REACHED: f64 = 0.9995;
/// A weight of less than this share of a step is nothing: the many that are hardly more than half of one say little, and
/// cost a twelfth of what the packed file is.
const LEAST: f32 = 0.7;
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

impl Example {
    /// Whether it is known to be innocent of a clause and an example of nothing.
    fn is_innocent(&self) -> bool {
        !self.answers.contains(&Some(true)) && self.answers[Output::FIRST_OF_CLAUSES..].contains(&Some(false))
    }
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

/// Trains a model, and one for each fold. Each example is learned from a second time, beside another, where an error
/// costs `beside_cost` times as much.
pub fn train(examples: &[Example], beside_cost: f64) -> Trained {
    let buckets: Vec<Vec<u32>> = examples.iter().map(|example| buckets_of(&example.text)).collect();
    let fold_of: Vec<usize> = examples.iter().map(|example| fold_of(&example.group)).collect();
    let beside: Vec<Option<Vec<u32>>> = beside(examples, &fold_of)
        .into_iter()
        .map(|text| text.filter(|_| beside_cost > 0.0).map(|text| buckets_of(&text)))
        .collect();
    let learn = |output: Output, without: Option<usize>| {
        let learned = examples.iter().enumerate().filter(|&(at, _)| without != Some(fold_of[at]));
        let rows = learned.filter_map(|(at, example)| {
            let (positive, cost) = (example.answers[output as usize]?, example.costs[output as usize]);
            let alone = Row { buckets: &buckets[at], positive, cost };
            let both = beside[at].as_ref().map(|buckets| Row { buckets, positive, cost: cost * beside_cost });
            Some(std::iter::once(alone).chain(both))
        });
        let rows: Vec<Row<'_>> = rows.flatten().collect();
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

/// The longest innocent text, in characters, that is put beside others.
const MOST_BESIDE: usize = 100;

/// For each example its text before or behind an innocent one of its script (with kana or without) and fold, where there
/// is one and all of it is looked at; innocent texts stand between two. What is wrong in a post stays wrong beside a
/// greeting, and no post is the worse for its length.
fn beside(examples: &[Example], fold_of: &[usize]) -> Vec<Option<String>> {
    let is_japanese = |text: &str| text.chars().any(is_kana);
    let kind = |text: &str, fold: usize| 2 * fold + usize::from(is_japanese(text));
    let mut innocent: Vec<Vec<&str>> = vec![Vec::new(); 2 * FOLDS];
    for (example, &fold) in examples.iter().zip(fold_of) {
        if example.is_innocent() && example.text.chars().count() <= MOST_BESIDE {
            innocent[kind(&example.text, fold)].push(&example.text);
        }
    }
    let text = |(example, &fold): (&Example, &usize)| {
        let own = &example.text;
        if own.chars().count() + 2 * (MOST_BESIDE + 1) > MOST_CHARS {
            return None;
        }
        let innocent = &innocent[kind(own, fold)];
        let digest = Sha256::digest(own.as_bytes());
        let one_of = |at: usize| {
            let number = u16::from_be_bytes([digest[at], digest[at + 1]]);
            Some(innocent[usize::from(number).checked_rem(innocent.len())?])
        };
        let (one, other) = (one_of(2)?, one_of(4)?);
        Some(match digest[6] % 2 {
            _ if example.is_innocent() => format!("{one} {own} {other}"),
            0 => format!("{one} {own}"),
            _ => format!("{own} {one}"),
        })
    };
    examples.iter().zip(fold_of).map(text).collect()
}

fn buckets_of(text: &str) -> Vec<u32> {
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
        let mut sizes: Vec<f32> = weights.iter().map(|weight| weight.abs()).filter(|&size| size > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        let largest = sizes.get((sizes.len() as f64 * REACHED) as usize).copied();
        let step = largest.map_or(1.0, |largest| largest / STEPS);
        let steps = |weight: &f32| {
            let steps = weight / step;
            if steps.abs() < LEAST { 0 } else { steps.round().clamp(-STEPS, STEPS) as i8 }
        };
        let weights = weights.iter().map(steps).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_large_weights_take_no_steps_from_the_small_ones() {
        let mut weights = vec![1.0; 5_000];
        weights[7] = -100.0;
        (weights[8], weights[9], weights[10]) = (0.0, 0.6 / STEPS, -0.8 / STEPS);
        let linear = Linear::of((weights, 0.0));
        assert_eq!((linear.weights[0], &linear.weights[7..11]), (31, [-31, 0, 0, -1].as_slice()));
        assert!((linear.step - 1.0 / STEPS).abs() < 1e-6);
        assert_eq!(Linear::of((vec![2.0, 0.0], 0.0)).weights, [31, 0]);
        assert_eq!(Linear::of((vec![0.0], 0.0)).weights, [0]);
    }

    #[test]
    fn a_text_stands_beside_innocent_ones_of_its_fold() {
        let clause = Output::FIRST_OF_CLAUSES;
        let example = |text: &str, is_bad: bool| {
            let mut answers = [None; Output::COUNT];
            answers[clause] = Some(is_bad);
            Example { text: text.into(), group: text.into(), answers, costs: [1.0; Output::COUNT] }
        };
        let long = "x".repeat(MOST_CHARS - 100);
        let examples = [
            example("bad", true),
            example("calm", false),
            example("悪い", true),
            example("いい天気", false),
            example("alone", true),
            example(&long, true),
        ];
        let beside = beside(&examples, &[0, 0, 0, 0, 1, 0]);
        let is_one_of = |texts: &[&str], at: usize| texts.iter().any(|&text| beside[at].as_deref() == Some(text));
        assert!(is_one_of(&["bad calm", "calm bad"], 0), "{beside:?}");
        assert!(is_one_of(&["calm calm calm"], 1), "{beside:?}");
        assert!(is_one_of(&["悪い いい天気", "いい天気 悪い"], 2), "{beside:?}");
        assert_eq!(beside[4..], [None, None], "nothing innocent in its fold; too long");
    }
}
