//! What can be done about a post, on the platform or by a person.

use serde::{Deserialize, Serialize};

/// An action on a platform. No kind publishes, replies, likes or sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// X: hide a reply in a conversation that we started.
    HideReply,
    /// X: show a hidden reply again.
    UnhideReply,
    /// X: block the author (Enterprise access only).
    Block,
    /// X: lift a block (Enterprise access only).
    Unblock,
    /// YouTube: hold a comment for review, out of sight.
    Hold,
    /// YouTube: publish a held comment.
    Publish,
    /// YouTube: reject a comment. Cannot be undone.
    Reject,
    /// YouTube: reject a comment and ban its author from the channel. Cannot be undone.
    RejectAndBan,
    /// Delete a post or comment of our own; only ever planned by a person.
    DeleteOwn,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [ActionKind; 9] = [
        ActionKind::HideReply,
        ActionKind::UnhideReply,
        ActionKind::Block,
        ActionKind::Unblock,
        ActionKind::Hold,
        ActionKind::Publish,
        ActionKind::Reject,
        ActionKind::RejectAndBan,
        ActionKind::DeleteOwn,
    ];

    /// The key, for example `hide_reply`.
    pub fn key(self) -> &'static str {
        match self {
            ActionKind::HideReply => "hide_reply",
            ActionKind::UnhideReply => "unhide_reply",
            ActionKind::Block => "block",
            ActionKind::Unblock => "unblock",
            ActionKind::Hold => "hold",
            ActionKind::Publish => "publish",
            ActionKind::Reject => "reject",
            ActionKind::RejectAndBan => "reject_and_ban",
            ActionKind::DeleteOwn => "delete_own",
        }
    }

    /// What takes this action back, or `None` where the platform offers nothing.
    pub fn reverse(self) -> Option<ActionKind> {
        match self {
            ActionKind::HideReply => Some(ActionKind::UnhideReply),
            ActionKind::UnhideReply => Some(ActionKind::HideReply),
            ActionKind::Block => Some(ActionKind::Unblock),
            ActionKind::Unblock => Some(ActionKind::Block),
            ActionKind::Hold => Some(ActionKind::Publish),
            ActionKind::Publish => Some(ActionKind::Hold),
            ActionKind::Reject | ActionKind::RejectAndBan | ActionKind::DeleteOwn => None,
        }
    }

    /// Whether it makes content less visible; these count against the daily caps.
    pub fn restricts(self) -> bool {
        match self {
            ActionKind::HideReply
            | ActionKind::Block
            | ActionKind::Hold
            | ActionKind::Reject
            | ActionKind::RejectAndBan
            | ActionKind::DeleteOwn => true,
            ActionKind::UnhideReply | ActionKind::Unblock | ActionKind::Publish => false,
        }
    }
}

impl std::str::FromStr for ActionKind {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        ActionKind::ALL.into_iter().find(|kind| kind.key() == key).ok_or_else(|| format!("no action is called {key:?}"))
    }
}

impl std::fmt::Display for ActionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// What only a person can do, by hand on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Report a mention or quote that can't be hidden to X.
    ReportPost,
    /// Block an author by hand, since the API offers it to Enterprise only.
    BlockAuthor,
    /// Lift a block by hand.
    UnblockAuthor,
    /// An action was tried, its outcome is uncertain and it may not be repeated: look.
    CheckOutcome,
}

impl TaskKind {
    /// The key, for example `report_post`.
    pub fn key(self) -> &'static str {
        match self {
            TaskKind::ReportPost => "report_post",
            TaskKind::BlockAuthor => "block_author",
            TaskKind::UnblockAuthor => "unblock_author",
            TaskKind::CheckOutcome => "check_outcome",
        }
    }
}

impl std::fmt::Display for TaskKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}
