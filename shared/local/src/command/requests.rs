//! `sekisho requests`: what people asked, and what we do about it.

mod decide;
mod list;
mod show;
mod work;

use anyhow::{Context, Result, anyhow};
use clap::{Args, Subcommand};
use privacy::classify::Ask;
use privacy::clocks::Holidays;
use privacy::desk::{Addresses, Desk};
use privacy::law::Law;
use privacy::mail::thread::TicketId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::RequestStore;

use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Requests {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows what waits, the earliest deadline first.
    List(list::List),
    /// Shows one request with its clocks, letters and log.
    Show(show::Show),
    /// Decides on a right, or seconds the decision of somebody else.
    Decide(decide::Decide),
    /// Answers a question; without a text, by the answer that the guidelines fix.
    Reply(work::Reply),
    /// Lengthens a clock that may be, and tells the person.
    Extend(work::Extend),
    /// Stops erasure for a legal reason, or ends the stop.
    Hold(work::Hold),
    /// Lets clocks stand still that may, or run on.
    Pause(work::Pause),
    /// Says what is really asked.
    Correct(work::Correct),
    /// Marks as read; closes questions that need no answer.
    Read(work::Read),
    /// Says that you saw the power of attorney of the agent who asks.
    Mandate(work::Mandate),
    /// Asks both mailboxes whether letters shall go to another address.
    Address(work::Readdress),
    /// Says that a task was done by hand, for example that papers were posted.
    Done(work::Done),
}

impl Requests {
    pub(super) async fn run(self) -> Result<()> {
        let office = Office::open().await?;
        match self.command {
            Command::List(list) => list.run(&office).await,
            Command::Show(show) => show.run(&office).await,
            Command::Decide(decide) => decide.run(&office).await,
            Command::Reply(reply) => reply.run(&office).await,
            Command::Extend(extend) => extend.run(&office).await,
            Command::Hold(hold) => hold.run(&office).await,
            Command::Pause(pause) => pause.run(&office).await,
            Command::Correct(correct) => correct.run(&office).await,
            Command::Read(read) => read.run(&office).await,
            Command::Mandate(mandate) => mandate.run(&office).await,
            Command::Address(address) => address.run(&office).await,
            Command::Done(done) => done.run(&office).await,
        }
    }
}

/// What the commands work with.
struct Office {
    requests: RequestStore,
    law: Law,
    holidays: Holidays,
    addresses: Addresses,
}

impl Office {
    async fn open() -> Result<Self> {
        let (requests, addresses) = connect::requests().await?;
        Ok(Self { requests, law: Law::shipped()?, holidays: Holidays::shipped()?, addresses })
    }

    fn desk(&self) -> Desk<'_, RequestStore> {
        Desk { requests: &self.requests, law: &self.law, holidays: &self.holidays, addresses: &self.addresses }
    }
}

/// One item of a request, by whom it is worked on.
#[derive(Debug, Args)]
struct Item {
    /// Number of the request, for example `SK-0123456789`.
    #[arg(value_parser = ticket)]
    ticket: TicketId,
    /// Number of the item within it.
    #[arg(long, default_value_t = 1)]
    item: u32,
    /// Who does it; kept with the request.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

fn ticket(text: &str) -> Result<TicketId, String> {
    TicketId::parse(text).map_err(|error| error.to_string())
}

/// Reads a code of a closed list, as the files spell it.
fn code<T: DeserializeOwned>(text: &str) -> Result<T> {
    let value = serde_json::Value::String(text.trim().replace('-', "_"));
    serde_json::from_value(value).map_err(|_| anyhow!("{text:?} is none of the codes for this"))
}

/// A code of a closed list as the files spell it.
pub(super) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is asked, by its code: of a right or of a kind of question.
fn ask(text: &str) -> Result<Ask> {
    let right = code(text).map(Ask::Right);
    right.or_else(|_| code(text).map(Ask::Inquiry)).with_context(|| "neither a right nor a kind of question")
}

fn ask_word(ask: Ask) -> String {
    match ask {
        Ask::Right(right) => word(right),
        Ask::Inquiry(inquiry) => format!("inquiry: {}", word(inquiry)),
    }
}

/// A moment as the office's clock shows it.
fn tokyo(at: jiff::Timestamp) -> String {
    jiff::tz::offset(9).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
