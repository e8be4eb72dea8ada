//! Which rulebook is in force: published versions, and rules that were demoted to review.

use std::collections::BTreeMap;
use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ledger::Result;

/// A version that was put in force: by publishing, or by going back to an earlier one. Never changed afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// 1 for the first that was ever put in force.
    pub number: u32,
    /// Digest of the bundle; `None` for the rulebook that the program was built with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// The rulebook's version, as decisions name it.
    pub rulebook: String,
    /// When it was put in force.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The version whose rulebook this one brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_to: Option<u32>,
}

/// What a rule's hits were when it was demoted, of posts by authors without strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jump {
    /// Posts on which it would act, lately.
    pub hits: u64,
    /// Posts, lately.
    pub posts: u64,
    /// Posts on which it acted in the days before.
    pub usual_hits: u64,
    /// Posts in the days before.
    pub usual_posts: u64,
}

/// Why a rule was demoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It suddenly hit many people.
    Jump(Jump),
    /// A person said so. Not stored as `person`, by which the table finds what belongs to one.
    #[serde(rename = "by_hand")]
    Person {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
}

/// A person's word that a rule may act again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A rule that leads to review at most, whatever its status, until a person restores it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demotion {
    /// The rule.
    pub rule: String,
    /// Since when.
    pub at: Timestamp,
    /// The rulebook that held the rule.
    pub rulebook: String,
    /// What led to it.
    #[serde(flatten)]
    pub cause: Cause,
    /// The person's word that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restored>,
    /// How often the rule was demoted, this time included.
    pub times: u32,
}

/// What is in force now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The newest version; `None` before the first, when the built-in rulebook is in force.
    pub version: Option<Version>,
    /// Every rule that was ever demoted, restored ones included.
    pub demotions: Vec<Demotion>,
}

impl Standing {
    /// The rules that may not act now.
    pub fn demoted(&self) -> impl Iterator<Item = &Demotion> {
        self.demotions.iter().filter(|demotion| demotion.restored.is_none())
    }
}

/// The record of what is and was in force.
pub trait Publications: Send + Sync {
    /// What is in force now.
    fn standing(&self) -> impl Future<Output = Result<Standing>> + Send;

    /// Every version, newest first.
    fn versions(&self) -> impl Future<Output = Result<Vec<Version>>> + Send;

    /// Puts a version in force, if it follows the one that is; a conflict otherwise.
    fn put_in_force(&self, version: &Version) -> impl Future<Output = Result<()>> + Send;

    /// Demotes a rule; `false` when it is demoted already.
    fn demote(&self, demotion: &Demotion) -> impl Future<Output = Result<bool>> + Send;

    /// Lets a demoted rule act again; `false` when it is not demoted.
    fn restore(&self, rule: &str, restored: &Restored) -> impl Future<Output = Result<bool>> + Send;
}

/// How often rules fired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Posts, by whomever.
    pub all: u64,
    /// Posts by authors without strikes.
    pub posts: u64,
    /// By rule.
    pub rules: BTreeMap<String, Hits>,
}

/// How often one rule fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Posts on which it fired, by whomever, in shadow or not.
    pub fired: u64,
    /// Posts on which it acted, by authors without strikes, so that each author counts once.
    pub acted: u64,
}

/// Counts of what the rules did, by hour.
pub trait Tallies: Send + Sync {
    /// The counts of the hours from that of `from` to that of `to`, both included.
    fn tally(&self, from: Timestamp, to: Timestamp) -> impl Future<Output = Result<Tally>> + Send;
}
