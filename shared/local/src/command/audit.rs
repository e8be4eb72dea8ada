//! `sekisho audit`: tonight's audit on demand; chains and daily roots, written out by whoever may read the table,
//! checked by anybody.

use std::io::BufRead;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use privacy::proof::{DailyRoot, Export, verify};
use serde::Deserialize;

use super::say;
use crate::connect;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a command: do tonight's audit again, though it was done.
    #[arg(long)]
    again: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes every chain and every daily root as JSON lines.
    Export,
    /// Checks an export against itself; asks nobody.
    Verify {
        /// The file, as `export` wrote it.
        file: PathBuf,
    },
}

impl Audit {
    pub(super) async fn run(self) -> Result<()> {
        match self.command {
            None => tonight(self.again).await,
            Some(Command::Export) => {
                let (requests, _) = connect::requests().await?;
                let mut out = Vec::new();
                match connect::proof()? {
                    connect::Proof::Bucket(proof) => data_request::carry::export(&requests, &proof, &mut out).await?,
                    connect::Proof::Folder(proof) => data_request::carry::export(&requests, &proof, &mut out).await?,
                }
                say(String::from_utf8_lossy(&out).trim_end())
            }
            Some(Command::Verify { file }) => {
                let text = std::fs::File::open(&file).with_context(|| file.display().to_string())?;
                let (chains, roots) = read_export(std::io::BufReader::new(text))?;
                let verified = verify(chains, &roots);
                for fault in &verified.faults {
                    say(fault)?;
                }
                let looked_at = format!(
                    "{} chains with {} entries and {} daily roots",
                    verified.chains, verified.entries, verified.roots
                );
                match verified.faults.len() {
                    0 => say(format_args!("{looked_at}: all hold")),
                    faults => bail!("{looked_at}: {faults} faults"),
                }
            }
        }
    }
}

/// Tonight's audit of the running stack, and where its report is.
async fn tonight(again: bool) -> Result<()> {
    if connect::is_deployed() {
        bail!("a deployed stack does its audit by itself, every night; the runbook (schedule-dead) does one again");
    }
    ::platforms::install_crypto();
    let written = crate::audit::ask(&connect::control()?, again).await?;
    let note = if written.before { " (done before; --again does it anew)" } else { "" };
    say(format_args!("report{note}\n  page     {}\n  figures  {}", written.page.display(), written.figures.display()))
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Chain(Export),
    Root(DailyRoot),
}

/// Reads an export; roots come in the order of their days.
///
/// # Errors
/// The first line that is none of an export.
pub fn read_export(text: impl BufRead) -> Result<(Vec<Export>, Vec<DailyRoot>)> {
    let (mut chains, mut roots) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        match serde_json::from_str(&line?).with_context(|| format!("line {number}"))? {
            Line::Chain(chain) => chains.push(chain),
            Line::Root(root) => roots.push(root),
        }
    }
    roots.sort_by_key(|root: &DailyRoot| root.day);
    Ok((chains, roots))
}
