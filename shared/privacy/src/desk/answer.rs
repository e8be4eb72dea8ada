//! Answers in a person's words, and what a person has read or the requester takes back.

use jiff::Timestamp;

use super::{Desk, DeskError, Result};
use crate::classify::Ask;
use crate::file::{Draft, Edit, Event, ItemState, LetterKind, Requests};
use crate::letters::Letter;
use crate::mail::thread::TicketId;

impl<R: Requests> Desk<'_, R> {
    /// Answers a question: with the standard answer where the guidelines fix one and no text is given. A right is not
    /// answered this way; a reply to it asks or tells something and leaves it open.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] without a text where no answer is fixed; [`DeskError::Purged`].
    pub async fn reply(
        &self,
        ticket: &TicketId,
        number: u32,
        text: Option<&str>,
        by: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let item = edit.file.item(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?;
            let (letter, kind) = match (text.map(str::trim).filter(|text| !text.is_empty()), item.draft) {
                (Some(text), _) => (Letter::Reply(text.to_owned()), LetterKind::Reply),
                (None, Some(Draft::Standard(fixed))) => (Letter::StandardAnswer(fixed), LetterKind::StandardAnswer),
                (None, Some(Draft::Grant) | None) => {
                    return Err(DeskError::DoesNotFit("no answer is fixed for this: give a text"));
                }
            };
            let closes = matches!(item.ask, Ask::Inquiry(_)) && !item.state.is_closed();
            if !self.addresses.write(edit, kind, &letter, now) {
                return Err(DeskError::DoesNotFit("there is no address to answer to"));
            }
            // Whoever was answered by one of us may be written to again: the next mail can lead to a code.
            edit.file.silence = None;
            edit.file.unread = false;
            edit.log(now, Event::Read, [("by", Edit::plain(by))]);
            if closes {
                edit.close_item(number, ItemState::Answered, Event::Answered, now);
            }
            Ok(())
        })
        .await
    }

    /// A person has read what came; questions that need no answer are closed with it.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(&self, ticket: &TicketId, close: &[u32], by: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.file.unread = false;
            edit.log(now, Event::Read, [("by", Edit::plain(by))]);
            for number in close {
                let item = edit.file.item(*number).ok_or_else(|| DeskError::NoItem(ticket.clone(), *number))?;
                if item.right().is_some() || item.state.is_closed() {
                    return Err(DeskError::Stage(*number, item.state));
                }
                edit.close_item(*number, ItemState::Answered, Event::Answered, now);
            }
            Ok(())
        })
        .await
    }

    /// The person takes back what is still open, and is told so by letter where the address is known to be the person's.
    ///
    /// # Errors
    /// The store's.
    pub async fn withdraw(&self, ticket: &TicketId, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            self.take_back(edit, now);
            Ok(())
        })
        .await
    }

    pub(super) fn take_back(&self, edit: &mut Edit, now: Timestamp) {
        let open = edit.file.items.iter().filter(|item| !item.state.is_closed());
        let (numbers, asks): (Vec<_>, Vec<_>) = open.map(|item| (item.number, item.ask)).unzip();
        if numbers.is_empty() {
            return;
        }
        for number in numbers {
            edit.close_item(number, ItemState::Withdrawn, Event::Withdrawn, now);
        }
        // Whoever sends in a request may name anybody's address.
        if edit.file.authenticated || edit.file.verified.is_some() {
            self.addresses.write(edit, LetterKind::Withdrawal, &Letter::Withdrawal(asks), now);
        }
    }

    /// What was suppressed for this file is used again.
    ///
    /// # Errors
    /// The store's.
    pub async fn used_again(&self, ticket: &TicketId, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            if std::mem::take(&mut edit.file.suppressed) {
                edit.log(now, Event::UsedAgain, []);
            }
            Ok(())
        })
        .await
    }
}
