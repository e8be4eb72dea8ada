//! What a day on YouTube may cost, and who may spend how much of it by when.
//!
//! Google grants a project 10,000 units a day, which begins at midnight Pacific time. Each spender leaves what those
//! before it will need for the rest of the day: in the morning little is left to walking backlogs, in the evening all
//! that moderation and new comments did not need. What is kept for urgent moderation is kept to the end of the day.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Units of a list call (YouTube Data API v3, quota costs).
pub const LIST_UNITS: u32 = 1;
/// Units of a moderation call, for up to 50 comments.
pub const MODERATE_UNITS: u32 = 50;
/// Units of asking how comments stand before they are moderated, as a rule.
pub const ASK_UNITS: u32 = 2;
/// Units that Google grants a project unless it grants more.
pub const DAILY_UNITS: u32 = 10_000;

/// Who spends, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spender {
    /// Moderation that is urgent: threats and personal data, and what is given back.
    Urgent,
    /// Other holding and rejecting.
    Moderation,
    /// New comments, and the queues of held ones.
    New,
    /// Replies of threads that moved.
    Replies,
    /// Edits and replies of the last days.
    Window,
    /// What was too much for a poll.
    Backlog,
    /// Everything kept, once a month.
    Refresh,
}

impl Spender {
    /// All of them, in order of importance.
    pub const ALL: [Spender; 7] = [
        Spender::Urgent,
        Spender::Moderation,
        Spender::New,
        Spender::Replies,
        Spender::Window,
        Spender::Backlog,
        Spender::Refresh,
    ];

    /// The key, for example `backlog`.
    pub fn key(self) -> &'static str {
        match self {
            Spender::Urgent => "urgent",
            Spender::Moderation => "moderation",
            Spender::New => "new",
            Spender::Replies => "replies",
            Spender::Window => "window",
            Spender::Backlog => "backlog",
            Spender::Refresh => "refresh",
        }
    }

    /// What it needs of a whole day's 10,000 units.
    fn need(self) -> u64 {
        match self {
            // 20 calls with their questions.
            Spender::Urgent => 1_000,
            // 100 calls with their questions.
            Spender::Moderation => 5_000,
            // Three lists every three minutes.
            Spender::New => 1_500,
            Spender::Replies => 900,
            Spender::Window => 600,
            Spender::Backlog => 700,
            Spender::Refresh => 300,
        }
    }
}

/// A Pacific day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaDay {
    /// Its date, for example `2026-11-25`.
    pub name: String,
    /// When the next begins.
    pub resets_at: Timestamp,
    /// How much of it is left, in thousandths.
    left: u64,
    /// Units used of it, by the spender's key.
    used: Vec<(String, u32)>,
}

impl QuotaDay {
    /// The day in which a moment lies.
    pub fn of(now: Timestamp) -> Self {
        let day = || {
            let zoned = now.to_zoned_datetime(TimeZone::get("America/Los_Angeles").ok()?);
            let (start, end) = (zoned.start_of_day().ok()?, zoned.tomorrow().ok()?.start_of_day().ok()?);
            Some((zoned.date().to_string(), start.timestamp(), end.timestamp()))
        };
        // Without a time zone database, which is built in, a day of UTC that is as long as any.
        let (name, start, end) = day().unwrap_or_else(|| {
            let text = now.to_string()[..10].to_owned();
            (text, now, now + SignedDuration::from_hours(24))
        });
        let (whole, rest) = (end.duration_since(start).as_secs().max(1), end.duration_since(now).as_secs());
        let left = u64::try_from(rest * 1000 / whole).unwrap_or(0).min(1000);
        QuotaDay { name, resets_at: end, left, used: Vec::new() }
    }

    /// The same day with what was used of it so far, by the spender's key: nobody is left what he has had already.
    pub fn with_used(self, used: Vec<(String, u32)>) -> Self {
        QuotaDay { used, ..self }
    }

    /// How much may be used of the day in all, so that this spender may still spend.
    pub fn ceiling(&self, spender: Spender, daily: u32) -> u32 {
        let before = Spender::ALL.into_iter().filter(|other| *other < spender);
        let reserved: u64 = before.map(|other| self.still_needed(other, daily)).sum();
        daily.saturating_sub(u32::try_from(reserved).unwrap_or(u32::MAX))
    }

    /// What a spender will need for the rest of the day: its share of the time, and no more than it has not had yet.
    /// What is urgent keeps all that it has not had: it may come at any time, and all at once.
    fn still_needed(&self, spender: Spender, daily: u32) -> u64 {
        let need = spender.need() * u64::from(daily) / u64::from(DAILY_UNITS);
        let used: u64 =
            self.used.iter().filter(|(key, _)| key == spender.key()).map(|(_, units)| u64::from(*units)).sum();
        let not_had = need.saturating_sub(used);
        match spender {
            Spender::Urgent => not_had,
            Spender::Moderation
            | Spender::New
            | Spender::Replies
            | Spender::Window
            | Spender::Backlog
            | Spender::Refresh => (need * self.left / 1000).min(not_had),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(time: &str) -> QuotaDay {
        QuotaDay::of(time.parse().unwrap())
    }

    #[test]
    fn the_day_is_the_pacific_one() {
        assert_eq!(at("2026-11-25T07:59:59Z").name, "2026-11-24");
        let day = at("2026-11-25T08:00:00Z");
        assert_eq!((day.name.as_str(), day.resets_at.to_string().as_str()), ("2026-11-25", "2026-11-26T08:00:00Z"));
    }

    #[test]
    fn the_less_important_leaves_what_the_more_important_needs_for_the_rest_of_the_day() {
        let (morning, evening) = (at("2026-11-25T08:00:00Z"), at("2026-11-26T07:59:59Z"));
        let ceilings = |day: &QuotaDay| Spender::ALL.map(|spender| day.ceiling(spender, DAILY_UNITS));
        assert_eq!(ceilings(&morning), [10_000, 9_000, 4_000, 2_500, 1_600, 1_000, 300]);
        assert_eq!(ceilings(&evening), [10_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000]);
        assert_eq!(at("2026-11-25T20:00:00Z").ceiling(Spender::Backlog, DAILY_UNITS), 5_000);
        assert_eq!(morning.ceiling(Spender::New, 100), 40, "a smaller grant is shared alike");
    }

    #[test]
    fn what_was_had_already_is_not_left_once_more() {
        let moderated = |units: u32| {
            let day = at("2026-11-25T11:00:00Z").with_used(vec![("moderation".to_owned(), units)]);
            day.ceiling(Spender::New, DAILY_UNITS)
        };
        assert_eq!(moderated(0), 4_625);
        assert_eq!(moderated(500), 4_625, "no more than by this time of the day");
        assert_eq!(moderated(5_200), 9_000, "after a raid the poll still sees what is new");
    }

    #[test]
    fn what_is_urgent_keeps_to_the_end_of_the_day_what_it_has_not_had() {
        let left = |units: u32| {
            let day = at("2026-11-26T07:59:59Z").with_used(vec![("urgent".to_owned(), units)]);
            DAILY_UNITS - day.ceiling(Spender::Moderation, DAILY_UNITS)
        };
        assert_eq!([0, 400, 1_000, 2_000].map(left), [1_000, 600, 0, 0]);
    }

    #[test]
    fn needs_are_a_whole_day() {
        assert_eq!(Spender::ALL.map(Spender::need).iter().sum::<u64>(), u64::from(DAILY_UNITS));
    }
}
