//! After a restore: everybody in the erasure ledger is suppressed and erased again, before anything else runs.

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use lambda_kit::objects::shelf::Shelf;
use privacy::erasure::{Cause, Tombstone};
use privacy::registry::Holder;
use store::Store;

/// What a replay came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Tombstones read.
    pub tombstones: u64,
    /// Items that had come back and were erased again.
    pub erased: u64,
}

/// Replays the ledger on the decisions table.
///
/// # Errors
/// Those of store and objects; what was replayed until then stays so, and it may be replayed again.
pub async fn replay<O: Shelf>(decisions: &Store, proof: &O, now: Timestamp) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    for key in proof.list(Tombstone::PREFIX).await? {
        let body = proof.get(&key).await?.with_context(|| key.clone())?;
        let tombstone: Tombstone = serde_json::from_slice(&body).with_context(|| key.clone())?;
        decisions.suppress(&tombstone.subject.person, Cause::Request, now).await?;
        replayed.erased += decisions.erase(&tombstone.subject, now).await?;
        if decisions.verify(&tombstone.subject).await? > 0 {
            bail!("{key}: looking again found something");
        }
        replayed.tombstones += 1;
    }
    Ok(replayed)
}
