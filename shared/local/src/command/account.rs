//! `sekisho account`: the switch of one of our accounts, and its connection.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use casework::account::{AccountKey, Mode};
use casework::ledger::Accounts;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use lambda_kit::settings::environment;
use platforms::Hosts;
use platforms::oauth::{Authorities, Oauth};
use rules::Platform;

use crate::connect;
use crate::consent::Consent;
use crate::stack::{X_USER, YOUTUBE_CHANNEL};

use super::say;

#[derive(Debug, Args)]
pub(super) struct Account {
    /// What to do.
    #[arg(value_enum)]
    word: Word,
    /// `x` or `youtube`.
    platform: Platform,
    /// Port of 127.0.0.1 to which the browser comes back when connecting: part of the address that is registered with
    /// the app, `http://127.0.0.1:8781/callback`.
    #[arg(long, default_value_t = 8781)]
    port: u16,
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
    /// Has a person consent in a browser, and keeps what is granted.
    Connect,
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
            Word::Connect => return self.connect(account).await,
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
        let grant = store.grant_status(&account).await?;
        if let Some(refreshed) = grant.refreshed_at {
            say(format_args!("  token refreshed {refreshed}"))?;
        }
        if grant.uncertain {
            say("  nobody knows whether the last refresh used the refresh token up: connect the account again")?;
        }
        Ok(())
    }

    async fn connect(self, account: AccountKey) -> Result<()> {
        let reach = connect::tokens().await?;
        let values = reach.secrets.get().await?;
        let app = tokens::app(&values, self.platform)?;
        let consent = Consent {
            oauth: &Oauth::new(Authorities::at(&reach.x_api, &reach.google)?)?,
            app: &app,
            vault: &reach.vault,
            store: &reach.store,
            hosts: Hosts::at(&reach.x_api, &reach.youtube_api)?,
            account: account.clone(),
            port: self.port,
            clock: &Timestamp::now,
        };
        consent
            .connect(|url| {
                eprintln!("open this address in a browser, signed in as {}:\n\n  {url}\n", account.id);
                open(url.as_str());
            })
            .await?;
        say(format_args!("{} {}: connected", account.platform, account.id))
    }
}

/// Opens the browser where there is one; the address is shown in any case.
fn open(url: &str) {
    if !std::io::stdout().is_terminal() {
        return;
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let (quiet, silent) = (Stdio::null(), Stdio::null());
    // Without one, the person opens it by hand.
    let _ = Command::new(opener).arg(url).stdout(quiet).stderr(silent).spawn();
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
