//! What was done for a file, as entries of its chain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, DeskError, Result, meet};
use crate::file::{Beside, Decided, Edit, Event, Extra, ItemState, LetterKind, Proposal, Requests, Ruling};
use crate::law::{DeadlineKind, Right};
use crate::letters::{DataItem, Letter};
use crate::mail::thread::TicketId;
use crate::package::Summary;
use crate::registry::Cleared;

/// Days that a package may be fetched.
pub const PACKAGE_DAYS: i64 = 14;

/// A package that waits to be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadePackage {
    /// Key of the document.
    pub json: String,
    /// Key of the page.
    pub html: String,
    /// Until when it may be fetched.
    pub until: Timestamp,
}

impl<R: Requests> Desk<'_, R> {
    /// Use of the person's data stopped.
    ///
    /// # Errors
    /// The store's.
    pub async fn suppressed(&self, ticket: &TicketId, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            if !edit.file.suppressed {
                edit.file.suppressed = true;
                edit.log(now, Event::Suppressed, []);
            }
            meet(edit, &[DeadlineKind::AppiSuppression], now);
            Ok(())
        })
        .await
    }

    /// Data was erased and looked for again.
    ///
    /// # Errors
    /// The store's.
    pub async fn erased(&self, ticket: &TicketId, number: u32, cleared: &[Cleared], now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            for one in cleared {
                let place = || Edit::plain(one.place.key());
                let fields = [("item", Edit::plain(number)), ("place", place()), ("erased", Edit::plain(one.erased))];
                edit.log(now, Event::Erased, fields);
                edit.log(now, Event::ErasureChecked, [("place", place()), ("left", Edit::plain(one.left))]);
            }
            Ok(())
        })
        .await
    }

    /// A package was made; the person is told that it may be fetched, with `key` where a letter has to carry it.
    ///
    /// # Errors
    /// The store's.
    pub async fn package_made(
        &self,
        ticket: &TicketId,
        package: &MadePackage,
        summary: &Summary,
        letter: Option<&PackageLetter>,
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.log(now, Event::Collected, [("records", Edit::plain(summary.records))]);
            edit.log(now, Event::PackageMade, [("until", Edit::plain(package.until))]);
            edit.file.package = Some(package.clone());
            for item in &mut edit.file.items {
                if let Some(decided) = item.decided.as_mut().filter(|_| item.state == ItemState::Fulfilling) {
                    decided.proposal.extra.not_held.clone_from(&summary.not_held);
                }
            }
            if let Some(PackageLetter { letter, secret }) = letter {
                edit.file.secret = true;
                edit.beside.push(Beside::Secret(secret.clone()));
                self.addresses.write(edit, LetterKind::Package, letter, now);
            }
            Ok(())
        })
        .await
    }

    /// A package was fetched: the entry is the access log from which those affected by a leak are found.
    ///
    /// # Errors
    /// [`DeskError::DoesNotFit`] when there is none any more.
    pub async fn package_fetched(&self, ticket: &TicketId, now: Timestamp) -> Result<MadePackage> {
        self.amend(ticket, now, |edit| {
            let package = edit.file.package.clone().filter(|package| now < package.until);
            let package = package.ok_or(DeskError::DoesNotFit("there is no package"))?;
            edit.log(now, Event::PackageFetched, []);
            Ok(package)
        })
        .await
    }

    /// What is kept was read anew from the platform, and this of it corrected. Where nothing was different, nothing was
    /// corrected that the person could be told of: the item is open again, for one of us.
    ///
    /// # Errors
    /// The store's.
    pub async fn refreshed(
        &self,
        ticket: &TicketId,
        number: u32,
        corrected: &[DataItem],
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let changed = Edit::plain(!corrected.is_empty());
            edit.log(now, Event::Refreshed, [("item", Edit::plain(number)), ("changed", changed)]);
            let Some(item) = edit.item_mut(number) else { return Ok(()) };
            if corrected.is_empty() {
                (item.state, item.decided, item.fulfil_at) = (ItemState::Open, None, None);
            } else if let Some(decided) = &mut item.decided {
                decided.proposal.extra.corrected = corrected.to_vec();
            }
            Ok(())
        })
        .await
    }

    /// The posts that a file names were looked up; where a platform did not answer, they are again at `again`.
    ///
    /// # Errors
    /// The store's.
    pub async fn looked_up(
        &self,
        ticket: &TicketId,
        posts: usize,
        gone: usize,
        again: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.file.look_at = again;
            let complete = Edit::plain(again.is_none());
            let fields = [("posts", Edit::plain(posts)), ("gone", Edit::plain(gone)), ("complete", complete)];
            edit.log(now, Event::LookedUp, fields);
            Ok(())
        })
        .await
    }

    /// The account that a file names was looked for; where a platform did not answer, it is again at `again`.
    ///
    /// # Errors
    /// The store's.
    pub async fn sought(&self, ticket: &TicketId, again: Option<Timestamp>, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            if edit.file.identify_at != again {
                edit.file.identify_at = again;
                edit.log(now, Event::AccountSought, [("complete", Edit::plain(again.is_none()))]);
            }
            Ok(())
        })
        .await
    }

    /// The platform itself shows posts as gone: their text was deleted without any proof of who asks. The item is answered
    /// with it, by letter only where the address is known to be the person's; anybody may name a post that is gone.
    ///
    /// # Errors
    /// The store's.
    pub async fn gone(
        &self,
        ticket: &TicketId,
        number: u32,
        evidence: &[(String, &'static str)],
        now: Timestamp,
    ) -> Result<()> {
        self.amend(ticket, now, |edit| {
            let state = edit.file.item(number).ok_or_else(|| DeskError::NoItem(ticket.clone(), number))?.state;
            if state.is_closed() || state == ItemState::Fulfilling {
                return Err(DeskError::Stage(number, state));
            }
            for (post, shown) in evidence {
                let post = edit.personal("post", post);
                edit.log(now, Event::GoneOnPlatform, [("post", post), ("shown", Edit::plain(shown))]);
            }
            let proposal =
                Proposal { ruling: Ruling::Grant, extra: Extra::default(), by: "platform".to_owned(), at: now };
            if let Some(item) = edit.item_mut(number) {
                item.decided = Some(Decided { proposal, seconded_by: None, at: now });
            }
            if edit.file.may_be_written_to() || edit.file.verified.is_some() {
                return self.tell(edit, number, now);
            }
            // Whoever holds a secret sees it there.
            edit.file.unread |= !edit.file.secret;
            edit.close_item(number, ItemState::Answered, Event::Answered, now);
            Ok(())
        })
        .await
    }

    /// An incident concerns this file.
    ///
    /// # Errors
    /// The store's.
    pub async fn incident_opened(&self, ticket: &TicketId, id: &str, now: Timestamp) -> Result<()> {
        self.amend(ticket, now, |edit| {
            edit.log(now, Event::IncidentOpened, [("incident", Edit::plain(id))]);
            Ok(())
        })
        .await
    }
}

/// The letter that tells where a package is, and the keyed hash of what opens it.
pub struct PackageLetter {
    /// The letter.
    pub letter: Letter,
    /// The keyed hash of the secret in it.
    pub secret: String,
}

/// Rights whose content the platform itself can show as gone.
pub fn is_content_deletion(right: Right) -> bool {
    matches!(right, Right::XContentDeletion | Right::YoutubeDeletion)
}
