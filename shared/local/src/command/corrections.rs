//! `sekisho corrections`: the register of what was wrong in our own posts. Nothing is ever posted.

use anyhow::{Context, Result};
use casework::corrections::{Correction, CorrectionState, Opener, Register, Report, advance, draft, open};
use casework::decision::PostKey;
use clap::{Args, Subcommand, ValueEnum};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;
use rules::Lang;

use crate::connect;

use super::say;

#[derive(Debug, Args)]
pub(super) struct Corrections {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reports that something is wrong in a post of ours.
    Open {
        /// The post, for example `x:1234`.
        post: PostKey,
        /// The words that are wrong.
        #[arg(long)]
        wrong: String,
        /// The words that would be right.
        #[arg(long)]
        right: Option<String>,
        /// As a reviewer, not as a member of staff.
        #[arg(long)]
        reviewer: bool,
        /// Who reports it.
        #[arg(long = "as", value_name = "NAME", env = "USER")]
        by: String,
    },
    /// Confirms that it is wrong.
    Confirm(Step),
    /// Closes it: corrected and apologised for, or dismissed.
    Close {
        #[command(flatten)]
        step: Step,
        /// Nothing was wrong.
        #[arg(long)]
        dismiss: bool,
    },
    /// Offers a wording.
    Draft {
        /// The post.
        post: PostKey,
        /// Number of the correction.
        #[arg(default_value_t = 1)]
        number: u32,
        /// Only in this language.
        #[arg(long, value_enum)]
        lang: Option<Word>,
    },
    /// Lists what is open, longest first; or all corrections of one post.
    List {
        /// The post.
        post: Option<PostKey>,
    },
}

#[derive(Debug, Args)]
struct Step {
    /// The post.
    post: PostKey,
    /// Number of the correction.
    #[arg(default_value_t = 1)]
    number: u32,
    /// Why, or where the correction stands.
    #[arg(long)]
    note: String,
    /// Who says so.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Word {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Corrections {
    pub(super) async fn run(self) -> Result<()> {
        let store = connect::store().await?;
        let now = Timestamp::now();
        match self.command {
            Command::Open { post, wrong, right, reviewer, by } => {
                let by = if reviewer { Opener::Reviewer(by) } else { Opener::Staff(by) };
                let report = Report { post, by, rule: None, wrong, right };
                let opened = open(&store, report, now).await?.context("a correction is open for the same rule")?;
                say(format_args!("{} correction {}: {}", opened.post, opened.number, opened.state.key()))
            }
            Command::Confirm(step) => step.take(&store, CorrectionState::Confirmed, now).await,
            Command::Close { step, dismiss } => {
                let state = if dismiss { CorrectionState::Dismissed } else { CorrectionState::Corrected };
                step.take(&store, state, now).await
            }
            Command::Draft { post, number, lang } => {
                let own = store.own_post(&post).await?.with_context(|| format!("{post} is no post of ours"))?;
                let all = store.corrections_of(&post).await?;
                let found = all.iter().find(|correction| correction.number == number);
                let correction = found.with_context(|| format!("{post} has no correction {number}"))?;
                let langs = match lang {
                    None => vec![Lang::Ja, Lang::En],
                    Some(Word::Ja) => vec![Lang::Ja],
                    Some(Word::En) => vec![Lang::En],
                };
                let drafts: Vec<String> = langs.into_iter().map(|lang| draft(correction, &own, lang)).collect();
                say(drafts.join("\n\n"))
            }
            Command::List { post: Some(post) } => list(&store.corrections_of(&post).await?, now),
            Command::List { post: None } => list(&store.open_corrections().await?, now),
        }
    }
}

impl Step {
    async fn take(&self, store: &store::Store, state: CorrectionState, now: Timestamp) -> Result<()> {
        let done = advance(store, (&self.post, self.number), state, &self.by, &self.note, now).await?;
        say(format_args!("{} correction {}: {}", done.post, done.number, done.state.key()))
    }
}

fn list(corrections: &[Correction], now: Timestamp) -> Result<()> {
    if corrections.is_empty() {
        return say("no correction");
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["post", "no.", "state", "hours open", "opened by", "wrong", "right"]);
    for correction in corrections {
        let by = match &correction.opened_by {
            Opener::Staff(name) => name.clone(),
            Opener::Reviewer(name) => format!("{name} (reviewer)"),
            Opener::Audit => format!("audit, {}", correction.rule.as_deref().unwrap_or_default()),
        };
        table.add_row([
            correction.post.to_string(),
            correction.number.to_string(),
            correction.state.key().to_owned(),
            format!("{:.0}", correction.hours_open(now)),
            by,
            correction.wrong.clone(),
            correction.right.clone().unwrap_or_default(),
        ]);
    }
    say(table)
}
