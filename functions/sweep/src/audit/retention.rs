//! What must not be kept any longer is removed here: this is the legal deletion, the table's own TTL is housekeeping.

use anyhow::Result;
use casework::audit::{Night, Removed, Shelves};
use casework::handle_post::YOUTUBE_DAYS;
use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::Platform;
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk};
use super::report::objects;
use crate::sweeper::Sweeper;

/// Nights after which a report's page, which quotes people, is removed; its figures stay without a word of anybody.
pub(super) const PAGE_DAYS: i64 = 7;
/// Nights further back for which removing is tried again, in case an audit did not run.
const TRIED_AGAIN: i64 = 30;

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retention {
    /// Expired items.
    pub expired: Removed,
    /// Texts of YouTube that were not read anew for 30 days.
    pub not_refreshed: u64,
    /// Pages of earlier reports.
    pub pages: u64,
    /// Texts that are still kept.
    pub kept: u64,
}

/// The check.
pub(super) struct Retain;

impl Walk for Retain {
    const CHECK: Check = Check::Retention;
    type Found = Retention;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Retention,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let now = sweeper.now();
        match place.and_then(|place| place.strip_prefix("kept ")) {
            None => {
                let from = place.and_then(|place| place.strip_prefix("expired "));
                let (removed, next) = sweeper.store.remove_expired(from, now).await?;
                found.expired.texts += removed.texts;
                found.expired.people += removed.people;
                found.expired.strikes += removed.strikes;
                found.expired.others += removed.others;
                found.expired.failed += removed.failed;
                Ok(Some(next.map_or_else(|| "kept ".to_owned(), |next| format!("expired {next}"))))
            }
            Some(from) => {
                let page = sweeper.store.kept(Some(from).filter(|from| !from.is_empty()), now).await?;
                for kept in page.items {
                    let age = kept.read_at.map(|read_at| now.duration_since(read_at));
                    let over = age.is_some_and(|age| age > SignedDuration::from_hours(24 * i64::from(YOUTUBE_DAYS)));
                    if kept.post.platform == Platform::YouTube && over {
                        sweeper.store.remove_text(&kept.key()).await?;
                        found.not_refreshed += 1;
                    } else {
                        found.kept += 1;
                    }
                }
                if page.next.is_none() {
                    found.pages = old_pages(sweeper, night).await?;
                    let failed = found.expired.failed;
                    anyhow::ensure!(failed == 0, "expired items that could not be removed: {failed}");
                }
                Ok(page.next.map(|next| format!("kept {next}")))
            }
        }
    }
}

/// Removes the pages of reports that are too old.
async fn old_pages<T, O: Objects, Q>(sweeper: &Sweeper<T, O, Q>, night: &Night) -> Result<u64> {
    let mut removed = 0;
    for days in PAGE_DAYS..PAGE_DAYS + TRIED_AGAIN {
        let key = objects::page(night.date.checked_sub(jiff::Span::new().days(days))?);
        if sweeper.objects.get(&key).await?.is_some() {
            sweeper.objects.delete(&key).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
