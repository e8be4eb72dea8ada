//! The model: hashed n-grams, linear, one score for each output. Evidence for rules, never a judge.

mod calibration;
mod features;
mod format;
mod lesson;
mod scores;
mod solver;
mod train;
mod weigh;

#[cfg(test)]
mod tests;

pub(crate) use features::{Feature, features};
pub use format::{Model, ModelError};
pub use lesson::{Lesson, LessonSet};
pub use scores::{Output, Scores};
pub use train::{Example, FOLDS, Trained, train};
