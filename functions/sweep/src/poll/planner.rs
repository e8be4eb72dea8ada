//! Who may spend what: units of a day on YouTube, posts of a day on X.

use casework::ledger::LedgerError;
use casework::quota::{LIST_UNITS, QuotaDay, Spender};
use jiff::Timestamp;
use rules::Platform;

use super::halt::Halt;
use crate::sweeper::Sweeper;

/// The day by which X counts: the same post is free again within it.
pub(crate) fn x_day(now: Timestamp) -> String {
    now.to_string()[..10].to_owned()
}

impl<T, O, Q> Sweeper<T, O, Q> {
    /// Takes the units of one list call on YouTube out of the day.
    pub(crate) async fn spend_list(&self, spender: Spender) -> Result<(), Halt> {
        let (account, now) = (self.account(Platform::YouTube), self.now());
        let (day, _) = self.quota_day(now).await?;
        let ceiling = day.ceiling(spender, self.limits.youtube_daily_units);
        match self.store.spend(&account, &day.name, spender.key(), LIST_UNITS, ceiling, now).await? {
            true => Ok(()),
            false => Err(Halt::Quota),
        }
    }

    /// Whether a spender may still spend today, as things stand.
    pub(crate) async fn could_spend(&self, spender: Spender) -> Result<bool, Halt> {
        let (day, used) = self.quota_day(self.now()).await?;
        Ok(used < day.ceiling(spender, self.limits.youtube_daily_units))
    }

    /// Today on YouTube with what was used of it, by whom and in all.
    pub(crate) async fn quota_day(&self, now: Timestamp) -> Result<(QuotaDay, u32), LedgerError> {
        let day = QuotaDay::of(now);
        let spent = self.store.day_spent(&self.account(Platform::YouTube), &day.name).await?;
        Ok((day.with_used(spent.by_purpose), spent.used))
    }

    /// Whether more posts may be read on X today.
    pub(crate) async fn may_read_x(&self) -> Result<(), Halt> {
        let (account, now) = (self.account(Platform::X), self.now());
        let used = self.store.day_spent(&account, &x_day(now)).await?.used;
        if used < self.limits.x_daily_posts { Ok(()) } else { Err(Halt::Quota) }
    }

    /// Counts new posts read on X today. A post that was read before costs nothing within its day.
    pub(crate) async fn count_x(&self, posts: u32) -> Result<(), Halt> {
        if posts > 0 {
            let (account, now) = (self.account(Platform::X), self.now());
            self.store.spend(&account, &x_day(now), "posts", posts, u32::MAX, now).await?;
        }
        Ok(())
    }
}
