//! Everything that the `decisions` table holds of a person, handed over page by page.

use casework::decision::{Decider, Decision, PostKey};
use casework::ledger::{LedgerError, Result};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use privacy::letters::DataItem;
use privacy::package::{CaseAction, CaseDecision, Record};
use privacy::registry::{PlaceError, Subject, Take};
use rules::Platform;

use crate::action::action_of;
use crate::attributes::{Item, from_item, number, text, time};
use crate::items::Content;
use crate::person_pages::{AT_ONCE, Pages};
use crate::{Store, keys};

/// Why collecting stopped.
pub(crate) enum Stopped {
    Store(LedgerError),
    Taker(PlaceError),
}

impl From<LedgerError> for Stopped {
    fn from(error: LedgerError) -> Self {
        Stopped::Store(error)
    }
}

impl Store {
    /// The profile first, so that who takes the records knows the person's own handle; then posts, strikes, cases.
    pub(crate) async fn collect_person(
        &self,
        subject: &Subject,
        take: &mut Take<'_>,
    ) -> std::result::Result<(), Stopped> {
        let pk = keys::person(&subject.person);
        if let Some(profile) = self.get(&pk, keys::PROFILE).await? {
            for record in profile_records(&profile) {
                take(record).map_err(Stopped::Taker)?;
            }
        }
        let mut pages = Pages::of_partition(&pk, None);
        while let Some(page) = pages.next(self).await? {
            for item in page {
                if let Some(record) = partition_record(item)? {
                    take(record).map_err(Stopped::Taker)?;
                }
            }
        }
        let mut pages = Pages::of_heads(&subject.person);
        while let Some(page) = pages.next(self).await? {
            let posts: Vec<_> = page.iter().filter_map(|head| keys::parse_post(text(head, "pk")?)).collect();
            let mut cases = stream::iter(posts).map(|post| self.case_record(post)).buffered(AT_ONCE);
            while let Some(case) = cases.next().await {
                take(case?).map_err(Stopped::Taker)?;
            }
        }
        Ok(())
    }

    async fn case_record(&self, post: PostKey) -> Result<Record> {
        let (mut decisions, mut actions) = (Vec::new(), Vec::new());
        for item in self.partition(&keys::post(&post)).await? {
            let sk = text(&item, "sk").unwrap_or_default();
            if sk.starts_with(keys::DECISION_PREFIX) {
                decisions.push(shown(&from_item::<Decision>(item)?));
            } else if sk.starts_with(keys::ACTION_PREFIX) {
                let action = action_of(item, None)?;
                actions.push(CaseAction {
                    action: action.key.kind.to_string(),
                    state: action.outcome.unwrap_or_else(|| action.state.key().to_owned()),
                });
            }
        }
        Ok(Record::Case { platform: post.platform, id: post.id, decisions, actions })
    }
}

fn shown(decision: &Decision) -> CaseDecision {
    let mut clauses: Vec<String> = decision.findings.iter().map(|finding| finding.clause.to_string()).collect();
    clauses.dedup();
    CaseDecision {
        number: decision.number,
        by: match decision.by {
            Decider::Machine => "machine".to_owned(),
            // The name of a member of staff is not the person's data.
            Decider::Person(_) => "person".to_owned(),
        },
        verdict: decision.verdict.key().to_owned(),
        clauses,
        rules: decision.findings.iter().map(|finding| finding.rule.clone()).collect(),
        guidelines: decision.guidelines.clone(),
        decided_at: decision.decided_at,
    }
}

/// The items of the guidelines' list that a profile holds, by the access register, and the time that it spans.
fn profile_records(profile: &Item) -> Vec<Record> {
    let items = [
        (DataItem::Name, "published_name"),
        (DataItem::Nickname, "nickname"),
        (DataItem::ProfilePhoto, "profile_photograph"),
        (DataItem::Gender, "gender"),
        (DataItem::Network, "network"),
        (DataItem::UserId, "user_id"),
    ];
    let mut records = Vec::new();
    for (item, name) in items {
        let Some(value) = text(profile, name) else { continue };
        let read = profile.get(&format!("read_{name}")).and_then(|read| read.as_m().ok());
        let part = |part: &str| read.and_then(|read| text(read, part)).unwrap_or_default().to_owned();
        records.push(Record::Item {
            item,
            value: value.to_owned(),
            source: part("source"),
            read_at: part("at").parse().ok(),
            purpose: part("purpose"),
        });
    }
    let (first, last) = (time(profile, "first_seen"), time(profile, "last_seen"));
    records.push(Record::Seen { first, last, kept_until: until(profile) });
    records
}

fn partition_record(item: Item) -> Result<Option<Record>> {
    let kept_until = until(&item);
    let sk = text(&item, "sk").unwrap_or_default().to_owned();
    if sk.starts_with(keys::CONTENT_PREFIX) {
        let content: Content = from_item(item)?;
        let matched = content.evidence.into_iter().flat_map(|(_, words)| words).collect();
        return Ok(Some(Record::Post {
            platform: content.post.platform,
            url: content.post.deep_link(),
            id: content.post.id,
            made_at: content.post.created_at,
            text: content.post.text,
            matched,
            kept_until,
        }));
    }
    let Some((platform, id)) = sk.strip_prefix(keys::STRIKE_PREFIX).and_then(|post| post.split_once('#')) else {
        return Ok(None);
    };
    let platform: Platform = platform.parse().map_err(LedgerError::Corrupt)?;
    Ok(Some(Record::Strike { platform, id: id.to_owned(), since: time(&item, "since"), until: kept_until }))
}

fn until(item: &Item) -> Option<Timestamp> {
    number::<i64>(item, "expires").and_then(|second| Timestamp::from_second(second).ok())
}
