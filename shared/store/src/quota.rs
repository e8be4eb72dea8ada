//! What a platform's day may cost: spent by condition, counted by purpose, with what was put off.

use casework::account::AccountKey;
use casework::ledger::Result;
use jiff::{SignedDuration, Timestamp};

use crate::action::conditional;
use crate::attributes::{Item, expiry, n, number};
use crate::error::unavailable;
use crate::{Store, keys};

/// How long a day's account is kept, in days.
const KEPT_DAYS: i64 = 40;

/// One day's spending of an account, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySpent {
    /// The day, for example `2026-11-25`.
    pub day: String,
    /// Units, or posts, used in all.
    pub used: u32,
    /// Used, by purpose.
    pub by_purpose: Vec<(String, u32)>,
    /// How often something was put off, by purpose.
    pub put_off: Vec<(String, u32)>,
}

impl Store {
    /// Spends units of a day unless more than `ceiling` would be used then; `false` and nothing spent otherwise, and
    /// that is counted too.
    ///
    /// # Errors
    /// The store's.
    pub async fn spend(
        &self,
        account: &AccountKey,
        day: &str,
        purpose: &str,
        units: u32,
        ceiling: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(most) = ceiling.checked_sub(units) else {
            self.count_put_off(account, day, purpose, now).await?;
            return Ok(false);
        };
        let spend = self
            .update(&keys::account(account), &keys::quota(day))
            .update_expression("SET expires = :expires ADD used :units, #purpose :units")
            .condition_expression("attribute_not_exists(used) OR used <= :most")
            .expression_attribute_names("#purpose", format!("used_{purpose}"))
            .expression_attribute_values(":units", n(units))
            .expression_attribute_values(":most", n(most))
            .expression_attribute_values(":expires", expires(now));
        let spent = conditional(spend).await?.is_ok();
        if !spent {
            self.count_put_off(account, day, purpose, now).await?;
        }
        Ok(spent)
    }

    /// Counts that something was put off.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_put_off(&self, account: &AccountKey, day: &str, purpose: &str, now: Timestamp) -> Result<()> {
        self.update(&keys::account(account), &keys::quota(day))
            .update_expression("SET expires = :expires ADD #purpose :one")
            .expression_attribute_names("#purpose", format!("put_off_{purpose}"))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":expires", expires(now))
            .send()
            .await
            .map(|_| ())
            .map_err(unavailable)
    }

    /// What a day has cost so far.
    ///
    /// # Errors
    /// The store's.
    pub async fn day_spent(&self, account: &AccountKey, day: &str) -> Result<DaySpent> {
        let item = self.get(&keys::account(account), &keys::quota(day)).await?.unwrap_or_default();
        Ok(DaySpent {
            day: day.to_owned(),
            used: number(&item, "used").unwrap_or(0),
            by_purpose: counts(&item, "used_"),
            put_off: counts(&item, "put_off_"),
        })
    }
}

fn counts(item: &Item, prefix: &str) -> Vec<(String, u32)> {
    let mut counts: Vec<(String, u32)> =
        item.keys().filter_map(|name| Some((name.strip_prefix(prefix)?.to_owned(), number(item, name)?))).collect();
    counts.sort();
    counts
}

fn expires(now: Timestamp) -> aws_sdk_dynamodb::types::AttributeValue {
    expiry(now + SignedDuration::from_hours(24 * KEPT_DAYS))
}
