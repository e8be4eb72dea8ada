//! Every place that holds personal data, and what each must be able to do: collect, erase, and prove that it did.
//!
//! A place either erases on demand ([`Holder`]) or by itself within a time that letters tell ([`resources`]). The list
//! of both is closed: a [`Registry`] cannot be made without one holder for each [`Place`].

pub mod resources;

use std::future::Future;
use std::pin::Pin;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail::thread::TicketId;
use crate::package::Record;

/// A place that erases on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The `decisions` table: the person's partition, the links to it, and the sightings of the person's texts.
    Decisions,
    /// The `requests` table: the person's own files.
    Requests,
    /// Raw mail of the person's own files.
    Mail,
    /// Disclosure packages of the person's own files.
    Packages,
}

impl Place {
    /// Every place.
    pub const ALL: [Place; 4] = [Place::Decisions, Place::Requests, Place::Mail, Place::Packages];

    /// The key: `decisions`, `requests`, `mail` or `packages`.
    pub fn key(self) -> &'static str {
        match self {
            Place::Decisions => "decisions",
            Place::Requests => "requests",
            Place::Mail => "mail",
            Place::Packages => "packages",
        }
    }
}

/// Whose data. Names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The keyed pseudonym under which the stores keep the person.
    pub person: String,
    /// The person's own files, as far as control of the account was shown in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketId>,
}

/// Why a place could not do it. Names no person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// It could not be reached; doing it again is safe.
    #[error("{place} unavailable: {reason}", place = .0.key(), reason = .1)]
    Unavailable(Place, String),
    /// What was collected could not be taken.
    #[error("not taken: {0}")]
    NotTaken(String),
}

/// What a place gives back when it is done.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, PlaceError>> + Send + 'a>>;

/// Takes records one by one, so that nobody has to hold all of them.
pub type Take<'a> = dyn FnMut(Record) -> Result<(), PlaceError> + Send + 'a;

/// A place that erases on demand. All three go through the person's items in pages and may be called again after any
/// failure.
pub trait Holder: Send + Sync {
    /// Which one.
    fn place(&self) -> Place;

    /// Hands over everything that it holds of the person.
    fn collect<'a>(&'a self, subject: &'a Subject, take: &'a mut Take<'_>) -> Work<'a, ()>;

    /// Erases everything, and tells how many items it erased or cleaned now.
    fn erase<'a>(&'a self, subject: &'a Subject, now: Timestamp) -> Work<'a, u64>;

    /// Looks again, and tells how many items are left.
    fn verify<'a>(&'a self, subject: &'a Subject) -> Work<'a, u64>;
}

/// What became of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// The place.
    pub place: Place,
    /// Items erased or cleaned.
    pub erased: u64,
    /// Items found by looking again; none when all went well.
    pub left: u64,
}

/// Why there is no registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} of the place {} answer for it; exactly one must", .1, .0.key())]
pub struct Unregistered(pub Place, pub usize);

/// One holder for each place.
pub struct Registry<'h> {
    holders: Vec<&'h dyn Holder>,
}

impl<'h> Registry<'h> {
    /// Takes exactly one holder for each place.
    ///
    /// # Errors
    /// [`Unregistered`] with the first place that has none or several.
    pub fn new(holders: Vec<&'h dyn Holder>) -> Result<Self, Unregistered> {
        for place in Place::ALL {
            let answering = holders.iter().filter(|holder| holder.place() == place).count();
            if answering != 1 {
                return Err(Unregistered(place, answering));
            }
        }
        Ok(Registry { holders })
    }

    /// Collects from every place, one after the other.
    ///
    /// # Errors
    /// The first that a place or the taker meets.
    pub async fn collect(&self, subject: &Subject, take: &mut Take<'_>) -> Result<(), PlaceError> {
        for holder in &self.holders {
            holder.collect(subject, take).await?;
        }
        Ok(())
    }

    /// Erases in these places and looks again. Erasing twice finds nothing the second time.
    ///
    /// # Errors
    /// The first that a place meets; what was erased until then stays erased.
    pub async fn erase(&self, subject: &Subject, places: &[Place], now: Timestamp) -> Result<Vec<Cleared>, PlaceError> {
        let mut cleared = Vec::new();
        for holder in self.holders.iter().filter(|holder| places.contains(&holder.place())) {
            let erased = holder.erase(subject, now).await?;
            let left = holder.verify(subject).await?;
            cleared.push(Cleared { place: holder.place(), erased, left });
        }
        Ok(cleared)
    }
}

impl Registry<'_> {
    /// Looks in every place; gives how many items are left in each.
    ///
    /// # Errors
    /// The first that a place meets.
    pub async fn left(&self, subject: &Subject) -> Result<Vec<(Place, u64)>, PlaceError> {
        let mut left = Vec::new();
        for holder in &self.holders {
            left.push((holder.place(), holder.verify(subject).await?));
        }
        Ok(left)
    }
}

#[cfg(test)]
#[path = "registry/tests.rs"]
mod tests;
