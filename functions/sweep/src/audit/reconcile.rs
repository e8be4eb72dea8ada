//! Decisions against what the platforms show: still visible, undone by hand, held by somebody else, gone.
//!
//! YouTube tells all of this. X tells only whether a post is there; whether it is hidden is known from our record alone.
//! A look-up on X costs money, so posts that were allowed are looked up once in the seven days that their text is kept,
//! flagged ones every night.

use std::collections::BTreeSet;

use anyhow::Result;
use casework::audit::{Night, Shelves, Standing};
use casework::decision::{Decider, Decision, PostKey};
use casework::handle_post::HELD;
use casework::planned::{Action, ActionState};
use casework::platform::PlatformError;
use casework::quota::Spender;
use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::{ActionKind, Platform, Verdict};
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk, keep, put_off};
use crate::sweeper::Sweeper;

/// Posts that the report names.
const MOST_NAMED: usize = 50;
/// Posts asked about together, and pages of ours that are read for them at most.
const AT_ONCE: usize = 1_000;
const MOST_PAGES: usize = 50;
/// Units that reading the queues of held comments and of likely spam takes at most.
const HELD_UNITS: u32 = 10;
/// Nights over which look-ups of allowed posts are spread.
const SPREAD: u64 = 7;

/// What comparing came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reconciled {
    /// Posts that YouTube was asked about.
    pub youtube_asked: u64,
    /// Posts that X was asked about.
    pub x_asked: u64,
    /// Posts as our record says.
    pub as_recorded: u64,
    /// Replies on X that are hidden by our record, which X does not tell.
    pub hidden_by_record: u64,
    /// Posts that are gone, deleted or protected.
    pub gone: u64,
    /// Texts removed because their post is gone.
    pub texts_removed: u64,
    /// Number of posts that contradict our record.
    pub contradictions: u64,
    /// Those of them that were sent to a reviewer tonight.
    pub sent: u64,
    /// Which ones.
    pub named: Vec<Contradiction>,
    /// What could not be asked, and why.
    pub put_off: Vec<String>,
    /// How many posts that concerns.
    pub not_asked: u64,
}

/// A post that is not as our record says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The post.
    pub post: PostKey,
    /// How.
    pub how: How,
}

/// How a post contradicts our record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It was held or rejected by us, and can be seen again: somebody published it.
    UndoneByHand,
    /// It should not be seen, and can be: what was planned never had its effect.
    StillVisible,
    /// We allowed it, and somebody, or the platform, holds it.
    HeldThoughAllowed,
}

/// The check.
pub(super) struct Reconcile;

impl Walk for Reconcile {
    const CHECK: Check = Check::Reconciled;
    type Found = Reconciled;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Reconciled,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let days = sweeper.rulebooks.current(sweeper.now()).await?.policy().retention.flagged_content_days;
        let since = night.until - SignedDuration::from_hours(24 * i64::from(days));
        let mut standing: Vec<Standing> = Vec::new();
        let mut next = place.map(str::to_owned);
        // Asking for many at once keeps the calls few: the held queue is read once for all of them.
        for _ in 0..MOST_PAGES {
            let page = sweeper.store.standings(next.as_deref(), since).await?;
            for one in page.items {
                match one.gone_at {
                    None => standing.push(one),
                    // Found by this night before it was started again.
                    Some(gone_at) if gone_at >= night.until => found.gone += 1,
                    Some(_) => {}
                }
            }
            next = page.next;
            if next.is_none() || standing.len() >= AT_ONCE {
                break;
            }
        }
        let (x, youtube): (Vec<_>, Vec<_>) =
            standing.into_iter().partition(|standing| standing.post.platform == Platform::X);
        let x: Vec<Standing> = x.into_iter().filter(|standing| is_due(standing, night)).collect();
        on_youtube(sweeper, night, &youtube, found).await?;
        on_x(sweeper, &x, found).await?;
        Ok(next)
    }
}

/// Whether a post on X is looked up tonight.
fn is_due(standing: &Standing, night: &Night) -> bool {
    match standing.verdict {
        Verdict::Act | Verdict::Review => true,
        Verdict::Allow => {
            let day = u64::from(night.date.day_of_year().unsigned_abs());
            let sum = standing.post.id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            sum % SPREAD == day % SPREAD
        }
    }
}

async fn on_youtube<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    standings: &[Standing],
    found: &mut Reconciled,
) -> Result<()> {
    if standings.is_empty() {
        return Ok(());
    }
    if !may_spend(sweeper, standings.len()).await? {
        found.not_asked += standings.len() as u64;
        put_off(&mut found.put_off, "youtube: the day's units are left to moderation and new comments");
        return Ok(());
    }
    let ids: Vec<&str> = standings.iter().map(|standing| standing.target.as_str()).collect();
    let seen = match sweeper.platform.youtube_standing(&sweeper.accounts, &ids, sweeper.now()).await {
        Ok(seen) => seen,
        Err(error) => {
            found.not_asked += standings.len() as u64;
            put_off(&mut found.put_off, reason(Platform::YouTube, &error));
            return Ok(());
        }
    };
    found.youtube_asked += standings.len() as u64;
    for standing in standings {
        let (there, held) = (seen.existing.contains(&standing.target), seen.held.contains(&standing.target));
        let how = match (there, standing.verdict) {
            (false, _) => {
                gone(sweeper, standing, found).await?;
                continue;
            }
            // Held, or put aside as spam, without our doing.
            (true, Verdict::Allow) if held => {
                found.sent += u64::from(send(sweeper, standing).await?);
                Some(How::HeldThoughAllowed)
            }
            (true, Verdict::Review) if held && sent_before(sweeper, night, standing).await? => {
                found.sent += 1;
                Some(How::HeldThoughAllowed)
            }
            (true, Verdict::Act) if !held && !seen.untold.contains(&standing.target) => {
                against_actions(&sweeper.store.actions_of(&standing.post).await?)
            }
            (true, Verdict::Allow | Verdict::Review | Verdict::Act) => None,
        };
        match how {
            None => found.as_recorded += 1,
            Some(how) => {
                found.contradictions += 1;
                keep(&mut found.named, MOST_NAMED, Contradiction { post: standing.post.clone(), how });
            }
        }
    }
    Ok(())
}

/// Sends an allowed comment that is held to a reviewer, who may publish it; not one that a person has ruled on.
async fn send<T: TokenSource, O: Objects, Q: Queue>(sweeper: &Sweeper<T, O, Q>, standing: &Standing) -> Result<bool> {
    let Some(before) = sweeper.store.newest_decision(&standing.post).await? else { return Ok(false) };
    if before.by != Decider::Machine {
        return Ok(false);
    }
    let decision = Decision {
        number: before.number + 1,
        verdict: Verdict::Review,
        limited: Some(HELD.to_owned()),
        held: true,
        decided_at: sweeper.now(),
        ..before
    };
    Ok(sweeper.store.send_to_review(&standing.post, &decision).await?)
}

/// Whether this night sent it to a reviewer before it was started again.
async fn sent_before<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    standing: &Standing,
) -> Result<bool> {
    let tonight = |decision: Decision| decision.limited.as_deref() == Some(HELD) && decision.decided_at >= night.until;
    Ok(sweeper.store.newest_decision(&standing.post).await?.is_some_and(tonight))
}

/// Takes the units that asking for so many comments costs out of YouTube's day, unless others will need them.
async fn may_spend<T: TokenSource, O: Objects, Q: Queue>(sweeper: &Sweeper<T, O, Q>, comments: usize) -> Result<bool> {
    let now = sweeper.now();
    let (day, _) = sweeper.quota_day(now).await?;
    let units = u32::try_from(comments.div_ceil(50)).unwrap_or(u32::MAX) + HELD_UNITS;
    let ceiling = day.ceiling(Spender::Window, sweeper.limits.youtube_daily_units);
    let account = sweeper.account(Platform::YouTube);
    Ok(sweeper.store.spend(&account, &day.name, Spender::Window.key(), units, ceiling, now).await?)
}

/// What it means that a post on which we acted can be seen.
fn against_actions(actions: &[Action]) -> Option<How> {
    let newest =
        actions.iter().filter(|action| action.key.kind.restricts()).max_by_key(|action| action.key.decision)?;
    match newest.state {
        ActionState::Done => Some(How::UndoneByHand),
        ActionState::Failed | ActionState::HandedOver => Some(How::StillVisible),
        // Not tried yet, being tried, or taken back: the check of what waits has them.
        ActionState::Pending | ActionState::Running | ActionState::Cancelled => None,
    }
}

async fn on_x<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    standings: &[Standing],
    found: &mut Reconciled,
) -> Result<()> {
    if standings.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = standings.iter().map(|standing| standing.target.as_str()).collect();
    let there: BTreeSet<String> = match sweeper.platform.x_standing(&ids, sweeper.now()).await {
        Ok(there) => there,
        Err(error) => {
            found.not_asked += standings.len() as u64;
            put_off(&mut found.put_off, reason(Platform::X, &error));
            return Ok(());
        }
    };
    found.x_asked += standings.len() as u64;
    for standing in standings {
        if !there.contains(&standing.target) {
            gone(sweeper, standing, found).await?;
            continue;
        }
        found.as_recorded += 1;
        if standing.verdict == Verdict::Act {
            let actions = sweeper.store.actions_of(&standing.post).await?;
            let hidden = |action: &Action| match action.key.kind {
                ActionKind::HideReply => action.state == ActionState::Done,
                ActionKind::UnhideReply
                | ActionKind::Block
                | ActionKind::Unblock
                | ActionKind::Hold
                | ActionKind::Publish
                | ActionKind::Reject
                | ActionKind::RejectAndBan
                | ActionKind::DeleteOwn => false,
            };
            found.hidden_by_record += u64::from(actions.iter().any(hidden));
        }
    }
    Ok(())
}

/// A post that is gone: its text goes too, at once.
async fn gone<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    standing: &Standing,
    found: &mut Reconciled,
) -> Result<()> {
    if standing.post.platform == Platform::YouTube && standing.verdict == Verdict::Act {
        // What was rejected by us is not listed either, though its author never deleted it.
        let actions = sweeper.store.actions_of(&standing.post).await?;
        let rejected = |action: &Action| {
            matches!(action.key.kind, ActionKind::Reject | ActionKind::RejectAndBan)
                && action.state == ActionState::Done
        };
        if actions.iter().any(rejected) {
            found.as_recorded += 1;
            return Ok(());
        }
    }
    found.gone += 1;
    if sweeper.store.honour_deletion(&standing.post, sweeper.now()).await? {
        found.texts_removed += 1;
    }
    Ok(())
}

/// Why a platform could not be asked, in its own code.
pub(super) fn reason(platform: Platform, error: &PlatformError) -> String {
    format!("{platform}: {error}")
}
