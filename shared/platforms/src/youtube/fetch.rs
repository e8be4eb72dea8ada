//! Asks YouTube how comments stand, before an action is tried.
//!
//! A comment asked for by its id comes without its moderation status (discovery document, `CommentSnippet`), and a
//! rejected one does not come at all. So existence is asked by id, and what is held by the channel's held queue; what
//! YouTube put aside as likely spam is not seen either, and stands in a queue of its own.

use std::collections::BTreeSet;

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
    /// They are too long to tell.
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
        | ActionKind::Unblock => Held { ids: BTreeSet::new(), whole: true },
    };
    let need = |target: &Target| {
        if !is_id(&target.post) {
            Need::Impossible("bad-id".to_owned())
        } else if !existing.contains(&target.post) {
            Need::Gone
        } else {
            need(kind, held.status(&target.post))
        }
    };
    Ok(targets.iter().map(need).collect())
}

/// Those of the ids that exist and are not rejected.
pub(super) async fn existing<T: TokenSource>(
    line: &Line<'_, T>,
    ids: &[&str],
) -> Result<BTreeSet<String>, PlatformError> {
    let mut existing = BTreeSet::new();
    for ids in ids.chunks(MAX_IDS) {
        match send(line, Call::ListComments { ids }).await {
            Ok(answer) => existing.extend(items(&answer)?.iter().filter_map(id)),
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
    let held = if existing.is_empty() {
        Held { ids: BTreeSet::new(), whole: true }
    } else {
        held(line, channel, &UNSEEN, &existing).await?
    };
    Ok(YouTubeStanding { held: held.ids.intersection(&existing).cloned().collect(), existing, whole: held.whole })
}

/// What was found in queues of what nobody sees.
struct Held {
    ids: BTreeSet<String>,
    /// Whether they were read to its end, or until all that was sought was found.
    whole: bool,
}

impl Held {
    fn status(&self, id: &str) -> Status {
        match (self.ids.contains(id), self.whole) {
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
    sought: &BTreeSet<String>,
) -> Result<Held, PlatformError> {
    let mut held = Held { ids: BTreeSet::new(), whole: true };
    for (queue, status) in queues {
        let mut page: Option<String> = None;
        for looked in 1..=MAX_PAGES {
            if sought.is_subset(&held.ids) {
                return Ok(Held { whole: true, ..held });
            }
            let call = Call::ListThreads { of: Threads::Channel(channel), status: *queue, page: page.as_deref() };
            let answer = send(line, call).await.map_err(error)?;
            for thread in items(&answer)? {
                let replies = thread["replies"]["comments"].as_array().map(Vec::as_slice).unwrap_or_default();
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
    let found = sought.is_subset(&held.ids);
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
        let part = Held { ids: BTreeSet::from(["a".to_owned()]), whole: false };
        assert_eq!(need(ActionKind::Hold, part.status("a")), Need::Met);
        assert_eq!(need(ActionKind::Hold, part.status("b")), Need::CannotTell);
    }
}
