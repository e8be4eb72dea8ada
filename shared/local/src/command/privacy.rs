//! `sekisho privacy`: the erasure ledger after a restore, and the people who may not be taken in again.

use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand};
use comfy_table::Table;
use data_request::carry::replay;
use jiff::Timestamp;

use super::say;
use crate::{connect, desk, stack};

#[derive(Debug, Args)]
pub(super) struct Privacy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Erases everybody in the erasure ledger again, and what came back of files whose time was over, in both tables.
    /// To be run after any restore, before anything else runs.
    Replay,
    /// Lists those who may not be taken in again, the longest unreviewed first. Nobody can be told from the list.
    Suppressed,
    /// Ends a suppression after a review: what the person makes public is collected again.
    Lift {
        /// The mark, as the list shows it.
        mark: String,
    },
}

impl Privacy {
    pub(super) async fn run(self) -> Result<()> {
        let store = connect::store().await?;
        match self.command {
            Command::Replay => {
                let (requests, _) = connect::requests().await?;
                let now = Timestamp::now();
                let replayed = match connect::proof()? {
                    connect::Proof::Bucket(proof) => replay(&store, &requests, &connect::mail()?, &proof, now).await?,
                    connect::Proof::Folder(proof) => {
                        let mail = desk::mailbox(&stack::folder(Path::new(".")));
                        replay(&store, &requests, &mail, &proof, now).await?
                    }
                };
                say(format_args!("{} erasures replayed, {} items erased again", replayed.tombstones, replayed.erased))
            }
            Command::Suppressed => {
                let suppressions = store.suppressions().await?;
                if suppressions.is_empty() {
                    return say("nobody is suppressed");
                }
                let mut table = Table::new();
                table.set_header(["mark", "cause", "since", "review at"]);
                for one in suppressions {
                    table.add_row([one.mark, one.cause, format!("{:.0}", one.since), format!("{:.0}", one.review_at)]);
                }
                say(table)
            }
            Command::Lift { mark } => {
                store.lift_mark(&mark).await?;
                say("lifted")
            }
        }
    }
}
