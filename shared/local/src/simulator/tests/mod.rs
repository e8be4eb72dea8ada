//! The simulators seen from outside: over HTTP, against the contract's strictness and each fault.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod deliver;
mod envelopes;
mod faults;
mod world;
mod x_blocks;
mod x_posts;
mod youtube_lists;
mod youtube_moderation;
