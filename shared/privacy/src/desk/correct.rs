//! What becomes known later: what is really asked, with what the patterns had made of it; an agent's mandate.

use jiff::Timestamp;

use super::open::Asker;
use super::{Desk, DeskError, Result};
use crate::classify::Ask;
use crate::file::{ClassifiedBy, Edit, Event, ItemState, Requests};
use crate::mail::thread::TicketId;

impl<R: Requests> Desk<'_, R> {
    /// Corrects what an item asks. Its clocks are those of the new meaning, from the same arrival.
    ///
    /// # Errors
    /// [`DeskError::Stage`] once it was decided or answered.
    pub async fn correct(&self, ticket: &TicketId, number: u32, ask: Ask, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let file = &edit.file;
            let old = file.item(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?.clone();
            if !matches!(old.state, ItemState::Unverified | ItemState::Open) {
                return Err(DeskError::Stage(number, old.state));
            }
            let arrived = old.clocks.started().unwrap_or(file.arrived);
            let reviewer = ClassifiedBy::Reviewer { by: by.to_owned(), was: old.ask };
            let asker = Asker { authenticated: file.authenticated, on_behalf: file.agent.is_some() };
            let mut item = self.item(number, ask, None, reviewer, arrived, asker)?;
            if file.is_identified_for(&item) && item.state == ItemState::Unverified {
                item.state = ItemState::Open;
            }
            // A duty done, an alarm told or a pause stays so where both meanings have the clock.
            item.clocks.keep_from(&old.clocks);
            item.alarms_told = old.alarms_told;
            if let Some(right) = item.right() {
                edit.file.law.add(self.law, right, jiff::tz::offset(9).to_datetime(arrived).date())?;
            }
            let was = super::open::code_of(old.ask);
            if let Some(place) = edit.item_mut(number) {
                *place = item;
            }
            let fields = [
                ("item", Edit::plain(number)),
                ("was", Edit::plain(was)),
                ("is", Edit::plain(super::open::code_of(ask))),
                ("by", Edit::plain(by)),
            ];
            edit.log(now, Event::Reclassified, fields);
            Ok(())
        })
        .await
    }

    /// One of us saw the mandate of the agent who asks.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] when no agent asks.
    pub async fn mandate_seen(&self, ticket: &TicketId, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let agent = edit.file.agent.as_mut();
            let agent = agent.ok_or(DeskError::DoesNotFit("nobody asks this on behalf of somebody else"))?;
            agent.mandate_seen = Some(now);
            edit.file.unread = false;
            edit.log(now, Event::MandateSeen, [("by", Edit::plain(by))]);
            edit.open_identified();
            Ok(())
        })
        .await
    }
}
