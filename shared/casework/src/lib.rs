//! The story of a case, over ports: from an accepted event to a recorded decision, and from a
//! planned action to its outcome. Knows no AWS type and no HTTP.

pub mod event;
pub mod platform;
