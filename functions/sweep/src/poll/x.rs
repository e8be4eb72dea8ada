//! X: our own posts, what mentions us, and what answers or quotes us and no webhook brings.
//!
//! Our own posts come first: whether we began a conversation decides what can be done in it.

use std::collections::BTreeSet;

use casework::event::Event;
use casework::ledger::LedgerError;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue as Messages;
use platforms::TokenSource;
use platforms::x::list::{List, Listed, SEARCH_HOURS, Span};
use rules::Platform;
use store::{Backlog, Purpose, Root, SweepNote};

use super::backlog::Walked;
use super::halt::Halt;
use super::query;
use super::record::Item;
use crate::sweeper::Sweeper;

/// The names of the lists.
const OWN: &str = "x.own";
const MENTIONS: &str = "x.mentions";
const TO_US: &str = "x.to";
/// Followed by a query.
const SEARCH: &str = "x.search";

/// Pages that one poll reads of a list; the rest is left for later.
const PAGES: u32 = 10;
/// How far behind its watermark a list is read again: lists lag, and clocks differ.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// How far behind it is read for edits, which are possible for an hour, and how often.
const EDITS: SignedDuration = SignedDuration::from_mins(65);
const EDITS_EVERY: SignedDuration = SignedDuration::from_mins(20);
/// Posts of ours whose answers are searched in every poll, and in those that look for edits.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
const WATCHED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Backlog that nobody worked on for so long is taken up again.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// A list of a poll, and what moves when it was read.
struct Source {
    name: String,
    query: Option<String>,
    since: Option<Timestamp>,
    roots: Vec<Root>,
    watermark: Option<&'static str>,
}

/// What was read of a source.
struct Read {
    source: Source,
    rest: Option<Backlog>,
}

/// One poll of X.
pub(crate) async fn poll<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    deadline: Timestamp,
) -> Result<(), LedgerError> {
    if let Some(why) = sweeper.stopped(Platform::X).await? {
        tracing::info!(reason = why, "X is not polled");
        lambda_kit::metrics::put_off(Platform::X.key(), "stopped");
        return Ok(());
    }
    if let Err(halt) = own_posts(sweeper, deadline).await {
        // Without our own posts nobody knows which conversations are ours, and what can be done in them.
        return sweeper.settle(Platform::X, OWN, halt).await;
    }
    if let Err(halt) = others(sweeper, deadline).await {
        sweeper.settle(Platform::X, MENTIONS, halt).await?;
    }
    match sweeper.wake(Platform::X, QUIET).await {
        Ok(()) => Ok(()),
        Err(halt) => sweeper.settle(Platform::X, SEARCH, halt).await,
    }
}

/// Our own posts: kept as outbound, and watched for answers and quotes.
async fn own_posts<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    deadline: Timestamp,
) -> Result<(), Halt> {
    let (account, started) = (sweeper.account(Platform::X), sweeper.now());
    let mark = sweeper.store.watermark(&account, OWN).await?;
    rested(mark.wait_until, started)?;
    sweeper.may_read_x().await?;
    // The first time, as far back as answers are searched.
    let since = mark.done.map_or(started - WATCHED, |done| done - EDITS);
    let mut token: Option<String> = None;
    loop {
        if sweeper.now() >= deadline {
            return Err(Halt::Deadline);
        }
        let span = Span { since: Some(since), until: None, page: token.as_deref() };
        let page = sweeper.platform.x_page(&sweeper.accounts, List::OwnPosts, span, sweeper.now()).await?;
        let mut newer: BTreeSet<String> = BTreeSet::new();
        let mut listed = Vec::new();
        for entry in page.listed {
            match entry {
                Listed::Superseded { newest } => {
                    newer.insert(newest);
                }
                Listed::Event { .. } | Listed::Unreadable { .. } => listed.push(entry),
            }
        }
        listed.extend(look_up(sweeper, newer).await?);
        for entry in &listed {
            watch(sweeper, entry).await?;
        }
        let items = listed.into_iter().filter_map(|entry| Item::of_x(entry).ok()).collect();
        let tally = sweeper.record_all(items, deadline).await?;
        if tally.left_from.is_some() {
            return Err(Halt::Deadline);
        }
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    sweeper.store.move_watermark(&account, OWN, started, started).await?;
    Ok(())
}

/// A plain repost says nothing that could be answered or quoted.
async fn watch<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    listed: &Listed,
) -> Result<(), LedgerError> {
    let Listed::Event { event, starts } = listed else { return Ok(()) };
    let Event::Outbound(own) = event.as_ref() else { return Ok(()) };
    if own.retweet_of.is_some() {
        return Ok(());
    }
    let root = Root { id: own.id.clone(), target: own.target.clone(), starts: *starts, made_at: own.as_of, done: None };
    sweeper.store.watch_root(&sweeper.account(Platform::X), &root).await
}

/// What others wrote: all lists are read first, then everything in them is handed on by its time.
async fn others<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    deadline: Timestamp,
) -> Result<(), Halt> {
    let (account, started) = (sweeper.account(Platform::X), sweeper.now());
    let mut items = Vec::new();
    let mut newer = BTreeSet::new();
    let mut done = Vec::new();
    let mut halted = None;
    // The other half of the time is for recording.
    let enough = started + deadline.duration_since(started) / 2;
    let wide = {
        let mark = sweeper.store.watermark(&account, MENTIONS).await?;
        mark.wide_at.is_none_or(|at| started.duration_since(at) >= EDITS_EVERY)
    };
    for source in sources(sweeper, wide, started).await? {
        match read(sweeper, source, &mut items, &mut newer, enough).await {
            Ok(read) => done.push(read),
            Err(Halt::Store(error)) => return Err(Halt::Store(error)),
            // What was read of it is handed on all the same; its watermark stays.
            Err(halt) => {
                halted = Some(halt);
                break;
            }
        }
    }
    match look_up(sweeper, newer).await {
        Ok(newest) => items.extend(newest.into_iter().filter_map(|entry| Item::of_x(entry).ok())),
        Err(Halt::Store(error)) => return Err(Halt::Store(error)),
        // Without the edits nothing is complete.
        Err(halt) => {
            done.clear();
            halted = Some(halt);
        }
    }
    let tally = sweeper.record_all(items, deadline).await?;
    sweeper.count_x(tally.new).await?;
    if tally.left_from == Some(Timestamp::MIN) {
        // What does not say when it was made comes first, so nothing at all was recorded.
        done.clear();
    }
    let recorded = tally.left_from.map_or(started, |left| left.min(started));
    for Read { source, rest } in done {
        if let Some(rest) = rest {
            if tally.left_from.is_some() {
                // It is read again from its watermark.
                continue;
            }
            sweeper.store.leave_for_later(&account, &rest, started).await?;
        }
        // Only now: whatever fails before leaves the watermark where it was, and all of it is read again.
        if let Some(list) = source.watermark {
            sweeper.store.move_watermark(&account, list, recorded, started).await?;
        }
        for root in &source.roots {
            sweeper.store.move_root(&account, root, recorded).await?;
        }
    }
    match halted {
        Some(halt) => Err(halt),
        None if tally.left_from.is_some() => Err(Halt::Deadline),
        None => {
            if wide {
                sweeper.store.note_sweep(&account, MENTIONS, SweepNote::Wide, started).await?;
            }
            Ok(())
        }
    }
}

/// The lists of this poll.
async fn sources<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    wide: bool,
    now: Timestamp,
) -> Result<Vec<Source>, Halt> {
    let account = sweeper.account(Platform::X);
    let behind = if wide { EDITS } else { OVERLAP };
    // Search refuses times before its reach; a minute for the way there.
    let reach = now - SignedDuration::from_hours(SEARCH_HOURS) + SignedDuration::from_mins(1);
    let mut sources = Vec::new();
    for (name, query) in [(MENTIONS, None), (TO_US, Some(query::to_us(&sweeper.accounts.x)))] {
        let mark = sweeper.store.watermark(&account, name).await?;
        rested(mark.wait_until, now)?;
        let since = mark.done.map(|done| done - behind);
        let since = match &query {
            Some(_) => Some(since.map_or(reach, |since| since.max(reach))),
            None => since,
        };
        sources.push(Source { name: name.to_owned(), query, since, roots: Vec::new(), watermark: Some(name) });
    }
    let roots = sweeper.store.roots(&account, now - if wide { WATCHED } else { RECENT }).await?;
    for query in query::about(roots, &sweeper.accounts.x) {
        let since = query
            .roots
            .iter()
            .map(|root| root.done.map_or(root.made_at, |done| (done - behind).max(root.made_at)))
            .min();
        sources.push(Source {
            name: format!("{SEARCH} {}", query.text),
            query: Some(query.text),
            since: Some(since.map_or(reach, |since| since.max(reach))),
            roots: query.roots,
            watermark: None,
        });
    }
    Ok(sources)
}

/// Reads a source down to where it is known, or as far as one poll goes.
async fn read<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    source: Source,
    items: &mut Vec<Item>,
    newer: &mut BTreeSet<String>,
    deadline: Timestamp,
) -> Result<Read, Halt> {
    let (mut token, mut pages, mut restarts): (Option<String>, u32, u32) = (None, 0, 0);
    let mut oldest: Option<Timestamp> = None;
    loop {
        if sweeper.now() >= deadline {
            return Err(Halt::Deadline);
        }
        sweeper.may_read_x().await?;
        let list = source.query.as_deref().map_or(List::Mentions, List::Search);
        let span = Span { since: source.since, until: None, page: token.as_deref() };
        let page = sweeper.platform.x_page(&sweeper.accounts, list, span, sweeper.now()).await.map_err(Halt::from);
        let page = match page {
            Ok(page) => page,
            Err(Halt::PageExpired) if restarts < 3 => {
                (token, restarts) = (None, restarts + 1);
                continue;
            }
            Err(halt) => return Err(halt),
        };
        pages += 1;
        oldest = page.oldest.or(oldest);
        for entry in page.listed {
            match Item::of_x(entry) {
                Ok(item) => items.push(item),
                Err(newest) => {
                    newer.insert(newest);
                }
            }
        }
        token = page.next;
        if token.is_none() {
            return Ok(Read { source, rest: None });
        }
        if pages >= PAGES {
            let now = sweeper.now();
            let rest = Backlog {
                list: source.name.clone(),
                purpose: Purpose::Backlog,
                opened_at: now,
                upper: oldest.unwrap_or(now) + SignedDuration::from_secs(1),
                floor: source.since,
                token: None,
                reached: oldest,
                pages: 0,
                restarts: 0,
            };
            return Ok(Read { source, rest: Some(rest) });
        }
    }
}

/// One page of a part that was left for later. Time bounds it on both sides, so that a page token that is no longer
/// good costs nothing.
pub(crate) async fn walk_page<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    backlog: &Backlog,
    deadline: Timestamp,
) -> Result<Walked, Halt> {
    sweeper.may_read_x().await?;
    let to_us = query::to_us(&sweeper.accounts.x);
    let list = match backlog.list.split_once(' ') {
        Some((SEARCH, query)) => List::Search(query),
        _ if backlog.list == TO_US => List::Search(&to_us),
        _ if backlog.list == MENTIONS => List::Mentions,
        _ => return Err(Halt::Gone),
    };
    let now = sweeper.now();
    let reach = now - SignedDuration::from_hours(SEARCH_HOURS) + SignedDuration::from_mins(1);
    let since = match list {
        List::Search(_) => Some(backlog.floor.map_or(reach, |floor| floor.max(reach))),
        List::Mentions | List::OwnPosts => backlog.floor,
    };
    if since.is_some_and(|since| since >= backlog.upper) {
        // It lies beyond the reach of search by now.
        return Err(Halt::Gone);
    }
    let span = Span { since, until: Some(backlog.upper), page: backlog.token.as_deref() };
    let page = sweeper.platform.x_page(&sweeper.accounts, list, span, now).await?;
    let mut newer = BTreeSet::new();
    let mut items = Vec::new();
    for entry in page.listed {
        match Item::of_x(entry) {
            Ok(item) => items.push(item),
            Err(newest) => {
                newer.insert(newest);
            }
        }
    }
    items.extend(look_up(sweeper, newer).await?.into_iter().filter_map(|entry| Item::of_x(entry).ok()));
    let tally = sweeper.record_all(items, deadline).await?;
    sweeper.count_x(tally.new).await?;
    Ok(Walked { next: page.next, oldest: page.oldest, left_from: tally.left_from })
}

/// The newest versions of posts that a list showed as they were before an edit.
async fn look_up<T: TokenSource, O: Objects, Q: Messages>(
    sweeper: &Sweeper<T, O, Q>,
    ids: BTreeSet<String>,
) -> Result<Vec<Listed>, Halt> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Ok(sweeper.platform.x_posts(&sweeper.accounts, &ids, sweeper.now()).await?.listed)
}

fn rested(wait_until: Option<Timestamp>, now: Timestamp) -> Result<(), Halt> {
    match wait_until {
        Some(until) if until > now => Err(Halt::Rested),
        Some(_) | None => Ok(()),
    }
}
