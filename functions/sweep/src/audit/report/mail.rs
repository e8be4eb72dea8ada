//! The summary mail: a few lines in both languages, without a word of anybody, and where the report lies.

use std::sync::Arc;

use anyhow::Result;
use futures::future::BoxFuture;
use rules::Lang;

use super::attention::{Attention, Level};
use super::data::Report;
use super::words::day;

/// Takes the summary to whoever reads it in the morning.
pub trait Notice: Send + Sync {
    /// Sends it; `id` is the same for the same night, so that one sent twice can be told.
    fn send<'a>(&'a self, summary: &'a Summary, id: &'a str) -> BoxFuture<'a, Result<()>>;
}

/// Nobody to tell: the report alone.
#[derive(Clone, Copy, Debug)]
pub struct NoNotice;

impl Notice for NoNotice {
    fn send<'a>(&'a self, _: &'a Summary, _: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
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
        }
        body.push_str(&match lang {
            Lang::Ja => format!("待っているもの: {waiting}件\n報告書: {place}\n\n"),
            Lang::En => format!("Waiting: {waiting}\nReport: {place}\n"),
        });
    }
    Summary { subject, body }
}
