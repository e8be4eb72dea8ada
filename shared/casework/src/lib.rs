//! The story of a case, over ports: from an accepted event to a recorded decision, from a planned
//! action to its outcome, and a person's ruling in between. Knows no AWS type and no HTTP.
//!
//! Read in this order: [`handle_post`] (claim, gather, judge, limit, record), [`enforce`] (claim, ask,
//! reserve, perform, record the outcome), [`decide`] (a person's ruling). The ports they stand on are
//! [`ledger`] (the store) and [`platform`] (X and YouTube).

pub mod account;
pub mod audit;
pub mod corrections;
pub mod decide;
pub mod decision;
pub mod enforce;
pub mod event;
pub mod handle_post;
pub mod ledger;
pub mod planned;
pub mod platform;
pub mod quota;
