//! A linear support vector machine, solved by dual coordinate descent (Hsieh and others, 2008), the same on every run.

/// Rounds over all rows at most.
const MOST_ROUNDS: usize = 60;
/// Largest step of a round below which it is solved.
const CLOSE: f64 = 0.02;

/// A row: its features, each of the same value, and on which side it belongs.
pub(super) struct Row<'a> {
    pub(super) buckets: &'a [u32],
    pub(super) positive: bool,
    /// How much an error on it costs.
    pub(super) cost: f64,
}

/// Weights by bucket, and the bias.
pub(super) fn solve(rows: &[Row<'_>], buckets: usize, seed: u64) -> (Vec<f32>, f32) {
    let mut weights = vec![0.0_f64; buckets];
    let mut bias = 0.0_f64;
    let mut duals = vec![0.0_f64; rows.len()];
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
            // Squares of unit-length features and of the bias.
            let before = duals[at];
            duals[at] = (before - gradient / (2.0 + damping)).max(0.0);
            let step = (duals[at] - before) * side;
            bias += step;
            for &bucket in row.buckets {
                weights[bucket as usize] += step * value;
            }
        }
        if largest < CLOSE {
            break;
        }
    }
    (weights.into_iter().map(|weight| weight as f32).collect(), bias as f32)
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
