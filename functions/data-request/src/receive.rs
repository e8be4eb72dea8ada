//! A mail that arrived: fetched, handed to the desk, its raw body kept, put aside or deleted, its letters sent.

use anyhow::{Context, Result};
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use metrics::counter;
use privacy::desk::{Arrived, PUT_ASIDE, Raw, TakenIn};

use crate::app::App;
use crate::carry::suppress_where_asked;
use crate::event::Receipt;

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Takes in one mail. Everything after it was filed is repeated when the mail is delivered again.
    pub(crate) async fn receive(&self, receipt: Receipt) -> Result<TakenIn> {
        let now = self.now();
        let aside = format!("{PUT_ASIDE}{}", receipt.id);
        let raw = match self.objects.get(&receipt.key).await.context("raw mail not read")? {
            Some(raw) => Some(raw),
            // A machine's mail that is delivered again.
            None => self.objects.get(&aside).await.context("raw mail not read")?,
        };
        let arrived = Arrived {
            id: &receipt.id,
            object: &receipt.key,
            at: receipt.arrived.filter(|at| *at <= now).unwrap_or(now),
            envelope: receipt.envelope.clone(),
            recipients: receipt.recipients.clone(),
            raw: raw.as_deref(),
        };
        let taken_in = self.desk().arrive(&arrived, now).await?;
        tracing::info!(outcome = outcome(&taken_in), "mail");
        counter!(lambda_kit::metrics::MAILS, "outcome" => outcome(&taken_in)).increment(1);
        let (ticket, body) = match &taken_in {
            TakenIn::Opened(ticket, raw) | TakenIn::Appended(ticket, raw) | TakenIn::Before(ticket, raw) => {
                (Some(ticket.clone()), *raw)
            }
            TakenIn::Machine(_) => (None, Raw::PutAside),
        };
        match (body, raw) {
            (Raw::PutAside, Some(raw)) => {
                self.objects.put(&aside, raw).await.context("mail not put aside")?;
                self.objects.delete(&receipt.key).await.context("mail not put aside")?;
            }
            (Raw::Delete, _) => self.objects.delete(&receipt.key).await.context("mail not deleted")?,
            (Raw::Keep, _) | (Raw::PutAside, None) => {}
        }
        let Some(ticket) = ticket else { return Ok(taken_in) };
        self.use_again_if_withdrawn(&ticket).await?;
        suppress_where_asked(&self.desk(), &self.carrier.decisions, &ticket, now).await?;
        // The platforms may not answer now; the schedule and the person's next mail ask again.
        let (gone, identified) =
            (Box::pin(self.delete_what_is_gone(&ticket)).await, Box::pin(self.identify_by_mail(&ticket)).await);
        for asked in [gone, identified] {
            if let Err(error) = asked {
                tracing::error!(error = format!("{error:#}"), "platform not asked");
            }
        }
        // A letter that cannot be sent now waits for the schedule.
        if let Err(error) = self.send_letters(&ticket).await {
            tracing::error!(error = format!("{error:#}"), "letters not sent");
        }
        Ok(taken_in)
    }
}

fn outcome(taken_in: &TakenIn) -> &'static str {
    match taken_in {
        TakenIn::Opened(..) => "opened",
        TakenIn::Appended(..) => "appended",
        TakenIn::Before(..) => "before",
        TakenIn::Machine(_) => "machine",
    }
}
