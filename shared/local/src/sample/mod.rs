//! The sample day: read from data, played through the real HTTP endpoints, and told in a table.

pub mod data;
mod deliver;
mod play;
mod report;
mod write;

pub use play::{Means, Played, Told, play, play_by};
pub use report::report;
