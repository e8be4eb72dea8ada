//! Stops a rule whose hit rate jumps: the last hours against the days before, by a binomial test.
//!
//! Only authors without strikes count, so that one author counts once and a handful of people who post a lot of the
//! same do not look like a bad rule. A jump tells nothing of who is right: the rule goes on finding, people decide.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rules::{JumpLimits, Status};

use crate::in_force::InForce;
use crate::ledger::Result;
use crate::publication::{Cause, Demotion, Jump, Publications, Tallies, Tally};

/// How long a restored rule is left alone: the hits that demoted it still count for a while.
const IMMUNE: SignedDuration = SignedDuration::from_hours(24);
/// No rule's usual rate counts as lower than this, so that a rule which never fired may begin to.
const LEAST_RATE: f64 = 0.01;

/// What the days before looked like, read once an hour.
#[derive(Debug, Default)]
pub struct Watch {
    usual: Mutex<Option<(Timestamp, Tally)>>,
}

impl Watch {
    /// Demotes every rule whose hit rate jumped; gives those demoted by this call. To be called every minute or so:
    /// as long as no rule acts on several people in an hour, it is one query.
    ///
    /// # Errors
    /// The store's; what was demoted before stays demoted.
    pub async fn check<S: Publications + Tallies>(
        &self,
        store: &S,
        rulebook: &InForce,
        now: Timestamp,
    ) -> Result<Vec<Demotion>> {
        let limits = &rulebook.policy().jump;
        let recent = store.tally(now - SignedDuration::from_hours(1), now).await?;
        if !recent.rules.values().any(|hits| hits.acted >= limits.least_hits) {
            return Ok(Vec::new());
        }
        let usual = self.usual(store, limits, now).await?;
        let jumped = jumps(&recent, &usual, limits);
        if jumped.is_empty() {
            return Ok(Vec::new());
        }
        let standing = store.standing().await?;
        let mut demoted = Vec::new();
        for (rule, jump) in jumped {
            let before = standing.demotions.iter().find(|demotion| demotion.rule == rule);
            let restored = before.and_then(|demotion| demotion.restored.as_ref());
            let enforced = rulebook.rule(&rule).is_some_and(|rule| rule.status == Status::Enforce);
            if !enforced || restored.is_some_and(|restored| now.duration_since(restored.at) < IMMUNE) {
                continue;
            }
            let demotion = Demotion {
                rule,
                at: now,
                rulebook: rulebook.version().to_owned(),
                cause: Cause::Jump(jump),
                restored: None,
                times: before.map_or(0, |demotion| demotion.times) + 1,
            };
            if store.demote(&demotion).await? {
                demoted.push(demotion);
            }
        }
        Ok(demoted)
    }

    /// The days before, up to two hours ago.
    async fn usual<S: Tallies>(&self, store: &S, limits: &JumpLimits, now: Timestamp) -> Result<Tally> {
        let kept = self.usual.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read_at, tally)) = kept
            && now.duration_since(read_at).abs() < SignedDuration::from_hours(1)
        {
            return Ok(tally);
        }
        let days = SignedDuration::from_hours(24 * i64::from(limits.usual_days));
        let tally = store.tally(now - days, now - SignedDuration::from_hours(2)).await?;
        *self.usual.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, tally.clone()));
        Ok(tally)
    }
}

/// The rules that acted lately on more people than chance makes of what is usual.
fn jumps(recent: &Tally, usual: &Tally, limits: &JumpLimits) -> Vec<(String, Jump)> {
    if usual.posts < limits.usual_posts {
        return Vec::new();
    }
    let jumped = recent.rules.iter().filter_map(|(rule, hits)| {
        let usual_hits = usual.rules.get(rule).map_or(0, |hits| hits.acted);
        let jump = Jump { hits: hits.acted, posts: recent.posts, usual_hits, usual_posts: usual.posts };
        is_jump(jump, limits).then(|| (rule.clone(), jump))
    });
    jumped.collect()
}

fn is_jump(jump: Jump, limits: &JumpLimits) -> bool {
    let posts = jump.posts.max(jump.hits);
    let usual = (jump.usual_hits as f64 / jump.usual_posts.max(1) as f64).clamp(LEAST_RATE, 1.0);
    jump.hits >= limits.least_hits
        && jump.hits as f64 > limits.least_share * posts as f64
        && at_least(jump.hits, posts, usual) < 1.0 - limits.confidence
}

/// How probable at least so many hits are among so many posts, when each is one with this probability.
fn at_least(hits: u64, posts: u64, rate: f64) -> f64 {
    if hits == 0 || rate >= 1.0 {
        return 1.0;
    }
    // Terms are walked as logarithms: far from the mean a term is too small for a number, and the next ones are not.
    let choose: f64 = (0..hits).map(|i| ((posts - i) as f64 / (hits - i) as f64).ln()).sum();
    let mut term = choose + hits as f64 * rate.ln() + (posts - hits) as f64 * (1.0 - rate).ln();
    let mut sum = 0.0;
    for i in hits..=posts {
        sum += term.exp();
        term += ((posts - i) as f64 / (i + 1) as f64 * rate / (1.0 - rate)).ln();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publication::Hits;

    fn jump(hits: u64, posts: u64, usual_hits: u64, usual_posts: u64) -> Jump {
        Jump { hits, posts, usual_hits, usual_posts }
    }

    #[test]
    fn the_binomial_tail_is_right() {
        // By hand: three heads or more of four tosses is 5 of 16; no six in two dice is 25 of 36.
        assert!((at_least(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-12);
        assert!((at_least(1, 2, 1.0 / 6.0) - 11.0 / 36.0).abs() < 1e-12);
        assert!((at_least(0, 9, 0.3) - 1.0).abs() < 1e-12);
        assert!((at_least(1, 1, 0.01) - 0.01).abs() < 1e-12);
        assert!(at_least(900, 1000, 0.01) < 1e-300, "far out, still a number");
        assert!(at_least(10, 100_000, 0.01) > 0.999);
    }

    #[test]
    fn few_hits_a_small_share_or_the_usual_rate_are_no_jump() {
        let limits = JumpLimits::default();
        assert!(is_jump(jump(20, 100, 10, 1000), &limits));
        assert!(is_jump(jump(6, 10, 0, 1000), &limits), "a rule that never acted");
        assert!(!is_jump(jump(4, 10, 0, 1000), &limits), "too few people");
        assert!(!is_jump(jump(45, 1000, 1, 1000), &limits), "not one in twenty");
        assert!(!is_jump(jump(20, 100, 150, 1000), &limits), "not more than usual");
        assert!(!is_jump(jump(9, 40, 100, 1000), &limits), "chance may do it");
    }

    #[test]
    fn without_days_before_nothing_is_a_jump() {
        let tally = |posts, acted| Tally {
            all: posts,
            posts,
            rules: [("OFF001".to_owned(), Hits { fired: acted, acted })].into(),
        };
        let limits = JumpLimits::default();
        assert!(jumps(&tally(50, 30), &tally(limits.usual_posts - 1, 0), &limits).is_empty());
        assert_eq!(jumps(&tally(50, 30), &tally(limits.usual_posts, 0), &limits).len(), 1);
    }
}
