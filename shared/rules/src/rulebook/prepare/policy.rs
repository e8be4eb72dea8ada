//! What follows from a judgement: the ladder of actions, caps, windows, retention.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ActionKind, Clause, Context, Judgement, Platform, Post, PostKind, TaskKind, Verdict};

/// What is to be done about a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// For the platform's API, in this order.
    pub actions: Vec<ActionKind>,
    /// For a person.
    pub tasks: Vec<TaskKind>,
}

/// When a further step of the ladder is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Clauses for which it is taken at once.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    /// Strikes from which on it is taken for every clause; never, where absent.
    #[serde(default)]
    pub strikes: Option<u32>,
    /// Strikes that are needed for the clauses named, too.
    #[serde(default)]
    pub clause_strikes: u32,
}

impl Step {
    fn taken(&self, judgement: &Judgement, strikes: u32) -> bool {
        let severe = judgement
            .violations
            .iter()
            .any(|violation| violation.verdict == Verdict::Act && self.clauses.contains(&violation.clause));
        severe && strikes >= self.clause_strikes || self.strikes.is_some_and(|least| strikes >= least)
    }
}

/// Steps on X.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XLadder {
    /// Whether the account has Enterprise access, without which blocking is a person's task.
    #[serde(default)]
    pub enterprise: bool,
    /// When the author is blocked as well.
    #[serde(default)]
    pub block: Step,
}

/// Steps on YouTube; without a line only holding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YouTubeLadder {
    /// When a comment is rejected, which can't be undone.
    #[serde(default)]
    pub reject: Option<Step>,
    /// When its author is banned as well, which can't be undone.
    #[serde(default)]
    pub reject_and_ban: Option<Step>,
}

/// How long what is kept, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Content of posts that were allowed.
    pub allowed_content_days: u32,
    /// Content of posts that were flagged.
    pub flagged_content_days: u32,
}

/// The policy file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Confidence from which on an enforced rule acts; below, a person looks.
    pub act_confidence: f32,
    /// Days in which earlier violations count as strikes.
    pub strike_window_days: u32,
    /// How long what is kept.
    pub retention: Retention,
    /// Most actions of a kind on one day and account; a kind without a line has no cap.
    pub daily_caps: BTreeMap<ActionKind, u32>,
    /// Steps on X.
    #[serde(default)]
    pub x: XLadder,
    /// Steps on YouTube.
    #[serde(default)]
    pub youtube: YouTubeLadder,
}

impl Policy {
    /// What follows for a post with so many earlier strikes, by what is known of its conversation. Nothing, unless the
    /// verdict is `act`.
    pub fn plan(&self, post: &Post, context: &Context, judgement: &Judgement, strikes: u32) -> Plan {
        let mut plan = Plan::default();
        if judgement.verdict != Verdict::Act {
            return plan;
        }
        match post.platform {
            Platform::X => {
                if is_hideable(post, context) {
                    plan.actions.push(ActionKind::HideReply);
                } else {
                    plan.tasks.push(TaskKind::ReportPost);
                }
                if self.x.block.taken(judgement, strikes) {
                    if self.x.enterprise {
                        plan.actions.push(ActionKind::Block);
                    } else {
                        plan.tasks.push(TaskKind::BlockAuthor);
                    }
                }
            }
            Platform::YouTube => {
                let taken = |step: &Option<Step>| step.as_ref().is_some_and(|step| step.taken(judgement, strikes));
                plan.actions.push(if taken(&self.youtube.reject_and_ban) {
                    ActionKind::RejectAndBan
                } else if taken(&self.youtube.reject) {
                    ActionKind::Reject
                } else {
                    ActionKind::Hold
                });
            }
        }
        plan
    }
}

/// X hides only replies in conversations that we started; where that isn't known, an answer to us is tried.
fn is_hideable(post: &Post, context: &Context) -> bool {
    match post.kind {
        PostKind::Reply => context
            .in_our_conversation
            .or(context.answered.as_ref().filter(|answered| answered.ours).map(|_| true))
            .unwrap_or_else(|| post.reply_to_us()),
        PostKind::Mention | PostKind::Quote | PostKind::Post | PostKind::Comment | PostKind::CommentReply => false,
    }
}
