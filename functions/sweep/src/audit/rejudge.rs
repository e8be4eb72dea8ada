//! Kept posts judged again by the rulebook in force, as they were: the differences, and who has to look at them.
//!
//! An older post under newer rules goes to a reviewer, whatever the rules say now: nothing is done about it here.

use std::time::Instant;

use anyhow::Result;
use casework::audit::{Kept, Night, Shelves, Standing};
use casework::decision::{Decider, Decision, PostKey, findings};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::{Judgement, Verdict};
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk, keep};
use crate::sweeper::Sweeper;

/// Posts that one night sends to reviewers at most; the rest waits for the next.
const MOST_SENT: u64 = 200;
/// Differences that the report names.
const MOST_NAMED: usize = 50;

/// What judging again came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rejudged {
    /// Posts judged again.
    pub judged: u64,
    /// Microseconds of it spent in judging.
    pub judging_us: u64,
    /// Posts without the context that they were judged in, which can't be judged again as they were.
    pub without_context: u64,
    /// Posts on which a person has ruled: their word stands.
    pub ruled: u64,
    /// Posts that the rules now judge more severely.
    pub severer: u64,
    /// Posts that the rules now judge more mildly.
    pub milder: u64,
    /// Differences that no newer rulebook explains: the record says what these very rules don't say.
    pub unexplained: u64,
    /// Posts sent to a reviewer tonight.
    pub sent: u64,
    /// Posts left for the next night.
    pub put_off: u64,
    /// The first differences.
    pub differences: Vec<Difference>,
}

/// A post that would be judged differently now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The post.
    pub post: PostKey,
    /// What was decided.
    pub from: Verdict,
    /// What the rules say now.
    pub to: Verdict,
    /// The rule that leads now, or the one that led.
    pub rule: Option<String>,
    /// Whether the rules that decided are those of now.
    pub unexplained: bool,
    /// Whether it was sent to a reviewer.
    pub sent: bool,
}

/// The check.
pub(super) struct Rejudge;

impl Walk for Rejudge {
    const CHECK: Check = Check::Rejudged;
    type Found = Rejudged;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Rejudged,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
        let page = sweeper.store.kept(place, sweeper.now()).await?;
        let keys: Vec<PostKey> = page.items.iter().map(Kept::key).collect();
        let standings = sweeper.store.standing_of(&keys).await?;
        for (kept, standing) in page.items.iter().zip(standings) {
            let (Some(standing), Some(context)) = (standing, &kept.context) else {
                found.without_context += 1;
                continue;
            };
            let began = Instant::now();
            let judgement = rules::judge(&kept.post, context, &rulebook, night.until);
            found.judging_us += u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            found.judged += 1;
            if judgement.verdict != standing.verdict {
                differs(sweeper, night, (&standing, &kept.post.version), &judgement, found).await?;
            }
        }
        Ok(page.next)
    }
}

/// What a difference leads to.
async fn differs<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    (standing, version): (&Standing, &str),
    judgement: &Judgement,
    found: &mut Rejudged,
) -> Result<()> {
    let Some(decision) = sweeper.store.newest_decision(&standing.post).await? else { return Ok(()) };
    // Of an edited post the words before are kept for a while beside those that were decided last.
    if decision.version != *version {
        return Ok(());
    }
    match decision.by {
        Decider::Person(_) => {
            found.ruled += 1;
            return Ok(());
        }
        Decider::Machine => {}
    }
    let same_rules = decision.rulebook == judgement.rulebook;
    // A pause, a cap or an earlier night made it milder, and said so.
    if same_rules && decision.limited.is_some() {
        // This very night, before it was started again: told as it was then.
        if let Some(from) = sent_before(&decision, night) {
            count(found, from, judgement.verdict, false);
            found.sent += 1;
            let rule = judgement.violations.first().map(|violation| violation.rule.clone());
            let post = standing.post.clone();
            let again = Difference { post, from, to: judgement.verdict, rule, unexplained: false, sent: true };
            keep(&mut found.differences, MOST_NAMED, again);
        }
        return Ok(());
    }
    let unexplained = same_rules;
    count(found, standing.verdict, judgement.verdict, unexplained);
    // What waits for a reviewer already is only told.
    let mut sent = false;
    if standing.verdict != Verdict::Review {
        if found.sent < MOST_SENT {
            sent = sweeper.store.send_to_review(&standing.post, &again(&decision, judgement, sweeper)).await?;
            found.sent += u64::from(sent);
        } else {
            found.put_off += 1;
        }
    }
    let rule = judgement.violations.first().map(|violation| violation.rule.clone());
    let rule = rule.or_else(|| decision.findings.first().map(|finding| finding.rule.clone()));
    let post = standing.post.clone();
    let difference = Difference { post, from: standing.verdict, to: judgement.verdict, rule, unexplained, sent };
    keep(&mut found.differences, MOST_NAMED, difference);
    Ok(())
}

fn count(found: &mut Rejudged, from: Verdict, to: Verdict, unexplained: bool) {
    if unexplained {
        found.unexplained += 1;
    } else if to > from {
        found.severer += 1;
    } else {
        found.milder += 1;
    }
}

/// How the note of a decision by this check begins.
const AGAIN: &str = "judged again by the audit: was ";

/// The verdict before this night sent the post to a reviewer, if it did.
fn sent_before(decision: &Decision, night: &Night) -> Option<Verdict> {
    let was = decision.limited.as_deref()?.strip_prefix(AGAIN)?;
    let ours = decision.decided_at >= night.until;
    [Verdict::Allow, Verdict::Review, Verdict::Act].into_iter().find(|verdict| ours && was.starts_with(verdict.key()))
}

/// The decision that sends a post to a reviewer.
fn again<T, O, Q>(before: &Decision, judgement: &Judgement, sweeper: &Sweeper<T, O, Q>) -> Decision {
    Decision {
        number: before.number + 1,
        by: Decider::Machine,
        verdict: Verdict::Review,
        limited: Some(format!("{AGAIN}{}, would be {}", before.verdict, judgement.verdict)),
        held: before.held,
        reason: None,
        findings: findings(judgement),
        unknowns: judgement.unknowns.clone(),
        version: before.version.clone(),
        rulebook: judgement.rulebook.clone(),
        guidelines: judgement.guidelines.clone(),
        decided_at: sweeper.now(),
    }
}
