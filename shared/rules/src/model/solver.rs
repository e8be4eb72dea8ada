//! A linear support vector machine, solved by dual coordinate descent (Hsieh and others, 2008), the same on every run.

/// Rounds over all rows at most.
const MOST_ROUNDS: usize = 60;
/// Largest step of a round below which it is solved.
const CLOSE: f64 = 0.02;

/// A row: its features, and on which side it belongs.
pub(super) struct Row<'a> {
    pub(super) buckets: &'a [u32],
    pub(super) positive: bool,
    /// How much an error on it costs.
    pub(super) cost: f64,
}

/// What one feature counts for beside the others, by bucket: how unevenly it lies on the two sides (Wang and Manning,
/// 2012), squared, and such that a row's features come to 1 on average. A few telling words then outweigh many others.
pub(super) fn worths(rows: &[Row<'_>], buckets: usize) -> Vec<f64> {
    // One of each side is added, so that a feature seen once is not taken for certain.
    let (mut on, mut off) = (vec![1.0_f64; buckets], vec![1.0_f64; buckets]);
    for row in rows {
        let side = if row.positive { &mut on } else { &mut off };
        row.buckets.iter().for_each(|&bucket| side[bucket as usize] += row.cost);
    }
    let (all_on, all_off): (f64, f64) = (on.iter().sum(), off.iter().sum());
    let uneven = |(on, off): (&f64, &f64)| ln(on * all_off / (off * all_on)).powi(2);
    let mut worths: Vec<f64> = on.iter().zip(&off).map(uneven).collect();
    let mean = rows.iter().map(|row| row.worth(&worths)).sum::<f64>() / rows.len().max(1) as f64;
    if mean > 0.0 {
        worths.iter_mut().for_each(|worth| *worth /= mean);
    }
    worths
}

impl Row<'_> {
    /// The mean worth of its features.
    fn worth(&self, worths: &[f64]) -> f64 {
        self.buckets.iter().map(|&bucket| worths[bucket as usize]).sum::<f64>() / self.buckets.len().max(1) as f64
    }
}

/// Weights by bucket, and the bias.
pub(super) fn solve(rows: &[Row<'_>], worths: &[f64], seed: u64) -> (Vec<f32>, f32) {
    let mut weights = vec![0.0_f64; worths.len()];
    let mut bias = 0.0_f64;
    let mut duals = vec![0.0_f64; rows.len()];
    let sizes: Vec<f64> = rows.iter().map(|row| row.worth(worths)).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut random = Random(seed);
    for _ in 0..MOST_ROUNDS {
        random.shuffle(&mut order);
        let mut largest = 0.0_f64;
        for &at in &order {
            let row = &rows[at];
            let value = 1.0 / (row.buckets.len().max(1) as f64).sqrt();
            let side = if row.positive { 1.0 } else { -1.0 };
            let sum: f64 = row.buckets.iter().map(|&bucket| weights[bucket as usize]).sum();
            let damping = 0.5 / row.cost;
            let gradient = side * (sum * value + bias) - 1.0 + duals[at] * damping;
            let projected = if duals[at] == 0.0 { gradient.min(0.0) } else { gradient };
            largest = largest.max(projected.abs());
            if projected == 0.0 {
                continue;
            }
            // The squares of the features, and of the bias.
            let before = duals[at];
            duals[at] = (before - gradient / (sizes[at] + 1.0 + damping)).max(0.0);
            let step = (duals[at] - before) * side;
            bias += step;
            for &bucket in row.buckets {
                weights[bucket as usize] += step * value * worths[bucket as usize];
            }
        }
        if largest < CLOSE {
            break;
        }
    }
    (weights.into_iter().map(|weight| weight as f32).collect(), bias as f32)
}

/// The natural logarithm, by arithmetic that gives the same bits on every machine; the system's does not promise that.
fn ln(x: f64) -> f64 {
    let (mut mantissa, mut twos) = (x, 0.0);
    while mantissa > 1.5 {
        (mantissa, twos) = (mantissa / 2.0, twos + 1.0);
    }
    while mantissa < 0.75 {
        (mantissa, twos) = (mantissa * 2.0, twos - 1.0);
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let terms = (0..12).rev().fold(0.0, |sum, term| sum * s * s + 1.0 / f64::from(2 * term + 1));
    2.0 * s * terms + twos * std::f64::consts::LN_2
}

/// SplitMix64: a fixed order that looks like none.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            order.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_right() {
        for x in [1e-6_f64, 0.3, 0.75, 1.0, 1.5, 2.0, 7.0, 4e6] {
            assert!((ln(x) - x.ln()).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    fn features_that_lie_on_one_side_are_worth_more() {
        let row = |buckets, positive| Row { buckets, positive, cost: 1.0 };
        let rows = [row(&[0, 1], true), row(&[0, 1], true), row(&[1, 2], false), row(&[1, 2], false)];
        let worths = worths(&rows, 4);
        assert!(worths[0] > 0.5 && worths[2] > 0.5 && worths[1] < 1e-9 && worths[3] < 1e-9, "{worths:?}");
    }
}
