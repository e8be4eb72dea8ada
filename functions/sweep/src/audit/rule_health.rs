//! How rules do: hit rates by day, jumps, rules that fire on criticism, shadow rules ready for promotion.
//!
//! Rates and jumps come from the counters that every decision moves: what was deleted, erased or is no longer kept
//! counts there too, so that yesterday is not compared with what happens to be left of the days before. Whether a rule
//! fires on criticism, and beside which others, only words tell: that is counted on the texts that are still kept.

use std::collections::BTreeMap;

use anyhow::Result;
use casework::audit::{Kept, Night, Shelves};
use casework::decision::PostKey;
use casework::publication::Tallies;
use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::listening::{Voice, listen};
use rules::{Rulebook, Status};
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk, keep};
use crate::sweeper::Sweeper;

/// Days that are compared.
const DAYS: usize = 7;
/// A day's rate this many times the rate of the days before is a jump.
const JUMP: f64 = 3.0;
/// Fewer hits of a day are no jump.
const FEWEST_HITS: u32 = 10;
/// Posts named for a rule that fires on criticism.
const MOST_NAMED: usize = 5;
/// Hits from which on a shadow rule can be judged.
const SHADOW_HITS: u32 = 20;
/// Share of a shadow rule's hits on posts that other rules flagged as well, from which on it is ready.
const SHADOW_AGREED: f64 = 0.8;

/// How rules do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Posts by days before the night: the last day first.
    pub posts: [u32; DAYS],
    /// Rules that fired at all.
    pub rules: BTreeMap<String, Hits>,
    /// Rules whose rate jumped on the last day, with how many times the rate before.
    pub jumped: BTreeMap<String, f64>,
    /// Rules of which a third or more of the hits are complaints or questions.
    pub on_criticism: Vec<String>,
    /// Shadow rules that may be promoted.
    pub ready: Vec<String>,
}

/// The hits of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hits {
    /// By days before the night: the last day first.
    pub days: [u32; DAYS],
    /// Hits on texts that are still kept, which the following are of.
    pub kept: u32,
    /// Hits on complaints and questions.
    pub on_criticism: u32,
    /// Hits on posts that another rule, not in shadow, hit as well.
    pub agreed: u32,
    /// Some of the complaints and questions.
    pub named: Vec<PostKey>,
}

/// The check.
pub(super) struct RuleHealth;

impl Walk for RuleHealth {
    const CHECK: Check = Check::Rules;
    type Found = Health;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Health,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let Some(place) = place else {
            days(sweeper, night, found).await?;
            return Ok(Some(String::new()));
        };
        let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
        let page = sweeper.store.kept(Some(place).filter(|place| !place.is_empty()), sweeper.now()).await?;
        for kept in &page.items {
            count(kept, night, &rulebook, found);
        }
        if page.next.is_none() {
            conclude(found, &rulebook);
        }
        Ok(page.next)
    }
}

/// Posts and hits of each day, of 24 hours each; the last one ends with the hour in which the night began.
async fn days<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    found: &mut Health,
) -> Result<()> {
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let mut to = night.until;
    for day in 0..DAYS {
        let tally = sweeper.store.tally(to - SignedDuration::from_hours(23), to).await?;
        found.posts[day] = small(tally.all);
        for (rule, hits) in tally.rules {
            found.rules.entry(rule).or_default().days[day] = small(hits.fired);
        }
        to -= SignedDuration::from_hours(24);
    }
    Ok(())
}

fn count(kept: &Kept, night: &Night, rulebook: &Rulebook, found: &mut Health) {
    let age = night.until.duration_since(kept.post.created_at);
    if kept.rules.is_empty() || age.is_negative() || age >= SignedDuration::from_hours(24 * DAYS as i64) {
        return;
    }
    let critical = matches!(listen(&kept.post.text).voice, Voice::Complaint | Voice::Question);
    let counts = |rule: &str| rulebook.rule(rule).is_some_and(|rule| rule.status != Status::Shadow);
    for rule in &kept.rules {
        let agreed = kept.rules.iter().any(|other| other != rule && counts(other));
        let hits = found.rules.entry(rule.clone()).or_default();
        hits.kept += 1;
        hits.agreed += u32::from(agreed);
        if critical {
            hits.on_criticism += 1;
            keep(&mut hits.named, MOST_NAMED, kept.key());
        }
    }
}

/// What follows from the counts.
fn conclude(found: &mut Health, rulebook: &Rulebook) {
    let before: u32 = found.posts[1..].iter().sum();
    for (id, hits) in &found.rules {
        let rate_before = f64::from(hits.days[1..].iter().sum::<u32>()) / f64::from(before.max(1));
        let rate = f64::from(hits.days[0]) / f64::from(found.posts[0].max(1));
        // One hit in all the days before is the least that can be told from none.
        let times = rate / rate_before.max(1.0 / f64::from(before.max(1)));
        if before > 0 && hits.days[0] >= FEWEST_HITS && times >= JUMP {
            found.jumped.insert(id.clone(), (times * 10.0).round() / 10.0);
        }
        if hits.on_criticism >= 3 && hits.on_criticism * 3 >= hits.kept {
            found.on_criticism.push(id.clone());
        }
        let shadow = rulebook.rule(id).is_some_and(|rule| rule.status == Status::Shadow);
        let agreed = f64::from(hits.agreed) / f64::from(hits.kept.max(1));
        if shadow && hits.kept >= SHADOW_HITS && hits.on_criticism == 0 && agreed >= SHADOW_AGREED {
            found.ready.push(id.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn health(days: [u32; DAYS], on_criticism: u32) -> Health {
        let hits = Hits { days, kept: days.iter().sum(), on_criticism, ..Hits::default() };
        let mut found =
            Health { posts: [100; DAYS], rules: BTreeMap::from([("OFF001".to_owned(), hits)]), ..Health::default() };
        conclude(&mut found, Rulebook::embedded().unwrap());
        found
    }

    #[test]
    fn a_rate_that_triples_is_a_jump_and_a_steady_one_is_none() {
        assert!(health([30, 2, 3, 2, 3, 2, 3], 0).jumped.contains_key("OFF001"));
        assert!(health([12, 10, 11, 12, 9, 10, 11], 0).jumped.is_empty());
        // Few hits are chance.
        assert!(health([5, 0, 0, 0, 0, 0, 0], 0).jumped.is_empty());
    }

    #[test]
    fn a_rule_that_fires_on_criticism_is_told() {
        assert_eq!(health([3, 0, 0, 3, 0, 3, 0], 3).on_criticism, ["OFF001"]);
        assert!(health([30, 0, 0, 3, 0, 3, 0], 3).on_criticism.is_empty());
    }
}
