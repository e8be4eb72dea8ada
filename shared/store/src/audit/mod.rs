//! What the nightly audit reads, removes and notes. Implements `Shelves` and `Nights`.

mod nights;
mod pages;
mod remove;
mod shelves;
