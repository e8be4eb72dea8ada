//! Asks YouTube how comments stand, before an action is tried.
//!
//! A comment asked for by its id comes without its moderation status (discovery document, `CommentSnippet`), and a
//! rejected one does not come at all. So existence is asked by id, and what is held by the channel's held queue; what
//! YouTube put aside as likely spam is not seen either, and stands in a queue of its own.

use std::collections::{BTreeMap, BTreeSet};

use casework::platform::{Need, PlatformError, Target};
use rules::ActionKind;
use serde_json::Value;

use super::call::{Call, MAX_IDS, Queue, Threads, send};
use super::comment::is_id;
use super::problem::Refusal;
use crate::http::Line;
use crate::{TokenSource, YouTubeStanding};

/// Pages of a queue, newest first, that are looked through: 500 threads, 5 units.
const MAX_PAGES: usize = 5;
/// The queues of what nobody sees, with the status of what stands in them.
const UNSEEN: [(Queue, &str); 2] = [(Queue::Held, "heldForReview"), (Queue::LikelySpam, "likelySpam")];

/// How a comment that exists stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// In one of the queues that were looked through.
    Held,
    /// In none of them.
    NotHeld,
    /// They are too long to tell, or show too few of a thread's replies.
    Untold,
}

/// For each target in order.
pub(crate) async fn needed<T: TokenSource>(
    line: &Line<'_, T>,
    account: &str,
    kind: ActionKind,
    targets: &[Target],
) -> Result<Vec<Need>, PlatformError> {
    let ids: Vec<&str> = targets.iter().map(|target| target.post.as_str()).filter(|id| is_id(id)).collect();
    let existing = existing(line, &ids).await?;
    let held = match kind {
        // What is put aside as spam is held as well, so that it can't be taken for spam no longer.
        ActionKind::Hold if !existing.is_empty() => held(line, account, &UNSEEN[..1], &existing).await?,
        ActionKind::Publish if !existing.is_empty() => held(line, account, &UNSEEN, &existing).await?,
        // Whether it is held changes nothing for the others.
        ActionKind::Hold
        | ActionKind::Publish
        | ActionKind::Reject
        | ActionKind::RejectAndBan
        | ActionKind::DeleteOwn
        | ActionKind::HideReply
        | ActionKind::UnhideReply
        | ActionKind::Block
        | ActionKind::Unblock => Held::nothing(),
    };
    let need = |target: &Target| {
        if !is_id(&target.post) {
            Need::Impossible("bad-id".to_owned())
        } else if let Some(thread) = existing.get(&target.post) {
            need(kind, held.status(&target.post, thread.as_deref()))
        } else {
            Need::Gone
        }
    };
    Ok(targets.iter().map(need).collect())
}

/// Those of the ids that exist and are not rejected; a reply with the comment that begins its thread.
pub(super) async fn existing<T: TokenSource>(
    line: &Line<'_, T>,
    ids: &[&str],
) -> Result<BTreeMap<String, Option<String>>, PlatformError> {
    let mut existing = BTreeMap::new();
    for ids in ids.chunks(MAX_IDS) {
        match send(line, Call::ListComments { ids }).await {
            Ok(answer) => {
                let parent = |comment: &Value| comment["snippet"]["parentId"].as_str().map(str::to_owned);
                existing.extend(items(&answer)?.iter().filter_map(|comment| Some((id(comment)?, parent(comment)))));
            }
            // Of several ids, those that exist are listed, so this speaks of all only where it is one.
            Err(Refusal::Gone) if ids.len() == 1 => {}
            Err(refusal) => return Err(error(refusal)),
        }
    }
    Ok(existing)
}

/// How many comments stand at once.
pub(crate) async fn standing<T: TokenSource>(
    line: &Line<'_, T>,
    channel: &str,
    ids: &[&str],
) -> Result<YouTubeStanding, PlatformError> {
    let ids: Vec<&str> = ids.iter().copied().filter(|id| is_id(id)).collect();
    let existing = existing(line, &ids).await?;
    let queues = if existing.is_empty() { Held::nothing() } else { held(line, channel, &UNSEEN, &existing).await? };
    let with = |status: Status| {
        let stands = |(id, thread): &(&String, &Option<String>)| queues.status(id, thread.as_deref()) == status;
        existing.iter().filter(stands).map(|(id, _)| id.clone()).collect()
    };
    Ok(YouTubeStanding {
        held: with(Status::Held),
        untold: with(Status::Untold),
        existing: existing.into_keys().collect(),
    })
}

/// What was found in queues of what nobody sees.
struct Held {
    ids: BTreeSet<String>,
    /// Listed threads that have replies which the list does not show.
    cut: BTreeSet<String>,
    /// Whether they were read to their end, or until all that was sought was found.
    whole: bool,
}

impl Held {
    fn nothing() -> Self {
        Held { ids: BTreeSet::new(), cut: BTreeSet::new(), whole: true }
    }

    /// How a comment stands, or a reply in a thread.
    fn status(&self, id: &str, thread: Option<&str>) -> Status {
        match (self.ids.contains(id), self.whole && !thread.is_some_and(|thread| self.cut.contains(thread))) {
            (true, _) => Status::Held,
            (false, true) => Status::NotHeld,
            (false, false) => Status::Untold,
        }
    }
}

/// Looks for comments in queues of the channel.
async fn held<T: TokenSource>(
    line: &Line<'_, T>,
    channel: &str,
    queues: &[(Queue, &str)],
    sought: &BTreeMap<String, Option<String>>,
) -> Result<Held, PlatformError> {
    let mut held = Held::nothing();
    for (queue, status) in queues {
        let mut page: Option<String> = None;
        for looked in 1..=MAX_PAGES {
            if sought.keys().all(|id| held.ids.contains(id)) {
                return Ok(Held { whole: true, ..held });
            }
            let call = Call::ListThreads { of: Threads::Channel(channel), status: *queue, page: page.as_deref() };
            let answer = send(line, call).await.map_err(error)?;
            for thread in items(&answer)? {
                let replies = thread["replies"]["comments"].as_array().map(Vec::as_slice).unwrap_or_default();
                // All of them are shown only where the numbers agree (YouTube Data API v3, `commentThreads`).
                if thread["snippet"]["totalReplyCount"].as_u64().unwrap_or(0) != replies.len() as u64 {
                    held.cut.extend(id(thread));
                }
                let comments = std::iter::once(&thread["snippet"]["topLevelComment"]).chain(replies);
                // A thread is listed for one held comment; the others in it may be published.
                let of_queue = comments.filter(|comment| comment["snippet"]["moderationStatus"] == *status);
                held.ids.extend(of_queue.filter_map(id));
            }
            page = answer["nextPageToken"].as_str().map(str::to_owned);
            if page.is_none() {
                break;
            }
            held.whole &= looked < MAX_PAGES;
        }
    }
    let found = sought.keys().all(|id| held.ids.contains(id));
    Ok(Held { whole: held.whole || found, ..held })
}

fn items(answer: &Value) -> Result<&[Value], PlatformError> {
    let items = answer["items"].as_array().map(Vec::as_slice);
    items.ok_or_else(|| PlatformError::Transient { reason: "unreadable-answer".to_owned() })
}

fn id(comment: &Value) -> Option<String> {
    comment["id"].as_str().map(str::to_owned)
}

fn error(refusal: Refusal) -> PlatformError {
    match refusal {
        Refusal::Gone => PlatformError::Permanent { reason: "commentNotFound".to_owned() },
        Refusal::Comments(reason) => PlatformError::Permanent { reason },
        Refusal::Error(error) => error,
    }
}

/// Whether an action on an existing comment is needed.
fn need(kind: ActionKind, status: Status) -> Need {
    match (kind, status) {
        (ActionKind::DeleteOwn | ActionKind::Reject | ActionKind::RejectAndBan, _) => Need::Needed,
        (ActionKind::HideReply | ActionKind::UnhideReply | ActionKind::Block | ActionKind::Unblock, _) => {
            Need::Impossible("not-offered".to_owned())
        }
        (ActionKind::Hold | ActionKind::Publish, Status::Untold) => Need::CannotTell,
        (ActionKind::Hold, Status::Held) | (ActionKind::Publish, Status::NotHeld) => Need::Met,
        (ActionKind::Hold, Status::NotHeld) | (ActionKind::Publish, Status::Held) => Need::Needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doing_an_action_twice_is_not_needed() {
        assert_eq!(need(ActionKind::Hold, Status::Held), Need::Met);
        assert_eq!(need(ActionKind::Publish, Status::NotHeld), Need::Met);
    }

    #[test]
    fn a_held_queue_too_long_to_read_tells_nothing() {
        let part = Held { ids: BTreeSet::from(["a".to_owned()]), whole: false, ..Held::nothing() };
        assert_eq!(need(ActionKind::Hold, part.status("a", None)), Need::Met);
        assert_eq!(need(ActionKind::Hold, part.status("b", None)), Need::CannotTell);
    }
}
