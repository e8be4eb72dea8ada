//! How posts stand on the platforms, for many at once.

use std::collections::BTreeSet;

use casework::platform::PlatformError;
use jiff::Timestamp;
use rules::Platform;

use crate::{Accounts, Platforms, TokenSource, x, youtube};

/// What YouTube shows of the comments that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YouTubeStanding {
    /// Those that exist and are not rejected.
    pub existing: BTreeSet<String>,
    /// Those of them that wait in the held queue.
    pub held: BTreeSet<String>,
    /// Those of them that may wait there: it is too long to tell, or shows too few of a thread's replies.
    pub untold: BTreeSet<String>,
}

impl<T: TokenSource> Platforms<T> {
    /// How comments stand: 1 unit for 50 of them, and up to 5 for the held queue.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn youtube_standing(
        &self,
        accounts: &Accounts,
        ids: &[&str],
        now: Timestamp,
    ) -> Result<YouTubeStanding, PlatformError> {
        youtube::fetch::standing(&self.line(Platform::YouTube, now), &accounts.youtube, ids).await
    }

    /// Which of these posts on X can be seen by us: those that are gone or protected are left out.
    ///
    /// # Errors
    /// The platform's refusals.
    pub async fn x_standing(&self, ids: &[&str], now: Timestamp) -> Result<BTreeSet<String>, PlatformError> {
        x::fetch::existing(&self.line(Platform::X, now), ids).await
    }
}
