//! Turns margins into probabilities (Platt), with arithmetic that gives the same bits on every machine.

/// Probability of margin `margin` under `(slope, offset)`.
pub(super) fn probability((slope, offset): (f32, f32), margin: f32) -> f32 {
    logistic(f64::from(slope) * f64::from(margin) + f64::from(offset)) as f32
}

/// 1 / (1 + e^-z), by addition and multiplication alone: the system's `exp` differs between systems in the last bit.
fn logistic(z: f64) -> f64 {
    let z = z.clamp(-30.0, 30.0);
    // e^-z = (e^(-z/1024))^1024, and the small exponent needs few terms.
    let x = -z / 1024.0;
    let mut power = 1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0))));
    for _ in 0..10 {
        power *= power;
    }
    1.0 / (1.0 + power)
}

/// Fits slope and offset to margins and answers by Newton's method (Platt 1999, with Lin, Lin and Weng's 2007 targets).
pub(super) fn fit(rows: &[(f32, bool)]) -> (f32, f32) {
    let positive = rows.iter().filter(|(_, answer)| *answer).count() as f64;
    let negative = rows.len() as f64 - positive;
    let (high, low) = ((positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0));
    let (mut slope, mut offset) = (1.0_f64, 0.0_f64);
    for _ in 0..100 {
        let (mut g_slope, mut g_offset) = (0.0, 0.0);
        let (mut h_slope, mut h_both, mut h_offset) = (1e-9, 0.0, 1e-9);
        for &(margin, answer) in rows {
            let margin = f64::from(margin);
            let p = logistic(slope * margin + offset);
            let error = p - if answer { high } else { low };
            let weight = p * (1.0 - p);
            g_slope += error * margin;
            g_offset += error;
            h_slope += weight * margin * margin;
            h_both += weight * margin;
            h_offset += weight;
        }
        let determinant = h_slope * h_offset - h_both * h_both;
        if determinant <= 0.0 {
            break;
        }
        // Half steps where a whole one would leap over the goal.
        let step_slope = (h_offset * g_slope - h_both * g_offset) / determinant;
        let step_offset = (h_slope * g_offset - h_both * g_slope) / determinant;
        let most = step_slope.abs().max(step_offset.abs());
        let shorter = if most > 2.0 { 2.0 / most } else { 1.0 };
        slope -= shorter * step_slope;
        offset -= shorter * step_offset;
        if most < 1e-9 {
            break;
        }
    }
    (slope as f32, offset as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logistic_function_is_right_to_a_millionth() {
        for z in [-30.0_f64, -4.0, -1.0, 0.0, 0.3, 2.0, 9.0, 30.0] {
            assert!((logistic(z) - 1.0 / (1.0 + (-z).exp())).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn fitted_probabilities_match_the_shares() {
        // At margin -1 one of ten is positive, at margin 1 nine of ten.
        let rows: Vec<(f32, bool)> =
            (0..1000).map(|at| if at % 2 == 0 { (-1.0, at % 20 == 0) } else { (1.0, at % 20 != 1) }).collect();
        let fitted = fit(&rows);
        assert!((probability(fitted, -1.0) - 0.1).abs() < 0.01 && (probability(fitted, 1.0) - 0.9).abs() < 0.01);
    }
}
