//! Both platforms as the port that answering people calls. Implements `Lookup`.

use casework::platform::{Asked, Lookup, PublicProfile, Shown};
use jiff::Timestamp;
use rules::{Platform, UserId};

use crate::{Platforms, TokenSource, x, youtube};

impl<T: TokenSource> Lookup for Platforms<T> {
    fn by_handle<'a>(&'a self, platform: Platform, handle: &'a str, now: Timestamp) -> Asked<'a, Option<UserId>> {
        Box::pin(async move {
            let line = self.line(platform, now);
            match platform {
                Platform::X => x::public::by_handle(&line, handle.trim_start_matches('@')).await,
                Platform::YouTube => youtube::public::by_handle(&line, handle).await,
            }
        })
    }

    fn profile<'a>(&'a self, platform: Platform, id: &'a UserId, now: Timestamp) -> Asked<'a, Option<PublicProfile>> {
        Box::pin(async move {
            let line = self.line(platform, now);
            match platform {
                Platform::X => x::public::profile(&line, id).await,
                Platform::YouTube => youtube::public::profile(&line, id).await,
            }
        })
    }

    fn shown<'a>(&'a self, platform: Platform, post: &'a str, now: Timestamp) -> Asked<'a, Shown> {
        Box::pin(async move {
            let line = self.line(platform, now);
            match platform {
                Platform::X => x::public::shown(&line, post).await,
                Platform::YouTube => youtube::public::shown(&line, post).await,
            }
        })
    }
}
