//! The simulated X API: replies hidden, users blocked, own posts deleted, posts looked up; nothing published.

mod answer;
mod blocks;
mod limits;
mod people;
mod posts;
mod problem;
mod state;
mod text;
pub(crate) mod wire;

pub use state::{Draft, Link, Post, State, Token, User};
