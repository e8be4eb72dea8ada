//! Sending the letters that were written: each taken under a lease, sent, and its `Message-ID` recorded.

use anyhow::Result;
use lambda_kit::mail::{MailError, Mailer, OutgoingMail};
use metrics::counter;
use privacy::file::{LetterState, QueuedLetter, Requests};
use privacy::mail::thread::TicketId;

use crate::app::App;

/// Tries after which a letter that the service keeps refusing for now counts as failed: some days, with growing pauses.
const TRIES: u32 = 20;

impl<O, M: Mailer> App<O, M> {
    /// Sends the pending letters of a file.
    pub(crate) async fn send_letters(&self, ticket: &TicketId) -> Result<()>
    where
        O: Send + Sync,
    {
        let letters = self.requests.letters(ticket).await?;
        for letter in letters.iter().filter(|letter| letter.state == LetterState::Pending) {
            self.send_letter(ticket, letter.number).await?;
        }
        Ok(())
    }

    /// Sends one letter, unless another has it or it is not due.
    pub(crate) async fn send_letter(&self, ticket: &TicketId, number: u32) -> Result<()>
    where
        O: Send + Sync,
    {
        let Some(letter) = self.requests.claim_letter(ticket, number, self.now()).await? else { return Ok(()) };
        let outcome = match self.mailer.send(&self.outgoing(&letter)).await {
            Ok(message_id) => {
                self.desk().sent(&letter, &message_id, self.now()).await?;
                "sent"
            }
            Err(error) => {
                let is_final = error.is_final() || letter.attempts + 1 >= TRIES;
                tracing::error!(%error, attempt = letter.attempts + 1, "letter not sent");
                self.desk().not_sent(&letter, reason(&error), is_final, self.now()).await?;
                if is_final { "failed" } else { "put_off" }
            }
        };
        counter!(lambda_kit::metrics::LETTERS, "outcome" => outcome).increment(1);
        Ok(())
    }

    fn outgoing(&self, letter: &QueuedLetter) -> OutgoingMail {
        OutgoingMail {
            from: self.addresses.desk.to_header(),
            from_name: self.name.clone(),
            to: letter.to.to_header(),
            reply_to: letter.reply_to.as_ref().map(privacy::mail::Address::to_header),
            subject: letter.subject.clone(),
            body: letter.body.clone(),
            headers: letter.headers.clone(),
        }
    }
}

/// A closed word for the chain.
fn reason(error: &MailError) -> &'static str {
    match error {
        MailError::Throttled => "throttled",
        MailError::Paused(_) => "paused",
        MailError::NotSetUp(_) => "not_set_up",
        MailError::Rejected(_) => "rejected",
        MailError::Malformed => "malformed",
        MailError::Unavailable(_) | MailError::Folder(_) => "unavailable",
    }
}
