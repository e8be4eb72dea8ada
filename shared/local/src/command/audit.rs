//! `sekisho audit`: tonight's audit on demand, and where its report is.

use anyhow::Result;
use clap::Args;

use crate::{audit, connect};

use super::say;

#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Do it again, though tonight's was done.
    #[arg(long)]
    again: bool,
}

impl Audit {
    pub(super) async fn run(self) -> Result<()> {
        platforms::install_crypto();
        let written = audit::ask(&connect::control()?, self.again).await?;
        let note = if written.before { " (done before; --again does it anew)" } else { "" };
        say(format_args!(
            "report{note}\n  page     {}\n  figures  {}",
            written.page.display(),
            written.figures.display()
        ))
    }
}
