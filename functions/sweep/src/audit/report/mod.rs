//! The report of a night: figures as JSON, a page for people, a short mail, metrics.

pub mod attention;
mod chart;
pub mod data;
pub mod mail;
pub mod objects;
pub mod page;
mod promises;
mod sections;
mod voices;
mod waiting;
mod words;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use bytes::Bytes;
use casework::audit::{Night, Nights, Shelves};
use casework::corrections::Register;
use casework::decision::PostKey;
use lambda_kit::objects::Objects;
use lambda_kit::queue::Queue;
use platforms::TokenSource;
use rules::{Lang, Organisation, deep_link};

use attention::attention;
use data::{Day, Past, Report};
use page::{Page, Quote, page};

use crate::sweeper::Sweeper;

/// Characters of a post that the page quotes.
const QUOTED: usize = 140;

/// Writes the report of a night whose checks have ended, tells its readers, and ends the night. What was done before
/// a start that died is not done again, but for the mail when it died between sending and noting it.
pub(super) async fn write<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    night: &Night,
) -> Result<()> {
    let now = sweeper.now();
    let rulebook = sweeper.rulebooks.current(now).await?;
    let key = objects::figures(night.date);
    let report = if night.written {
        let kept = sweeper.objects.get(&key).await?.context("the report that was written is gone")?;
        serde_json::from_slice(&kept)?
    } else {
        let notes = sweeper.store.notes(night.date).await?;
        let organisation = &rulebook.organisation().name;
        Report::of(night, &notes, before(sweeper, night).await?, organisation, rulebook.version(), now)
    };
    let attention = attention(&report);
    if !night.written {
        let quotes = quotes(sweeper, &report).await?;
        let whole = Page { report: &report, attention: &attention, quotes: &quotes, rulebook: &rulebook };
        sweeper
            .objects
            .put(&objects::page(night.date), Bytes::from(page(&whole, first_language(rulebook.organisation()))))
            .await?;
        sweeper.objects.put(&key, Bytes::from(serde_json::to_vec_pretty(&report)?)).await?;
        lambda_kit::metrics::audit(
            &attention.iter().map(|one| (one.key, one.count)).collect::<Vec<_>>(),
            report.waiting(),
            report.pending.longest_hours,
        );
        sweeper.store.end_night(night, false, now).await?;
    }
    let place = format!("{}{}", sweeper.readers.place, objects::page(night.date));
    let summary = mail::summary(&report, &attention, &place);
    sweeper.readers.notice.send(&summary).await.context("summary mail")?;
    sweeper.store.end_night(night, true, sweeper.now()).await?;
    Ok(())
}

/// The days of the newest report before this one.
async fn before<T, O: Objects, Q>(sweeper: &Sweeper<T, O, Q>, night: &Night) -> Result<Vec<Day>> {
    let mut date = night.date;
    for _ in 0..data::HISTORY {
        date = date.yesterday()?;
        if let Some(kept) = sweeper.objects.get(&objects::figures(date)).await? {
            // The days alone, so that they outlive a change of anything else in the report.
            return Ok(serde_json::from_slice::<Past>(&kept).map(|past| past.history).unwrap_or_default());
        }
    }
    Ok(Vec::new())
}

/// The language of our first account's audience.
fn first_language(organisation: &Organisation) -> Lang {
    let languages = organisation.accounts.iter().flat_map(|account| account.languages.iter());
    match languages.map(String::as_str).next() {
        Some("en") => Lang::En,
        Some(_) | None => Lang::Ja,
    }
}

/// Words of the posts that the report names, as far as they are kept at this moment.
async fn quotes<T: TokenSource, O: Objects, Q: Queue>(
    sweeper: &Sweeper<T, O, Q>,
    report: &Report,
) -> Result<BTreeMap<PostKey, Quote>> {
    let mut keys: Vec<PostKey> = Vec::new();
    keys.extend(report.pending.named.iter().map(|one| one.post.clone()));
    keys.extend(report.pending.late_named.iter().map(|one| one.post.clone()));
    keys.extend(report.reconciled.named.iter().map(|one| one.post.clone()));
    keys.extend(report.missed.named.iter().map(|one| one.post.clone()));
    keys.extend(report.rejudged.differences.iter().map(|one| one.post.clone()));
    keys.extend(report.digest.complaints.iter().chain(&report.digest.questions).map(|told| told.post.clone()));
    keys.extend(report.outbound.findings.iter().map(|found| found.post.clone()));
    keys.extend(report.outbound.stale.iter().map(|stale| stale.post.clone()));
    keys.extend(report.outbound.corrections.iter().map(|open| open.post.clone()));
    keys.extend(report.outbound.without_purpose.iter().cloned());
    keys.extend(report.digest.conversations.keys().filter_map(|key| key.parse().ok()));
    keys.sort_unstable();
    keys.dedup();
    let mut quotes = BTreeMap::new();
    for key in keys {
        let quote = match sweeper.store.text_of(&key, sweeper.now()).await? {
            Some(kept) => Some(Quote { text: short(&kept.post.text), link: kept.post.deep_link() }),
            None => sweeper
                .store
                .own_post(&key)
                .await?
                .filter(|own| !own.text.is_empty())
                .map(|own| Quote { text: short(&own.text), link: deep_link(own.platform, &own.target, None) }),
        };
        if let Some(quote) = quote {
            quotes.insert(key, quote);
        }
    }
    Ok(quotes)
}

/// The first words of a text, on one line, without the handles that a reply begins with.
fn short(text: &str) -> String {
    let mut words = text.split_whitespace().peekable();
    while words.peek().is_some_and(|word| word.starts_with('@')) && words.clone().count() > 1 {
        words.next();
    }
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
