//! The project's daily units: spent by every call, renewed at midnight Pacific.

use jiff::Timestamp;
use jiff::civil::Date;

/// What a day's calls may cost in all, unless Google grants more.
const DAILY: u32 = 10_000;

/// The project's quota.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Units of one day.
    pub daily: u32,
    day: Option<Date>,
    used: u32,
}

impl Quota {
    pub(super) fn new() -> Quota {
        Quota { daily: DAILY, day: None, used: 0 }
    }

    /// Units spent on the Pacific day of `now`.
    pub fn used(&self, now: Timestamp) -> u32 {
        if self.day == pacific_day(now) { self.used } else { 0 }
    }

    /// Spends units; false, and nothing spent, if the day has not as many left.
    pub(super) fn spend(&mut self, units: u32, now: Timestamp) -> bool {
        let used = self.used(now);
        if used + units > self.daily {
            return false;
        }
        self.day = pacific_day(now);
        self.used = used + units;
        true
    }
}

fn pacific_day(now: Timestamp) -> Option<Date> {
    Some(now.in_tz("America/Los_Angeles").ok()?.date())
}
