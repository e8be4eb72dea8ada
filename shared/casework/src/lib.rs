//! The story of a case, over ports: from an accepted event to a recorded decision, from a planned
//! action to its outcome, and a person's ruling in between. Knows no AWS type and no HTTP.
//!
//! Read in this order: [`handle_post`] (claim, gather, judge, limit, record), [`enforce`] (claim, ask,
//! reserve, perform, record the outcome), [`decide`] (a person's ruling). [`in_force`] is what they judge by, and [`watch`]
//! stops a rule that suddenly hits. The ports they
//! stand on are [`ledger`] and [`publication`] (the store) and [`platform`] (X and YouTube).

pub mod account;
pub mod audit;
pub mod corrections;
pub mod decide;
pub mod decision;
pub mod enforce;
pub mod event;
pub mod handle_post;
pub mod in_force;
pub mod ledger;
pub mod planned;
pub mod platform;
pub mod publication;
pub mod quota;
pub mod watch;
