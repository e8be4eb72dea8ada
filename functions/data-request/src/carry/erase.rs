//! Erasure: suppress, erase everywhere, look again, remember it in the ledger.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::erasure::Tombstone;
use privacy::file::{Account, ItemState, RequestFile, Requests};
use privacy::mail::thread::TicketId;
use privacy::registry::{Place, Registry, Subject};
use store::RequestStore;

use super::places::{MailPlace, PackagePlace};
use crate::app::App;

/// Days that a tombstone cannot be removed: longer than any backup lives.
const LEDGER_DAYS: i64 = 400;

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Erases what is held of a person but the file itself, which is erased once its last letter has had time to
    /// arrive, and the package that was made for it may not be fetched any more.
    pub(crate) async fn erase(&self, file: &RequestFile, number: u32, account: &Account) -> Result<()> {
        let ticket = &file.ticket;
        let mut subject = self.subject(ticket, account).await?;
        if file.package.as_ref().is_some_and(|package| self.now() < package.until) {
            subject.tickets.retain(|other| other != ticket);
        }
        self.suppress(ticket, &subject.person).await?;
        let (mail, packages) = self.places();
        let registry = Registry::new(vec![&self.carrier.decisions, &mail, &packages, &self.requests])?;
        let cleared = registry.erase(&subject, &[Place::Decisions, Place::Packages], self.now()).await?;
        let decided = file.item(number).and_then(|item| item.decided.as_ref()).map(|decided| decided.at);
        let tombstone = Tombstone {
            subject: Subject { person: subject.person, tickets: Vec::new() },
            ticket: ticket.clone(),
            rights: file.erasing().collect(),
            decided_at: decided.context("erasure without a decision")?,
            erased_at: self.now(),
            cleared: cleared.clone(),
            policy: file.law.on().to_string(),
        };
        if !tombstone.complete() {
            bail!("looking again found something");
        }
        let body = Bytes::from(serde_json::to_vec(&tombstone)?);
        self.carrier.proof.put_locked(&tombstone.key(), body, self.ledger_until()).await?;
        Ok(self.desk().erased(ticket, number, &cleared, self.now()).await?)
    }

    /// After a file was taken back: what was suppressed for it is used again, unless something was erased or the end of
    /// its use was granted, or an older or another file of the same person wants it suppressed.
    pub(crate) async fn use_again_if_withdrawn(&self, ticket: &TicketId) -> Result<()> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        let withdrawn = file.is_closed() && file.items.iter().any(|item| item.state == ItemState::Withdrawn);
        let account = file.person.as_ref().and_then(|person| person.account.clone());
        let Some(account) = account.filter(|_| file.suppressed && withdrawn && !file.has_ended_use()) else {
            return Ok(());
        };
        let subject = self.subject(ticket, &account).await?;
        for other in subject.tickets.iter().filter(|other| *other != ticket) {
            if let Some(other) = self.requests.load(other).await?
                && other.suppressed
            {
                return Ok(());
            }
        }
        let since = self.carrier.decisions.suppressed_since(&subject.person).await?;
        if since.is_some_and(|since| since >= file.arrived) {
            self.carrier.decisions.lift_suppression(&subject.person).await?;
        }
        Ok(self.desk().used_again(ticket, self.now()).await?)
    }

    /// The time of a closed file is over: who asked, with the salt that opens its chain, its letters, mails and
    /// packages, and the same of those that were only worked on in it. Gives whether it was.
    pub(crate) async fn end_of_keeping(&self, file: &RequestFile) -> Result<bool> {
        if !file.is_over(self.now()) {
            return Ok(false);
        }
        let account = file.person.as_ref().and_then(|person| person.account.clone());
        let person = account.map(|account| self.carrier.person(&account)).unwrap_or_default();
        let subject = Subject { person, tickets: with_duplicates(&self.requests, file).await? };
        let (mail, packages) = self.places();
        let registry = Registry::new(vec![&self.carrier.decisions, &mail, &packages, &self.requests])?;
        // Mails first: the file names them.
        let cleared = registry.erase(&subject, &[Place::Mail, Place::Packages, Place::Requests], self.now()).await?;
        if cleared.iter().any(|one| one.left > 0) {
            bail!("looking again found something");
        }
        Ok(true)
    }

    /// Until when nobody can remove what the ledger takes in now, in seconds since 1970.
    pub(crate) fn ledger_until(&self) -> i64 {
        (self.now() + SignedDuration::from_hours(24 * LEDGER_DAYS)).as_second()
    }

    /// The places that are made of objects.
    pub(crate) fn places(&self) -> (MailPlace<'_, O>, PackagePlace<'_, O>) {
        let mail = MailPlace { objects: &self.objects, requests: &self.requests };
        (mail, PackagePlace { objects: &self.carrier.packages })
    }
}

/// A file, with those that were only worked on in it. It comes last, as it leads to the others where this is cut short.
pub(super) async fn with_duplicates(requests: &RequestStore, file: &RequestFile) -> Result<Vec<TicketId>> {
    let mut tickets = Vec::new();
    for linked in &file.linked {
        let same = |other: &RequestFile| {
            let duplicates = other.items.iter().all(|item| item.state == ItemState::Duplicate);
            other.duplicate_of.as_ref() == Some(&file.ticket) && duplicates && !other.unread && other.hold.is_none()
        };
        if requests.load(linked).await?.as_ref().is_some_and(same) {
            tickets.push(linked.clone());
        }
    }
    tickets.push(file.ticket.clone());
    Ok(tickets)
}
