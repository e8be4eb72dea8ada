//! A request through the interface becomes a file. Nobody is written to: the answer itself is the receipt, with number
//! and secret, what has to be shown and until when each right is answered.

use jiff::Timestamp;

use crate::classify::{Ask, Language};
use crate::desk::{Desk, DeskError, NewRequest, Result, meet};
use crate::file::{Beside, Channel, Claim, ClassifiedBy, RequestFile, Requests, Saved};
use crate::law::{DeadlineKind, Right};
use crate::letters::Form;
use crate::mail::Address;
use crate::mail::thread::TicketId;

/// What was sent in.
pub struct Submitted {
    /// When it arrived.
    pub arrived: Timestamp,
    /// Language of letters.
    pub language: Language,
    /// The rights, chosen from a list.
    pub rights: Vec<Right>,
    /// Where letters go, if anywhere.
    pub address: Option<Address>,
    /// What the person says is theirs.
    pub claims: Vec<Claim>,
    /// Form in which disclosure is wanted.
    pub form: Option<Form>,
}

/// Tries with a new number when one was taken.
const TRIES: u32 = 3;

impl<R: Requests> Desk<'_, R> {
    /// Opens the file. `secret` is the keyed hash of what opens its status, made from its number.
    ///
    /// # Errors
    /// The store's.
    pub async fn submit(
        &self,
        submitted: &Submitted,
        secret: impl Fn(&TicketId) -> String + Send,
        now: Timestamp,
    ) -> Result<RequestFile> {
        for _ in 0..TRIES {
            let mut edit = self.draw_up(
                NewRequest {
                    channel: Channel::Api,
                    arrived: submitted.arrived,
                    language: submitted.language,
                    asks: submitted.rights.iter().map(|right| (Ask::Right(*right), None)).collect(),
                    classified_by: ClassifiedBy::Requester,
                    address: submitted.address.clone(),
                    claims: submitted.claims.clone(),
                    authenticated: false,
                    on_behalf: false,
                },
                now,
            )?;
            edit.file.form = submitted.form;
            edit.file.secret = true;
            meet(&mut edit, &[DeadlineKind::ReceiptNotice, DeadlineKind::CcpaConfirmation], now);
            edit.beside.push(Beside::Secret(secret(&edit.file.ticket)));
            match self.requests.save(&edit, now).await? {
                Saved::Written => return Ok(edit.file),
                Saved::Stale | Saved::Before => {}
            }
        }
        Err(DeskError::Before)
    }
}
