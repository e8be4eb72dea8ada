//! What follows from a judgement: the ladder of actions, caps, windows, retention.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Status;
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

/// The most that a rule may do that nothing but scores of the model sets off. It never acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelAlone {
    /// Recorded, changes nothing.
    Shadow,
    /// A person looks.
    #[default]
    Review,
}

/// When a rule's hit rate counts as a jump. Only authors without strikes count, each once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JumpLimits {
    /// Least number of authors on whom the rule acted within the last one to two hours.
    pub least_hits: u64,
    /// Least share of the posts by such authors, 0 to 1.
    pub least_share: f64,
    /// How sure it has to be that chance alone does not make so many (binomial test), 0 to 1.
    pub confidence: f64,
    /// Days before that show what is usual.
    pub usual_days: u32,
    /// Posts that these days need, without which nothing is known to jump from.
    pub usual_posts: u64,
}

impl Default for JumpLimits {
    fn default() -> Self {
        JumpLimits { least_hits: 5, least_share: 0.05, confidence: 0.9995, usual_days: 7, usual_posts: 300 }
    }
}

/// The policy file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Confidence from which on an enforced rule acts; below, a person looks.
    pub act_confidence: f32,
    /// The most that a rule may do that nothing but scores of the model sets off.
    #[serde(default)]
    pub model_alone: ModelAlone,
    /// Days in which earlier violations count as strikes.
    pub strike_window_days: u32,
    /// How long what is kept.
    pub retention: Retention,
    /// Most actions of a kind on one day and account; a kind without a line has no cap.
    pub daily_caps: BTreeMap<ActionKind, u32>,
    /// When a rule is demoted to review by itself.
    #[serde(default)]
    pub jump: JumpLimits,
    /// Steps on X.
    #[serde(default)]
    pub x: XLadder,
    /// Steps on YouTube.
    #[serde(default)]
    pub youtube: YouTubeLadder,
}

impl Policy {
    /// A status, as far as this policy lets a rule have it that nothing but scores of the model sets off.
    pub(crate) fn capped(&self, status: Status) -> Status {
        match (status, self.model_alone) {
            (Status::Review | Status::Enforce, ModelAlone::Shadow) => Status::Shadow,
            (Status::Enforce, ModelAlone::Review) => Status::Review,
            (status, ModelAlone::Shadow | ModelAlone::Review) => status,
        }
    }

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
