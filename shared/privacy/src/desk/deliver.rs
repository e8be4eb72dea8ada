//! What became of a letter at the other end. A letter that came back is seen by staff; it stops no clock.

use jiff::Timestamp;

use super::{Desk, Result};
use crate::file::{Beside, Delivery, Edit, Event, LetterKind, LetterState, QueuedLetter, Requests};
use crate::mail::thread::ThreadKey;

/// What the mail service tells of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The other server took it.
    Delivered,
    /// It is late.
    Delayed,
    /// It came back; for good, or for now.
    Bounced {
        /// For good.
        permanent: bool,
    },
    /// The recipient's provider complained.
    Complained,
    /// The service itself would not send it.
    Rejected,
}

impl<R: Requests> Desk<'_, R> {
    /// Notes what became of the letter with a `Message-ID`. `false` when no file has such a letter.
    ///
    /// # Errors
    /// The store's.
    pub async fn delivered(&self, message_id: &str, fate: Fate, now: Timestamp) -> Result<bool> {
        let key = ThreadKey::MessageId(message_id.to_owned());
        let Some(found) = self.requests.find(&key).await? else { return Ok(false) };
        let letters = self.requests.letters(&found.ticket).await?;
        let letter = found.letter.and_then(|number| letters.into_iter().find(|letter| letter.number == number));
        let Some(letter) = letter else { return Ok(false) };
        let delivery = match fate {
            Fate::Delivered => Delivery::Delivered,
            Fate::Delayed | Fate::Bounced { permanent: false } => Delivery::Delayed,
            Fate::Bounced { permanent: true } | Fate::Rejected => Delivery::Bounced,
            Fate::Complained => Delivery::Complained,
        };
        // Reports come in any order and again: what is final stays.
        if letter.delivery == delivery
            || delivery == Delivery::Delayed && letter.delivery != Delivery::Unknown
            || letter.delivery == Delivery::Bounced && delivery == Delivery::Delivered
        {
            return Ok(true);
        }
        self.amend(&found.ticket, now, |edit| {
            let to_person = letter.kind != LetterKind::OfficerAlarm;
            edit.file.unreachable |= to_person && delivery == Delivery::Bounced;
            edit.file.complained |= to_person && delivery == Delivery::Complained;
            let state = if fate == Fate::Rejected { LetterState::Failed } else { letter.state };
            edit.beside.push(Beside::Letter(QueuedLetter { delivery, state, ..letter.clone() }));
            edit.log(
                now,
                Event::DeliveryReported,
                [("letter", Edit::plain(letter.number)), ("delivery", Edit::code(delivery))],
            );
            Ok(())
        })
        .await?;
        Ok(true)
    }
}
