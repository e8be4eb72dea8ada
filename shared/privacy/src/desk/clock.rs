//! Clocks that stand still or get longer, and the legal hold.

use jiff::Timestamp;

use super::{Desk, DeskError, Result};
use crate::clocks::{ClockError, PauseReason};
use crate::file::{Edit, Event, Hold, LetterKind, Requests};
use crate::law::{DeadlineKind, RefusalReason};
use crate::letters::{ExtensionReason, Letter};
use crate::mail::thread::TicketId;

impl<R: Requests> Desk<'_, R> {
    /// Lengthens the clocks of an item that may be, and tells the person why and until when.
    ///
    /// # Errors
    /// [`DeskError::Clock`] when its clock was lengthened before, or has ended; [`DeskError::NotARight`];
    /// [`DeskError::DoesNotFit`] when none of its clocks may be lengthened or the person cannot be told.
    pub async fn extend(
        &self,
        ticket: &TicketId,
        number: u32,
        reason: ExtensionReason,
        by: &str,
        now: Timestamp,
    ) -> Result<jiff::civil::Date> {
        self.amend(ticket, now, |edit| {
            let item = edit.item_mut(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?;
            let right = item.right().ok_or(DeskError::NotARight(number))?;
            if item.state.is_closed() {
                return Err(DeskError::Stage(number, item.state));
            }
            let kinds: Vec<DeadlineKind> =
                item.clocks.iter().filter(|clock| clock.is_extendable()).map(|clock| clock.kind()).collect();
            let Some(kind) = kinds.first().copied() else {
                return Err(DeskError::DoesNotFit("none of its clocks may be extended"));
            };
            item.clocks.extend(kind, now)?;
            item.alarms_told.retain(|(told, _)| *told != kind);
            let until = item.clocks.get(kind).ok_or(ClockError::NotRunning(kind))?.last_day(now)?;
            let fields = [
                ("item", Edit::plain(number)),
                ("clock", Edit::code(kind)),
                ("until", Edit::plain(until)),
                ("reason", Edit::code(reason)),
                ("by", Edit::plain(by)),
            ];
            edit.log(now, Event::Extended, fields);
            // Without notice to the person there is no extension.
            let letter = Letter::Extension { rights: vec![right], until, reason };
            if !self.addresses.write(edit, LetterKind::Extension, &letter, now) {
                return Err(DeskError::DoesNotFit("an extension needs an address to tell it to"));
            }
            Ok(until)
        })
        .await
    }

    /// Lets the clocks of an item stand still that may, while the person has to act. Gives those that stand.
    ///
    /// # Errors
    /// [`DeskError::Clock`] when they stand already.
    pub async fn pause(
        &self,
        ticket: &TicketId,
        number: u32,
        reason: PauseReason,
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<DeadlineKind>> {
        self.amend(ticket, now, |edit| {
            let item = edit.item_mut(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?;
            let stand = item.clocks.pause(reason, now)?;
            if !stand.is_empty() {
                let fields = [("item", Edit::plain(number)), ("reason", Edit::code(reason)), ("by", Edit::plain(by))];
                edit.log(now, Event::Paused, fields);
            }
            Ok(stand)
        })
        .await
    }

    /// Lets them run on. Gives those that run again.
    ///
    /// # Errors
    /// [`DeskError::Clock`] when they run.
    pub async fn resume(&self, ticket: &TicketId, number: u32, by: &str, now: Timestamp) -> Result<Vec<DeadlineKind>> {
        self.amend(ticket, now, |edit| {
            let item = edit.item_mut(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?;
            let run = item.clocks.resume(now)?;
            if !run.is_empty() {
                edit.log(now, Event::Resumed, [("item", Edit::plain(number)), ("by", Edit::plain(by))]);
            }
            Ok(run)
        })
        .await
    }

    /// Stops erasure for a legal reason; use of the data stays stopped all the same.
    ///
    /// # Errors
    /// The store's.
    pub async fn hold(&self, ticket: &TicketId, reason: RefusalReason, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.file.hold = Some(Hold { by: by.to_owned(), reason, since: now });
            edit.log(now, Event::Held, [("reason", Edit::code(reason)), ("by", Edit::plain(by))]);
            Ok(())
        })
        .await
    }

    /// Ends the stop.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] when there is none.
    pub async fn release(&self, ticket: &TicketId, by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.file.hold.take().ok_or(DeskError::DoesNotFit("there is no hold"))?;
            edit.log(now, Event::Released, [("by", Edit::plain(by))]);
            Ok(())
        })
        .await
    }
}
