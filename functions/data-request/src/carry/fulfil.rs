//! What was granted is carried out, one item after the other; what cannot be done now is tried again.

use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::{Carry, carry};
use privacy::file::{Account, Requests};
use privacy::letters::DataItem;
use privacy::mail::thread::TicketId;
use privacy::registry::Subject;
use rules::UserId;

use crate::app::App;

/// Pause before what failed is tried again, and before what an erasure waits for is looked at again.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);
const WAITS: SignedDuration = SignedDuration::from_hours(24);

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Carries out these items of a file. A failure is noted in its chain and does not keep the others back.
    pub(crate) async fn fulfil(&self, ticket: &TicketId, numbers: &[u32]) -> Result<()> {
        let mut failure = None;
        for number in numbers {
            if let Err(error) = self.fulfil_one(ticket, *number).await {
                tracing::error!(error = format!("{error:#}"), "not carried out");
                let until = self.now() + AGAIN;
                self.desk().put_off(ticket, *number, until, "failed", self.now()).await?;
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    async fn fulfil_one(&self, ticket: &TicketId, number: u32) -> Result<()> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        let right = file.item(number).and_then(privacy::file::RequestItem::right).context("no right")?;
        let account = file.person.as_ref().and_then(|person| person.account.clone());
        if account.as_ref().is_some_and(|account| !right.reaches(account.platform())) {
            bail!("granted with the account of another platform");
        }
        match (carry(right), account) {
            (Carry::Tell, _) => {}
            (Carry::Erase, Some(account)) => {
                let person = self.carrier.person(&account);
                let now = self.now();
                let waits = if file.hold.is_some() || self.is_on_hold(&person).await? {
                    Some(("on_hold", now + WAITS))
                } else {
                    // Once it is erased there is nothing to disclose; but it is erased in time, with a try to spare.
                    let last = file.discloses_before(number, now)?.map(|end| end - AGAIN).filter(|last| *last > now);
                    last.map(|last| ("disclosure_first", last.min(now + WAITS)))
                };
                if let Some((reason, until)) = waits {
                    self.suppress(ticket, &person).await?;
                    return Ok(self.desk().put_off(ticket, number, until, reason, now).await?);
                }
                Box::pin(self.erase(&file, number, &account)).await?;
            }
            (Carry::Disclose, Some(account)) => Box::pin(self.disclose(&file, &account)).await?,
            (Carry::Refresh, Some(account)) => {
                let corrected = Box::pin(self.refresh(&account)).await?;
                self.desk().refreshed(ticket, number, &corrected, self.now()).await?;
                if corrected.is_empty() {
                    return Ok(());
                }
            }
            (Carry::Suppress, Some(account)) => self.suppress(ticket, &self.carrier.person(&account)).await?,
            (Carry::Erase | Carry::Disclose | Carry::Refresh | Carry::Suppress, None) => {
                bail!("granted without an account")
            }
        }
        Ok(self.desk().carried_out(ticket, number, self.now()).await?)
    }

    /// Whether a file in which the person showed control is on hold: it stops every erasure of what is held of the person.
    pub(crate) async fn is_on_hold(&self, person: &str) -> Result<bool> {
        for ticket in self.requests.files_of(person).await? {
            if self.requests.load(&ticket).await?.is_some_and(|file| file.hold.is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whose data, with every file in which the person showed control.
    pub(crate) async fn subject(&self, ticket: &TicketId, account: &Account) -> Result<Subject> {
        let person = self.carrier.person(account);
        let mut tickets = self.requests.files_of(&person).await?;
        if !tickets.contains(ticket) {
            tickets.push(ticket.clone());
        }
        Ok(Subject { person, tickets })
    }

    /// A correction: what is kept of the profile is read anew from the platform, which is where it can be changed.
    /// Gives what was corrected.
    async fn refresh(&self, account: &Account) -> Result<Vec<DataItem>> {
        let user = UserId(account.id().to_owned());
        let profile = self.carrier.lookup.profile(account.platform(), &user, self.now()).await?;
        let Some(profile) = profile else { return Ok(Vec::new()) };
        let person = self.carrier.person(account);
        Ok(self.carrier.decisions.refresh_profile(&person, account.platform(), &profile, self.now()).await?)
    }
}
