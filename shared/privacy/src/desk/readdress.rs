//! Letters go to another address: a wish, a code to the old mailbox and one to the new, and the change once both came
//! back from where they went.

use jiff::{SignedDuration, Timestamp};

use super::arrive::{Incoming, TakenIn};
use super::{Desk, DeskError, Result};
use crate::file::{Beside, Edit, Event, Found, LetterKind, Moving, RequestFile, Requests};
use crate::identity::{Challenge, Code, names_code};
use crate::letters::Letter;
use crate::mail::Address;
use crate::mail::thread::TicketId;

/// Days that both mailboxes have to confirm.
const DAYS: i64 = 7;

/// Which mailbox confirms.
#[derive(Clone, Copy)]
enum Mailbox {
    Old,
    New,
}

impl<R: Requests> Desk<'_, R> {
    /// Asks both mailboxes whether letters of a file shall go to the new one.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] when there is no old one, both are the same, or it was asked too often within the hour.
    pub async fn ask_to_readdress(&self, ticket: &TicketId, to: &Address, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| self.start_to_readdress(edit, to, now)).await
    }

    pub(super) fn start_to_readdress(&self, edit: &mut Edit, to: &Address, now: Timestamp) -> Result<()> {
        let person = edit.file.person.as_ref().ok_or_else(|| DeskError::Purged(edit.file.ticket.clone()))?;
        let old = person.address.clone().ok_or(DeskError::DoesNotFit("there is no address to change"))?;
        if old.same_mailbox(to) {
            return Err(DeskError::DoesNotFit("letters go there already"));
        }
        let mut at = person.moving.as_ref().map(|moving| moving.at.clone()).unwrap_or_default();
        let code = || Code::random().map_err(|_| DeskError::Random);
        let codes = [code()?, code()?];
        let until = now + SignedDuration::from_hours(24 * DAYS);
        let challenge = |code: &Code| {
            let ticket = edit.file.ticket.to_string();
            Challenge::issue_until(&self.requests.pepper(), &ticket, code, &at, now, until)
                .map_err(|_| DeskError::DoesNotFit("this was asked too often within the hour"))
        };
        let (from_old, from_new) = (challenge(&codes[0])?, challenge(&codes[1])?);
        at.push(now);
        let asked = edit.personal("address", &to.to_header());
        if let Some(person) = &mut edit.file.person {
            person.moving = Some(Moving { to: to.clone(), from_old, from_new, at });
        }
        edit.log(now, Event::ReaddressAsked, [("address", asked)]);
        let last = super::local(until, edit.file.language).date();
        for (mailbox, code) in [&old, to].into_iter().zip(codes) {
            let letter = Letter::Readdress { code, until: last };
            self.addresses.write_to(edit, mailbox, LetterKind::Readdress, &letter, now);
        }
        edit.beside.push(Beside::AnsweredTo(to.clone()));
        Ok(())
    }

    /// Takes in a mail of the new mailbox.
    pub(super) async fn confirm_new(&self, incoming: &Incoming<'_>, found: &Found) -> Result<TakenIn> {
        let confirmed = self
            .amend(&found.ticket, incoming.now, |edit| {
                edit.take(incoming);
                let mails = edit.file.mails;
                edit.log(incoming.now, Event::MailReceived, [("mail", Edit::plain(mails))]);
                edit.file.unread |= !self.confirm(edit, Mailbox::New, &incoming.text, incoming.now);
                Ok(())
            })
            .await;
        match confirmed {
            Ok(()) => Ok(TakenIn::Appended(found.ticket.clone(), incoming.raw)),
            Err(DeskError::Before) => Ok(TakenIn::Before(found.ticket.clone(), incoming.raw)),
            Err(error) => Err(error),
        }
    }

    /// What a mail of the file's own mailbox does for a change of address; whether it did anything.
    pub(super) fn readdress(&self, edit: &mut Edit, incoming: &Incoming<'_>, wished: Option<&Address>) -> bool {
        if !incoming.authenticated || edit.file.is_closed() {
            return false;
        }
        let moving = edit.file.person.as_ref().is_some_and(|person| person.moving.is_some());
        if moving && names_code(&incoming.text) {
            return self.confirm(edit, Mailbox::Old, &incoming.text, incoming.now);
        }
        // What does not fit is read by one of us.
        wished.is_some_and(|to| self.start_to_readdress(edit, to, incoming.now).is_ok())
    }

    /// Looks for the code that went to a mailbox in what came from there.
    fn confirm(&self, edit: &mut Edit, mailbox: Mailbox, text: &str, now: Timestamp) -> bool {
        let (ticket, pepper) = (edit.file.ticket.to_string(), self.requests.pepper());
        let Some(moving) = edit.file.person.as_mut().and_then(|person| person.moving.as_mut()) else { return false };
        let (challenge, name) = match mailbox {
            Mailbox::Old => (&mut moving.from_old, "old"),
            Mailbox::New => (&mut moving.from_new, "new"),
        };
        let right = challenge.check_text(&pepper, &ticket, text, now).is_ok();
        let both = moving.from_old.is_used() && moving.from_new.is_used();
        let event = if right { Event::ReaddressConfirmed } else { Event::CodeRefused };
        edit.log(now, event, [("mailbox", Edit::plain(name))]);
        if both {
            self.change_address(edit, now);
        }
        right
    }

    fn change_address(&self, edit: &mut Edit, now: Timestamp) {
        let Some(person) = &mut edit.file.person else { return };
        let (Some(moving), Some(old)) = (person.moving.take(), person.address.take()) else { return };
        person.address = Some(moving.to.clone());
        // Both answered, so letters arrive and the sender is known.
        (edit.file.unreachable, edit.file.authenticated) = (false, true);
        let address = edit.personal("address", &moving.to.to_header());
        edit.log(now, Event::Readdressed, [("address", address)]);
        for mailbox in [&old, &moving.to] {
            self.addresses.write_to(edit, mailbox, LetterKind::Readdressed, &Letter::Readdressed, now);
        }
    }
}

impl Incoming<'_> {
    /// Whether it comes from the mailbox that letters of a file shall go to, with a code.
    pub(super) fn confirms(&self, file: &RequestFile) -> bool {
        let moving = file.person.as_ref().and_then(|person| person.moving.as_ref());
        let same = moving.zip(self.sender.as_ref()).is_some_and(|(moving, sender)| moving.to.same_mailbox(sender));
        same && self.authenticated && names_code(&self.text)
    }
}
