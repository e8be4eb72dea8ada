//! The accounts that are ours.

/// Our own accounts, by the platforms' stable ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// Our X user id: decimal digits.
    pub x: String,
    /// Our YouTube channel id, for example `UC…`.
    pub youtube: String,
}
