//! The state of one of our accounts, which decides whether intake and actions may go on.

use jiff::Timestamp;
use rules::Platform;
use serde::{Deserialize, Serialize};

/// Which of our accounts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// Where it is.
    pub platform: Platform,
    /// X user id or YouTube channel id.
    pub id: String,
}

/// What the operator wants of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Intake and actions.
    #[default]
    Active,
    /// The kill switch: intake and decisions go on, what would be done goes to review instead.
    Paused,
    /// Neither intake nor actions.
    Terminated,
}

impl Mode {
    /// The key: `active`, `paused` or `terminated`.
    pub fn key(self) -> &'static str {
        match self {
            Mode::Active => "active",
            Mode::Paused => "paused",
            Mode::Terminated => "terminated",
        }
    }
}

/// An account's state; the default is a healthy, active account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountState {
    /// What the operator wants.
    #[serde(default)]
    pub mode: Mode,
    /// Why the grant is dead, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disconnected: Option<String>,
    /// Why spending stopped, until a person resumes the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spending_stopped: Option<String>,
    /// No call before this time (the quota of the day is spent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_until: Option<Timestamp>,
}

/// Something that happened to an account and must stop its calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountStop {
    /// The grant is dead.
    Disconnected(String),
    /// The spend cap is reached or the credit gone.
    SpendingStopped(String),
    /// The quota is spent until then.
    Until(Timestamp),
}
