//! Why a page of a list could not be had.

use casework::platform::PlatformError;

/// The two ways in which a list ends early, and the platform's own refusals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// The page token is no longer good: the list has to be begun anew.
    #[error("the page token is no longer good")]
    PageExpired,
    /// What is listed is gone, or has no such list: a video that was deleted or takes no comments.
    #[error("there is no such list any more")]
    Gone,
    /// Anything else, by what has to follow.
    #[error(transparent)]
    Platform(#[from] PlatformError),
}

pub(crate) fn unreadable() -> ListError {
    ListError::Platform(PlatformError::Transient { reason: "unreadable-answer".to_owned() })
}
