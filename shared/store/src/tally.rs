//! How often rules fire, by hour: counters beside the decisions, spread so that none runs hot. Implements `Tallies`.
//!
//! They are statistics: a write that fails or is slow is given up, and one that is repeated counts twice.

use std::time::Duration;

use casework::decision::PostKey;
use casework::ledger::{CaseRecord, Result};
use casework::publication::{Tallies, Tally};
use jiff::{SignedDuration, Timestamp};
use rules::Verdict;

use crate::attributes::{Item, expiry, n, s};
use crate::error::unavailable;
use crate::{Store, keys};

/// How long a delivery waits for its counters, which are written beside the author's profile.
const PATIENCE: Duration = Duration::from_millis(500);
/// Days that counters are kept.
const DAYS: i64 = 30;
/// Attribute with the number of posts, by whomever.
const ALL: &str = "every";
/// Attribute with the number of posts by authors without strikes.
const POSTS: &str = "posts";
/// Prefix of the attributes that count on how many posts a rule fired.
const FIRED: &str = "fired_";
/// Prefix of the attributes that count on how many authors a rule acted.
const ACTED: &str = "acted_";

impl Tallies for Store {
    async fn tally(&self, from: Timestamp, to: Timestamp) -> Result<Tally> {
        let mut tally = Tally::default();
        let (first, last) = (keys::hour(from), keys::hour(to) + "~");
        let mut day = from;
        loop {
            let mut start = None;
            loop {
                let page = self
                    .client
                    .query()
                    .table_name(&self.table)
                    .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                    .expression_attribute_values(":pk", s(keys::hits(day)))
                    .expression_attribute_values(":from", s(&first))
                    .expression_attribute_values(":to", s(&last))
                    .set_exclusive_start_key(start)
                    .send()
                    .await
                    .map_err(unavailable)?;
                page.items.unwrap_or_default().iter().for_each(|item| add(&mut tally, item));
                start = page.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
            if keys::hits(day) >= keys::hits(to) {
                return Ok(tally);
            }
            day += SignedDuration::from_hours(24);
        }
    }
}

impl Store {
    /// Counts what the rules found in a post.
    pub(crate) async fn count_hits(&self, record: &CaseRecord<'_>, key: &PostKey, now: Timestamp) {
        let mut add = vec!["#all :one".to_owned(), "#posts :post".to_owned()];
        let newcomer = record.strikes == 0;
        let mut update = self
            .update(&keys::hits(now), &keys::hits_shard(now, key))
            .expression_attribute_names("#all", ALL)
            .expression_attribute_names("#posts", POSTS)
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":post", n(u8::from(newcomer)))
            .expression_attribute_values(":expires", expiry(now + SignedDuration::from_hours(24 * DAYS)));
        for (place, finding) in record.decision.findings.iter().enumerate() {
            add.push(format!("#fired{place} :one"));
            update = update.expression_attribute_names(format!("#fired{place}"), format!("{FIRED}{}", finding.rule));
            if newcomer && finding.verdict == Verdict::Act {
                add.push(format!("#acted{place} :one"));
                update =
                    update.expression_attribute_names(format!("#acted{place}"), format!("{ACTED}{}", finding.rule));
            }
        }
        let counted = update.update_expression(format!("SET expires = :expires ADD {}", add.join(", "))).send();
        match tokio::time::timeout(PATIENCE, counted).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(error = %unavailable(error), "hits not counted"),
            Err(_) => tracing::warn!(error = "timeout", "hits not counted"),
        }
    }
}

fn add(tally: &mut Tally, item: &Item) {
    let count = |name: &str| crate::attributes::number::<u64>(item, name).unwrap_or(0);
    tally.all += count(ALL);
    tally.posts += count(POSTS);
    for name in item.keys() {
        if let Some(rule) = name.strip_prefix(FIRED) {
            tally.rules.entry(rule.to_owned()).or_default().fired += count(name);
        } else if let Some(rule) = name.strip_prefix(ACTED) {
            tally.rules.entry(rule.to_owned()).or_default().acted += count(name);
        }
    }
}
