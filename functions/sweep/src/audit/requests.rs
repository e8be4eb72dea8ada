//! Deadlines of data requests: what is late, and what is due within days.

use anyhow::Result;
use casework::audit::Night;
use jiff::Timestamp;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk};
use crate::sweeper::Sweeper;

/// What is promised to people who asked for their data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    /// Whether requests are kept anywhere that this function can read.
    pub read: bool,
    /// Open requests.
    pub open: u64,
    /// Deadlines that have passed.
    pub late: Vec<Due>,
    /// Deadlines within the next days.
    pub soon: Vec<Due>,
}

/// A deadline of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The request's number; never a name.
    pub request: String,
    /// What has to be done by then.
    pub what: String,
    /// By when.
    pub due: Timestamp,
}

/// The check.
pub(super) struct Promised;

impl Walk for Promised {
    const CHECK: Check = Check::Requests;
    type Found = Requests;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        _: &Sweeper<T, O, Q>,
        _: &Night,
        found: &mut Requests,
        _: Option<&str>,
    ) -> Result<Option<String>> {
        *found = Requests::default();
        Ok(None)
    }
}
