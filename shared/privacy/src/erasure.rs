//! What has to be remembered of an erasure: the tombstone, from which a restored backup is erased again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::file::{ERASED_DAYS, RequestFile, RequestItem, UNREAD_DAYS};
use crate::law::Right;
use crate::mail::thread::TicketId;
use crate::registry::{Cleared, Subject};

/// Why a person is not taken in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The person's request was granted, or is likely to be and is being decided.
    Request,
    /// Every person affected by a leak may have use stopped (APPI 35(5)).
    Incident,
}

impl Cause {
    /// The key: `request` or `incident`.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Request => "request",
            Cause::Incident => "incident",
        }
    }
}

/// One line of the erasure ledger. Holds no name, no handle and no id of a platform; the pseudonym opens only with the
/// key of persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// Whose data was erased.
    pub subject: Subject,
    /// The request that asked for it.
    pub ticket: TicketId,
    /// The rights on which it rests.
    pub rights: Vec<Right>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When it was carried out.
    pub erased_at: Timestamp,
    /// The places, with the number of items erased.
    pub cleared: Vec<Cleared>,
    /// Version of the law's data in force.
    pub policy: String,
}

impl Tombstone {
    /// The prefix of all tombstones' objects.
    pub const PREFIX: &'static str = "erasures/";

    /// The prefix of the objects that remember posts whose platform showed them as gone, each with nothing but the post's
    /// keyed digest in its key.
    pub const POSTS: &'static str = "erasures/posts/";

    /// The key of the object that holds it. A request that is erased for twice has one tombstone.
    pub fn key(&self) -> String {
        format!("{}{}.json", Self::PREFIX, self.ticket)
    }

    /// Whether the file that asked has lost its person since, though a backup brings it back with one. A file that the
    /// backup holds closed knows by itself; of one that it holds open, all that is open has to be what was erased for,
    /// so long ago that the letter about it has arrived. One that tells of the erasure was not brought back: what it has
    /// open was asked since.
    pub fn has_ended(&self, file: &RequestFile, now: Timestamp) -> bool {
        if file.is_closed() {
            return file.is_over(now);
        }
        let done = |item: &RequestItem| {
            item.state.is_closed() || item.right().is_some_and(|right| self.rights.contains(&right))
        };
        let days = if file.unread { UNREAD_DAYS } else { ERASED_DAYS };
        let kept = now < self.erased_at + SignedDuration::from_hours(24 * days)
            || file.has_erased()
            || file.hold.is_some()
            || file.package.as_ref().is_some_and(|package| now < package.until);
        file.person.is_some() && !kept && file.items.iter().all(done)
    }

    /// Whether looking again found nothing anywhere.
    pub fn complete(&self) -> bool {
        !self.cleared.is_empty() && self.cleared.iter().all(|one| one.left == 0)
    }
}
