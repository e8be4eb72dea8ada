//! Performs planned actions on the platforms: woken by the table's stream, and every minute by a schedule that
//! drains what is due.

pub mod handler;
pub mod limits;
pub mod settings;

pub use handler::Enforcer;
