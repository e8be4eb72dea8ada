//! What became of letters: noted on their files.

use anyhow::Result;
use lambda_kit::mail::Mailer;
use metrics::counter;
use privacy::desk::Fate;

use crate::app::App;
use crate::event::Report;

impl<O: Send + Sync, M: Mailer> App<O, M> {
    /// Notes one report. A report on a mail that is no letter of ours changes nothing.
    pub(crate) async fn note(&self, report: &Report) -> Result<()> {
        let message_id = self.mailer.message_id(&report.id);
        let known = self.desk().delivered(&message_id, report.fate, self.now()).await?;
        let fate = match report.fate {
            Fate::Delivered => "delivered",
            Fate::Delayed | Fate::Bounced { permanent: false } => "delayed",
            Fate::Bounced { permanent: true } => "bounced",
            Fate::Complained => "complained",
            Fate::Rejected => "rejected",
        };
        tracing::info!(outcome = fate, count = u64::from(known), "delivery");
        counter!(lambda_kit::metrics::DELIVERIES, "outcome" => fate).increment(1);
        Ok(())
    }
}
