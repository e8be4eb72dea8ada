//! What people say: how much, about what, the sharpest complaints and questions. Never as violations.

use std::collections::BTreeMap;

use anyhow::Result;
use casework::audit::{Kept, Night, Shelves};
use casework::decision::PostKey;
use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::listening::{Voice, listen};
use rules::{Platform, Verdict};
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk};
use crate::sweeper::Sweeper;

/// Posts and conversations that the report shows.
const MOST_NAMED: usize = 8;
/// Conversations that are counted at once; beyond it the smallest are forgotten.
const MOST_COUNTED: usize = 2_000;

/// What people said in the last 24 hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// Posts of the day.
    pub posts: u64,
    /// By platform.
    pub platforms: BTreeMap<String, u64>,
    /// By voice: complaint, question, praise, other.
    pub voices: BTreeMap<String, u64>,
    /// By verdict: allow, review, act.
    pub verdicts: BTreeMap<String, u64>,
    /// By hour of the day in Tokyo.
    pub hours: [u32; 24],
    /// Posts by conversation or video, as `platform:id`.
    pub conversations: BTreeMap<String, u32>,
    /// The sharpest complaints.
    pub complaints: Vec<Told>,
    /// The questions that ask most.
    pub questions: Vec<Told>,
}

/// A post that somebody should read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The post.
    pub post: PostKey,
    /// How sharp it is.
    pub sharpness: u32,
}

/// The check.
pub(super) struct Listen;

impl Walk for Listen {
    const CHECK: Check = Check::Digest;
    type Found = Digest;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Digest,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let page = sweeper.store.kept(place, sweeper.now()).await?;
        let today = |kept: &&Kept| {
            let age = night.until.duration_since(kept.post.created_at);
            age >= SignedDuration::ZERO && age < SignedDuration::from_hours(24)
        };
        let today: Vec<&Kept> = page.items.iter().filter(today).collect();
        let keys: Vec<PostKey> = today.iter().map(|kept| kept.key()).collect();
        let standings = sweeper.store.standing_of(&keys).await?;
        for (kept, standing) in today.into_iter().zip(standings) {
            if let Some(standing) = standing {
                add(found, kept, standing.verdict);
            }
        }
        if page.next.is_none() {
            found.conversations = largest(&found.conversations, MOST_NAMED);
        }
        Ok(page.next)
    }
}

/// Adds one post to the digest.
pub fn add(found: &mut Digest, kept: &Kept, verdict: Verdict) {
    found.posts += 1;
    *found.platforms.entry(kept.post.platform.key().to_owned()).or_default() += 1;
    *found.verdicts.entry(verdict.key().to_owned()).or_default() += 1;
    let hour = jiff::tz::offset(9).to_datetime(kept.post.created_at).hour();
    if let Some(count) = usize::try_from(hour).ok().and_then(|hour| found.hours.get_mut(hour)) {
        *count += 1;
    }
    // What breaks the guidelines is no opinion to listen to; it is in the queue.
    if verdict == Verdict::Act {
        return;
    }
    let heard = listen(&kept.post.text);
    *found.voices.entry(heard.voice.key().to_owned()).or_default() += 1;
    if let Some(conversation) = &kept.post.conversation {
        let key = match kept.post.platform {
            Platform::X => format!("x:{conversation}"),
            Platform::YouTube => format!("youtube:{conversation}"),
        };
        *found.conversations.entry(key).or_default() += 1;
        if found.conversations.len() > MOST_COUNTED {
            found.conversations = largest(&found.conversations, MOST_COUNTED / 2);
        }
    }
    let list = match heard.voice {
        Voice::Complaint => &mut found.complaints,
        Voice::Question => &mut found.questions,
        Voice::Praise | Voice::Other => return,
    };
    list.push(Told { post: kept.key(), sharpness: heard.sharpness });
    list.sort_by(|a, b| b.sharpness.cmp(&a.sharpness).then_with(|| a.post.cmp(&b.post)));
    list.truncate(MOST_NAMED);
}

fn largest(counts: &BTreeMap<String, u32>, most: usize) -> BTreeMap<String, u32> {
    let mut counts: Vec<_> = counts.iter().map(|(key, count)| (key.clone(), *count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.into_iter().take(most).collect()
}
