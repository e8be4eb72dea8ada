//! Whose account it is: found by what the person names, read by its numeric id, shown by a code in a public place.

use anyhow::{Context, Result};
use casework::platform::{PlatformError, Shown};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::{Checked, Look};
use privacy::classify::Link;
use privacy::desk::{Desk, DeskError};
use privacy::file::{Account, Claim, RequestFile, Requests};
use privacy::identity::CodeError;
use privacy::mail::thread::TicketId;
use rules::{Platform, UserId};
use store::{RequestStore, Store};

use crate::app::App;

/// The most names that are asked about, so that one mail cannot make us ask without end.
const MOST: usize = 5;
/// Pause before a platform that did not answer is asked again, at least and at most.
const AGAIN: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl<O: Shelf, M: Mailer> App<O, M> {
    /// The first account that what the person names leads to and that something in the file waits for; our own, which
    /// people write to, is nobody's.
    pub(crate) async fn named_account(&self, file: &RequestFile) -> Result<Option<Account>, PlatformError> {
        let fits =
            |account: &Account| file.waits_for_control_on(account.platform()) && !self.carrier.own.contains(account);
        for claim in file.person.iter().flat_map(|person| &person.claims).take(MOST) {
            let found = match claim {
                Claim::Handle(handle) => match self.by_handle(Platform::X, handle).await?.filter(fits) {
                    Some(account) => Some(account),
                    None => self.by_handle(Platform::YouTube, handle).await?,
                },
                Claim::Link(Link::XProfile { handle }) => self.by_handle(Platform::X, handle).await?,
                Claim::Link(Link::XPost { id }) => self.author(Platform::X, id).await?,
                Claim::Link(Link::YoutubeChannel { id }) if id.starts_with("UC") => Some(Account::Youtube(id.clone())),
                Claim::Link(Link::YoutubeChannel { id }) => self.by_handle(Platform::YouTube, id).await?,
                Claim::Link(Link::YoutubeVideo { comment: Some(id), .. }) => self.author(Platform::YouTube, id).await?,
                Claim::Link(Link::YoutubeVideo { comment: None, .. }) => None,
            };
            if let Some(account) = found.filter(fits) {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    pub(crate) async fn by_handle(&self, platform: Platform, handle: &str) -> Result<Option<Account>, PlatformError> {
        let found = self.carrier.lookup.by_handle(platform, handle, self.now()).await?;
        Ok(found.map(|user| account(platform, user)))
    }

    async fn author(&self, platform: Platform, post: &str) -> Result<Option<Account>, PlatformError> {
        match self.carrier.lookup.shown(platform, post, self.now()).await? {
            Shown::Yes(author) => Ok(author.map(|author| account(platform, author))),
            Shown::Gone | Shown::Withheld => Ok(None),
        }
    }

    /// Reads what the account shows and looks for the code. What the person may not have taken in again is suppressed
    /// from then on.
    pub(crate) async fn look(&self, ticket: &TicketId) -> Result<Checked> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        let Some(issued) = file.person.as_ref().and_then(|person| person.issued.clone()) else {
            return Ok(Checked::Nothing);
        };
        if !issued.challenge.is_live(self.now()) {
            // Nothing is read for a code that cannot be accepted any more.
            return Ok(Checked::Not(CodeError::Expired));
        }
        let user = UserId(issued.account.id().to_owned());
        let profile = self.carrier.lookup.profile(issued.account.platform(), &user, self.now()).await?;
        let text = profile.map(|profile| profile.text).unwrap_or_default();
        let person = self.carrier.person(&issued.account);
        let pepper = self.requests.pepper();
        let look = Look { pepper: &pepper, text: &text, person: &person };
        let checked = self.desk().check(ticket, &look, self.now()).await?;
        if matches!(checked, Checked::Verified(_)) {
            suppress_where_asked(&self.desk(), &self.carrier.decisions, ticket, self.now()).await?;
        }
        Ok(checked)
    }

    /// Use of the person's data stops now, in every function.
    pub(crate) async fn suppress(&self, ticket: &TicketId, person: &str) -> Result<()> {
        self.carrier.decisions.suppress(person, privacy::erasure::Cause::Request, self.now()).await?;
        Ok(self.desk().suppressed(ticket, self.now()).await?)
    }

    /// After a mail of the person: looks for the code where one was issued, and issues one by letter where it is not
    /// found. Where a platform does not answer, it is asked again after as long as the file has waited.
    pub(crate) async fn identify_by_mail(&self, ticket: &TicketId) -> Result<()> {
        let file = self.requests.load(ticket).await?.context("no such file")?;
        let identified = self.identify(&file).await;
        let now = self.now();
        let again = identified.is_err().then(|| now + now.duration_since(file.arrived).clamp(AGAIN, DAY));
        self.desk().sought(ticket, again, now).await?;
        identified
    }

    async fn identify(&self, file: &RequestFile) -> Result<()> {
        let ticket = &file.ticket;
        if !file.waits_for_control() || !file.may_be_written_to() {
            return Ok(());
        }
        let person = file.person.as_ref();
        if person.and_then(|person| person.issued.as_ref()).is_some_and(|issued| issued.challenge.is_live(self.now()))
            && matches!(self.look(ticket).await?, Checked::Verified(_))
        {
            return Ok(());
        }
        let Some(account) = self.named_account(file).await? else { return Ok(()) };
        match self.desk().begin(ticket, &account, &self.requests.pepper(), true, self.now()).await {
            Ok(_) | Err(DeskError::DoesNotFit(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Stops use of the person's data at once, where a file asks for that and all is shown that has to be.
///
/// # Errors
/// The store's.
pub async fn suppress_where_asked(
    desk: &Desk<'_, RequestStore>,
    decisions: &Store,
    ticket: &TicketId,
    now: Timestamp,
) -> Result<()> {
    let file = desk.requests.load(ticket).await?.context("no such file")?;
    let wanted = file.is_identified() && file.wants_erased();
    let Some(account) = file.person.and_then(|person| person.account).filter(|_| wanted) else { return Ok(()) };
    let person = decisions.person(account.platform(), &UserId(account.id().to_owned()));
    decisions.suppress(&person, privacy::erasure::Cause::Request, now).await?;
    Ok(desk.suppressed(ticket, now).await?)
}

fn account(platform: Platform, user: UserId) -> Account {
    match platform {
        Platform::X => Account::X(user.0),
        Platform::YouTube => Account::Youtube(user.0),
    }
}
