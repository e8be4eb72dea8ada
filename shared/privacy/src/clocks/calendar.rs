//! Business days of Japan and the United States. A year without data is an error; who counts on decides what then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::law::HolidayCalendar;

/// Why business days could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The holiday file has no entry for the year.
    #[error("the holidays of {0} are not known for {1:?}")]
    YearNotCovered(i16, HolidayCalendar),
    /// A holiday file does not parse or contradicts itself.
    #[error("holidays of {0:?}: {1}")]
    Malformed(HolidayCalendar, String),
    /// The date lies outside of what can be counted.
    #[error("date out of range")]
    OutOfRange(#[from] jiff::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    calendar: HolidayCalendar,
    year: Vec<YearFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i16,
    days: BTreeSet<Date>,
}

/// Holidays by year, for each calendar.
#[derive(Clone, Debug)]
pub struct Holidays {
    japan: BTreeMap<i16, BTreeSet<Date>>,
    united_states: BTreeMap<i16, BTreeSet<Date>>,
}

impl Holidays {
    /// The files that ship with the crate.
    ///
    /// # Errors
    /// [`CalendarError::Malformed`] when a file does not parse; a test keeps the shipped ones right.
    pub fn shipped() -> Result<Self, CalendarError> {
        Ok(Self {
            japan: read(HolidayCalendar::Japan, include_str!("../../calendars/japan.toml"))?,
            united_states: read(HolidayCalendar::UnitedStates, include_str!("../../calendars/united_states.toml"))?,
        })
    }

    /// Whether offices are open on the day.
    ///
    /// # Errors
    /// [`CalendarError::YearNotCovered`].
    pub fn is_business_day(&self, calendar: HolidayCalendar, day: Date) -> Result<bool, CalendarError> {
        let years = match calendar {
            HolidayCalendar::Japan => &self.japan,
            HolidayCalendar::UnitedStates => &self.united_states,
        };
        let days = years.get(&day.year()).ok_or(CalendarError::YearNotCovered(day.year(), calendar))?;
        Ok(!is_weekend(day) && !days.contains(&day))
    }

    /// The `count`-th business day after `start`; `start` itself is left out.
    ///
    /// # Errors
    /// [`CalendarError::YearNotCovered`] when the count runs into a year without data.
    pub fn add_business_days(&self, calendar: HolidayCalendar, start: Date, count: u16) -> Result<Date, CalendarError> {
        nth_open_day(start, count, |day| self.is_business_day(calendar, day))
    }

    /// The last year that both calendars know.
    pub fn last_year(&self) -> Option<i16> {
        let japan = self.japan.keys().next_back()?;
        let united_states = self.united_states.keys().next_back()?;
        Some(*japan.min(united_states))
    }

    /// The first year without data, once it begins within four months: somebody has to enter its holidays.
    pub fn missing_soon(&self, today: Date) -> Option<i16> {
        let soon = today.saturating_add(jiff::Span::new().days(WARNING_DAYS));
        let missing = self.last_year().map_or(today.year(), |last| last + 1);
        (missing <= soon.year()).then_some(missing)
    }
}

/// How long before its beginning a year without data is told of.
const WARNING_DAYS: i64 = 120;

/// The `count`-th day after `start` that is no weekend: what can be said of a year without data. No holiday of it moves
/// the day on, so that it is never later than the true one.
pub(crate) fn add_weekdays(start: Date, count: u16) -> Result<Date, CalendarError> {
    nth_open_day(start, count, |day| Ok(!is_weekend(day)))
}

fn nth_open_day(
    start: Date,
    count: u16,
    is_open: impl Fn(Date) -> Result<bool, CalendarError>,
) -> Result<Date, CalendarError> {
    let mut day = start;
    let mut left = count;
    while left > 0 {
        day = day.tomorrow()?;
        if is_open(day)? {
            left -= 1;
        }
    }
    Ok(day)
}

/// Saturday or Sunday.
pub(crate) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn read(expected: HolidayCalendar, text: &str) -> Result<BTreeMap<i16, BTreeSet<Date>>, CalendarError> {
    let malformed = |why: String| CalendarError::Malformed(expected, why);
    let file: CalendarFile = toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
    if file.calendar != expected {
        return Err(malformed("the file is of the other calendar".into()));
    }
    let mut years = BTreeMap::new();
    for entry in file.year {
        if let Some(stray) = entry.days.iter().find(|day| day.year() != entry.year) {
            return Err(malformed(format!("{stray} stands under {}", entry.year)));
        }
        if years.insert(entry.year, entry.days).is_some() {
            return Err(malformed(format!("{} is there twice", entry.year)));
        }
    }
    Ok(years)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn shipped_calendars_know_named_days() {
        let holidays = Holidays::shipped().unwrap();
        for (calendar, day, open) in [
            (HolidayCalendar::Japan, date(2026, 11, 3), false),
            (HolidayCalendar::Japan, date(2026, 9, 22), false),
            (HolidayCalendar::Japan, date(2026, 11, 24), true),
            (HolidayCalendar::Japan, date(2026, 11, 28), false),
            (HolidayCalendar::UnitedStates, date(2026, 11, 26), false),
            (HolidayCalendar::UnitedStates, date(2026, 7, 3), false),
            (HolidayCalendar::UnitedStates, date(2026, 11, 3), true),
        ] {
            assert_eq!(holidays.is_business_day(calendar, day).unwrap(), open, "{day}");
        }
    }

    #[test]
    fn a_year_without_data_is_an_error() {
        let holidays = Holidays::shipped().unwrap();
        let late = date(holidays.last_year().unwrap(), 12, 31);
        let error = holidays.add_business_days(HolidayCalendar::Japan, late, 1).unwrap_err();
        assert!(matches!(error, CalendarError::YearNotCovered(2028, HolidayCalendar::Japan)), "{error}");
    }

    #[test]
    fn a_year_without_data_is_told_of_before_it_begins() {
        let holidays = Holidays::shipped().unwrap();
        let last = holidays.last_year().unwrap();
        assert_eq!(holidays.missing_soon(date(last, 9, 2)), None);
        for day in [date(last, 9, 3), date(last, 12, 31), date(last + 1, 6, 1)] {
            assert_eq!(holidays.missing_soon(day), Some(last + 1), "{day}");
        }
    }

    #[test]
    fn a_day_under_the_wrong_year_is_refused() {
        let text = "calendar = \"japan\"\n[[year]]\nyear = 2026\ndays = [\"2027-01-01\"]\n";
        assert!(matches!(read(HolidayCalendar::Japan, text), Err(CalendarError::Malformed(..))));
    }
}
