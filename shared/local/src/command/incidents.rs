//! `sekisho incidents`: leaks, with the days until which something is due and the draft of the report.

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use comfy_table::Table;
use data_request::carry::{Reported, open_incident};
use jiff::Timestamp;
use privacy::clocks::Holidays;
use privacy::desk::Desk;
use privacy::incident::{Duty, Incident, Kind, Trigger};
use privacy::law::Law;
use privacy::mail::thread::TicketId;
use serde::de::DeserializeOwned;
use store::RequestStore;

use super::requests::word;
use super::say;
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Incidents {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Opens one: its clocks run from now.
    Open(Open),
    /// Lists all, the newest first.
    List,
    /// Shows one with its draft of the report.
    Show {
        /// Its number.
        id: String,
    },
    /// Says that a report was made, or is not owed, so that its clock alarms no more.
    Report {
        /// Its number.
        id: String,
        /// `prompt` or `full`.
        #[arg(value_parser = code::<Duty>)]
        duty: Duty,
    },
}

#[derive(Debug, Args)]
struct Open {
    /// `mis_sent`, `unauthorised_access`, `loss` or `other`.
    #[arg(value_parser = code::<Kind>)]
    kind: Kind,
    /// The request in which it happened.
    #[arg(long, value_parser = TicketId::parse)]
    ticket: Option<TicketId>,
    /// `sensitive`, `property`, `improper_purpose` or `many_persons`; may be given several times.
    #[arg(long, value_parser = code::<Trigger>)]
    trigger: Vec<Trigger>,
    /// The data was strongly encrypted.
    #[arg(long)]
    encrypted: bool,
    /// What was seen, without names.
    #[arg(long)]
    outline: String,
}

/// A code of a closed list.
fn code<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|_| format!("{text:?} is none of the list"))
}

impl Incidents {
    pub(super) async fn run(self) -> Result<()> {
        let (requests, addresses) = connect::requests().await?;
        let holidays = Holidays::shipped()?;
        match self.command {
            Command::Open(open) => {
                let law = Law::shipped()?;
                let desk = Desk { requests: &requests, law: &law, holidays: &holidays, addresses: &addresses };
                let reported = Reported {
                    kind: open.kind,
                    ticket: open.ticket,
                    triggers: open.trigger,
                    encrypted: open.encrypted,
                    outline: open.outline,
                };
                let incident = open_incident(&desk, &connect::store().await?, &reported, Timestamp::now()).await?;
                show(&incident, &holidays)
            }
            Command::List => {
                let mut incidents = requests.incidents().await?;
                incidents.sort_by_key(|incident| std::cmp::Reverse(incident.known_at));
                if incidents.is_empty() {
                    return say("no incident was opened");
                }
                let mut table = Table::new();
                table.set_header(["number", "known (Tokyo)", "kind", "persons", "report", "prompt by", "full by"]);
                let by = |incident: &Incident, duty, day: jiff::civil::Date| match incident.met.contains(&duty) {
                    true => "done".to_owned(),
                    false => day.to_string(),
                };
                for incident in &incidents {
                    let timers = incident.timers(&holidays);
                    table.add_row([
                        incident.id.clone(),
                        incident.known(),
                        word(incident.kind),
                        incident.affected.len().to_string(),
                        if incident.reportable() { "yes" } else { "no" }.to_owned(),
                        by(incident, Duty::Prompt, timers.prompt_by),
                        by(incident, Duty::Full, timers.full_by),
                    ]);
                }
                say(table)
            }
            Command::Show { id } => show(&find(&requests, &id).await?, &holidays),
            Command::Report { id, duty } => {
                let mut incident = find(&requests, &id).await?;
                if !incident.met.contains(&duty) {
                    incident.met.push(duty);
                    if !requests.change_incident(&incident).await? {
                        bail!("somebody else changed {id} at the same time; try again");
                    }
                }
                show(&incident, &holidays)
            }
        }
    }
}

async fn find(requests: &RequestStore, id: &str) -> Result<Incident> {
    requests.incident(id).await?.ok_or_else(|| anyhow!("no incident has the number {id}"))
}

fn show(incident: &Incident, holidays: &Holidays) -> Result<()> {
    let timers = incident.timers(holidays);
    say(format_args!("{}: {}, known {} (Tokyo)", incident.id, word(incident.kind), incident.known()))?;
    if let Some(ticket) = &incident.ticket {
        say(format_args!("  in request {ticket}"))?;
    }
    say(format_args!("  persons affected: {}", incident.affected.len()))?;
    say(format_args!("  to be reported: {}", if incident.reportable() { "yes" } else { "not as far as known" }))?;
    let made = |duty| if incident.met.contains(&duty) { " (made, or not owed)" } else { "" };
    say(format_args!("  prompt report: from {} to {}{}", timers.prompt_from, timers.prompt_by, made(Duty::Prompt)))?;
    say(format_args!("  full report by: {}{}", timers.full_by, made(Duty::Full)))?;
    say(serde_json::to_string_pretty(&incident.draft()).context("draft")?)
}
