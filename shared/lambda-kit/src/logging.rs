//! Log lines that cannot hold what must not be logged.
//!
//! The rule: a line is a fixed message and fields of a closed list, [`FIELDS`]. A field with
//! another name is left out by the formatter, whoever logged it, libraries included. The values are
//! counts, times, closed names, codes and ids of our own making; never text, names, handles, user
//! or post ids, tokens or bodies. Messages are fixed words: what varies belongs in a field.
//! Libraries are heard from `warn` upwards only, since some log bodies and headers below.

mod line;

use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::environment;

pub use line::Style;

/// Names that a field may have, besides the message.
pub const FIELDS: &[&str] = &[
    "account",    // our own account's id
    "action",     // kind of action
    "attempt",    // number of a try, from 1
    "clause",     // clause of the guidelines
    "count",      // how many of what the message says
    "elapsed_ms", // milliseconds
    "error",      // an error of ours, which quotes nothing
    "function",   // name of the function
    "key",        // key of an object or message that we made
    "kind",       // kind of event
    "list",       // which of a platform's lists
    "outcome",    // how something ended
    "platform",   // x or youtube
    "reason",     // code of a platform or service
    "request_id", // id of the invocation
    "route",      // a route's pattern, without its values
    "rule",       // id of a rule
    "rulebook",   // version of the rulebook
    "status",     // HTTP status code
    "table",      // name of a table
    "trigger",    // what woke the function
    "until",      // time to wait for
    "verdict",    // allow, review or act
    "version",    // version of the program
];

/// Our crates, by the start of their targets.
const OURS: &[&str] = &[
    "casework",
    "data_request",
    "enforce",
    "lambda_kit",
    "local",
    "platforms",
    "privacy",
    "rules",
    "sekisho",
    "store",
    "sweep",
    "tokens",
    "webhook",
];

/// Starts logging of a function: JSON lines on stdout, which Lambda hands to CloudWatch. The first
/// start in a process counts. Comes before the settings, so that their problems are logged;
/// `SEKISHO_LOG` is `off`, `error`, `warn`, `info` (unless set), `debug` or `trace`.
pub fn lambda() {
    start(Style::Json, LevelFilter::INFO, std::io::stdout);
}

/// Starts logging of the local program: readable lines on stderr, from `warn` upwards unless `SEKISHO_LOG` says
/// otherwise; what a command came to is its output, not its log.
pub fn local() {
    start(Style::Human, LevelFilter::WARN, std::io::stderr);
}

fn start<W>(style: Style, usual: LevelFilter, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let level = level(&environment, usual);
    // An error says that logging has started already.
    let _ = subscriber(style, level.unwrap_or(usual), writer).try_init();
    if level.is_none() {
        tracing::warn!("SEKISHO_LOG is not a level");
    }
}

/// The level that `SEKISHO_LOG` names, the usual one if it is not set; `None` if it names none.
fn level(source: &dyn Fn(&str) -> Option<String>, usual: LevelFilter) -> Option<LevelFilter> {
    match source("SEKISHO_LOG") {
        Some(level) if level.is_empty() => None,
        Some(level) => level.parse().ok(),
        None => Some(usual),
    }
}

/// The subscriber behind both, for tests that read the lines back.
pub fn subscriber<W>(style: Style, level: LevelFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        // The local engine warns of every refused condition, which is an answer like another.
        .with_target("dynoxide", level.min(LevelFilter::ERROR))
        .with_targets(OURS.iter().map(|target| (*target, level)));
    let lines = tracing_subscriber::fmt::layer()
        .event_format(line::Line(style))
        .fmt_fields(line::Line(style))
        .with_writer(writer)
        .with_filter(filter);
    tracing_subscriber::registry().with(lines)
}

/// The span of one invocation: every line within carries the request's id. Lambda's id, not the
/// caller's. To be put around the handler's future with `tracing::Instrument`.
pub fn invocation(request_id: &str) -> Span {
    tracing::error_span!("invocation", request_id)
}

#[cfg(test)]
mod tests;
