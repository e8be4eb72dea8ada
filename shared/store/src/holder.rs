//! The `decisions` table as a place that holds personal data. Implements `Holder`.

use casework::ledger::LedgerError;
use jiff::Timestamp;
use privacy::registry::{Holder, Place, PlaceError, Subject, Take, Work};

use crate::Store;
use crate::collect::Stopped;

impl Holder for Store {
    fn place(&self) -> Place {
        Place::Decisions
    }

    fn collect<'a>(&'a self, subject: &'a Subject, take: &'a mut Take<'_>) -> Work<'a, ()> {
        Box::pin(async move {
            self.collect_person(subject, take).await.map_err(|stopped| match stopped {
                Stopped::Store(error) => place_error(error),
                Stopped::Taker(error) => error,
            })
        })
    }

    fn erase<'a>(&'a self, subject: &'a Subject, _: Timestamp) -> Work<'a, u64> {
        Box::pin(async move { self.erase_person(subject).await.map_err(place_error) })
    }

    fn verify<'a>(&'a self, subject: &'a Subject) -> Work<'a, u64> {
        Box::pin(async move { self.left_of_person(subject).await.map_err(place_error) })
    }
}

fn place_error(error: LedgerError) -> PlaceError {
    PlaceError::Unavailable(Place::Decisions, error.to_string())
}
