//! Terms and patterns: all literals of all rules in one automaton per view, regexes behind guards.

mod automaton;
mod builder;
mod index;
mod literals;
mod mask;
mod packed;
mod term;

pub(crate) use automaton::Automaton;
pub(crate) use builder::{IndexBuilder, Owner, SetId, SetOptions};
#[cfg(test)]
pub(crate) use index::same_sentence;
pub(crate) use index::{Found, Hit, Index};
pub(crate) use term::{Term, fold_pattern};
