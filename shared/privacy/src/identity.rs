//! What must be shown before a right is carried out, and one-time codes that show control of an account.

use serde::{Deserialize, Serialize};

/// What a person must show, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// T0, nothing.
    None,
    /// T1, control of the e-mail address.
    Email,
    /// T2, control of the account on X or YouTube.
    Account,
    /// T3, control of the account and a mandate of the agent.
    Mandate,
}
