//! Control of an account, shown by a one-time code in a public place. Guesses are counted in the file itself, which is
//! saved only when nobody else changed it meanwhile, so that parallel ones are counted one by one.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, DeskError, Result, local};
use crate::file::{Account, Beside, Edit, Event, ItemState, LetterKind, RequestFile, Requests, Verified};
use crate::identity::{Challenge, Code, CodeError, MAX_BY_LETTER_PER_DAY, Tier, mark};
use crate::letters::{Letter, Place};
use crate::mail::thread::TicketId;

/// A code that was issued for an account, as the file keeps it. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The code's keyed hash with its end and its guesses.
    pub challenge: Challenge,
    /// The account in whose public place it has to stand, by its numeric id.
    pub account: Account,
    /// When codes were issued for this file, the newest last.
    pub at: Vec<Timestamp>,
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issued(hidden)")
    }
}

/// A code to be placed.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The code.
    pub code: Code,
    /// Where it goes.
    pub place: Place,
    /// Until when.
    pub expires: Timestamp,
}

/// A look at what an account shows.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// What codes are hashed with.
    pub pepper: &'a [u8],
    /// The text.
    pub text: &'a str,
    /// The key of the person whose account it is.
    pub person: &'a str,
}

/// What looking for a code came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Control was shown.
    Verified(Account),
    /// It was not.
    Not(CodeError),
    /// No code was ever issued, or nothing waits for one.
    Nothing,
}

impl<R: Requests> Desk<'_, R> {
    /// Issues a code for an account, in place of an earlier one. `written` sends it by letter to the file's address,
    /// else who asked is told. By asking, the person agrees that the file and the account are linked for it.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] after too many codes or when nothing waits for one; [`DeskError::Purged`].
    pub async fn begin(
        &self,
        ticket: &TicketId,
        account: &Account,
        pepper: &[u8],
        written: bool,
        now: Timestamp,
    ) -> Result<Begun> {
        self.amend(ticket, now, |edit| {
            if !edit.file.waits_for_control_on(account.platform()) {
                return Err(DeskError::DoesNotFit("nothing waits for a verification"));
            }
            let code = Code::random().map_err(|_| DeskError::Random)?;
            let person = edit.file.person.as_ref().ok_or_else(|| DeskError::Purged(ticket.clone()))?;
            let mut at = person.issued.as_ref().map(|issued| issued.at.clone()).unwrap_or_default();
            let day_ago = now - SignedDuration::from_hours(24);
            if written && at.iter().filter(|at| **at > day_ago).count() >= MAX_BY_LETTER_PER_DAY {
                return Err(DeskError::DoesNotFit("too many codes were issued"));
            }
            let challenge = Challenge::issue(pepper, &ticket.to_string(), &code, &at, now)
                .map_err(|_| DeskError::DoesNotFit("too many codes were issued"))?;
            let expires = challenge.expires();
            at.push(now);
            edit.beside.push(Beside::Code(mark(pepper, &ticket.to_string(), code.reveal()), expires));
            let place = match account {
                Account::X(_) => Place::XBio,
                Account::Youtube(_) => Place::YoutubeDescription,
            };
            let linked = edit.personal("account", account.id());
            if let Some(person) = &mut edit.file.person {
                person.issued = Some(Issued { challenge, account: account.clone(), at });
            }
            edit.log(now, Event::MatchingConsent, [("account", linked.clone()), ("written", Edit::plain(written))]);
            edit.log(now, Event::CodeIssued, [("account", linked), ("place", Edit::code(place))]);
            if written {
                let expires = local(expires, edit.file.language);
                let letter = Letter::ProofOfControl { place, code: code.clone(), expires };
                self.addresses.write(edit, LetterKind::ProofOfControl, &letter, now);
            }
            Ok(Begun { code, place, expires })
        })
        .await
    }

    /// Looks for the code in the text that the account shows. One text is one guess; what waited for it is open then.
    /// Where an older file of the same person about the same is open, that one is worked on instead.
    ///
    /// # Errors
    /// The store's.
    pub async fn check(&self, ticket: &TicketId, look: &Look<'_>, now: Timestamp) -> Result<Checked> {
        let active = self.requests.load(ticket).await?.map(|file| active_key(look.person, &file));
        match self.check_once(ticket, look, active.as_deref(), None, now).await {
            Err(DeskError::Before) => {
                let older = match &active {
                    Some(active) => self.requests.active(active).await?,
                    None => None,
                };
                self.check_once(ticket, look, None, older.as_ref(), now).await
            }
            other => other,
        }
    }

    async fn check_once(
        &self,
        ticket: &TicketId,
        look: &Look<'_>,
        active: Option<&str>,
        older: Option<&TicketId>,
        now: Timestamp,
    ) -> Result<Checked> {
        self.amend(ticket, now, |edit| {
            let Some(issued) = edit.file.person.as_mut().and_then(|person| person.issued.as_mut()) else {
                return Ok(Checked::Nothing);
            };
            let before = issued.challenge.attempts();
            let account = issued.account.clone();
            match issued.challenge.check_text(look.pepper, &ticket.to_string(), look.text, now) {
                Ok(()) => {}
                Err(error) => {
                    let attempts = issued.challenge.attempts();
                    if attempts != before {
                        edit.log(now, Event::CodeRefused, [("attempt", Edit::plain(attempts))]);
                    }
                    return Ok(Checked::Not(error));
                }
            }
            edit.show_control(&account, now);
            edit.beside.push(Beside::Of(look.person.to_owned()));
            match (older, active) {
                (Some(older), _) => {
                    edit.file.duplicate_of = Some(older.clone());
                    let open = edit.file.items.iter().filter(|item| !item.state.is_closed());
                    for number in open.map(|item| item.number).collect::<Vec<_>>() {
                        edit.close_item(number, ItemState::Duplicate, Event::LinkedToOlder, now);
                    }
                }
                // A file by mail works on what its sender asks under a key of its own.
                (None, Some(active)) if edit.file.active.is_none() => {
                    edit.beside.push(Beside::Active(active.to_owned()));
                    edit.file.active = Some(active.to_owned());
                }
                (None, _) => {}
            }
            Ok(Checked::Verified(account))
        })
        .await
    }
}

impl Edit {
    /// Control of an account was shown: what waited for it is open, unless an agent's mandate is missing.
    pub fn show_control(&mut self, account: &Account, now: Timestamp) {
        let shown = self.personal("account", account.id());
        if let Some(person) = &mut self.file.person {
            person.account = Some(account.clone());
        }
        self.file.verified = Some(Verified { tier: Tier::Account, at: now });
        self.log(now, Event::Verified, [("account", shown), ("tier", Self::code(Tier::Account))]);
        self.open_identified();
    }

    /// Opens what waited, where nothing more has to be shown. What is about the other platform waits for one of us, who
    /// asks for a request of its own.
    pub(crate) fn open_identified(&mut self) {
        if !self.file.is_identified() {
            return;
        }
        if let Some(verified) = self.file.verified.as_mut().filter(|_| self.file.agent.is_some()) {
            verified.tier = Tier::Mandate;
        }
        let waiting = self.file.items.iter().filter(|item| item.state == ItemState::Unverified);
        let (shown, others): (Vec<_>, Vec<_>) = waiting.partition(|item| self.file.is_identified_for(item));
        self.file.unread |= !others.is_empty();
        for number in shown.into_iter().map(|item| item.number).collect::<Vec<_>>() {
            if let Some(item) = self.item_mut(number) {
                item.state = ItemState::Open;
            }
        }
    }
}

/// The key under which one file at a time works on what a verified person asks.
fn active_key(person: &str, file: &RequestFile) -> String {
    let mut asks: Vec<String> = file.items.iter().map(|item| format!("{:?}", item.ask)).collect();
    asks.sort();
    asks.dedup();
    format!("{person}#{}", asks.join("+"))
}

impl Account {
    /// The id, numeric on X.
    pub fn id(&self) -> &str {
        match self {
            Account::X(id) | Account::Youtube(id) => id,
        }
    }

    /// Where it is.
    pub fn platform(&self) -> rules::Platform {
        match self {
            Account::X(_) => rules::Platform::X,
            Account::Youtube(_) => rules::Platform::YouTube,
        }
    }
}
