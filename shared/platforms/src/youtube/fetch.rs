//! Asks YouTube how comments stand, before an action is tried.

use std::collections::HashMap;

use casework::platform::{Need, PlatformError, Target};
use rules::ActionKind;

use super::call::{Call, MAX_IDS, send};
use super::comment::is_id;
use super::problem::Refusal;
use crate::TokenSource;
use crate::http::Line;

/// The moderation status of a comment that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Published,
    HeldForReview,
    LikelySpam,
    Rejected,
    /// Not told, which means that the token is not of the owner of the channel.
    Untold,
}

/// For each target in order.
pub(crate) async fn needed<T: TokenSource>(
    line: &Line<'_, T>,
    kind: ActionKind,
    targets: &[Target],
) -> Result<Vec<Need>, PlatformError> {
    let ids: Vec<&str> = targets.iter().map(|target| target.post.as_str()).filter(|id| is_id(id)).collect();
    let found = statuses(line, &ids).await?;
    let need = |target: &Target| match found.get(&target.post) {
        _ if !is_id(&target.post) => Need::Impossible("bad-id".to_owned()),
        None => Need::Gone,
        Some(status) => need(kind, *status),
    };
    Ok(targets.iter().map(need).collect())
}

/// The comments of `ids` that exist, with their status.
pub(super) async fn statuses<T: TokenSource>(
    line: &Line<'_, T>,
    ids: &[&str],
) -> Result<HashMap<String, Status>, PlatformError> {
    let mut found = HashMap::new();
    for ids in ids.chunks(MAX_IDS) {
        let answer = match send(line, Call::ListComments { ids }).await {
            Ok(answer) => answer,
            // Of several ids, those that exist are listed, so this speaks of all only where it is one.
            Err(Refusal::Gone) if ids.len() == 1 => continue,
            Err(Refusal::Gone) => return Err(PlatformError::Permanent { reason: "commentNotFound".to_owned() }),
            Err(Refusal::Comments(reason)) => return Err(PlatformError::Permanent { reason }),
            Err(Refusal::Error(error)) => return Err(error),
        };
        let Some(items) = answer["items"].as_array() else {
            return Err(PlatformError::Transient { reason: "unreadable-answer".to_owned() });
        };
        for item in items {
            let status = match item["snippet"]["moderationStatus"].as_str() {
                Some("published") => Status::Published,
                Some("heldForReview") => Status::HeldForReview,
                Some("likelySpam") => Status::LikelySpam,
                Some("rejected") => Status::Rejected,
                Some(_) | None => Status::Untold,
            };
            if let Some(id) = item["id"].as_str() {
                found.insert(id.to_owned(), status);
            }
        }
    }
    Ok(found)
}

/// Whether an action on an existing comment is needed.
fn need(kind: ActionKind, status: Status) -> Need {
    match (kind, status) {
        (ActionKind::DeleteOwn, _) => Need::Needed,
        (ActionKind::HideReply | ActionKind::UnhideReply | ActionKind::Block | ActionKind::Unblock, _) => {
            Need::Impossible("not-offered".to_owned())
        }
        (_, Status::Untold) => Need::CannotTell,
        // Out of sight is all that holding wants.
        (ActionKind::Hold, Status::HeldForReview | Status::LikelySpam | Status::Rejected) => Need::Met,
        (ActionKind::Hold, Status::Published) => Need::Needed,
        (ActionKind::Publish, Status::Published) => Need::Met,
        (ActionKind::Publish, Status::HeldForReview | Status::LikelySpam) => Need::Needed,
        (ActionKind::Publish, Status::Rejected) => Need::Impossible("rejected".to_owned()),
        (ActionKind::Reject, Status::Rejected) => Need::Met,
        // Bans can't be listed, so nothing tells whether the author of a rejected comment is banned.
        (ActionKind::RejectAndBan, Status::Rejected) => Need::CannotTell,
        (
            ActionKind::Reject | ActionKind::RejectAndBan,
            Status::Published | Status::HeldForReview | Status::LikelySpam,
        ) => Need::Needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_comment_can_never_be_published() {
        assert_eq!(need(ActionKind::Publish, Status::Rejected), Need::Impossible("rejected".into()));
    }

    #[test]
    fn doing_an_action_twice_is_not_needed() {
        for (kind, reached) in [
            (ActionKind::Hold, Status::HeldForReview),
            (ActionKind::Publish, Status::Published),
            (ActionKind::Reject, Status::Rejected),
        ] {
            assert_eq!(need(kind, reached), Need::Met, "{kind}");
        }
        assert_eq!(need(ActionKind::RejectAndBan, Status::Rejected), Need::CannotTell);
    }

    #[test]
    fn without_the_owners_token_nothing_can_be_told() {
        for kind in [ActionKind::Hold, ActionKind::Publish, ActionKind::Reject, ActionKind::RejectAndBan] {
            assert_eq!(need(kind, Status::Untold), Need::CannotTell, "{kind}");
        }
    }
}
