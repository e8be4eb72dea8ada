//! At each tick of the schedule: letters that wait, alarms of clocks, expiries, the end of keeping.

use anyhow::Result;
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use metrics::counter;
use privacy::clocks::Alarm;
use privacy::desk::Woke;
use privacy::file::{Due, Requests};
use privacy::mail::thread::TicketId;

use crate::app::App;
use crate::carry::suppress_where_asked;

/// Taken from the index at once.
const BATCH: usize = 50;
/// How long one tick goes on; the next goes on where it stopped.
const TICK: SignedDuration = SignedDuration::from_secs(40);

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Does what time has come for, the earliest first. What fails does not keep the rest back.
    ///
    /// # Errors
    /// When the index does not answer, or the last failure of a file.
    pub(crate) async fn tick(&self) -> Result<()> {
        let started = self.now();
        let mut failure = Box::pin(self.close_day()).await.err();
        failure = Box::pin(self.watch_incidents()).await.err().or(failure);
        let mut done: Vec<Due> = Vec::new();
        loop {
            let due = self.requests.due(self.now(), BATCH).await?;
            // The index may lag behind what was just done, and what failed stays in it.
            let fresh: Vec<Due> = due.into_iter().filter(|due| !done.contains(due)).collect();
            if fresh.is_empty() || self.now().duration_since(started) > TICK {
                return failure.map_or(Ok(()), Err);
            }
            for due in fresh {
                let result = match &due {
                    Due::Letter(ticket, number) => self.send_letter(ticket, *number).await,
                    Due::File(ticket) => Box::pin(self.wake(ticket)).await,
                };
                if let Err(error) = result {
                    tracing::error!(error = format!("{error:#}"), "due work not done");
                    failure = Some(error);
                }
                done.push(due);
            }
        }
    }

    async fn wake(&self, ticket: &TicketId) -> Result<()> {
        let file = self.requests.load(ticket).await?;
        if let Some(file) = &file
            && Box::pin(self.end_of_keeping(file)).await?
        {
            return Ok(());
        }
        let identify = file.as_ref().is_some_and(|file| file.identify_at.is_some_and(|at| at <= self.now()));
        // What was shown or corrected in a run that died has stopped nothing yet.
        let goes_on = file.is_some_and(|file| !file.suppressed && file.is_identified() && file.wants_erased());
        let Woke { alarms, expired, fulfil } = self.desk().wake(ticket, self.now()).await?;
        for (_, kind, alarm) in alarms {
            clock_alarm(&kind, alarm);
        }
        if !expired.is_empty() {
            counter!(lambda_kit::metrics::REQUESTS_EXPIRED).increment(expired.len() as u64);
        }
        let carried = match Box::pin(self.fulfil(ticket, &fulfil)).await {
            Ok(()) => Box::pin(self.delete_what_is_gone(ticket)).await,
            Err(error) => Err(error),
        };
        let identified = if identify { Box::pin(self.identify_by_mail(ticket)).await } else { Ok(()) };
        let stopped = if goes_on {
            suppress_where_asked(&self.desk(), &self.carrier.decisions, ticket, self.now()).await
        } else {
            Ok(())
        };
        self.send_letters(ticket).await?;
        carried.and(identified).and(stopped)
    }
}

/// Logs and counts an alarm of a clock.
pub(crate) fn clock_alarm(kind: &impl std::fmt::Debug, alarm: Alarm) {
    let alarm = match alarm {
        Alarm::Half => "half",
        Alarm::FourFifths => "four_fifths",
        Alarm::Over => "over",
    };
    tracing::warn!(kind = ?kind, outcome = alarm, "clock");
    counter!(lambda_kit::metrics::CLOCKS, "alarm" => alarm).increment(1);
}
