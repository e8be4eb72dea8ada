//! What `sekisho` can be asked to do, one file for each command.

mod account;
mod decide;
mod queue;
mod run;

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
        }
    }
}
