//! `sekisho`: starts everything on this machine, plays the sample day, and keeps serving.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use clap::Args;
use jiff::{SignedDuration, Timestamp};

use crate::audit::{Control, Written, due_after};
use crate::connect::{Running, running_file};
use crate::sample::data::Day;
use crate::sample::{Means, play_by, report, shown, write_to_the_desk};
use crate::simulator::{Clock, HandClock};
use crate::stack::{self, Options, Stack};

use super::say;

#[derive(Debug, Args)]
pub(super) struct Run {
    /// Exit after the sample day instead of serving on.
    #[arg(long)]
    once: bool,
    /// Keep the data in this file.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Port of the functions on 127.0.0.1; 0 for a free one.
    #[arg(long, default_value_t = 8780)]
    port: u16,
}

impl Run {
    pub(super) async fn run(self) -> Result<()> {
        let hand = HandClock::at(Timestamp::now());
        let live = Arc::new(AtomicBool::new(false));
        let temporary = tempfile::tempdir()?;
        let folder = if self.once { temporary.path().to_owned() } else { stack::folder(Path::new(".")) };
        let options = Options {
            folder,
            data: self.data,
            port: if self.once { 0 } else { self.port },
            clock: clock(&hand, &live),
        };
        let stack = Stack::start(options.clone()).await?;
        let day = Day::read()?;
        say(format_args!(
            "the functions listen at {}; a day of {} events begins",
            stack.gateway.origin(),
            day.event.len()
        ))?;

        let yesterday = jiff::tz::offset(9).to_datetime(Timestamp::now() - SignedDuration::from_hours(24)).date();
        let played = play_by(&stack, &day, yesterday, &hand, Means::Both).await?;
        say(report(&played, std::io::stdout().is_terminal()))?;
        let exchanges = Box::pin(write_to_the_desk(&stack, &played)).await?;
        say(format_args!("\ntwo people write to the desk\n{}", shown(&exchanges)))?;
        hand.set(due_after(yesterday)?);
        let written = stack.auditor.run(false).await?;
        let page = if self.once { keep(&written, &options.folder)? } else { written.page };
        say(format_args!("\nlast night's report  {}", page.display()))?;
        if self.once {
            return Ok(());
        }

        live.store(true, Ordering::SeqCst);
        let control = Control::start(stack.auditor.clone()).await?;
        let file = running_file(&options.folder);
        let running = Running {
            engine: stack.engine.address.clone(),
            table: stack::table_name()?,
            secrets: stack::secrets_file(&options).canonicalize()?,
            objects: options.folder.canonicalize()?,
            x: stack.x.origin(),
            youtube: stack.youtube.origin(),
            control: control.address.clone(),
        };
        std::fs::write(&file, serde_json::to_vec_pretty(&running)?)?;
        let functions = options.folder.join("functions.env");
        let lines = stack::function_variables(&stack, &running.secrets)?;
        let lines: Vec<String> = lines.into_iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        std::fs::write(&functions, lines.concat())?;
        say(format_args!(
            "\nserving\n  X webhook        {}\n  WebSub callback  {}/youtube/<secret in {}>\n  DynamoDB         {}\n\
             try, in another terminal\n  cargo run -- queue\n  cargo run -- decide x:<id> allow --reason \"…\"\n  cargo run -- requests list --all\n\
             stop with Ctrl-C",
            stack.x_webhook(),
            stack.gateway.origin(),
            stack::secrets_file(&options).display(),
            stack.engine.address,
        ))?;
        let served = tokio::select! {
            served = stack.serve() => served,
            stopped = tokio::signal::ctrl_c() => stopped.map_err(Into::into),
        };
        std::fs::remove_file(&file)?;
        std::fs::remove_file(&functions)?;
        served
    }
}

/// Brings a report out of a folder that goes with the run; gives the place of its page.
fn keep(written: &Written, folder: &Path) -> Result<PathBuf> {
    let kept = |path: &Path| Ok::<_, anyhow::Error>(stack::folder(Path::new(".")).join(path.strip_prefix(folder)?));
    for path in [&written.page, &written.figures] {
        let to = kept(path)?;
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::copy(path, to)?;
    }
    kept(&written.page)
}

/// The day's own time while it is played, the machine's from then on.
fn clock(hand: &HandClock, live: &Arc<AtomicBool>) -> Clock {
    let (hand, live) = (hand.clone(), Arc::clone(live));
    Arc::new(move || if live.load(Ordering::SeqCst) { Timestamp::now() } else { hand.now() })
}
