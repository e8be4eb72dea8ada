//! The sample day: read from data, played through the real HTTP endpoints, and told in a table; then two people write
//! to the desk.

pub mod data;
mod deliver;
mod mails;
mod play;
mod report;
mod write;

pub use mails::{shown, write_to_the_desk};
pub use play::{Means, Played, Told, play, play_by};
pub use report::report;
