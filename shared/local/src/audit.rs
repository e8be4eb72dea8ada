//! The audit on this machine: run on demand, its report and its mail in a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use casework::audit::Nights;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::mail::FolderMailer;
use serde::{Deserialize, Serialize};
use sweep::audit::night::{self, Progress};
use sweep::audit::report::mail::MailNotice;
use sweep::audit::report::objects;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::desk;
use crate::simulator::Clock;
use crate::stack::LocalSweeper;

/// Starts of one night on demand, each with a function's working time.
const STARTS: usize = 50;

/// Runs the audit of a stack.
#[derive(Clone)]
pub struct Auditor {
    pub(crate) sweeper: Arc<LocalSweeper>,
    pub(crate) folder: PathBuf,
    pub(crate) clock: Clock,
}

/// Where a night's report lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The page.
    pub page: PathBuf,
    /// The figures.
    pub figures: PathBuf,
    /// Whether it had been written before.
    pub before: bool,
}

impl Auditor {
    /// The audit of tonight; `again` forgets the one that was done.
    ///
    /// # Errors
    /// The function's.
    pub async fn run(&self, again: bool) -> Result<Written> {
        let date = night::date_of((self.clock)());
        if again {
            self.sweeper.store.forget_night(date).await?;
        }
        for _ in 0..STARTS {
            let deadline = (self.clock)() + SignedDuration::from_mins(10);
            let before = match night::run(&self.sweeper, date, deadline).await? {
                Progress::Reported => false,
                Progress::AlreadyReported => true,
                Progress::TimeOver => continue,
                Progress::Held => bail!("another audit is at it: try again in some minutes"),
            };
            let path = |key: String| self.folder.join(key);
            return Ok(Written { page: path(objects::page(date)), figures: path(objects::figures(date)), before });
        }
        bail!("the audit does not come to an end")
    }
}

/// Where the summary comes from in the simulated world.
pub const REPORT_FROM: &str = "sekisho@sockets.example";
/// Where the summary goes.
pub const REPORT_TO: &str = "pr@sockets.example";

/// The audit's mails, as files in the outbox below a folder.
pub fn notice(folder: &Path) -> MailNotice<FolderMailer> {
    MailNotice {
        mailer: FolderMailer::new(desk::outbox(folder)),
        from: REPORT_FROM.to_owned(),
        to: REPORT_TO.to_owned(),
    }
}

/// The address at which other commands ask the running stack for an audit; it stops when dropped.
#[derive(Debug)]
pub struct Control {
    /// Where it listens.
    pub address: String,
    task: JoinHandle<()>,
}

impl Drop for Control {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a command asks.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ask {
    /// Forget the night that was done.
    pub again: bool,
}

impl Control {
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(auditor: Auditor) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let router = Router::new().route("/audit", post(audit)).with_state(auditor);
        let task = tokio::spawn(async move {
            // axum's serve never ends by itself.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Control { address, task })
    }
}

async fn audit(State(auditor): State<Auditor>, Query(ask): Query<Ask>) -> Result<Json<Written>, (StatusCode, String)> {
    let told = |error: anyhow::Error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"));
    auditor.run(ask.again).await.map(Json).map_err(told)
}

/// Asks the stack whose control is at `address`.
///
/// # Errors
/// When it does not answer, or the audit failed.
pub async fn ask(address: &str, again: bool) -> Result<Written> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client.post(format!("{address}/audit")).query(&Ask { again }).send().await?;
    if !answer.status().is_success() {
        bail!("{}", answer.text().await?);
    }
    answer.json().await.context("the stack's answer")
}

/// Midnight and a bit of the day after `date` in Tokyo: when the sample day's night is due.
///
/// # Errors
/// At the end of time.
pub fn due_after(date: jiff::civil::Date) -> Result<Timestamp> {
    Ok(jiff::tz::offset(9).to_timestamp(date.tomorrow()?.at(0, 5, 0, 0))?)
}
