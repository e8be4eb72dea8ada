//! The simulated YouTube Data API: comments listed and moderated within a day's quota; nothing published.

mod answer;
mod channels;
mod error;
mod list;
mod moderate;
mod page;
mod quota;
mod state;
mod wire;

pub use state::{Comment, Draft, Moderation, SCOPE, State, Subscription, Token, Video};
