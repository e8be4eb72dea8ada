//! The tables, indexes, buckets, queues and logs of the whole system, and what each holds of people.
//!
//! The infrastructure makes exactly these, and a test fails for one that is missing here. `longest_days` is what a
//! letter says about data that no request reaches.

use super::Place;

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A DynamoDB table.
    Table,
    /// A secondary index, named `<table>/<index>`.
    Index,
    /// An S3 bucket or, with a slash, a prefix of one that has a lifecycle of its own.
    Bucket,
    /// An SQS queue.
    Queue,
    /// CloudWatch log groups.
    Logs,
}

/// What a resource holds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Personal data that is erased on demand.
    Erasable(Place),
    /// A projection of a table: an item that is erased there is gone here.
    WithItsTable,
    /// Personal data that vanishes by itself.
    Expiring {
        /// The greatest age, in days.
        longest_days: u16,
    },
    /// Keys of other places, none of which names a person.
    KeysOnly,
    /// Nothing of any person but pseudonyms whose key is kept elsewhere.
    NoPersonalData,
}

/// One resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// Its name in the code and the infrastructure.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// What for, in a few words.
    pub what: &'static str,
}

const fn resource(kind: Kind, name: &'static str, holds: Holds, what: &'static str) -> Resource {
    Resource { kind, name, holds, what }
}

/// Every resource.
pub const RESOURCES: &[Resource] = &[
    resource(Kind::Table, "decisions", Holds::Erasable(Place::Decisions), "posts, decisions, persons, sightings"),
    resource(Kind::Index, "decisions/queue", Holds::WithItsTable, "what waits"),
    resource(Kind::Index, "decisions/person", Holds::WithItsTable, "from a person to the heads of the posts"),
    resource(Kind::Table, "requests", Holds::Erasable(Place::Requests), "files of requests, chains, incidents"),
    resource(Kind::Index, "requests/waits", Holds::KeysOnly, "files that wait for somebody"),
    resource(Kind::Index, "requests/due", Holds::KeysOnly, "what time comes for"),
    resource(
        Kind::Bucket,
        "intake",
        Holds::Expiring { longest_days: 7 },
        "deliveries that could not be decided at once",
    ),
    resource(Kind::Bucket, "mail", Holds::Erasable(Place::Mail), "raw mail"),
    resource(
        Kind::Bucket,
        "mail/quarantine",
        Holds::Expiring { longest_days: 30 },
        "raw mails that nothing reads: put aside, or of machines and in no file",
    ),
    resource(Kind::Bucket, "reports", Holds::Erasable(Place::Packages), "packages/ of disclosure"),
    resource(Kind::Bucket, "reports/audit", Holds::NoPersonalData, "nightly reports: counts and ids, no text"),
    resource(Kind::Bucket, "rulebooks", Holds::NoPersonalData, "published rulebooks"),
    resource(Kind::Bucket, "proof", Holds::NoPersonalData, "daily roots and the erasure ledger, under object lock"),
    resource(Kind::Queue, "intake", Holds::KeysOnly, "keys of intake bodies"),
    resource(Kind::Queue, "work", Holds::KeysOnly, "keys of work that the sweep hands on"),
    resource(Kind::Queue, "stream", Holds::KeysOnly, "keys of actions that could not be handed on"),
    resource(Kind::Queue, "schedule", Holds::KeysOnly, "ticks that failed"),
    resource(Kind::Logs, "functions", Holds::Expiring { longest_days: 30 }, "log lines, without personal fields"),
];

/// The resource of this kind and name.
pub fn find(kind: Kind, name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|resource| resource.kind == kind && resource.name == name)
}

/// The longest that anything may stay which no request reaches, in days; told in the letter about an erasure.
pub fn longest_days() -> u16 {
    RESOURCES
        .iter()
        .filter_map(|resource| match resource.holds {
            Holds::Expiring { longest_days } => Some(longest_days),
            Holds::Erasable(_) | Holds::WithItsTable | Holds::KeysOnly | Holds::NoPersonalData => None,
        })
        .max()
        .unwrap_or(0)
}
