//! After a restore: everybody in the erasure ledger is suppressed and erased again, and files lose again whom they had
//! lost, before anything else runs.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use lambda_kit::objects::shelf::Shelf;
use privacy::erasure::{Cause, Tombstone};
use privacy::file::{Edit, Event, ItemState, Requests, Saved};
use privacy::registry::{Holder, Subject};
use store::{RequestStore, Store};

use super::erase::with_duplicates;
use super::places::MailPlace;

/// What a replay came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Tombstones read.
    pub tombstones: u64,
    /// Items that had come back and were erased again.
    pub erased: u64,
}

/// Replays the ledger on both tables. `mail` keeps raw mails: a file whose end only waits for the next tick loses its own.
///
/// # Errors
/// Those of store and objects; what was replayed until then stays so, and it may be replayed again.
pub async fn replay<O: Shelf>(
    decisions: &Store,
    requests: &RequestStore,
    mail: &O,
    proof: &O,
    now: Timestamp,
) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let mut posts = BTreeSet::new();
    for key in proof.list(Tombstone::PREFIX).await? {
        replayed.tombstones += 1;
        if let Some(digest) = key.strip_prefix(Tombstone::POSTS) {
            posts.insert(digest.to_owned());
            continue;
        }
        let body = proof.get(&key).await?.with_context(|| key.clone())?;
        let tombstone: Tombstone = serde_json::from_slice(&body).with_context(|| key.clone())?;
        decisions.suppress(&tombstone.subject.person, Cause::Request, tombstone.decided_at).await?;
        replayed.erased += decisions.erase(&tombstone.subject, now).await?;
        if decisions.verify(&tombstone.subject).await? > 0 {
            bail!("{key}: looking again found something");
        }
        replayed.erased += end_again(requests, mail, &tombstone, now).await.with_context(|| key.clone())?;
    }
    replayed.erased += decisions.erase_posts_again(&posts).await?;
    replayed.erased += requests.purge_again(now).await?;
    Ok(replayed)
}

/// Ends a file again that had ended after its erasure. What it has open was answered then, and is closed without a
/// letter: nobody is left to whom one could go.
async fn end_again<O: Shelf>(requests: &RequestStore, mail: &O, tombstone: &Tombstone, now: Timestamp) -> Result<u64> {
    let file = requests.load(&tombstone.ticket).await?;
    let Some(file) = file.filter(|file| tombstone.has_ended(file, now)) else { return Ok(0) };
    let person = tombstone.subject.person.clone();
    let subject = Subject { person, tickets: with_duplicates(requests, &file).await? };
    let open = file.items.iter().filter(|item| !item.state.is_closed()).map(|item| item.number);
    let open: Vec<u32> = open.collect();
    let mut edit = Edit::of(file);
    for number in open {
        edit.close_item(number, ItemState::Answered, Event::Answered, now);
    }
    if !edit.is_empty() && requests.save(&edit, now).await? != Saved::Written {
        bail!("the file is being changed by others");
    }
    // Mails first, as at every end: the file names them.
    let mails = MailPlace { objects: mail, requests }.erase(&subject, now).await?;
    let erased = mails + requests.erase(&subject, now).await?;
    if requests.verify(&subject).await? > 0 {
        bail!("looking again found something");
    }
    Ok(erased)
}
