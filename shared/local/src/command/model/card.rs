//! The model's card: what it is, what it learned from, how good it is, and what it is no good for.

use std::fmt::Write;

use jiff::civil::Date;
use rules::evaluate::{Counts, Report};
use rules::{Example, FOLDS, Output, Scores, Trained};

use super::rows::Learned;

/// The card of the built-in model.
pub(super) fn embedded() -> String {
    rules::Rulebook::embedded_files()
        .find(|(path, _)| path == "model/card.md")
        .map_or_else(String::new, |(_, card)| card)
}

pub(super) fn write(date: Date, learned: &Learned, trained: &Trained, report: &Report) -> String {
    let mut card = String::new();
    let examples = learned.examples();
    // Writing to a string can't fail.
    let _ = write!(
        card,
        "# The model\n\n\
        Version `{}`, trained on {date} by `sekisho model train`, which also wrote this card.\n\n\
        Linear over hashed runs of characters (four that end in ASCII, two and three that don't), words, word pairs and the shape of the text \
        ({} bytes, one byte for each weight); a support vector machine for each output, with features weighed by how unevenly they lie \
        on its two sides, solved in a fixed order; each row learned from alone and beside innocent ones; scores calibrated \
        (Platt) on rows that the scoring part had not seen. The same rows, rulebook and date give the same bytes.\n\n\
        It is evidence for rules, not a judge: a rule that nothing but a score sets off leads to review at most \
        (`model_alone` in policy.toml).\n\n\
        ## Outputs\n\n\
        | output | looks for |\n|---|---|\n",
        trained.model.version(),
        trained.model.to_bytes().len(),
    );
    for output in Output::ALL {
        let _ = writeln!(card, "| `{}` | {} |", output.key(), output.title());
    }
    card.push_str("\n## What it learned from\n\n| set | rows | licence | source |\n|---|--:|---|---|\n");
    for set in &learned.sets {
        let _ = writeln!(card, "| {} | {} | {} | {} |", set.name, set.rows.len(), set.licence, set.source);
    }
    let _ = write!(
        card,
        "\nWhat a row of each set teaches is told in training.toml. Rows on which people disagree are left out. The \
        licences ask for attribution, which the table gives; the weights hold no text.\n\n\
        ## How good its scores are\n\n\
        By {FOLDS}-fold cross-validation: each row scored by a model that learned from the other folds; copies of a \
        text, and texts of one template, lie in one fold. Flagged: a score of 0.5 or more. Recall at 1 %: share of the \
        rows found at the threshold at which 1 % of the set's other rows are.\n\n\
        | output | set | examples | others | precision | recall | F1 | recall at 1 % |\n|---|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for &output in Output::ALL {
        let mut first = 0;
        for set in &learned.sets {
            let range = first..first + set.rows.len();
            first = range.end;
            let rows = &examples[range.clone()];
            if let Some(line) = score_line(output, &set.name, rows, &trained.held_out[range]) {
                let _ = writeln!(card, "{line}");
            }
        }
    }
    let _ = write!(
        card,
        "\n## How good the whole rulebook is with it\n\n\
        The same rows, judged by all rules, with the model that had not seen the row. The rules themselves were written \
        with knowledge of some of these rows. F1 and false positives count the clauses that the set labels.\n\n\
        | set | rows | precision | recall | F1 | false positives | innocent acted on |\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for (set, counts) in &report.own_clauses {
        let Counts { hits, misses, false_alarms, rests, acted, .. } = *counts;
        let _ = writeln!(
            card,
            "| {set} | {} | {:.3} | {:.3} | {:.3} | {:.2} % | {acted} |",
            hits + misses + false_alarms + rests,
            counts.precision(),
            counts.recall(),
            counts.f1(),
            100.0 * counts.false_positive_rate(),
        );
    }
    card.push_str(
        "\n## Limits\n\n\
        - What it knows of the clauses it knows from posts that were made up for it, not from what people really sent: \
        the sets that nobody here wrote say how far that carries. Of languages beside Japanese and English it knows \
        nothing.\n\
        - Its other rows are video comments, text messages, posts on X and forum comments of 2006 to 2025. Slang moves \
        on; train again when the rules' hit rates do.\n\
        - The rows of `davidson_tweets` were gathered by slurs, so that dialect is over-represented among them: \
        its scores for abuse and hate must not act without a word that says why.\n\
        - Probabilities hold for the mixture of rows above, not for the posts of one account.\n",
    );
    card
}

/// A line of the table of scores; none where the set has no example of the output.
fn score_line(output: Output, set: &str, rows: &[Example], scores: &[Scores]) -> Option<String> {
    let mut answers: Vec<(f32, bool)> = rows
        .iter()
        .zip(scores)
        .filter(|(row, _)| row.costs[output as usize] >= 1.0)
        .filter_map(|(row, scores)| Some((scores.get(output), row.answers[output as usize]?)))
        .collect();
    let all = answers.iter().filter(|(_, answer)| *answer).count();
    if all == 0 {
        return None;
    }
    let others = answers.len() - all;
    let hits = answers.iter().filter(|(score, answer)| *answer && *score >= 0.5).count();
    let alarms = answers.iter().filter(|(score, answer)| !answer && *score >= 0.5).count();
    answers.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (mut wrong, mut found) = (0, 0);
    for (_, answer) in &answers {
        if *answer {
            found += 1;
        } else {
            wrong += 1;
            if wrong * 100 > others {
                break;
            }
        }
    }
    let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    let (precision, recall) = (share(hits, hits + alarms), share(hits, all));
    let f1 = share(2 * hits, hits + alarms + all);
    let strict = if others == 0 { "–".to_owned() } else { format!("{:.3}", share(found, all)) };
    Some(format!("| {} | {set} | {all} | {others} | {precision:.3} | {recall:.3} | {f1:.3} | {strict} |", output.key()))
}
