//! The sample day: read from data, played through the real HTTP endpoints, and told in a table.

pub mod data;
mod deliver;
mod play;
mod report;
mod write;

pub use play::{Played, Told, play};
pub use report::report;
