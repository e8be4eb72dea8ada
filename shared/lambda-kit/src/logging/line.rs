//! Writes one log line, leaving out every field that is not on the closed list.

use std::fmt;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::FIELDS;

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A JSON object with `timestamp`, `level`, `target`, the message and the fields.
    Json,
    /// Level, message and fields for a person's eye.
    Human,
}

/// The formatter of events and of spans' fields.
pub(super) struct Line(pub(super) Style);

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        match self.0 {
            Style::Json => {
                writer.write_str("{\"timestamp\":\"")?;
                SystemTime.format_time(&mut writer)?;
                write!(writer, "\",\"level\":\"{}\",\"target\":\"{}\"", metadata.level(), metadata.target())?;
            }
            Style::Human => write!(writer, "{:5}", metadata.level())?,
        }
        context.format_fields(writer.by_ref(), event)?;
        for span in context.event_scope().into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                writer.write_str(fields)?;
            }
        }
        writer.write_str(if self.0 == Style::Json { "}\n" } else { "\n" })
    }
}

impl<'writer> FormatFields<'writer> for Line {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = Listed { writer, style: self.0, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

/// Writes the fields that are on the list.
struct Listed<'writer> {
    writer: Writer<'writer>,
    style: Style,
    result: fmt::Result,
}

impl Listed<'_> {
    fn put(&mut self, field: &Field, value: Value) {
        let name = field.name();
        if self.result.is_err() || (name != "message" && !FIELDS.contains(&name)) {
            return;
        }
        self.result = match (self.style, &value) {
            (Style::Json, value) => write!(self.writer, ",\"{name}\":{value}"),
            (Style::Human, Value::String(text)) if name == "message" => write!(self.writer, " {text}"),
            (Style::Human, Value::String(text)) => write!(self.writer, " {name}={text}"),
            (Style::Human, value) => write!(self.writer, " {name}={value}"),
        };
    }
}

impl Visit for Listed<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }
}
