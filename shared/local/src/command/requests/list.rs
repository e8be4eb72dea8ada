//! `sekisho requests list`: what waits, the earliest deadline first.

use anyhow::Result;
use clap::Args;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;
use privacy::file::{ItemState, RequestFile, Requests, WaitsFor};
use privacy::mail::Address;

use super::{Office, ask_word, tokyo, word};
use crate::command::say;

#[derive(Debug, Args)]
pub(super) struct List {
    /// Also what waits for the person to show control of an account, and what is being carried out.
    #[arg(long)]
    all: bool,
}

impl List {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let now = Timestamp::now();
        let kinds: &[WaitsFor] =
            if self.all { &[WaitsFor::Staff, WaitsFor::Person, WaitsFor::Fulfilment] } else { &[WaitsFor::Staff] };
        let mut rows = Vec::new();
        for waits_for in kinds {
            for ticket in office.requests.waiting(*waits_for).await? {
                let Some(file) = office.requests.load(&ticket).await? else { continue };
                let due = file.earliest(now)?;
                rows.push((due.map(|(_, due)| due), row(&file, due, now)));
            }
        }
        if let Some(year) = office.holidays.missing_soon(jiff::tz::offset(9).to_datetime(now).date()) {
            say(format_args!("! enter the holidays of {year} (shared/privacy/calendars): clocks run without them"))?;
        }
        if rows.is_empty() {
            return say("nothing waits");
        }
        // Without a deadline last.
        rows.sort_by_key(|(due, _)| due.unwrap_or(Timestamp::MAX));
        let mut table = Table::new();
        table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(["request", "arrived (Tokyo)", "asks", "due first", "notes"]);
        let count = rows.len();
        for (_, row) in rows {
            table.add_row(row);
        }
        say(format_args!("{table}\n{count} wait; look at one with: sekisho requests show <request>"))
    }
}

fn row(file: &RequestFile, due: Option<(privacy::law::DeadlineKind, Timestamp)>, now: Timestamp) -> [String; 5] {
    let asks = file.items.iter().filter(|item| !item.state.is_closed());
    let asks: Vec<String> =
        asks.map(|item| format!("{} {} ({})", item.number, ask_word(item.ask), word(item.state))).collect();
    let due = due.map_or_else(String::new, |(kind, due)| {
        let late = if due <= now { " LATE" } else { "" };
        format!("{}{late}\n{}", tokyo(due), word(kind))
    });
    [file.ticket.to_string(), tokyo(file.arrived), asks.join("\n"), due, notes(file).join("\n")]
}

/// Whatever a person should know before opening the file.
pub(super) fn notes(file: &RequestFile) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |holds: bool, text: String| {
        if holds {
            notes.push(text);
        }
    };
    note(file.unread, "unread mail".to_owned());
    note(file.silence.is_some(), format!("not answered: {}", file.silence.map(word).unwrap_or_default()));
    note(file.quarantine.is_some(), format!("put aside: {}", file.quarantine.map(word).unwrap_or_default()));
    note(file.unreachable, "unreachable: letters come back".to_owned());
    let address = file.person.as_ref().and_then(|person| person.address.as_ref());
    let carrier = address.is_some_and(Address::is_carrier) && !file.unreachable;
    note(carrier, "a mobile carrier's address, where letters are often refused".to_owned());
    note(file.complained, "complained about our mail".to_owned());
    note(file.lacks_mandate(), "asked by an agent whose power of attorney nobody has seen".to_owned());
    note(file.hold.is_some(), "legal hold".to_owned());
    let proposed = file.items.iter().any(|item| item.state == ItemState::Proposed);
    note(proposed, "waits for a second pair of eyes".to_owned());
    for task in file.items.iter().filter_map(|item| item.task.as_ref()) {
        note(true, format!("task: {task}"));
    }
    notes
}
