//! Work that is chained through the queue: what one invocation had no time for.

use serde::{Deserialize, Serialize};

/// One message of the queue, as JSON. Holds ids, page tokens and times, no text and no name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The poll goes on.
    Poll(crate::poll::Work),
    /// The audit of a night goes on.
    Audit(crate::audit::Work),
}
