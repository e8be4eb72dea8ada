//! Every key of the `decisions` table.
//!
//! | pk | sk | item |
//! |---|---|---|
//! | `POST#<platform>#<id>` | `HEAD` | newest decision, review queue, link to the person |
//! | | `CLAIM#<version>` | lease or done mark of one content version |
//! | | `DECISION#<n>` | one decision; appended, never changed |
//! | | `ACTION#<n>#<kind>` | an action planned by decision n, with its outcome |
//! | | `TASK#<n>#<kind>` | what a person has to do by hand |
//! | | `OUTBOUND` | a post of our own |
//! | | `CORRECTION#<n>` | what was wrong in a post of our own, until it is corrected |
//! | | `SEEN#<list>` | what a comment thread looked like when all of it was recorded; how often it could not be read |
//! | `PERSON#<hmac>` | `CONTENT#<made at>#<platform>#<id>` | a post's text and evidence; expires |
//! | | `PROFILE` | what we know of the person, with the access register |
//! | | `STRIKE#<platform>#<id>` | a post that was acted on; expires |
//! | `SAME#<hmac of folded text>` | `<seen at>#<hmac of person>#<platform>#<id>` | a sighting; expires in a day |
//! | `ACCOUNT#<platform>#<id>` | `STATE` | state of one of our accounts |
//! | | `CAP#<kind>#<day>` | actions of one day |
//! | | `BUDGET#<name>` | calls within a platform's window |
//! | | `VIDEO#<id>` | a video whose comments are watched |
//! | `AUDIT#<date>` | `NIGHT` | one night of the audit; expires |
//! | | `CHECK#<name>` | how far one check is, with what it found; expires |
//! | | `SWEEP#<list>` | how far a list was read |
//! | | `BACKLOG#<purpose>#<list>#<at>` | a part of a list left for later |
//! | | `ROOT#<made at>#<id>` | a post of ours whose answers and quotes are searched; expires |
//! | | `QUOTA#<day>` | units of one day, by purpose; expires |
//! | | `GRANT` | the lock under which a token is refreshed, and how the grant stands |
//! | | `WEBSUB` | the lease of video notices |
//! | | `WEBHOOK` | our webhook, as X sees it |
//! | `RULEBOOK#company` | `IN_FORCE` | pointer to the version in force |
//! | | `VERSION#<n>` | a version that was put in force; appended, never changed |
//! | | `DEMOTED#<rule>` | a rule that leads to review at most, or did |
//! | `HITS#<day>` | `<hour>#<shard>` | how often rules fired; expires |
//! | `SUPPRESSED#<hmac of person>` | `STATE` | a person who may not be taken in again; listed for review |
//! | `UNREADABLE#<day>` | `<at>#<body key>` | a signed delivery that could not be read; expires |
//!
//! Index `queue` (sparse): `queue` = `<bucket>#<shard>`, `due` = time. Index `person` (sparse): `person`, `decided_at`.

use casework::account::AccountKey;
use casework::decision::PostKey;
use casework::event::VideoNotice;
use casework::planned::ActionKey;
use jiff::Timestamp;
use rules::{ActionKind, Platform, Post, TaskKind};

/// Spread of each bucket of the queue index, so that no partition of it runs hot.
pub const SHARDS: u8 = 8;

/// Name of the index from a person to the heads of the person's posts.
pub const PERSON_INDEX: &str = "person";

/// Name of the queue index.
pub const QUEUE_INDEX: &str = "queue";

/// The buckets of the queue index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Actions that may be tried from `due` on.
    Due,
    /// Posts that wait for a ruling.
    Review,
    /// Tasks that wait for a person's hand.
    Task,
    /// Corrections that are still open.
    Correction,
    /// Suppressions, by the day on which it is asked whether they are still needed.
    Suppressed,
}

impl Bucket {
    fn key(self) -> &'static str {
        match self {
            Bucket::Due => "due",
            Bucket::Review => "review",
            Bucket::Task => "task",
            Bucket::Correction => "correction",
            Bucket::Suppressed => "suppressed",
        }
    }

    /// One shard of the bucket.
    pub fn shard(self, shard: u8) -> String {
        format!("{}#{shard}", self.key())
    }

    /// The shard that a post belongs to.
    pub fn of(self, post: &PostKey) -> String {
        self.shard(shard_of(post))
    }

    /// The shard that an id belongs to.
    pub fn of_text(self, id: &str) -> String {
        self.shard(shard_of_text(id))
    }
}

fn shard_of(post: &PostKey) -> u8 {
    shard_of_text(&post.id)
}

fn shard_of_text(id: &str) -> u8 {
    id.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)) % SHARDS
}

/// Sort key of a post's newest state.
pub const HEAD: &str = "HEAD";
/// Sort key of a post of our own.
pub const OUTBOUND: &str = "OUTBOUND";
/// Sort key of a person's profile.
pub const PROFILE: &str = "PROFILE";
/// Sort key of the state of an account, and of a suppression.
pub const STATE: &str = "STATE";

/// Sort key of an account's grant.
pub const GRANT: &str = "GRANT";
/// Sort key of a channel's WebSub subscription.
pub const WEBSUB: &str = "WEBSUB";
/// Sort key of an account's webhook.
pub const WEBHOOK: &str = "WEBHOOK";

/// A time as it sorts: UTC with exactly three digits of fraction.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Partition of a post.
pub fn post(key: &PostKey) -> String {
    format!("POST#{}#{}", key.platform, key.id)
}

/// The post of a partition key, or `None` for another kind of partition.
pub fn parse_post(pk: &str) -> Option<PostKey> {
    let (platform, id) = pk.strip_prefix("POST#")?.split_once('#')?;
    Some(PostKey { platform: platform.parse().ok()?, id: id.to_owned() })
}

/// The key of a post.
pub fn key_of(post: &Post) -> PostKey {
    PostKey { platform: post.platform, id: post.id.clone() }
}

/// Sort key of a claim.
pub fn claim(version: &str) -> String {
    format!("{CLAIM_PREFIX}{version}")
}

/// Sort key of a decision.
pub fn decision(number: u32) -> String {
    format!("{DECISION_PREFIX}{number:06}")
}

/// Prefix of the sort keys of decisions.
pub const DECISION_PREFIX: &str = "DECISION#";

/// Prefix of the sort keys of claims.
pub const CLAIM_PREFIX: &str = "CLAIM#";

/// Prefix of the sort keys of actions.
pub const ACTION_PREFIX: &str = "ACTION#";

/// Sort key of a planned action.
pub fn action(decision: u32, kind: ActionKind) -> String {
    format!("{ACTION_PREFIX}{decision:06}#{kind}")
}

/// The action of a pair of keys, or `None` for another kind of item.
pub fn parse_action(pk: &str, sk: &str) -> Option<ActionKey> {
    let (decision, kind) = sk.strip_prefix(ACTION_PREFIX)?.split_once('#')?;
    Some(ActionKey { post: parse_post(pk)?, decision: decision.parse().ok()?, kind: kind.parse().ok()? })
}

/// Prefix of the sort keys of tasks.
pub const TASK_PREFIX: &str = "TASK#";

/// Sort key of a person's task.
pub fn task(decision: u32, kind: TaskKind) -> String {
    format!("{TASK_PREFIX}{decision:06}#{kind}")
}

/// The number of the decision that opened a task.
pub fn parse_task(sk: &str) -> Option<u32> {
    sk.strip_prefix(TASK_PREFIX)?.split('#').next()?.parse().ok()
}

/// Prefix of the sort keys of corrections.
pub const CORRECTION_PREFIX: &str = "CORRECTION#";

/// Sort key of a correction.
pub fn correction(number: u32) -> String {
    format!("{CORRECTION_PREFIX}{number:06}")
}

/// Partition of a person.
pub fn person(person: &str) -> String {
    format!("PERSON#{person}")
}

/// Prefix of the sort keys of a person's posts.
pub const CONTENT_PREFIX: &str = "CONTENT#";

/// Sort key of a post's text in its author's partition.
pub fn content(made_at: Timestamp, post: &PostKey) -> String {
    format!("{CONTENT_PREFIX}{}#{}#{}", stamp(made_at), post.platform, post.id)
}

/// Prefix of the sort keys of strikes; sorts behind [`PROFILE`], so that one range holds both.
pub const STRIKE_PREFIX: &str = "STRIKE#";

/// Sort key of a strike.
pub fn strike(post: &PostKey) -> String {
    format!("{STRIKE_PREFIX}{}#{}", post.platform, post.id)
}

/// Partition of a suppression. `mark` is made from the person's key but does not show it.
pub fn suppressed(mark: &str) -> String {
    format!("SUPPRESSED#{mark}")
}

/// Partition of the sightings of one folded text.
pub fn same(text_hash: &str) -> String {
    format!("SAME#{text_hash}")
}

/// Sort key of one sighting.
pub fn sighting(seen_at: Timestamp, person: &str, post: &PostKey) -> String {
    format!("{}#{person}#{}#{}", stamp(seen_at), post.platform, post.id)
}

/// The person of a sighting's sort key.
pub fn person_of_sighting(sk: &str) -> Option<&str> {
    sk.split('#').nth(1)
}

/// Partition of one of our accounts.
pub fn account(key: &AccountKey) -> String {
    format!("ACCOUNT#{}#{}", key.platform, key.id)
}

/// Sort key of the actions of one kind on one day in Tokyo, the company's day.
pub fn cap(kind: ActionKind, now: Timestamp) -> String {
    // Japan has kept UTC+9 without daylight saving time since 1952.
    format!("CAP#{kind}#{}", jiff::tz::offset(9).to_datetime(now).date())
}

/// Sort key of the calls within a platform's window.
pub fn budget(name: &str) -> String {
    format!("BUDGET#{name}")
}

/// Sort key of how far a list was read.
pub fn sweep(list: &str) -> String {
    format!("SWEEP#{list}")
}

/// Prefix of the sort keys of what was left for later.
pub const BACKLOG_PREFIX: &str = "BACKLOG#";

/// Prefix of the sort keys of our own posts whose answers are searched.
pub const ROOT_PREFIX: &str = "ROOT#";

/// Sort key of a post of ours whose answers are searched.
pub fn root(made_at: Timestamp, id: &str) -> String {
    format!("{ROOT_PREFIX}{}#{id}", stamp(made_at))
}

/// Sort key of what one day cost.
pub fn quota(day: &str) -> String {
    format!("QUOTA#{day}")
}

/// Sort key, in a post's partition, of what its thread looked like in a list.
pub fn seen(list: &str) -> String {
    format!("SEEN#{list}")
}

/// Keys of a watched video.
pub fn video(notice: &VideoNotice) -> (String, String) {
    let channel = AccountKey { platform: Platform::YouTube, id: notice.channel.clone() };
    (account(&channel), format!("VIDEO#{}", notice.video))
}

/// Partition of a night of the audit.
pub fn audit(date: jiff::civil::Date) -> String {
    format!("AUDIT#{date}")
}

/// Sort key of a night itself.
pub const NIGHT: &str = "NIGHT";
/// Prefix of the sort keys of a night's checks.
pub const CHECK_PREFIX: &str = "CHECK#";

/// Sort key of a check of a night.
pub fn check(name: &str) -> String {
    format!("{CHECK_PREFIX}{name}")
}

/// Keys of a delivery that could not be read.
pub fn unreadable(at: Timestamp, body_key: &str) -> (String, String) {
    let stamp = stamp(at);
    (format!("UNREADABLE#{}", &stamp[..10]), format!("{stamp}#{body_key}"))
}

/// Partition of what is in force.
pub const RULEBOOK: &str = "RULEBOOK#company";
/// Sort key of the pointer to the version in force; sorts behind [`DEMOTED_PREFIX`], so that one range holds both.
pub const IN_FORCE: &str = "IN_FORCE";
/// Prefix of the sort keys of versions.
pub const VERSION_PREFIX: &str = "VERSION#";
/// Prefix of the sort keys of demoted rules.
pub const DEMOTED_PREFIX: &str = "DEMOTED#";

/// Sort key of a version of the rulebook.
pub fn version(number: u32) -> String {
    format!("{VERSION_PREFIX}{number:06}")
}

/// Sort key of a demoted rule.
pub fn demoted(rule: &str) -> String {
    format!("{DEMOTED_PREFIX}{rule}")
}

/// Partition of the hits of one day (UTC).
pub fn hits(at: Timestamp) -> String {
    format!("HITS#{}", &stamp(at)[..10])
}

/// The hour of a time (UTC), as the sort keys of hits begin.
pub fn hour(at: Timestamp) -> String {
    stamp(at)[..13].to_owned()
}

/// Sort key of the hits of one hour in the shard that a post belongs to.
pub fn hits_shard(at: Timestamp, post: &PostKey) -> String {
    format!("{}#{}", hour(at), shard_of(post))
}
