//! A leak is reported: its clocks start, and those affected are found in the access log.

use anyhow::{Context, Result};
use jiff::Timestamp;
use lambda_kit::mail::{Mailer, OutgoingMail};
use privacy::desk::Desk;
use privacy::file::Requests;
use privacy::incident::{Incident, Kind, MANY, Notice, Trigger};
use privacy::mail::thread::TicketId;
use rules::UserId;
use store::{RequestStore, Store};

use super::random;
use crate::app::App;
use crate::tick::clock_alarm;

impl<O: Send + Sync, M: Mailer> App<O, M> {
    /// Tells the privacy officer what time has come for, and counts it with the clocks of requests.
    pub(crate) async fn watch_incidents(&self) -> Result<()> {
        for mut incident in self.requests.incidents().await? {
            let notices = incident.notices(&self.holidays, self.now());
            if notices.is_empty() {
                continue;
            }
            let (subject, body) = incident.letter(&notices, &self.holidays);
            self.mailer.send(&self.to_officer(subject, body)).await.context("officer not told of an incident")?;
            for notice in &notices {
                if let Notice::Clock(duty, alarm) = notice {
                    clock_alarm(duty, *alarm);
                }
            }
            incident.told.extend(notices);
            // Where somebody changed it meanwhile, it is told once more rather than never.
            self.requests.change_incident(&incident).await?;
        }
        Ok(())
    }

    fn to_officer(&self, subject: String, body: String) -> OutgoingMail {
        OutgoingMail {
            from: self.addresses.desk.to_header(),
            from_name: self.name.clone(),
            to: self.addresses.officer.to_header(),
            reply_to: None,
            subject,
            body,
            headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        }
    }
}

/// What is known of a leak when it is reported.
#[derive(Clone, Debug)]
pub struct Reported {
    /// What happened.
    pub kind: Kind,
    /// The file that it happened in, where it was one.
    pub ticket: Option<TicketId>,
    /// Why it has to be reported, as far as known.
    pub triggers: Vec<Trigger>,
    /// Whether the data was strongly encrypted.
    pub encrypted: bool,
    /// What was seen; names nobody.
    pub outline: String,
}

/// Opens an incident.
///
/// # Errors
/// The store's; for a file that is not there.
pub async fn open_incident(
    desk: &Desk<'_, RequestStore>,
    decisions: &Store,
    reported: &Reported,
    now: Timestamp,
) -> Result<Incident> {
    let mut affected = Vec::new();
    if let Some(ticket) = &reported.ticket {
        let file = desk.requests.load(ticket).await?.with_context(|| format!("no request has the number {ticket}"))?;
        let entries = desk.requests.entries(ticket).await?;
        // Whose data left is whose package was made here.
        let left = entries.iter().any(|entry| matches!(entry.event.as_str(), "package_made" | "package_fetched"));
        let account = file.person.and_then(|person| person.account).filter(|_| left);
        let key =
            |account: privacy::file::Account| decisions.person(account.platform(), &UserId(account.id().to_owned()));
        affected.extend(account.map(key));
    }
    let mut triggers = reported.triggers.clone();
    if affected.len() as u64 > MANY {
        triggers.push(Trigger::ManyPersons);
    }
    triggers.sort();
    triggers.dedup();
    let day = jiff::tz::offset(9).to_datetime(now).date();
    let incident = Incident {
        id: format!("IN-{day}-{}", random::<4>()?),
        kind: reported.kind,
        known_at: now,
        ticket: reported.ticket.clone(),
        affected,
        triggers,
        encrypted: reported.encrypted,
        outline: reported.outline.clone(),
        met: Vec::new(),
        told: Vec::new(),
        version: 0,
    };
    desk.requests.open_incident(&incident).await?;
    if let Some(ticket) = &incident.ticket {
        desk.incident_opened(ticket, &incident.id, now).await?;
    }
    Ok(incident)
}
