//! One clock: from arrival to the first instant that is too late.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendar::{CalendarError, add_weekdays, is_weekend};
use super::{ClockError, Holidays};
use crate::law::{DeadlineClass, DeadlineKind, Law, Length, REQUESTER};

/// Why a clock stands still. In each case the person has to act before we can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// Doubts about identity are being cleared.
    Identity,
    /// The person was asked what exactly is meant.
    Clarification,
    /// A lawful fee is awaited.
    Fee,
}

/// A time during which a clock stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// Since when.
    pub from: Timestamp,
    /// Until when; open while we wait.
    pub to: Option<Timestamp>,
}

/// How much of a clock's time has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Half.
    Half,
    /// Four fifths.
    FourFifths,
    /// All: it is too late.
    Over,
}

/// One clock. It keeps the length that was in force at the arrival.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    kind: DeadlineKind,
    class: DeadlineClass,
    started: Timestamp,
    zone: String,
    end: End,
    extended_end: Option<End>,
    extended: bool,
    pausable: bool,
    roll_over_weekend: bool,
    pauses: Vec<Pause>,
    met: Option<Timestamp>,
}

/// Where a clock ends if it never stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Instant(Timestamp),
    LastDay(Date),
}

impl Clock {
    /// Starts a clock at the arrival.
    ///
    /// # Errors
    /// [`ClockError`] when the length or the zone is missing.
    pub fn start(
        law: &Law,
        holidays: &Holidays,
        kind: DeadlineKind,
        arrived: Timestamp,
        requester_zone: Option<&TimeZone>,
    ) -> Result<Self, ClockError> {
        // The day of arrival that selects the length is the day where we are.
        let deadline = law.deadline(kind, arrived.to_zoned_datetime(TimeZone::get("Asia/Tokyo")?).date())?;
        let requester = requester_zone.and_then(TimeZone::iana_name);
        let zone = match (deadline.zone.as_str(), requester) {
            (REQUESTER, Some(name)) => name,
            (REQUESTER, None) => deadline.fallback_zone.as_deref().unwrap_or("UTC"),
            (fixed, _) => fixed,
        };
        let first_day = arrived.to_zoned_datetime(TimeZone::get(zone)?).date();
        let end_after = |days_or_months: Span| first_day.checked_add(days_or_months).map(End::LastDay);
        let end = match deadline.length {
            Length::Hours(hours) => End::Instant(arrived.checked_add(SignedDuration::from_hours(i64::from(hours)))?),
            Length::Days(days) => end_after(Span::new().days(days))?,
            Length::Months(months) => end_after(Span::new().months(months))?,
            Length::BusinessDays(count) => match deadline.holidays {
                Some(calendar) => End::LastDay(match holidays.add_business_days(calendar, first_day, count) {
                    // A request has arrived whether or not somebody entered the holidays of its year.
                    Err(CalendarError::YearNotCovered(..)) => add_weekdays(first_day, count)?,
                    known => known?,
                }),
                None => end_after(Span::new().days(count))?,
            },
        };
        // Counted from the original start: a month's end plus a month may not come back to the month's end.
        let extended_end = match (deadline.length, deadline.extension) {
            (Length::Days(base), Some(Length::Days(more))) => Some(end_after(Span::new().days(base + more))?),
            (Length::Months(base), Some(Length::Months(more))) => Some(end_after(Span::new().months(base + more))?),
            _ => None,
        };
        Ok(Self {
            kind,
            class: deadline.class,
            started: arrived,
            zone: zone.to_owned(),
            end,
            extended_end,
            extended: false,
            pausable: deadline.pausable,
            roll_over_weekend: deadline.roll_over_weekend,
            pauses: Vec::new(),
            met: None,
        })
    }

    /// What it is for.
    pub fn kind(&self) -> DeadlineKind {
        self.kind
    }

    /// Who set it.
    pub fn class(&self) -> DeadlineClass {
        self.class
    }

    /// Whether it may stand still.
    pub fn is_pausable(&self) -> bool {
        self.pausable
    }

    /// Whether a rule lengthens it.
    pub fn is_extendable(&self) -> bool {
        self.extended_end.is_some()
    }

    /// When it was started.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// Whether its duty is done.
    pub fn is_met(&self) -> bool {
        self.met.is_some()
    }

    /// The times it stood still.
    pub fn pauses(&self) -> &[Pause] {
        &self.pauses
    }

    /// The first instant that is too late (for an exposure: the first at which a suit is possible), with the pauses
    /// up to `now`.
    ///
    /// # Errors
    /// [`ClockError::Time`] when the date leaves the range of the calendar.
    pub fn due(&self, now: Timestamp) -> Result<Timestamp, ClockError> {
        match self.current_end() {
            End::Instant(instant) => Ok(instant),
            End::LastDay(_) => {
                let zone = TimeZone::get(&self.zone)?;
                Ok(self.last_day(now)?.tomorrow()?.to_zoned_datetime(zone)?.timestamp())
            }
        }
    }

    /// The last day on which the duty can still be done, in the clock's own time zone.
    ///
    /// # Errors
    /// As [`Clock::due`].
    pub fn last_day(&self, now: Timestamp) -> Result<Date, ClockError> {
        let zone = TimeZone::get(&self.zone)?;
        match self.current_end() {
            End::Instant(instant) => Ok(instant.to_zoned_datetime(zone).date()),
            End::LastDay(day) => {
                let mut day = day.checked_add(Span::new().days(self.paused_days(now, &zone)?))?;
                while self.roll_over_weekend && is_weekend(day) {
                    day = day.nth_weekday(1, Weekday::Monday)?;
                }
                Ok(day)
            }
        }
    }

    /// The highest alarm reached. A clock that is met, paused or only an exposure warns of nothing.
    ///
    /// # Errors
    /// As [`Clock::due`].
    pub fn alarm(&self, now: Timestamp) -> Result<Option<Alarm>, ClockError> {
        if self.is_met() || self.class == DeadlineClass::Exposure || self.open_pause().is_some() {
            return Ok(None);
        }
        let due = self.due(now)?;
        let stood: i64 = self.pauses.iter().filter_map(|pause| Some(seconds(pause.from, pause.to?))).sum();
        let gone = seconds(self.started, now) - stood;
        let whole = seconds(self.started, due) - stood;
        Ok(if now >= due {
            Some(Alarm::Over)
        } else if gone * 5 >= whole * 4 {
            Some(Alarm::FourFifths)
        } else if gone * 2 >= whole {
            Some(Alarm::Half)
        } else {
            None
        })
    }

    /// The alarm after the one last told, and the moment at which it is reached if the clock does not stand still.
    /// `None` for a clock that warns of nothing now, see [`Clock::alarm`].
    ///
    /// # Errors
    /// As [`Clock::due`].
    pub fn next_alarm(&self, told: Option<Alarm>) -> Result<Option<(Alarm, Timestamp)>, ClockError> {
        if self.is_met() || self.class == DeadlineClass::Exposure || self.open_pause().is_some() {
            return Ok(None);
        }
        // No pause is open, so the end does not depend on the present.
        let due = self.due(self.started)?;
        let stood: i64 = self.pauses.iter().filter_map(|pause| Some(seconds(pause.from, pause.to?))).sum();
        let whole = seconds(self.started, due) - stood;
        let after = |seconds: i64| self.started.checked_add(SignedDuration::from_secs(stood + seconds));
        Ok(match told {
            None => Some((Alarm::Half, after((whole + 1) / 2)?)),
            Some(Alarm::Half) => Some((Alarm::FourFifths, after((whole * 4 + 4) / 5)?)),
            Some(Alarm::FourFifths) => Some((Alarm::Over, due)),
            Some(Alarm::Over) => None,
        })
    }

    /// Stops the clock.
    ///
    /// # Errors
    /// [`ClockError::NotPausable`], [`ClockError::PauseOutOfOrder`].
    pub fn pause(&mut self, reason: PauseReason, at: Timestamp) -> Result<(), ClockError> {
        if !self.pausable {
            return Err(ClockError::NotPausable(self.kind));
        }
        let last = self.pauses.last().map_or(Some(self.started), |pause| pause.to);
        if last.is_none_or(|last| at < last) {
            return Err(ClockError::PauseOutOfOrder(self.kind));
        }
        self.pauses.push(Pause { reason, from: at, to: None });
        Ok(())
    }

    /// Lets the clock run on.
    ///
    /// # Errors
    /// [`ClockError::PauseOutOfOrder`] when it runs, or when `at` is before the pause.
    pub fn resume(&mut self, at: Timestamp) -> Result<(), ClockError> {
        let kind = self.kind;
        let open = self.pauses.last_mut().filter(|pause| pause.to.is_none() && pause.from <= at);
        open.ok_or(ClockError::PauseOutOfOrder(kind))?.to = Some(at);
        Ok(())
    }

    /// Lengthens the clock once, by what its rule allows. The notice must have gone before the first end.
    ///
    /// # Errors
    /// [`ClockError::NotExtendable`], [`ClockError::AlreadyExtended`], [`ClockError::ExtensionTooLate`].
    pub fn extend(&mut self, notice_sent: Timestamp) -> Result<(), ClockError> {
        if self.extended_end.is_none() {
            return Err(ClockError::NotExtendable(self.kind));
        }
        if self.extended {
            return Err(ClockError::AlreadyExtended(self.kind));
        }
        if notice_sent >= self.due(notice_sent)? {
            return Err(ClockError::ExtensionTooLate(self.kind));
        }
        self.extended = true;
        Ok(())
    }

    /// Marks the duty as done; a second call changes nothing.
    pub fn meet(&mut self, at: Timestamp) {
        self.met.get_or_insert(at);
    }

    pub(super) fn bring_forward(&mut self, at: Timestamp) {
        let later = self.due(at).is_ok_and(|due| at < due);
        if later {
            self.end = End::Instant(at);
        }
    }

    fn current_end(&self) -> End {
        self.extended_end.filter(|_| self.extended).unwrap_or(self.end)
    }

    fn open_pause(&self) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.to.is_none())
    }

    /// Midnights during the pauses: a pause within a day gives no day back.
    fn paused_days(&self, now: Timestamp, zone: &TimeZone) -> Result<i32, ClockError> {
        let mut days = 0;
        for pause in &self.pauses {
            let to = pause.to.unwrap_or(now).max(pause.from).to_zoned_datetime(zone.clone()).date();
            days += pause.from.to_zoned_datetime(zone.clone()).date().until(to)?.get_days();
        }
        Ok(days)
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.as_second() - from.as_second()
}
