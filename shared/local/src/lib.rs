//! The local stack and the command line: everything on this machine, nothing outside it.
//!
//! [`stack`] starts the [`engine`] (DynamoDB over HTTP), the [`simulator`]s of X and YouTube and the functions
//! behind one address ([`gateway`]); [`stream`] wakes `enforce` as the table's stream does in production.
//! [`sample`] plays a day. [`command`] holds what `sekisho` can be asked to do.

pub mod audit;
pub mod bios;
pub mod command;
pub mod connect;
pub mod connected;
pub mod consent;
pub mod desk;
pub mod engine;
pub mod gateway;
pub mod sample;
pub mod secrets;
pub mod simulator;
pub mod stack;
pub mod stream;
