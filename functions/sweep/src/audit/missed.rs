//! Posts of the last seven days that neither webhook nor poll brought: listed again, and handled like any other.

use anyhow::Result;
use casework::audit::{Night, Shelves};
use casework::corrections::Register;
use casework::decision::PostKey;
use casework::event::{Event, Outbound};
use casework::handle_post::{Handled, handle_post};
use casework::ledger::Cases;
use casework::platform::PlatformError;
use casework::quota::Spender;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::ListError;
use platforms::TokenSource;
use platforms::x::list::{List, Listed as ListedOnX, MAX_QUERY, Span};
use platforms::youtube::list::{Listed as ListedOnYouTube, Queue as Shown, Threads};
use rules::{Platform, Post};
use serde::{Deserialize, Serialize};

use super::check::{Check, Walk, keep, put_off};
use super::reconcile::reason;
use crate::sweeper::Sweeper;

/// Days that are listed again: as far back as X searches.
const DAYS: i64 = 7;
/// Pages of one list on X, each of which is paid for.
const X_PAGES: u32 = 10;
/// Pages of one list on YouTube: 1 unit each.
const YOUTUBE_PAGES: u32 = 200;
/// Pages of replies below one comment.
const REPLY_PAGES: u32 = 20;
/// Missed posts that the report names.
const MOST_NAMED: usize = 50;

/// What listing again came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// Posts listed.
    pub listed: u64,
    /// Posts that nobody had brought, now handled.
    pub missed: u64,
    /// Posts of our own that nobody had brought.
    pub missed_own: u64,
    /// Posts that could not be read.
    pub unreadable: u64,
    /// The first missed ones, with their verdicts.
    pub named: Vec<MissedPost>,
    /// What could not be listed, and why.
    pub put_off: Vec<String>,
}

/// A post that nobody had brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissedPost {
    /// The post.
    pub post: PostKey,
    /// What was decided about it.
    pub verdict: String,
    /// Hours from its making until it was found.
    pub hours: u64,
}

/// What is listed, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Published,
    Held,
    Spam,
    Own,
    Mentions,
    Conversations,
}

impl Part {
    fn next(self) -> Option<Part> {
        match self {
            Part::Published => Some(Part::Held),
            Part::Held => Some(Part::Spam),
            Part::Spam => Some(Part::Own),
            Part::Own => Some(Part::Mentions),
            Part::Mentions => Some(Part::Conversations),
            Part::Conversations => None,
        }
    }
}

/// Where the lists are.
#[derive(Serialize, Deserialize)]
struct Place {
    part: Part,
    /// Which query of [`Part::Conversations`].
    #[serde(default)]
    query: usize,
    #[serde(default)]
    page: Option<String>,
    /// Pages of this list so far.
    #[serde(default)]
    pages: u32,
}

/// The check.
pub(super) struct Miss;

impl Walk for Miss {
    const CHECK: Check = Check::Missed;
    type Found = Missed;

    async fn page<T: TokenSource, O: Objects, Q: Queue>(
        sweeper: &Sweeper<T, O, Q>,
        night: &Night,
        found: &mut Missed,
        place: Option<&str>,
    ) -> Result<Option<String>> {
        let first = Place { part: Part::Published, query: 0, page: None, pages: 0 };
        let place = place.map(serde_json::from_str::<Place>).transpose()?.unwrap_or(first);
        let since = night.until - SignedDuration::from_hours(24 * DAYS);
        let page = match place.part {
            Part::Published => threads(sweeper, &place, Shown::Published, since, found).await,
            Part::Held => threads(sweeper, &place, Shown::Held, since, found).await,
            Part::Spam => threads(sweeper, &place, Shown::LikelySpam, since, found).await,
            Part::Own => on_x(sweeper, &place, List::OwnPosts, since, found).await,
            Part::Mentions => on_x(sweeper, &place, List::Mentions, since, found).await,
            Part::Conversations => {
                let queries = queries(&roots(sweeper, since).await?);
                match queries.get(place.query) {
                    Some(query) => on_x(sweeper, &place, List::Search(query), since, found).await,
                    None => Ok(None),
                }
            }
        };
        let next = match page {
            Ok(Some(page)) => Some(Place { page: Some(page), pages: place.pages + 1, ..place }),
            Ok(None) if place.part == Part::Conversations => {
                let more = queries(&roots(sweeper, since).await?).len() > place.query + 1;
                more.then_some(Place { part: place.part, query: place.query + 1, page: None, pages: 0 })
            }
            Ok(None) => after(place.part),
            // What can't be listed now is told; the other lists go on.
            Err(Stopped::Platform(platform, why)) => {
                put_off(&mut found.put_off, format!("{platform}: {why}"));
                after(place.part)
            }
            Err(Stopped::Other(error)) => return Err(error),
        };
        Ok(next.map(|next| serde_json::to_string(&next)).transpose()?)
    }
}

fn after(part: Part) -> Option<Place> {
    part.next().map(|part| Place { part, query: 0, page: None, pages: 0 })
}

/// Why a list ended early.
enum Stopped {
    Platform(Platform, String),
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Stopped::Other(error.into())
    }
}

fn stopped(platform: Platform, error: ListError) -> Stopped {
    match error {
        ListError::Platform(error) => {
            let told = reason(platform, &error);
            Stopped::Platform(platform, told.split_once(": ").map_or(told.clone(), |(_, why)| why.to_owned()))
        }
        other @ (ListError::PageExpired | ListError::Gone) => Stopped::Platform(platform, other.to_string()),
    }
}

async fn threads<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    place: &Place,
    shown: Shown,
    since: Timestamp,
    found: &mut Missed,
) -> Result<Option<String>, Stopped> {
    take_units(sweeper).await?;
    let channel = Threads::Channel(&sweeper.accounts.youtube);
    let listed = sweeper
        .platform
        .youtube_threads(&sweeper.accounts, channel, shown, place.page.as_deref(), sweeper.now())
        .await
        .map_err(|error| stopped(Platform::YouTube, error))?;
    let reached = listed.threads.iter().all(|thread| thread.published_at < since) && !listed.threads.is_empty();
    let mut comments = Vec::new();
    let mut ended = None;
    for thread in listed.threads {
        if thread.has_more() && ended.is_none() {
            ended = replies(sweeper, &thread.id, &mut comments, found).await.err();
        }
        comments.extend(thread.comments);
    }
    let comments = comments.into_iter().map(|listed| match listed {
        ListedOnYouTube::Event(event) => Some(*event),
        ListedOnYouTube::Unreadable { .. } => None,
    });
    // What was read is handled all the same.
    handle(sweeper, comments.collect(), since, found).await?;
    match ended {
        Some(ended) => Err(ended),
        None => Ok(listed.next.filter(|_| !reached && place.pages + 1 < YOUTUBE_PAGES)),
    }
}

/// Takes the units of one call out of the day.
async fn take_units<T, O, Q>(sweeper: &Sweeper<T, O, Q>) -> Result<(), Stopped> {
    let why = "the day's units are left to moderation and new comments";
    let left_to_others = |_| Stopped::Platform(Platform::YouTube, why.to_owned());
    sweeper.spend_list(Spender::Window).await.map_err(left_to_others)
}

/// The replies of a thread. One that can't be read is told and passed over; only what concerns the account as a whole
/// ends the list.
async fn replies<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    thread: &str,
    comments: &mut Vec<ListedOnYouTube>,
    found: &mut Missed,
) -> Result<(), Stopped> {
    let mut page = None::<String>;
    for _ in 0..REPLY_PAGES {
        take_units(sweeper).await?;
        let listed = sweeper.platform.youtube_replies(&sweeper.accounts, thread, page.as_deref(), sweeper.now()).await;
        match listed {
            Ok(listed) => {
                comments.extend(listed.comments);
                page = listed.next;
            }
            Err(ListError::Gone) => return Ok(()),
            Err(
                error @ (ListError::PageExpired
                | ListError::Platform(
                    PlatformError::Permanent { .. } | PlatformError::Transient { .. } | PlatformError::Uncertain { .. },
                )),
            ) => {
                put_off(&mut found.put_off, format!("{}: replies: {error}", Platform::YouTube));
                return Ok(());
            }
            Err(
                error @ ListError::Platform(
                    PlatformError::Wait { .. }
                    | PlatformError::QuotaSpent { .. }
                    | PlatformError::SpendingStopped { .. }
                    | PlatformError::Disconnected { .. },
                ),
            ) => return Err(stopped(Platform::YouTube, error)),
        }
        if page.is_none() {
            break;
        }
    }
    Ok(())
}

async fn on_x<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    place: &Place,
    list: List<'_>,
    since: Timestamp,
    found: &mut Missed,
) -> Result<Option<String>, Stopped> {
    // X refuses what lies more than seven days before its own now.
    let start = since.max(sweeper.now() - SignedDuration::from_hours(24 * DAYS) + SignedDuration::from_mins(1));
    let listed = sweeper
        .platform
        .x_page(
            &sweeper.accounts,
            list,
            Span { since: Some(start), until: None, page: place.page.as_deref() },
            sweeper.now(),
        )
        .await
        .map_err(|error| stopped(Platform::X, error))?;
    // What an edit replaced is no longer shown.
    let shown = listed.listed.into_iter().filter(|listed| !matches!(listed, ListedOnX::Superseded { .. }));
    let posts = shown.map(|listed| match listed {
        ListedOnX::Event { event, .. } => Some(*event),
        ListedOnX::Superseded { .. } | ListedOnX::Unreadable { .. } => None,
    });
    handle(sweeper, posts.collect(), since, found).await?;
    Ok(listed.next.filter(|_| place.pages + 1 < X_PAGES))
}

/// Hands what nobody knew of to the same judgement as the webhook's.
async fn handle<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    events: Vec<Option<Event>>,
    since: Timestamp,
    found: &mut Missed,
) -> Result<(), Stopped> {
    found.listed += events.len() as u64;
    found.unreadable += events.iter().filter(|event| event.is_none()).count() as u64;
    let mut posts: Vec<Box<Post>> = Vec::new();
    for event in events.into_iter().flatten() {
        match event {
            Event::Post(post) if post.created_at >= since => posts.push(post),
            Event::Outbound(own) if own.as_of >= since => missed_own(sweeper, &own, found).await?,
            Event::Post(_)
            | Event::Outbound(_)
            | Event::OwnPostDeleted { .. }
            | Event::AccessRevoked { .. }
            | Event::Video(_)
            | Event::VideoDeleted(_)
            | Event::Counted { .. } => {}
        }
    }
    let keys: Vec<PostKey> =
        posts.iter().map(|post| PostKey { platform: post.platform, id: post.id.clone() }).collect();
    let known = sweeper.store.standing_of(&keys).await?;
    for ((post, key), known) in posts.iter().zip(keys).zip(known) {
        if known.is_some() {
            continue;
        }
        let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
        let clock = std::sync::Arc::clone(&sweeper.clock);
        let handled = Box::pin(handle_post(&sweeper.store, &rulebook, post, || clock())).await?;
        if let Handled::Decided { verdict, .. } = handled {
            found.missed += 1;
            let hours = sweeper.now().duration_since(post.created_at).as_hours();
            let hours = u64::try_from(hours).unwrap_or(0);
            keep(&mut found.named, MOST_NAMED, MissedPost { post: key, verdict: verdict.key().to_owned(), hours });
        }
    }
    Ok(())
}

async fn missed_own<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    own: &Outbound,
    found: &mut Missed,
) -> Result<(), Stopped> {
    let key = PostKey { platform: own.platform, id: own.id.clone() };
    if sweeper.store.own_post(&key).await?.is_none() {
        let rulebook = sweeper.rulebooks.current(sweeper.now()).await?;
        let purpose = rulebook.organisation().purpose_of(&own.text);
        sweeper.store.record_outbound(own, purpose, sweeper.now()).await?;
        found.missed_own += 1;
    }
    Ok(())
}

/// Our own posts on X of the last days: the conversations that may hold replies to replies.
async fn roots<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    since: Timestamp,
) -> Result<Vec<String>> {
    let mut roots = Vec::new();
    let mut place: Option<String> = None;
    loop {
        let page = sweeper.store.own_posts(place.as_deref(), since).await?;
        let own = page.items.into_iter().filter(|own| {
            own.post.platform == Platform::X && own.post.retweet_of.is_none() && own.deleted_at.is_none()
        });
        roots.extend(own.map(|own| own.post.id));
        place = page.next;
        if place.is_none() {
            roots.sort_unstable();
            return Ok(roots);
        }
    }
}

/// As few queries as the length of one allows.
fn queries(roots: &[String]) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for root in roots {
        let term = format!("conversation_id:{root}");
        match queries.last_mut() {
            Some(query) if query.len() + 4 + term.len() <= MAX_QUERY => {
                query.push_str(" OR ");
                query.push_str(&term);
            }
            Some(_) | None => queries.push(term),
        }
    }
    queries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_hold_every_conversation_and_are_never_too_long() {
        let roots: Vec<String> = (0..100).map(|n| format!("20900000000000{n:05}")).collect();
        let queries = queries(&roots);
        assert!(queries.iter().all(|query| query.len() <= MAX_QUERY));
        let all = queries.join(" OR ");
        assert!(roots.iter().all(|root| all.matches(root.as_str()).count() == 1));
    }
}
