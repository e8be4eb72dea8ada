//! Parallel clocks of a request: when each ends, stands still, is lengthened, and when it warns.
//!
//! Every clock starts at the arrival at our server, never at the `Date` a mail claims. Time is an argument; nothing
//! here reads a clock.

mod calendar;
mod clock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use calendar::{CalendarError, Holidays};
pub use clock::{Alarm, Clock, Pause, PauseReason};

use crate::law::{DeadlineClass, DeadlineKind, Law, LawError};

/// Why a clock could not be started, stopped or lengthened.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The law files have no length for it.
    #[error(transparent)]
    Law(#[from] LawError),
    /// A year's holidays are not known.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// A date or time zone that cannot be computed with.
    #[error("time arithmetic: {0}")]
    Time(#[from] jiff::Error),
    /// This clock never stands still, whatever the request waits for.
    #[error("{} cannot be paused", crate::word(.0))]
    NotPausable(DeadlineKind),
    /// A pause that began before the arrival or the last pause, or one that is still open.
    #[error("{} is paused already, not paused, or the times are out of order", crate::word(.0))]
    PauseOutOfOrder(DeadlineKind),
    /// No rule lengthens this clock.
    #[error("{} cannot be extended", crate::word(.0))]
    NotExtendable(DeadlineKind),
    /// It has been lengthened once, which is all the rule allows.
    #[error("{} has been extended already", crate::word(.0))]
    AlreadyExtended(DeadlineKind),
    /// The notice of extension must go out before the first end.
    #[error("{} ended before it was extended", crate::word(.0))]
    ExtensionTooLate(DeadlineKind),
    /// No such clock runs on the request.
    #[error("no clock {} runs", crate::word(.0))]
    NotRunning(DeadlineKind),
}

/// All clocks of one request, one of each kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks {
    running: Vec<Clock>,
}

impl Clocks {
    /// Starts the clocks of the given kinds at the arrival. `requester_zone` is the place of the person, when known.
    ///
    /// # Errors
    /// [`ClockError`] when a length or a zone is missing.
    pub fn start(
        law: &Law,
        holidays: &Holidays,
        kinds: impl IntoIterator<Item = DeadlineKind>,
        arrived: Timestamp,
        requester_zone: Option<&TimeZone>,
    ) -> Result<Self, ClockError> {
        let kinds: std::collections::BTreeSet<DeadlineKind> = kinds.into_iter().collect();
        let running = kinds.into_iter().map(|kind| Clock::start(law, holidays, kind, arrived, requester_zone));
        Ok(Self { running: running.collect::<Result<_, _>>()? })
    }

    /// Every clock, in the order of their kinds.
    pub fn iter(&self) -> impl Iterator<Item = &Clock> {
        self.running.iter()
    }

    /// The clock of a kind.
    pub fn get(&self, kind: DeadlineKind) -> Option<&Clock> {
        self.running.iter().find(|clock| clock.kind() == kind)
    }

    /// When they were started, at the arrival of what was asked.
    pub fn started(&self) -> Option<Timestamp> {
        self.running.iter().map(Clock::started).min()
    }

    /// Takes over clocks of the same kind and start as they stand in `other`.
    pub fn keep_from(&mut self, other: &Clocks) {
        for clock in &mut self.running {
            if let Some(old) = other.get(clock.kind()).filter(|old| old.started() == clock.started()) {
                *clock = old.clone();
            }
        }
    }

    /// Pauses every clock that may stand still; the others run on. Returns the kinds that now stand.
    ///
    /// # Errors
    /// [`ClockError::PauseOutOfOrder`]; then nothing is paused.
    pub fn pause(&mut self, reason: PauseReason, at: Timestamp) -> Result<Vec<DeadlineKind>, ClockError> {
        self.each_pausable(|clock| clock.pause(reason, at))
    }

    /// Lets every paused clock run on. Returns the kinds that run again.
    ///
    /// # Errors
    /// [`ClockError::PauseOutOfOrder`]; then nothing changes.
    pub fn resume(&mut self, at: Timestamp) -> Result<Vec<DeadlineKind>, ClockError> {
        self.each_pausable(|clock| clock.resume(at))
    }

    fn each_pausable(
        &mut self,
        act: impl Fn(&mut Clock) -> Result<(), ClockError>,
    ) -> Result<Vec<DeadlineKind>, ClockError> {
        let mut changed = self.running.clone();
        let mut kinds = Vec::new();
        for clock in changed.iter_mut().filter(|clock| clock.is_pausable()) {
            act(clock)?;
            kinds.push(clock.kind());
        }
        self.running = changed;
        Ok(kinds)
    }

    /// Lengthens one clock by what its rule allows.
    ///
    /// # Errors
    /// [`ClockError::NotExtendable`], [`ClockError::AlreadyExtended`], [`ClockError::ExtensionTooLate`],
    /// [`ClockError::NotRunning`].
    pub fn extend(&mut self, kind: DeadlineKind, notice_sent: Timestamp) -> Result<(), ClockError> {
        let clock = self.running.iter_mut().find(|clock| clock.kind() == kind);
        clock.ok_or(ClockError::NotRunning(kind))?.extend(notice_sent)
    }

    /// Marks a clock as met; a clock that is met neither warns nor counts as the earliest.
    ///
    /// # Errors
    /// [`ClockError::NotRunning`].
    pub fn meet(&mut self, kind: DeadlineKind, at: Timestamp) -> Result<(), ClockError> {
        let clock = self.running.iter_mut().find(|clock| clock.kind() == kind);
        clock.ok_or(ClockError::NotRunning(kind))?.meet(at);
        Ok(())
    }

    /// Moves the day of Art. 39 to the moment of a refusal: from then on the person need not wait (39(1) proviso).
    pub fn refused(&mut self, at: Timestamp) {
        for clock in self.running.iter_mut().filter(|clock| clock.class() == DeadlineClass::Exposure) {
            clock.bring_forward(at);
        }
    }

    /// The clock of a duty that ends first among those not yet met. Exposures are told, not worked to.
    ///
    /// # Errors
    /// [`ClockError::Time`].
    pub fn earliest(&self, now: Timestamp) -> Result<Option<(&Clock, Timestamp)>, ClockError> {
        let mut first: Option<(&Clock, Timestamp)> = None;
        for clock in self.running.iter().filter(|clock| !clock.is_met() && clock.class() != DeadlineClass::Exposure) {
            let due = clock.due(now)?;
            if first.is_none_or(|(_, earliest)| due < earliest) {
                first = Some((clock, due));
            }
        }
        Ok(first)
    }

    /// Every clock that has reached an alarm, with the highest it has reached.
    ///
    /// # Errors
    /// [`ClockError::Time`].
    pub fn alarms(&self, now: Timestamp) -> Result<Vec<(DeadlineKind, Alarm)>, ClockError> {
        let mut reached = Vec::new();
        for clock in &self.running {
            if let Some(alarm) = clock.alarm(now)? {
                reached.push((clock.kind(), alarm));
            }
        }
        Ok(reached)
    }
}

#[cfg(test)]
#[path = "clocks/tests.rs"]
mod tests;
