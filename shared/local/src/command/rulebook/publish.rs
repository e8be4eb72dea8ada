//! `sekisho rulebook publish`, `versions`, `rollback`, `demote` and `restore`: what is in force for the functions.

use std::path::PathBuf;

use anyhow::{Result, bail};
use casework::publication::{Cause, Demotion, Jump, Publications, Restored, Version};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use jiff::Timestamp;
use serde_json::json;
use store::rulebooks::{Back, PublishError, Published};

use super::check::failing;
use super::source::Source;
use crate::command::say;
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Folder of the rulebook.
    folder: PathBuf,
    /// Why; kept with the version.
    #[arg(long)]
    note: Option<String>,
    /// Who publishes.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

impl Publish {
    pub(super) async fn run(self) -> Result<()> {
        let source = Source::read(Some(&self.folder))?;
        let (store, rulebooks) = connect::store_and_rulebooks().await?;
        let files = source.files.clone();
        let published = match rulebooks.publish(files, &self.by, self.note.as_deref(), Timestamp::now()).await {
            Ok(published) => published,
            Err(PublishError::Rulebook(error)) => return Err(source.told(&error)),
            Err(PublishError::Cases(failures)) => {
                for line in failing(&source, &failures) {
                    say(line)?;
                }
                bail!("nothing was published: {} cases fail", failures.len());
            }
            Err(PublishError::Outbound(failures)) => {
                for line in &failures {
                    say(line)?;
                }
                bail!("nothing was published: {} cases of the outbound section fail", failures.len());
            }
            Err(error) => return Err(error.into()),
        };
        tell(&published)?;
        for demotion in store.standing().await?.demoted() {
            say(format_args!(
                "{} stays demoted to review; to let it act: sekisho rulebook restore {} --reason \"…\"",
                demotion.rule, demotion.rule
            ))?;
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Versions {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Versions {
    pub(super) async fn run(self) -> Result<()> {
        let store = connect::store().await?;
        let versions = store.versions().await?;
        let demotions = store.standing().await?.demotions;
        if self.json {
            return say(serde_json::to_string_pretty(&json!({"versions": versions, "demotions": demotions}))?);
        }
        if versions.is_empty() {
            say("nothing was published yet: the built-in rulebook is in force")?;
        } else {
            let mut table = Table::new();
            table.load_preset(UTF8_BORDERS_ONLY).set_header(["version", "rulebook", "since", "by", "note"]);
            for (place, version) in versions.iter().enumerate() {
                let number =
                    if place == 0 { format!("{} (in force)", version.number) } else { version.number.to_string() };
                table.add_row([number, origin(version), minute(version.at), version.by.clone(), note(version)]);
            }
            say(table)?;
        }
        for demotion in demotions {
            let why = match demotion.cause {
                Cause::Jump(Jump { hits, posts, usual_hits, usual_posts }) => {
                    let usual = 100.0 * usual_hits as f64 / usual_posts.max(1) as f64;
                    format!(": it acted on {hits} of {posts} people (usually {usual:.1} %)")
                }
                Cause::Person { by, reason } => format!(" by {by}: {reason}"),
            };
            say(format_args!("{} was demoted to review {}{why}", demotion.rule, minute(demotion.at)))?;
            if let Some(Restored { at, by, reason }) = demotion.restored {
                say(format_args!("  restored {} by {by}: {reason}", minute(at)))?;
            }
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// Number of the version, or `built-in`; what was in force before the version that is, unless given.
    version: Option<String>,
    /// Why; kept with the version.
    #[arg(long)]
    note: Option<String>,
    /// Who goes back.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

impl Rollback {
    pub(super) async fn run(self) -> Result<()> {
        let back = match self.version.as_deref() {
            None => Back::Before,
            Some("built-in") => Back::BuiltIn,
            Some(number) => match number.parse() {
                Ok(number) => Back::To(number),
                Err(_) => bail!("{number:?} is neither the number of a version nor built-in"),
            },
        };
        let (_, rulebooks) = connect::store_and_rulebooks().await?;
        tell(&rulebooks.go_back(back, &self.by, self.note.as_deref(), Timestamp::now()).await?)
    }
}

#[derive(Debug, Args)]
pub(super) struct Demote {
    /// Id of the rule.
    rule: String,
    /// Why; kept.
    #[arg(long)]
    reason: String,
    /// Who demotes.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

impl Demote {
    pub(super) async fn run(self) -> Result<()> {
        if self.reason.trim().is_empty() {
            bail!("demoting needs a reason");
        }
        let (store, rulebooks) = connect::store_and_rulebooks().await?;
        let rulebook = rulebooks.current(Timestamp::now()).await?;
        if rulebook.rule(&self.rule).is_none() {
            bail!("the rulebook in force has no rule {}", self.rule);
        }
        let before = store.standing().await?.demotions;
        let times = before.iter().find(|demotion| demotion.rule == self.rule).map_or(0, |demotion| demotion.times);
        let demotion = Demotion {
            rule: self.rule.clone(),
            at: Timestamp::now(),
            rulebook: rulebook.version().to_owned(),
            cause: Cause::Person { by: self.by, reason: self.reason },
            restored: None,
            times: times + 1,
        };
        if !store.demote(&demotion).await? {
            bail!("{} is demoted already", self.rule);
        }
        say(format_args!(
            "{} leads to review at most within a minute, and what it planned stays undone; until sekisho rulebook restore",
            self.rule
        ))
    }
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// Id of the rule.
    rule: String,
    /// Why it may act again; kept.
    #[arg(long)]
    reason: String,
    /// Who restores.
    #[arg(long = "as", value_name = "NAME", env = "USER")]
    by: String,
}

impl Restore {
    pub(super) async fn run(self) -> Result<()> {
        if self.reason.trim().is_empty() {
            bail!("restoring needs a reason");
        }
        let store = connect::store().await?;
        let restored = Restored { at: Timestamp::now(), by: self.by, reason: self.reason };
        if !store.restore(&self.rule, &restored).await? {
            bail!("{} is not demoted", self.rule);
        }
        say(format_args!("{} acts again within a minute; it is not demoted again for a day", self.rule))
    }
}

fn tell(published: &Published) -> Result<()> {
    match published {
        Published::Now(version) => say(format_args!(
            "version {} is in force, rulebook {}; the functions follow within a minute",
            version.number,
            origin(version)
        )),
        Published::Already(version) => {
            say(format_args!("version {} is in force already, rulebook {}", version.number, origin(version)))
        }
    }
}

fn origin(version: &Version) -> String {
    match version.bundle {
        Some(_) => version.rulebook.clone(),
        None => format!("{} (built-in)", version.rulebook),
    }
}

fn note(version: &Version) -> String {
    let back = version.back_to.map(|number| format!("back to version {number}"));
    back.into_iter().chain(version.note.clone()).collect::<Vec<_>>().join(": ")
}

fn minute(at: Timestamp) -> String {
    jiff::tz::offset(9).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
