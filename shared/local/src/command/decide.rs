//! `sekisho decide`: a person's ruling on one post.

use anyhow::Result;
use casework::decide::{Ruling, decide};
use casework::decision::PostKey;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use rules::Clause;

use crate::connect;

use super::say;

#[derive(Debug, Args)]
pub(super) struct Decide {
    /// The post, for example `x:1234`.
    post: PostKey,
    /// The ruling.
    #[arg(value_enum)]
    ruling: Word,
    /// Why; kept with the decision. Name nobody in it.
    #[arg(long)]
    reason: String,
    /// With `act`: the clause, where the rules found none or the wrong one.
    #[arg(long)]
    clause: Option<Clause>,
    /// Who rules.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Word {
    /// Nothing to object to; what was done is taken back, and what the platform held is published.
    Allow,
    /// The policy's actions follow; a post of our own is deleted.
    Act,
    /// What was done is taken back.
    Undo,
    /// The open tasks were done by hand.
    Done,
}

impl Decide {
    pub(super) async fn run(self) -> Result<()> {
        let (store, rulebooks) = connect::store_and_rulebooks().await?;
        let now = Timestamp::now();
        let ruling = match self.ruling {
            Word::Allow => Ruling::Allow,
            Word::Act => Ruling::Act(self.clause),
            Word::Undo => Ruling::Undo,
            Word::Done => Ruling::Done,
        };
        let rulebook = rulebooks.current(now).await?;
        let ruled = decide(&store, &rulebook, &self.post, ruling, &self.reason, &self.by, now).await?;
        say(format_args!("{}: {} (decision {})", self.post, ruled.decision.verdict, ruled.decision.number))?;
        for kind in ruled.cancelled {
            say(format_args!("  cancelled: {kind}"))?;
        }
        for kind in ruled.planned {
            say(format_args!("  planned: {kind}"))?;
        }
        for task in ruled.tasks {
            say(format_args!("  by hand: {task}"))?;
        }
        Ok(())
    }
}
