//! Simulated X and YouTube on loopback: strict about the published contracts, able to fail on demand.
//!
//! Written from the vendors' documents and machine-readable specifications alone, never from our clients, so that
//! the two cannot agree on the same mistake. Where no source says what a platform does, the choice is marked
//! "assumed" beside the code.

pub mod clock;
pub mod deliver;
mod effects;
mod fault;
pub mod oauth;
mod request;
mod server;
mod stage;
pub mod x;
pub mod youtube;

pub use clock::{Clock, HandClock};
pub use effects::Effects;
pub use fault::{Effect, Fault, Matcher};
pub use request::{Answer, Call, Endpoint, Request};
pub use server::Running;
pub use stage::{Platform, Simulator};

/// The simulated X API, base path `/2`.
pub type X = Simulator<x::State>;

/// The simulated YouTube Data API, base path `/youtube/v3`.
pub type YouTube = Simulator<youtube::State>;

/// Something that a caller named does not exist in the simulated world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulated platform has no such {0}")]
pub struct NoSuch(pub &'static str);

#[cfg(test)]
mod tests;
