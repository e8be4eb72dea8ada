//! Our own posts: purpose, the rules for drafts, stale texts, plain retweets whose original changed, open corrections.

use anyhow::Result;
use casework::audit::{Night, OwnPost, Shelves};
use casework::corrections::{self, CorrectionError, Opener, Register, Report};
use casework::decision::PostKey;
use casework::event::Event;
use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use platforms::x::list::Listed;
use rules::outbound::{Draft, Severity, stale_after};
use rules::{Context, Platform, Verdict};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::check::{Check, Walk, keep, put_off};
use super::reconcile::reason;
use crate::sweeper::Sweeper;

/// Days back of which our posts are looked at.
const DAYS: i64 = 30;
/// Posts that the report names, of each kind.
const MOST_NAMED: usize = 30;

/// What our own posts came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OwnPosts {
    /// Posts looked at: those of the last 30 days that still stand.
    pub checked: u64,
    /// Posts of the last day.
    pub new: u64,
    /// Posts that fit none of the purposes.
    pub without_purpose: Vec<PostKey>,
    /// What the rules for drafts find.
    pub findings: Vec<Found>,
    /// Posts that stopped being current on the day before.
    pub stale: Vec<Stale>,
    /// Plain retweets, by what became of their original.
    pub retweets: Vec<Retweet>,
    /// Corrections that the audit opened tonight.
    pub opened: u64,
    /// Open corrections, longest first.
    pub corrections: Vec<Open>,
    /// What could not be looked up, and why.
    pub put_off: Vec<String>,
}

/// A finding on a post of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The post.
    pub post: PostKey,
    /// The rule.
    pub rule: String,
    /// What has to follow.
    pub severity: Severity,
    /// Our own words that matched.
    pub evidence: Vec<String>,
    /// Whether the post is of the last day.
    pub new: bool,
}

/// A post of ours that is no longer current.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// The post.
    pub post: PostKey,
    /// The last day on which it was.
    pub until: jiff::civil::Date,
}

/// A plain retweet of ours; its endorsement is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retweet {
    /// The retweet.
    pub post: PostKey,
    /// The original.
    pub original: String,
    /// What became of it.
    pub what: Became,
}

/// What became of the original of a retweet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is gone, or its author protects it.
    Gone,
    /// It says something else now.
    Changed,
    /// It breaks a clause of our guidelines, or may.
    BreaksClause,
}

/// An open correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// The post.
    pub post: PostKey,
    /// Its number.
    pub number: u32,
    /// `reported` or `confirmed`.
    pub state: String,
    /// Hours since it was opened.
    pub hours: u64,
    /// The rule that found it, where one did.
    pub rule: Option<String>,
}

/// The check.
pub(super) struct Own;

impl Walk for Own {
    const CHECK: Check = Check::Outbound;
    type Found = OwnPosts;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut OwnPosts,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let since = night.until - SignedDuration::from_hours(24 * DAYS);
        let page = sweeper.store.own_posts(place, since).await?;
        let standing = page.items.iter().filter(|own| own.deleted_at.is_none());
        let (retweets, words): (Vec<_>, Vec<_>) = standing.partition(|own| own.post.retweet_of.is_some());
        for own in words {
            ours(sweeper, night, own, found).await?;
        }
        originals(sweeper, &retweets, found).await?;
        if page.next.is_none() {
            let open = sweeper.store.open_corrections().await?;
            found.corrections = open
                .iter()
                .take(MOST_NAMED)
                .map(|open| Open {
                    post: open.post.clone(),
                    number: open.number,
                    state: open.state.key().to_owned(),
                    hours: open.hours_open(night.until).max(0.0) as u64,
                    rule: open.rule.clone(),
                })
                .collect();
        }
        Ok(page.next)
    }
}

fn key(own: &OwnPost) -> PostKey {
    PostKey { platform: own.post.platform, id: own.post.id.clone() }
}

async fn ours<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
    own: &OwnPost,
    found: &mut OwnPosts,
) -> Result<()> {
    found.checked += 1;
    let new = night.until.duration_since(own.post.as_of) < SignedDuration::from_hours(24);
    found.new += u64::from(new);
    if own.purpose.is_none() && own.post.platform == Platform::X {
        keep(&mut found.without_purpose, MOST_NAMED, key(own));
    }
    let draft = Draft { text: &own.post.text, personal: false };
    // Dates are read as of the day on which they were published.
    let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
    for finding in rulebook.outbound()?.check(&draft, &rulebook, own.post.as_of) {
        if finding.severity == Severity::Fix {
            let right = finding.hint.as_ref().map(|hint| hint.ja.clone());
            let wrong = match finding.evidence.first() {
                Some(words) => words.clone(),
                None => finding.title.ja.clone(),
            };
            let report = Report { post: key(own), by: Opener::Audit, rule: Some(finding.rule.clone()), wrong, right };
            match corrections::open(&sweeper.store, report, sweeper.now()).await {
                Ok(opened) => found.opened += u64::from(opened.is_some()),
                // Deleted in between: nothing is left to correct.
                Err(CorrectionError::NotOurs(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (rule, severity, evidence) = (finding.rule, finding.severity, finding.evidence);
        keep(&mut found.findings, MOST_NAMED, Found { post: key(own), rule, severity, evidence, new });
    }
    if let Some(until) = stale_after(&own.post.text, own.post.as_of)
        && until.tomorrow().is_ok_and(|next| next == night.date)
    {
        keep(&mut found.stale, MOST_NAMED, Stale { post: key(own), until });
    }
    Ok(())
}

/// Whether what we plainly retweeted still exists, still says the same, and breaks no clause.
async fn originals<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    retweets: &[&OwnPost],
    found: &mut OwnPosts,
) -> Result<()> {
    let ids: Vec<&str> = retweets.iter().filter_map(|own| own.post.retweet_of.as_deref()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let page = match sweeper.platform.x_posts(&sweeper.accounts, &ids, sweeper.now()).await {
        Ok(page) => page,
        Err(error) => {
            let error = match error {
                platforms::ListError::Platform(error) => reason(Platform::X, &error),
                other @ (platforms::ListError::Gone | platforms::ListError::PageExpired) => {
                    format!("x: {other}")
                }
            };
            put_off(&mut found.put_off, error);
            return Ok(());
        }
    };
    let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
    for own in retweets {
        let Some(original) = own.post.retweet_of.as_deref() else { continue };
        let shown = page.listed.iter().find(|listed| id_of(listed) == original);
        let what = match shown {
            None => Some(Became::Gone),
            Some(Listed::Superseded { .. }) => Some(Became::Changed),
            Some(Listed::Unreadable { .. }) => None,
            Some(Listed::Event { event, .. }) => match event.as_ref() {
                Event::Post(post) => {
                    let digest = hex::encode(&Sha256::digest(post.text.as_bytes())[..8]);
                    if own.original.is_none() {
                        sweeper.store.note_original(&key(own), &digest).await?;
                    }
                    let judgement = rules::judge(post, &Context::default(), &rulebook, sweeper.now());
                    if judgement.violations.iter().any(|violation| violation.verdict > Verdict::Allow) {
                        Some(Became::BreaksClause)
                    } else {
                        own.original.as_ref().filter(|before| **before != digest).map(|_| Became::Changed)
                    }
                }
                Event::Outbound(_)
                | Event::OwnPostDeleted { .. }
                | Event::AccessRevoked { .. }
                | Event::Video(_)
                | Event::VideoDeleted(_)
                | Event::Counted { .. } => None,
            },
        };
        if let Some(what) = what {
            let (post, original) = (key(own), original.to_owned());
            keep(&mut found.retweets, MOST_NAMED, Retweet { post, original, what });
        }
    }
    Ok(())
}

/// The id under which a post was asked for.
fn id_of(listed: &Listed) -> &str {
    match listed {
        Listed::Event { event, .. } => match event.as_ref() {
            Event::Post(post) => &post.target,
            Event::Outbound(own) => &own.target,
            Event::OwnPostDeleted { .. }
            | Event::AccessRevoked { .. }
            | Event::Video(_)
            | Event::VideoDeleted(_)
            | Event::Counted { .. } => "",
        },
        Listed::Superseded { newest } => newest,
        Listed::Unreadable { id, .. } => id,
    }
}
