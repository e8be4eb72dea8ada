//! Terms and patterns: all literals of all rules in one trie, regexes behind guards.

mod beginnings;
mod builder;
mod index;
mod literals;
mod mask;
mod packed;
mod tables;
mod term;
mod trie;

pub(crate) use builder::{IndexBuilder, Owner, SetId, SetOptions};
pub(crate) use index::{Found, Hit, Index};
pub(crate) use term::{Term, fold_pattern};
