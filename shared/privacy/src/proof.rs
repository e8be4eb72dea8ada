//! The daily root over all chains, kept where nobody can change it, and the check of both from an export.
//!
//! A Merkle tree as in RFC 6962, section 2.1: leaves and nodes are hashed with different first bytes, so that neither
//! can stand for the other. A leaf is the head of one request's chain.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::chain::{self, Broken, Entry, Hash};
use crate::mail::thread::TicketId;

/// Where a chain stood when the root was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The request.
    pub ticket: TicketId,
    /// Entries so far.
    pub entries: u64,
    /// Hash of the newest one.
    pub hash: Hash,
}

/// The root of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyRoot {
    /// The day in Tokyo that it closes.
    pub day: Date,
    /// When it was made.
    pub at: Timestamp,
    /// The root of the tree over `heads`.
    pub root: Hash,
    /// The root of the day before, or zeros for the first: days cannot be left out either.
    pub previous: Hash,
    /// The leaves, ordered by ticket.
    pub heads: Vec<Head>,
}

impl DailyRoot {
    /// Closes a day.
    pub fn close(day: Date, at: Timestamp, previous: Option<&DailyRoot>, mut heads: Vec<Head>) -> Self {
        heads.sort_by(|a, b| a.ticket.cmp(&b.ticket));
        let previous = previous.map_or(Hash::ZERO, |previous| previous.root);
        DailyRoot { day, at, root: root(previous, day, &heads), previous, heads }
    }

    /// The key of the object that holds it.
    pub fn key(day: Date) -> String {
        format!("roots/{day}.json")
    }
}

/// One request's chain as it is exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// The request.
    pub ticket: TicketId,
    /// Its entries, in their order.
    pub entries: Vec<Entry>,
    /// The head in the state of the request.
    pub head: Hash,
}

/// What an export proves, or where it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Chains that hold from their first entry to the head kept beside them.
    pub chains: u64,
    /// Entries in them.
    pub entries: u64,
    /// Daily roots that hold.
    pub roots: u64,
    /// Everything that does not hold.
    pub faults: Vec<Fault>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A chain is broken in itself.
    #[error("{0}: {1}")]
    Chain(TicketId, Broken),
    /// A root does not follow from its heads, its day and the root before.
    #[error("{0}: the root does not follow from its heads")]
    Root(Date),
    /// A root is not bound to the one of the day before.
    #[error("{0}: the root does not follow the one before")]
    Order(Date),
    /// A chain that a root names is not in the export.
    #[error("{0}: {1} is missing from the export")]
    Missing(Date, TicketId),
    /// A chain has another history than at the day of the root.
    #[error("{0}: {1} had another history that day")]
    History(Date, TicketId),
}

/// Checks chains against themselves and against the daily roots, oldest first. Needs nothing but its arguments.
pub fn verify(chains: impl IntoIterator<Item = Export>, roots: &[DailyRoot]) -> Verified {
    let mut verified = Verified { chains: 0, entries: 0, roots: 0, faults: Vec::new() };
    let mut histories: BTreeMap<TicketId, Vec<Hash>> = BTreeMap::new();
    for export in chains {
        match chain::verify(&export.entries, Some(export.head)) {
            Ok(_) => {
                verified.chains += 1;
                verified.entries += export.entries.len() as u64;
            }
            Err(broken) => verified.faults.push(Fault::Chain(export.ticket.clone(), broken)),
        }
        histories.insert(export.ticket, export.entries.iter().map(|entry| entry.hash).collect());
    }
    let mut previous: Option<&DailyRoot> = None;
    for day in roots {
        let before = verified.faults.len();
        if root(day.previous, day.day, &day.heads) != day.root {
            verified.faults.push(Fault::Root(day.day));
        }
        let follows = previous.is_none_or(|previous| previous.day < day.day && previous.root == day.previous);
        if !follows {
            verified.faults.push(Fault::Order(day.day));
        }
        for head in &day.heads {
            let fault = match histories.get(&head.ticket) {
                None => Some(Fault::Missing(day.day, head.ticket.clone())),
                Some(history) => {
                    let then = usize::try_from(head.entries).ok().and_then(|entries| entries.checked_sub(1));
                    let same = then.and_then(|last| history.get(last)) == Some(&head.hash);
                    (!same).then(|| Fault::History(day.day, head.ticket.clone()))
                }
            };
            verified.faults.extend(fault);
        }
        if verified.faults.len() == before {
            verified.roots += 1;
        }
        previous = Some(day);
    }
    verified
}

/// The root of a day: over the day before, the day, and the tree of the heads.
fn root(previous: Hash, day: Date, heads: &[Head]) -> Hash {
    let leaves: Vec<Hash> = heads.iter().map(leaf).collect();
    hash(2, &[&previous.bytes(), day.to_string().as_bytes(), &tree(&leaves).bytes()])
}

fn leaf(head: &Head) -> Hash {
    hash(0, &[head.ticket.to_string().as_bytes(), &head.entries.to_be_bytes(), &head.hash.bytes()])
}

/// RFC 6962: split at the largest power of two below the number of leaves.
fn tree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(Sha256::digest([]).into()),
        [leaf] => *leaf,
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            hash(1, &[&tree(&leaves[..split]).bytes(), &tree(&leaves[split..]).bytes()])
        }
    }
}

fn hash(prefix: u8, parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([prefix]);
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    Hash::of(hasher.finalize().into())
}

#[cfg(test)]
#[path = "proof/tests.rs"]
mod tests;
