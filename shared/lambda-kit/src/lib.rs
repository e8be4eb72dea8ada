//! What every function needs around its handler: settings, AWS clients, secrets, logs, metrics, triggers and HTTP.
//!
//! In the order in which a function's `main` uses them:
//!
//! 1. [`settings`] reads the function's settings and [`aws`] the environment that Lambda provides,
//! 2. [`logging`] and [`metrics`] start,
//! 3. [`secrets`], [`vault`], [`objects`], [`queue`] and [`mail`] are opened,
//! 4. for each invocation [`trigger`] tells what woke the function, [`http`] and [`problem`] speak
//!    HTTP where that was a request, and [`metrics::flush`] ends it.

pub mod aws;
pub mod http;
pub mod logging;
pub mod mail;
pub mod metrics;
pub mod objects;
pub mod problem;
pub mod queue;
pub mod runtime;
pub mod secrets;
pub mod settings;
pub mod trigger;
pub mod vault;

#[cfg(test)]
mod loopback;
