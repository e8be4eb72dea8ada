//! Takes what X and YouTube push: verifies the signature on the raw bytes, parses, and decides at once.
//!
//! One event's path: [`handler`] tells HTTP from SQS; [`x`] and [`youtube`] hold the routes and check
//! signatures; [`deliver`] parses a verified body and hands each event on; [`park`] keeps what can't be
//! decided now; [`parked`] takes it up again from the queue.

pub mod app;
mod deliver;
pub mod handler;
mod park;
mod parked;
pub mod settings;
mod x;
mod youtube;

pub use app::App;
pub use handler::Webhook;
