//! local
pub mod simulator;
