//! The summary mail: a few lines in both languages, without a word of anybody, and where the report lies.

use std::sync::Arc;

use anyhow::Result;
use futures::future::BoxFuture;
use jiff::civil::Date;
use lambda_kit::mail::{Mailer, OutgoingMail};
use rules::Lang;

use super::attention::{Attention, Level};
use super::data::Report;
use super::words::{self, day};
use crate::audit::requests::{Due, Stage};

/// Deadlines that the mail names.
const MOST_NAMED: usize = 10;

/// Takes the summary to whoever reads it in the morning.
pub trait Notice: Send + Sync {
    /// Sends it.
    fn send<'a>(&'a self, summary: &'a Summary) -> BoxFuture<'a, Result<()>>;
}

/// Nobody to tell: the report alone.
#[derive(Clone, Copy, Debug)]
pub struct NoNotice;

impl Notice for NoNotice {
    fn send<'a>(&'a self, _: &'a Summary) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// By mail, from one address to another.
#[derive(Clone, Debug)]
pub struct MailNotice<M> {
    /// What takes it.
    pub mailer: M,
    /// Where it comes from.
    pub from: String,
    /// Who reads it, also when somebody answers.
    pub to: String,
}

impl<M: Mailer> Notice for MailNotice<M> {
    fn send<'a>(&'a self, summary: &'a Summary) -> BoxFuture<'a, Result<()>> {
        let header = |name: &str, value: String| (name.to_owned(), value);
        let mail = OutgoingMail {
            from: self.from.clone(),
            from_name: Some("関所 Sekisho".to_owned()),
            to: self.to.clone(),
            reply_to: Some(self.to.clone()),
            subject: summary.subject.clone(),
            body: summary.body.clone(),
            // The night tells a mail that had to be sent twice.
            headers: vec![
                header("Auto-Submitted", "auto-generated".to_owned()),
                header("X-Sekisho-Night", summary.night.to_string()),
            ],
        };
        Box::pin(async move {
            self.mailer.send(&mail).await?;
            Ok(())
        })
    }
}

/// Whom a night's report is told to, and how its place is called.
#[derive(Clone)]
pub struct Readers {
    /// Who is told.
    pub notice: Arc<dyn Notice>,
    /// What goes before a report's key to make an address that readers can open.
    pub place: String,
}

/// A short mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Of which night.
    pub night: Date,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// The summary of a report that lies at `place`.
pub(super) fn summary(report: &Report, attention: &[Attention], place: &str) -> Summary {
    let urgent = attention.iter().filter(|one| one.level == Level::Urgent).count();
    let waiting = report.waiting();
    let subject = format!(
        "【関所】{}/{} 至急{urgent}・待ち{waiting} (urgent {urgent}, waiting {waiting})",
        report.night.month(),
        report.night.day()
    );
    let mut body = String::new();
    for lang in [Lang::Ja, Lang::En] {
        body.push_str(&day(report.night, lang));
        body.push('\n');
        if attention.is_empty() {
            body.push_str(match lang {
                Lang::Ja => "記録・プラットフォーム・約束はすべて一致しています。\n",
                Lang::En => "Records, platforms and promises agree.\n",
            });
        }
        for one in attention {
            let mark = match one.level {
                Level::Urgent => "!!",
                Level::Warning => "! ",
                Level::Notice => "  ",
            };
            body.push_str(&format!("{mark} {}\n", one.text(lang)));
            if matches!(one.key, "requests_late" | "requests_soon") {
                let stage = if one.key == "requests_late" { Stage::Late } else { Stage::Near };
                let due = report.requests.named.iter().filter(|due| due.stage == stage);
                due.take(MOST_NAMED).for_each(|due| body.push_str(&deadline(due, lang)));
            }
        }
        body.push_str(&match lang {
            Lang::Ja => format!("待っているもの: {waiting}件\n報告書: {place}\n\n"),
            Lang::En => format!("Waiting: {waiting}\nReport: {place}\n"),
        });
    }
    Summary { night: report.night, subject, body }
}

/// A request by its number, what has to be done, and by when.
fn deadline(due: &Due, lang: Lang) -> String {
    format!("     {} {} {}\n", due.request, words::deadline(due.deadline, lang), words::time(due.due, lang))
}
