//! Judges a post by the company's guidelines: `judge(post, context, rulebook, now) -> Judgement`.
//!
//! Pure: no I/O, no clock, no environment (its own `clippy.toml` forbids them), so it cannot fail
//! at run time and the same input always gives the same judgement.

mod action;
mod clause;
pub mod compare;
mod context;
pub mod evaluate;
mod explain;
mod facts;
mod judge;
mod judgement;
mod lang;
pub mod listening;
pub mod listing;
mod model;
pub mod outbound;
mod patterns;
mod post;
mod regexes;
mod rulebook;
mod sentences;
mod signals;
mod statement;
mod views;
mod work;

#[cfg(test)]
mod tests;

pub use action::{ActionKind, TaskKind};
pub use clause::Clause;
pub use context::{AnsweredPost, AuthorHistory, Context};
pub use explain::{AskedRule, Explanation, Fact, FoundSignal, Matched, RuleAnswer, ViewText, explain};
pub use judge::judge;
pub use judgement::{Judgement, Span, Unknown, Verdict, Violation};
pub use lang::Lang;
pub use model::{Example, FOLDS, Lesson, LessonSet, Model, ModelError, Output, Scores, Trained, train};
pub use post::{Author, Media, Platform, Post, PostKind, UserId, deep_link};
pub use rulebook::{
    Account, CaseFailure, GuidelineVersion, JumpLimits, ModelAlone, Organisation, Plan, Policy, Purpose, Retention,
    Rule, Rulebook, RulebookError, Status, Step, Titles, XLadder, YouTubeLadder,
};
pub use signals::SignalKind;
pub use statement::statement;
pub use views::{ViewKind, folded, same_text};
