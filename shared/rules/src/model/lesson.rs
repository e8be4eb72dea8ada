//! What labelled rows teach the model: the training file, applied to rows.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Example, Output};
use crate::{Clause, Rulebook};

/// The training file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// What an error costs on a row whose set is not at home, beside 1 on one that is.
    pub aside_cost: f64,
    /// What it costs on the copy of a row that stands beside innocent ones: a part of what it costs on the row itself.
    pub beside_cost: f64,
    /// Sets, in the order in which they are learned from.
    #[serde(rename = "set")]
    pub sets: Vec<LessonSet>,
}

/// Which rows of a set teach the clauses' own outputs.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sides {
    /// A clause's rows against the innocent ones. A row of another clause says nothing of it.
    Both,
    /// The innocent ones alone.
    Innocent,
}

/// What the rows of one set say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonSet {
    /// The set's name, or `own_cases`.
    pub name: String,
    /// By output, the clauses that make a row an example of it.
    #[serde(default)]
    examples: BTreeMap<Output, Vec<Clause>>,
    /// Which rows the clauses' own outputs learn from; none unless told.
    clauses: Option<Sides>,
    #[serde(default)]
    innocent: Vec<Output>,
    /// Outputs for which the set is not at home: its rows count for little.
    #[serde(default)]
    aside: Vec<Output>,
}

impl Lesson {
    /// The name of the set that stands for the rulebook's own cases.
    pub const OWN_CASES: &'static str = "own_cases";

    /// The lesson that the embedded model was trained by.
    ///
    /// # Errors
    /// When the file is no lesson; a test prevents that.
    pub fn embedded() -> Result<Lesson, String> {
        let text = std::str::from_utf8(Rulebook::embedded_bytes("model/training.toml"));
        Lesson::parse(text.map_err(|error| error.to_string())?)
    }

    /// Reads a training file.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Lesson, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

impl LessonSet {
    /// What a row with these labels is an example of; an error costs `aside_cost` where the set is not at home.
    pub fn example(&self, text: String, group: Option<&str>, labels: &[Clause], aside_cost: f64) -> Example {
        let mut answers = [None; Output::COUNT];
        let mut costs = [1.0; Output::COUNT];
        for ((answer, cost), output) in answers.iter_mut().zip(&mut costs).zip(Output::ALL) {
            let aside = self.aside.contains(output);
            if aside {
                *cost = aside_cost;
            }
            *answer = match self.examples.get(output) {
                None if let (Some(sides), Some(clause)) = (self.clauses, clause_of(*output)) => {
                    let is_example = sides == Sides::Both && labels.contains(&clause);
                    if labels.is_empty() { Some(false) } else { is_example.then_some(true) }
                }
                Some(clauses) if !labels.is_empty() => Some(clauses.iter().any(|clause| labels.contains(clause))),
                Some(_) | None if labels.is_empty() && (aside || self.innocent.contains(output)) => Some(false),
                Some(_) | None => None,
            };
        }
        let group = group.map_or_else(|| letters(&text), |group| format!("{} {group}", self.name));
        Example { text, group, answers, costs }
    }
}

/// The clause whose own output it is.
fn clause_of(output: Output) -> Option<Clause> {
    Clause::ALL.into_iter().find(|&clause| Output::of(clause) == Some(output))
}

/// The first letters of a text: what copies of it with other numbers, links and spaces share.
fn letters(text: &str) -> String {
    crate::folded(text).chars().filter(|c| c.is_alphabetic()).take(60).collect()
}
