//! Everything that handling an event needs, built once for the sandbox.

use std::sync::Arc;

use jiff::Timestamp;
use privacy::clocks::Holidays;
use privacy::desk::{Addresses, Desk};
use privacy::law::Law;
use store::RequestStore;

use crate::carry::Carrier;

/// Tells the time; replaced by tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The parts behind the handler: `O` holds raw mails, `M` sends letters.
pub struct App<O, M> {
    /// The requests table.
    pub requests: RequestStore,
    /// The law in force, for requests that arrive now.
    pub law: Law,
    /// Holidays of the clocks.
    pub holidays: Holidays,
    /// Our own addresses.
    pub addresses: Addresses,
    /// Name shown beside the desk's address.
    pub name: Option<String>,
    /// Raw mails under `mail/`.
    pub objects: O,
    /// Sends letters.
    pub mailer: M,
    /// What carrying out needs.
    pub carrier: Carrier<O>,
    /// The time.
    pub clock: Clock,
}

impl<O, M> App<O, M> {
    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The desk at which requests are worked on.
    pub fn desk(&self) -> Desk<'_, RequestStore> {
        Desk { requests: &self.requests, law: &self.law, holidays: &self.holidays, addresses: &self.addresses }
    }
}
