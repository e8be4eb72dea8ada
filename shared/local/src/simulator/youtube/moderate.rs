//! Changing what is shown: the moderation status of up to fifty comments at once, and deleting an own comment.

use super::error;
use super::state::{Moderation, State};
use crate::simulator::request::{Answer, Call};

/// Ids in one call (comments: setModerationStatus).
const BATCH: usize = 50;

impl State {
    pub(super) fn set_moderation_status(&mut self, call: &Call, caller: &str) -> Result<Answer, Answer> {
        let ids: Vec<String> = call.list("id").into_iter().map(str::to_owned).collect();
        if ids.is_empty() || ids.len() > BATCH || ids.iter().any(String::is_empty) {
            return Err(error::parameter("invalidParameter", "id", "Between 1 and 50 comment ids are required."));
        }
        let status = match call.value("moderationStatus").map(Moderation::parse) {
            Some(Some(status)) if status != Moderation::LikelySpam => status,
            Some(_) => return Err(error::parameter("invalidParameter", "moderationStatus", "Invalid value.")),
            None => return Err(error::parameter("required", "moderationStatus", "Required parameter.")),
        };
        let ban = match call.value("banAuthor") {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(error::parameter("invalidParameter", "banAuthor", "Neither true nor false.")),
        };
        if ban && status != Moderation::Rejected {
            let message = "The banAuthor parameter can only be used if the moderationStatus is rejected.";
            return Err(error::refused(400, "youtube.comment", "banWithoutReject", message));
        }
        // One bad id fails the whole call: all are checked before any is changed (assumed).
        for id in &ids {
            self.may_moderate(id, status, caller)?;
        }
        let mut answer = Answer { status: 204, ..Answer::default() };
        for id in &ids {
            let Some(comment) = self.comments.get_mut(id) else { continue };
            let author = comment.author.clone();
            let mut changed = std::mem::replace(&mut comment.moderation, status) != status;
            if ban {
                changed |= self.bans.entry(caller.to_owned()).or_default().insert(author);
            }
            answer = answer.acting_on(id, changed);
        }
        Ok(answer)
    }

    fn may_moderate(&self, id: &str, status: Moderation, caller: &str) -> Result<(), Answer> {
        let Some(comment) = self.comments.get(id) else {
            let message = "One or more of the comments that the request is trying to update cannot be found.";
            return Err(error::refused(404, "youtube.comment", "commentNotFound", message));
        };
        if self.owner(comment) != Some(caller) {
            let message = "One or more of the comments cannot be updated due to insufficient permissions.";
            return Err(error::refused(403, "youtube.comment", "forbidden", message));
        }
        // A comment that its author deleted fails so, not with 404. A rejected one can't be published again; that it
        // can't be held again either, and with which reason both are refused, is assumed.
        let irreversible = comment.moderation == Moderation::Rejected && status != Moderation::Rejected;
        if comment.deleted || irreversible {
            return Err(error::processing_failure());
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, call: &Call, caller: &str) -> Result<Answer, Answer> {
        let ids = call.list("id");
        let &[id] = ids.as_slice() else {
            return Err(error::parameter("invalidParameter", "id", "Exactly one comment id is required."));
        };
        let Ok(comment) = self.live(id) else {
            let message = "The specified comment could not be found.";
            return Err(error::refused(404, "youtube.comment", "commentNotFound", message));
        };
        if comment.author != caller {
            let message = "The comment cannot be deleted because the caller is not its author.";
            return Err(error::refused(403, "youtube.comment", "forbidden", message));
        }
        let gone = |other: &str, parent: Option<&str>| other == id || parent == Some(id);
        for comment in self.comments.values_mut() {
            comment.deleted |= gone(&comment.id, comment.parent.as_deref());
        }
        Ok(Answer { status: 204, ..Answer::default() }.acting_on(id, true))
    }
}
