//! Judges a post by the company's guidelines: `judge(post, context, rulebook, now) -> Judgement`.
//!
//! Pure: no I/O, no clock, no environment (its own `clippy.toml` forbids them), so it cannot fail
//! at run time and the same input always gives the same judgement.

mod action;
mod clause;
mod context;
mod judgement;
mod post;

pub use action::{ActionKind, TaskKind};
pub use clause::Clause;
pub use context::{AnsweredPost, AuthorHistory, Context};
pub use judgement::{Judgement, Span, Unknown, Verdict, Violation};
pub use post::{Author, Media, Platform, Post, PostKind, UserId, deep_link};
