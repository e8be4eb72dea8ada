//! Support of the flow tests: a world with real parts over loopback, sandboxes of the functions in it, and faults.
//!
//! A [`World`] is one table, one simulated X and one simulated YouTube under a clock moved by hand. Any number of
//! sandboxes of `webhook` and `enforce` run in it at once, as Lambda runs them, each with its own store client; a
//! [`fault::Proxy`] in front of the engine makes a sandbox's calls fail.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "support of tests")]

pub mod calls;
pub mod case;
pub mod connect;
pub mod corpus;
pub mod day;
pub mod deliver;
pub mod desk;
pub mod fault;
pub mod flow;
pub mod interface;
pub mod many_posts;
pub mod parts;
pub mod queue;
pub mod recorder;
pub mod sandbox;
pub mod sweeping;
pub mod table;
pub mod world;

pub use world::World;
