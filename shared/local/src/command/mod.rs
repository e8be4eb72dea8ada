//! What `sekisho` can be asked to do, one file for each command.

mod account;
pub mod audit;
mod backtest;
mod corrections;
mod decide;
mod evaluate;
mod incidents;
mod judge;
mod model;
mod outbound;
mod privacy;
mod queue;
mod requests;
mod rulebook;
mod run;
mod terminal;

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Enforces a company's social media guidelines. Without a command: starts everything on this machine and plays a
/// sample day.
#[derive(Debug, Parser)]
#[command(name = "sekisho", version)]
pub struct Sekisho {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Run,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows what waits for a person.
    Queue(queue::Queue),
    /// Rules on one post.
    Decide(decide::Decide),
    /// Judges JSON lines from stdin.
    Judge(judge::Judge),
    /// The life of a rule: new, check, test, explain, publish.
    Rulebook(rulebook::Rules),
    /// Compares what two rulebooks make of the same posts.
    Backtest(backtest::Backtest),
    /// Measures a rulebook on labelled rows.
    Evaluate(evaluate::Evaluate),
    /// Checks a draft of our own before it is published.
    Outbound(outbound::OutboundArgs),
    /// The register of what was wrong in our own posts.
    Corrections(corrections::Corrections),
    /// Shows and works on people's requests and inquiries.
    Requests(requests::Requests),
    /// Opens and shows leaks, with their clocks.
    Incidents(incidents::Incidents),
    /// Replays the erasure ledger; lists those who may not be taken in again.
    Privacy(privacy::Privacy),
    /// Tonight's audit and its report; with `export` and `verify` the chains of requests and their daily roots.
    Audit(audit::Audit),
    /// Trains the model and shows its card.
    Model(model::ModelCommand),
    /// Pauses, resumes or terminates one of our accounts.
    Account(account::Account),
}

impl Sekisho {
    /// Does what was asked.
    ///
    /// # Errors
    /// Told to the person who asked.
    pub async fn run(self) -> Result<()> {
        match self.command {
            None => self.run.run().await,
            Some(Command::Queue(queue)) => queue.run().await,
            Some(Command::Decide(decide)) => decide.run().await,
            Some(Command::Account(account)) => account.run().await,
            Some(Command::Corrections(corrections)) => corrections.run().await,
            Some(Command::Outbound(outbound)) => outbound.run(),
            Some(Command::Requests(requests)) => requests.run().await,
            Some(Command::Incidents(incidents)) => incidents.run().await,
            Some(Command::Privacy(privacy)) => privacy.run().await,
            Some(Command::Audit(audit)) => audit.run().await,
            Some(Command::Judge(judge)) => judge.run(),
            Some(Command::Rulebook(rules)) => rules.run().await,
            Some(Command::Backtest(backtest)) => backtest.run().await,
            Some(Command::Evaluate(evaluate)) => evaluate.run(),
            Some(Command::Model(model)) => model.run(),
        }
    }
}

/// Writes a command's output. A reader that has seen enough (`| head`) ends the program, as it should.
fn say(text: impl Display) -> Result<()> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        said => Ok(said?),
    }
}
