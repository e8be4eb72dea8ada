//! The simulated X API: replies hidden, users blocked, own posts deleted, posts listed, searched and looked up;
//! nothing published.

mod answer;
mod blocks;
mod limits;
mod list;
mod people;
mod posts;
mod problem;
mod search;
mod state;
mod text;
mod webhooks;
pub(crate) mod wire;

pub use state::{Draft, Link, Post, State, Token, User};
pub use webhooks::{Subscription, Webhook};
