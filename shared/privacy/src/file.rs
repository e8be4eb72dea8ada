//! The file of a request: everything that is known about one ticket, and the only ways in which it changes.
//!
//! A [`RequestFile`] is what the store keeps; an [`Edit`] changes it and writes an entry of the audit chain for every
//! change, so that state and chain are saved together or not at all. What identifies the person lies in one place,
//! [`Person`], with the salt that opens the chain's commitments: erasing it leaves a valid chain about nobody.

mod edit;
mod event;
mod item;
mod letter;
mod mail;
mod person;
mod port;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use edit::{Beside, Edit};
pub use event::Event;
pub use item::{ClassifiedBy, Decided, Draft, Extra, ItemState, Proposal, Reason, RequestItem, Ruling};
pub use letter::{Delivery, LetterKind, LetterState, QueuedLetter};
pub use mail::{Attached, Quarantine, ReceivedMail};
pub use person::{Account, Agent, Claim, Moving, Person, Verified};
pub use port::{Due, FileError, Found, Requests, Result, Saved};

use crate::carry::is_content_deletion;
use crate::chain;
use crate::classify::Language;
use crate::clocks::ClockError;
use crate::law::{Right, Snapshot};
use crate::letters::Form;
use crate::mail::loops::Silence;
use crate::mail::thread::TicketId;

/// Days after which a request that nobody verified is closed and its personal data erased.
pub const UNVERIFIED_DAYS: i64 = 30;
/// Days after which the person is told that control of the account was not shown yet.
pub const REMINDER_DAYS: i64 = 23;
/// Days that a closed file is kept with its personal data; what remains of it then is its chain.
pub const CLOSED_DAYS: i64 = 3 * 365;
/// Days that a file is kept with its personal data after the person's data was erased: letters are tried for so long.
pub const ERASED_DAYS: i64 = 3;
/// Days that a closed file with a mail that nobody has read is kept at least, so that somebody can.
pub const UNREAD_DAYS: i64 = 30;

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail.
    Mail,
    /// Through the HTTP interface.
    Api,
}

/// A stop on erasure for legal reasons. Data on hold is suppressed all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who ordered it.
    pub by: String,
    /// Why, as a refusal reason that the person can be told.
    pub reason: crate::law::RefusalReason,
    /// Since when.
    pub since: Timestamp,
}

/// The state of one ticket: one person's requests that came together and are answered together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestFile {
    /// Its number.
    pub ticket: TicketId,
    /// How it came.
    pub channel: Channel,
    /// When it arrived at our server.
    pub arrived: Timestamp,
    /// Language of the letters.
    pub language: Language,
    /// Random part of the address that answers go to.
    pub token: String,
    /// Everything that is asked, rights before inquiries, each with its own clocks and answer.
    pub items: Vec<RequestItem>,
    /// Who asks; erased when the file's time is over.
    pub person: Option<Person>,
    /// Whether the mail service vouched for the sender's address.
    pub authenticated: bool,
    /// Why the first mail got no automatic answer, if it got none and none of us has answered since.
    pub silence: Option<Silence>,
    /// Control of an account, once shown.
    pub verified: Option<Verified>,
    /// Whoever asks on behalf of the person, where somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// Why the mail was put aside unread.
    pub quarantine: Option<Quarantine>,
    /// Legal hold.
    pub hold: Option<Hold>,
    /// Whether letters come back.
    pub unreachable: bool,
    /// Whether the person's provider complained about our mail: only what the law demands is still sent.
    pub complained: bool,
    /// Whether a mail came that no person has read.
    pub unread: bool,
    /// Form in which disclosure is wanted.
    pub form: Option<Form>,
    /// The older file of the same person about the same, which is worked on instead of this one.
    pub duplicate_of: Option<TicketId>,
    /// Files that mention this one or that it mentions.
    pub linked: Vec<TicketId>,
    /// Key under which this file works on what its sender asks, while it does.
    pub active: Option<String>,
    /// The law as it stood when the request came; decisions and letters are made by it.
    pub law: Snapshot,
    /// Whether there is a secret that opens its status.
    #[serde(default)]
    pub secret: bool,
    /// Whether use of the person's data stopped.
    #[serde(default)]
    pub suppressed: bool,
    /// A package that waits to be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<crate::carry::MadePackage>,
    /// When the posts that the person names are looked up on their platforms next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
    /// When the account that the person names is looked for again, after a platform did not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identify_at: Option<Timestamp>,
    /// Letters written so far.
    pub letters: u32,
    /// Mails received so far.
    pub mails: u32,
    /// When the last item was closed.
    pub closed: Option<Timestamp>,
    /// End of the chain.
    pub log: chain::Head,
}

/// Who a file waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitsFor {
    /// One of us.
    Staff,
    /// The person, who has to show control of the account. Not in the usual list.
    Person,
    /// Ourselves carrying out what was granted.
    Fulfilment,
}

impl RequestFile {
    /// The item with a number.
    pub fn item(&self, number: u32) -> Option<&RequestItem> {
        self.items.iter().find(|item| item.number == number)
    }

    /// Whether nothing is left to answer.
    pub fn is_closed(&self) -> bool {
        self.items.iter().all(|item| item.state.is_closed())
    }

    /// Whether all is shown that has to be: control of the account and, of an agent, the mandate.
    pub fn is_identified(&self) -> bool {
        self.verified.is_some() && !self.lacks_mandate()
    }

    /// Whether an agent asks whose mandate nobody has seen.
    pub fn lacks_mandate(&self) -> bool {
        self.agent.as_ref().is_some_and(|agent| agent.mandate_seen.is_none())
    }

    /// Whether something waits for control of an account to be shown. One file is about one account.
    pub fn waits_for_control(&self) -> bool {
        self.verified.is_none() && self.items.iter().any(|item| item.state == ItemState::Unverified)
    }

    /// Whether something waits for control of an account on this platform to be shown.
    pub fn waits_for_control_on(&self, platform: rules::Platform) -> bool {
        let waits = |item: &RequestItem| {
            item.state == ItemState::Unverified && item.right().is_none_or(|right| right.reaches(platform))
        };
        self.waits_for_control() && self.items.iter().any(waits)
    }

    /// Whether all is shown that this item needs: what is about one platform needs the account there.
    pub fn is_identified_for(&self, item: &RequestItem) -> bool {
        let account = self.person.as_ref().and_then(|person| person.account.as_ref());
        let reaches = |right: Right| account.is_none_or(|account| right.reaches(account.platform()));
        self.is_identified() && item.right().is_none_or(reaches)
    }

    /// Whether nothing forbids an automatic letter besides the receipt.
    pub fn may_be_written_to(&self) -> bool {
        self.authenticated && self.silence.is_none() && self.quarantine.is_none() && !self.unreachable
    }

    /// Who it waits for, `None` once closed and read.
    pub fn waits_for(&self) -> Option<WaitsFor> {
        let has = |wanted: &[ItemState]| self.items.iter().any(|item| wanted.contains(&item.state));
        let by_hand = self.items.iter().any(|item| item.task.is_some() && !item.state.is_closed());
        let looked_at = self.unread || by_hand || has(&[ItemState::Open, ItemState::Proposed]);
        // A person who was not answered, or whom nothing reaches, depends on one of us.
        let cut_off = self.quarantine.is_some() || self.unreachable || self.silence.is_some();
        if looked_at || !self.is_closed() && cut_off {
            Some(WaitsFor::Staff)
        } else if has(&[ItemState::Fulfilling]) {
            Some(WaitsFor::Fulfilment)
        } else if has(&[ItemState::Unverified]) {
            Some(WaitsFor::Person)
        } else {
            None
        }
    }

    /// The moment at which time itself changes the file next: an alarm, the end of waiting for a verification, the
    /// end of keeping. `None` once the personal data is gone.
    ///
    /// # Errors
    /// [`ClockError::Time`] when a date leaves the calendar.
    pub fn wakes_at(&self) -> std::result::Result<Option<Timestamp>, ClockError> {
        if self.closed.is_some() {
            return Ok(self.kept_until());
        }
        let mut first = self.look_at.filter(|_| self.waits_for_deletion().next().is_some());
        let identify = self.identify_at.filter(|_| self.waits_for_control());
        let reminder = self.items.iter().filter_map(|item| self.reminds_at(item)).min();
        first = [first, identify, reminder].into_iter().flatten().min();
        for item in self.items.iter().filter(|item| !item.state.is_closed()) {
            let alarm = item.next_alarm()?.map(|(_, _, at)| at);
            let expiry = (item.state == ItemState::Unverified).then(|| self.unverified_until(item));
            let fulfil = (item.state == ItemState::Fulfilling).then_some(item.fulfil_at).flatten();
            first = [first, alarm, expiry, fulfil].into_iter().flatten().min();
        }
        Ok(first)
    }

    /// The items that ask for deletion of content and are not decided.
    pub fn waits_for_deletion(&self) -> impl Iterator<Item = (u32, Right)> {
        let waits = |state| matches!(state, ItemState::Unverified | ItemState::Open);
        let items = self.items.iter().filter(move |item| waits(item.state));
        items.filter_map(|item| Some((item.number, item.right().filter(|right| is_content_deletion(*right))?)))
    }

    /// When the person is told that an item waits for control to be shown, `None` where that was told or nobody can be.
    pub fn reminds_at(&self, item: &RequestItem) -> Option<Timestamp> {
        let missing = self.waits_for_control() || self.lacks_mandate();
        let waits = item.state == ItemState::Unverified && missing && !item.reminded && self.may_be_written_to();
        let started = item.clocks.started().filter(|_| waits);
        started.map(|started| started + SignedDuration::from_hours(24 * REMINDER_DAYS))
    }

    /// When an item that nobody verifies is closed, counted from the mail that asks it.
    pub fn unverified_until(&self, item: &RequestItem) -> Timestamp {
        let asked = item.clocks.started().unwrap_or(self.arrived);
        asked + SignedDuration::from_hours(24 * UNVERIFIED_DAYS)
    }

    /// The unmet duty that ends first, with its end.
    ///
    /// # Errors
    /// [`ClockError::Time`].
    pub fn earliest(
        &self,
        now: Timestamp,
    ) -> std::result::Result<Option<(crate::law::DeadlineKind, Timestamp)>, ClockError> {
        let mut first: Option<(crate::law::DeadlineKind, Timestamp)> = None;
        for item in self.items.iter().filter(|item| !item.state.is_closed()) {
            if let Some((clock, due)) = item.clocks.earliest(now)?
                && first.is_none_or(|(_, earliest)| due < earliest)
            {
                first = Some((clock.kind(), due));
            }
        }
        Ok(first)
    }
}

#[cfg(test)]
#[path = "file/tests.rs"]
mod tests;
