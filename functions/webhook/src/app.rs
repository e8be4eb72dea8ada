//! Everything that handling a delivery needs, built once for the sandbox.

use std::sync::Arc;

use jiff::Timestamp;
use lambda_kit::secrets::Secrets;
use platforms::Accounts;
use store::{Rulebooks, Store};

/// Tells the time; replaced by tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The parts behind the handler: `O` keeps raw bodies, `Q` their keys.
pub struct App<O, Q> {
    /// The decisions table.
    pub store: Store,
    /// The rulebook in force.
    pub rulebooks: Rulebooks,
    /// Signing secrets.
    pub secrets: Secrets,
    /// Our accounts.
    pub accounts: Accounts,
    /// Raw bodies under `intake/`.
    pub objects: O,
    /// Keys of raw bodies.
    pub queue: Q,
    /// The time.
    pub clock: Clock,
}

impl<O, Q> App<O, Q> {
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
