//! Terms and patterns: all literals of all rules in one automaton per view, regexes behind guards.

mod index;
mod mask;
mod regexes;
mod term;

#[cfg(test)]
pub(crate) use index::same_sentence;
pub(crate) use index::{Found, Hit, Index, IndexBuilder, Owner, SetId, SetOptions};
pub(crate) use regexes::{LazyRegex, fold_pattern};
pub(crate) use term::Term;
