//! Answers people: privacy requests and inquiries, by e-mail and over HTTP.
//!
//! One mail's path: [`event`] tells what woke the function; [`receive`] fetches the raw mail and hands it to
//! `privacy::desk`, which reads, classifies and files it; [`send`] sends the letters that were written with it. On
//! schedule [`tick`] does what time has come for. [`delivery`] notes what became of letters. [`api`] holds the routes.
//! [`carry`] finds out whose account it is, and carries out what was granted.

pub mod api;
pub mod app;
pub mod carry;
mod delivery;
pub mod event;
pub mod handler;
mod receive;
mod send;
pub mod settings;
mod tick;

pub use app::App;
pub use handler::DataRequest;
