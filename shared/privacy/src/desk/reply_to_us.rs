//! Mail that belongs to a file: a person's answer, with what it newly asks, or a machine's.

use super::arrive::{Incoming, TakenIn};
use super::open::Asker;
use super::{Desk, DeskError, Result};
use crate::classify::{Ask, Classified, Inquiry, classify};
use crate::file::{Agent, Claim, ClassifiedBy, Edit, Event, Found, ItemState, Requests};
use crate::mail::loops::{Silence, is_bounce};

impl<R: Requests> Desk<'_, R> {
    /// Puts a mail into its file. What it newly asks becomes items whose clocks start now; thanks ask nothing, and plain
    /// words from a mailbox that was vouched for take everything back. What no machine reads waits for one of us.
    pub(super) async fn append(&self, incoming: &Incoming<'_>, found: &Found) -> Result<TakenIn> {
        let asked = classify(&incoming.mail.subject, &incoming.text);
        let appended = self
            .amend(&found.ticket, incoming.now, |edit| {
                edit.take(incoming);
                let silence = incoming.silence.map_or_else(|| Edit::plain("none"), Edit::code);
                let mails = edit.file.mails;
                edit.log(incoming.now, Event::MailReceived, [("mail", Edit::plain(mails)), ("silence", silence)]);
                let takes_back = asked.takes_back && incoming.authenticated && !edit.file.is_closed();
                let readdresses = self.readdress(edit, incoming, asked.new_address.as_ref());
                edit.file.unread |= incoming.has_more() || !asked.only_thanks && !takes_back && !readdresses;
                edit.file.unreachable = false;
                if let Some(form) = crate::classify::form(&incoming.text) {
                    edit.file.form = Some(form);
                }
                edit.claim(&asked);
                if takes_back {
                    self.take_back(edit, incoming.now);
                    return Ok(());
                }
                if asked.on_behalf && edit.file.agent.is_none() && edit.file.waits_for_control() {
                    edit.file.agent = Some(Agent::default());
                    edit.log(incoming.now, Event::AgentAsks, []);
                }
                for item in &asked.items {
                    let unclear = item.ask == Ask::Inquiry(Inquiry::Other) && item.maybe.is_none();
                    let known = |old: &crate::file::RequestItem| old.ask == item.ask && !old.state.is_closed();
                    if !unclear && !edit.file.items.iter().any(known) {
                        self.add(edit, item.ask, item.maybe, incoming)?;
                    }
                }
                Ok(())
            })
            .await;
        match appended {
            Ok(()) => Ok(TakenIn::Appended(found.ticket.clone(), incoming.raw)),
            // Another delivery of the same event was faster.
            Err(DeskError::Before) => self.before(found.ticket.clone(), incoming.arrived).await,
            Err(error) => Err(error),
        }
    }

    fn add(&self, edit: &mut Edit, ask: Ask, maybe: Option<crate::law::Right>, incoming: &Incoming<'_>) -> Result<()> {
        let number = edit.file.items.iter().map(|item| item.number).max().unwrap_or(0) + 1;
        let arrived = incoming.arrived.at;
        let asker = Asker { authenticated: incoming.authenticated, on_behalf: edit.file.agent.is_some() };
        let mut item = self.item(number, ask, maybe, ClassifiedBy::Patterns, arrived, asker)?;
        // Whoever has shown control of the account need not show it twice; under a forged address, nobody has.
        let known = edit.file.person.as_ref().is_some_and(|person| person.account.is_some());
        if incoming.authenticated && known && edit.file.is_identified_for(&item) && item.state == ItemState::Unverified
        {
            item.state = ItemState::Open;
        }
        if let Some(right) = item.right() {
            edit.file.law.add(self.law, right, jiff::tz::offset(9).to_datetime(arrived).date())?;
        }
        let code = super::open::code_of(ask);
        edit.file.items.push(item);
        edit.file.look_at = Some(arrived);
        edit.file.closed = None;
        edit.log(incoming.now, Event::ItemAdded, [("item", Edit::plain(number)), ("asks", Edit::plain(code))]);
        Ok(())
    }

    /// Notes a machine's answer to one of our letters. A report that it came back makes the person unreachable; the
    /// clocks run on.
    pub(super) async fn note_machine(
        &self,
        incoming: &Incoming<'_>,
        found: &Found,
        reason: Silence,
    ) -> Result<TakenIn> {
        let came_back = is_bounce(&incoming.mail) && !is_delay(incoming);
        let noted = self
            .amend(&found.ticket, incoming.now, |edit| {
                edit.beside.push(crate::file::Beside::Once(incoming.arrived.id.to_owned()));
                edit.file.unreachable |= came_back;
                let letter = found.letter.map_or_else(|| Edit::plain("unknown"), Edit::plain);
                let fields = [("letter", letter), ("reason", Edit::code(reason)), ("back", Edit::plain(came_back))];
                edit.log(incoming.now, Event::DeliveryReported, fields);
                Ok(())
            })
            .await;
        match noted {
            Ok(()) | Err(DeskError::Before) => Ok(TakenIn::Machine(reason)),
            Err(error) => Err(error),
        }
    }
}

/// The most that a person's mails may name, so that a file stays small.
const MOST_CLAIMS: usize = 50;

impl Edit {
    /// Notes what the person says is theirs, once each. What was named last comes first: it may correct the rest.
    fn claim(&mut self, asked: &Classified) {
        let Some(person) = &mut self.file.person else { return };
        let handles = asked.handles.iter().cloned().map(Claim::Handle);
        let mut claims: Vec<Claim> = handles.chain(asked.links.iter().cloned().map(Claim::Link)).collect();
        for earlier in std::mem::take(&mut person.claims) {
            if !claims.contains(&earlier) {
                claims.push(earlier);
            }
        }
        claims.truncate(MOST_CLAIMS);
        person.claims = claims;
    }
}

/// A report of delay is no bounce.
fn is_delay(incoming: &Incoming<'_>) -> bool {
    let subject = incoming.mail.subject.to_lowercase();
    ["delay", "warning", "遅延", "still being retried"].iter().any(|word| subject.contains(word))
}
