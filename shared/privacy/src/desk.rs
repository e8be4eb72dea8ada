//! The work on files, one file for each step, over the store's port: mail is taken in, letters are written, decisions
//! made, clocks kept. The function, the command line and the console all work through here.

mod alarm;
mod answer;
mod arrive;
mod at_once;
mod clock;
mod correct;
mod decide;
mod deliver;
mod document;
mod open;
mod readdress;
mod reply_to_us;
mod send;
mod write;

use jiff::Timestamp;

pub use alarm::Woke;
pub use arrive::{Arrived, PUT_ASIDE, Raw, TakenIn};
pub use decide::{CARRY_OUT_IN_PART, HAND_OVER, POST_PAPER, Stand, discloses};
pub use deliver::Fate;
pub use open::NewRequest;
pub(crate) use send::meet;
pub use write::local;

use crate::clocks::{ClockError, Holidays};
use crate::file::{Edit, FileError, ItemState, Requests, Saved};
use crate::law::{Law, LawError, RefusalReason};
use crate::mail::Address;
use crate::mail::thread::TicketId;

/// Our own addresses.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Where requests arrive and letters come from.
    pub desk: Address,
    /// Where alarms go.
    pub officer: Address,
    /// Further ones that are never answered automatically.
    pub own: Vec<Address>,
}

impl Addresses {
    /// All of them.
    pub fn all(&self) -> Vec<Address> {
        [&self.desk, &self.officer].into_iter().chain(&self.own).cloned().collect()
    }

    /// The address whose mail belongs to the file with this token.
    pub fn with_token(&self, token: &str) -> Option<Address> {
        Address::parse(&format!("{}+{token}@{}", self.desk.local(), self.desk.domain())).ok()
    }
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store.
    #[error(transparent)]
    File(#[from] FileError),
    /// The law does not know it.
    #[error(transparent)]
    Law(#[from] LawError),
    /// The clocks do not allow it.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// No random bytes.
    #[error("no randomness")]
    Random,
    /// There is no such file.
    #[error("no request has the number {0}")]
    NoFile(TicketId),
    /// The file has no such item.
    #[error("{0} has no item {1}")]
    NoItem(TicketId, u32),
    /// Others change the file all the time.
    #[error("{0} is being changed by others")]
    Busy(TicketId),
    /// It happened before, by another way.
    #[error("this has been done already")]
    Before,
    /// The item is not where this can happen.
    #[error("item {0} {told}", told = .1.told())]
    Stage(u32, ItemState),
    /// Only a right can be granted or refused; a question is answered.
    #[error("item {0} is a question: answer it with a reply")]
    NotARight(u32),
    /// The second pair of eyes must be another one.
    #[error("another person has to second this")]
    SamePerson,
    /// A form of answer that the right does not offer, or a proposal that says something else.
    #[error("{0}")]
    DoesNotFit(&'static str),
    /// Erasure is on hold.
    #[error("a legal hold stops this: {}", crate::word(.0))]
    OnHold(RefusalReason),
    /// Nothing is left of the person.
    #[error("the personal data of {0} was erased")]
    Purged(TicketId),
}

/// The result of a step.
pub type Result<T> = std::result::Result<T, DeskError>;

/// Tries of a change that meets others'.
const TRIES: u32 = 6;

/// What the steps work with.
#[derive(Clone, Copy)]
pub struct Desk<'a, R> {
    /// The store.
    pub requests: &'a R,
    /// The law in force for requests that arrive now.
    pub law: &'a Law,
    /// Holidays of the clocks.
    pub holidays: &'a Holidays,
    /// Our addresses.
    pub addresses: &'a Addresses,
}

impl<R: Requests> Desk<'_, R> {
    /// Changes a file and saves it; where others changed it meanwhile, once more on what they made of it.
    ///
    /// # Errors
    /// What `change` refuses, [`DeskError::NoFile`], [`DeskError::Busy`], the store's.
    pub async fn amend<T: Send>(
        &self,
        ticket: &TicketId,
        now: Timestamp,
        change: impl Fn(&mut Edit) -> Result<T> + Send + Sync,
    ) -> Result<T> {
        for _ in 0..TRIES {
            let file = self.requests.load(ticket).await?.ok_or_else(|| DeskError::NoFile(ticket.clone()))?;
            let mut edit = Edit::of(file);
            let value = change(&mut edit)?;
            if edit.is_empty() {
                return Ok(value);
            }
            match self.requests.save(&edit, now).await? {
                Saved::Written => return Ok(value),
                Saved::Stale => {}
                Saved::Before => return Err(DeskError::Before),
            }
        }
        Err(DeskError::Busy(ticket.clone()))
    }
}

/// Random bytes as hexadecimal.
fn random_hex<const N: usize>() -> Result<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| DeskError::Random)?;
    Ok(hex::encode(bytes))
}
