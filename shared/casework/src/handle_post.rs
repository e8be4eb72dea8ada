//! One post, from its claim to its recorded decision: claim, gather, judge, limit, record.

use jiff::{SignedDuration, Timestamp};
use rules::{Judgement, Plan, Platform, Policy, Post, Verdict};

use crate::account::{AccountState, Mode};
use crate::decision::{Decider, Decision, findings};
use crate::in_force::InForce;
use crate::ledger::{CaseRecord, Cases, Claim, History, Keep, LedgerError, Recorded, Suppressed};

/// How often a person's ruling may come in between before the delivery gives up for now.
const MAX_TRIES: u32 = 3;

/// Why a post that the rules allow goes to a person.
pub const HELD: &str = "held by the platform, nothing to object to: allowing it publishes it";

/// YouTube's data has to be read anew or deleted within so many days (YouTube API Services, developer policies).
pub const YOUTUBE_DAYS: u32 = 30;

/// What became of one delivery of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handled {
    /// Decided now.
    Decided {
        /// The answer.
        verdict: Verdict,
        /// How many actions were planned.
        actions: usize,
    },
    /// Decided before, by another delivery of the same content.
    Known,
    /// Another delivery is deciding it; come back after its lease, in case it dies.
    Held {
        /// When the lease ends.
        until: Timestamp,
    },
    /// Nothing was kept: the account is terminated, a later version of the post was decided already, or the author
    /// may not be taken in again and there is nothing to answer.
    Refused,
}

/// Decides about one post. `clock` is read again before recording, so that a lease that ran out is noticed.
///
/// # Errors
/// The store's; the claim then expires by itself and another delivery resumes.
pub async fn handle_post<C: Cases>(
    cases: &C,
    rulebook: &InForce,
    post: &Post,
    clock: impl Fn() -> Timestamp + Send,
) -> Result<Handled, LedgerError> {
    let now = clock();
    let lease = match cases.claim(post, now).await? {
        Claim::Won(lease) => lease,
        Claim::Done => return Ok(Handled::Known),
        Claim::Held { until } => return Ok(Handled::Held { until }),
    };
    for _ in 0..MAX_TRIES {
        let history = cases.gather(post, now).await?;
        if history.account.mode == Mode::Terminated {
            cases.forget_claim(post, &lease).await?;
            return Ok(Handled::Refused);
        }
        if history.superseded || history.suppressed == Some(Suppressed::Settled) {
            cases.forget_claim(post, &lease).await?;
            return Ok(Handled::Refused);
        }
        let (judgement, lowered) = rulebook.judge(post, &history.context, now);
        let strikes = history.context.author.strikes.unwrap_or(0);
        let plan = rulebook.policy().plan(post, &history.context, &judgement, strikes);
        let limited = limit(&history.account, &judgement, post.held, lowered, plan);
        let record = record_of(rulebook.policy(), post, &judgement, &history, limited, now);
        if record.keep == Keep::DecisionOnly && record.decision.verdict == Verdict::Allow {
            cases.forget_claim(post, &lease).await?;
            return Ok(Handled::Refused);
        }
        let handled = Handled::Decided { verdict: record.decision.verdict, actions: record.actions.len() };
        match cases.record(&record, &lease, clock()).await {
            Ok(Recorded::Written) => return Ok(handled),
            Ok(Recorded::LeaseLost) => return Ok(Handled::Known),
            // A person ruled on the post in between: judge again with what is known now.
            Err(LedgerError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(LedgerError::Conflict(format!("{} changed {MAX_TRIES} times while it was judged", post.platform)))
}

/// What is left of a plan after demoted rules and the kill switch had their say.
struct Limited {
    verdict: Verdict,
    why: Option<String>,
    plan: Plan,
}

/// The kill switch: what would be done goes to review while the account is paused. So does what we allow and the
/// platform keeps from being seen: whether to publish it is a person's to say, and silence would hide it for good.
fn limit(account: &AccountState, judgement: &Judgement, held: bool, lowered: Option<String>, plan: Plan) -> Limited {
    let review = |why: &str| Limited { verdict: Verdict::Review, why: Some(why.to_owned()), plan: Plan::default() };
    match (judgement.verdict, account.mode) {
        (Verdict::Act, Mode::Paused) => review("account paused"),
        (Verdict::Allow, _) if held => review(HELD),
        (verdict, _) => Limited { verdict, why: lowered, plan },
    }
}

fn record_of<'a>(
    policy: &Policy,
    post: &'a Post,
    judgement: &Judgement,
    history: &'a History,
    limited: Limited,
    now: Timestamp,
) -> CaseRecord<'a> {
    let expires_at = now + days(retention_days(policy, limited.verdict));
    let strike_until = now + days(policy.strike_window_days);
    // A profile goes with the text, or with the strike for which it is needed.
    let profile_until = match limited.verdict {
        Verdict::Act => strike_until,
        Verdict::Allow | Verdict::Review => expires_at,
    };
    CaseRecord {
        post,
        context: &history.context,
        strikes: history.context.author.strikes.unwrap_or(0),
        keep: match history.suppressed {
            None => Keep::Everything,
            Some(Suppressed::Open | Suppressed::Settled) => Keep::DecisionOnly,
        },
        evidence: judgement.violations.iter().map(|v| (v.rule.clone(), v.evidence.clone())).collect(),
        expires_at,
        profile_until: match post.platform {
            Platform::X => profile_until,
            Platform::YouTube => profile_until.min(now + days(YOUTUBE_DAYS)),
        },
        strike_until,
        decision: Decision {
            number: history.decisions + 1,
            by: Decider::Machine,
            verdict: limited.verdict,
            limited: limited.why,
            held: post.held,
            reason: None,
            findings: findings(judgement),
            unknowns: judgement.unknowns.clone(),
            version: post.version.clone(),
            rulebook: judgement.rulebook.clone(),
            guidelines: judgement.guidelines.clone(),
            decided_at: now,
        },
        actions: limited.plan.actions,
        tasks: limited.plan.tasks,
    }
}

fn retention_days(policy: &Policy, verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Allow => policy.retention.allowed_content_days,
        Verdict::Review | Verdict::Act => policy.retention.flagged_content_days,
    }
}

pub(crate) fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}
