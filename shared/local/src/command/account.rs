//! `sekisho account`: the switch of one of our accounts.

use anyhow::{Result, bail};
use casework::account::{AccountKey, Mode};
use casework::ledger::Accounts;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use lambda_kit::settings::environment;
use rules::Platform;

use crate::connect;
use crate::stack::{X_USER, YOUTUBE_CHANNEL};

use super::say;

#[derive(Debug, Args)]
pub(super) struct Account {
    /// What to do.
    #[arg(value_enum)]
    word: Word,
    /// `x` or `youtube`.
    platform: Platform,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Word {
    /// The kill switch: decisions go on, nothing is done on the platform.
    Pause,
    /// Back to work; also clears what had stopped the account.
    Resume,
    /// Ends intake and actions.
    Terminate,
    /// Shows its state.
    Show,
}

impl Account {
    pub(super) async fn run(self) -> Result<()> {
        let store = connect::store().await?;
        let account = AccountKey { platform: self.platform, id: account_id(self.platform)? };
        let mode = match self.word {
            Word::Pause => Some(Mode::Paused),
            Word::Resume => Some(Mode::Active),
            Word::Terminate => Some(Mode::Terminated),
            Word::Show => None,
        };
        if let Some(mode) = mode {
            store.set_mode(&account, mode, Timestamp::now()).await?;
        }
        let state = store.account(&account).await?;
        say(format_args!("{} {}: {}", account.platform, account.id, state.mode.key()))?;
        for (what, why) in [("disconnected", state.disconnected), ("spending stopped", state.spending_stopped)] {
            if let Some(why) = why {
                say(format_args!("  {what}: {why}"))?;
            }
        }
        if let Some(until) = state.stopped_until.filter(|until| *until > Timestamp::now()) {
            say(format_args!("  no calls before {until}"))?;
        }
        Ok(())
    }
}

/// The account that the functions are configured with; the local stack's where no deployed table is named.
fn account_id(platform: Platform) -> Result<String> {
    let (variable, local) = match platform {
        Platform::X => ("SEKISHO_X_USER_ID", X_USER),
        Platform::YouTube => ("SEKISHO_YOUTUBE_CHANNEL_ID", YOUTUBE_CHANNEL),
    };
    match environment(variable) {
        Some(id) => Ok(id),
        None if environment("SEKISHO_TABLE").is_none() => Ok(local.to_owned()),
        None => bail!("set {variable}, as the functions have it"),
    }
}
