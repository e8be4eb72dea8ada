//! Only listed fields reach a line, whoever logs.

#![allow(clippy::unwrap_used)]

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing::{debug, error, info, warn};

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged(style: Style, level: LevelFilter, log: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing::subscriber::with_default(subscriber(style, level, move || writer.clone()), log);
    String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn a_json_line_holds_message_listed_fields_and_request_id() {
    let text = logged(Style::Json, LevelFilter::INFO, || {
        invocation("req-1").in_scope(|| info!(platform = "x", count = 3, handle = "@someone", "events \"taken\" in"));
    });
    let mut line: Value = serde_json::from_str(&text).unwrap();
    let timestamp = line.as_object_mut().unwrap().remove("timestamp").unwrap();
    assert!(timestamp.as_str().unwrap().ends_with('Z'), "{timestamp}");
    assert_eq!(
        line,
        json!({"level": "INFO", "target": "lambda_kit::logging::tests", "message": "events \"taken\" in",
            "platform": "x", "count": 3, "request_id": "req-1"})
    );
    assert!(text.ends_with("}\n"));
}

#[test]
fn a_readable_line_holds_the_same() {
    let text = logged(Style::Human, LevelFilter::INFO, || {
        info!(platform = "x", outcome = ?Some(1), text = "お前", elapsed_ms = 1.5, "decided");
    });
    assert_eq!(text, "INFO  decided platform=x outcome=Some(1) elapsed_ms=1.5\n");
}

#[test]
fn unlisted_fields_of_spans_are_left_out_too() {
    let text = logged(Style::Json, LevelFilter::TRACE, || {
        tracing::info_span!("post", author = "someone", rule = "OFF003").in_scope(|| warn!("hidden"));
    });
    assert!(text.contains("\"rule\":\"OFF003\"") && !text.contains("someone"), "{text}");
}

#[test]
fn libraries_are_heard_from_warnings_upwards() {
    let text = logged(Style::Human, LevelFilter::TRACE, || {
        debug!(target: "hyper::proto", "body of a request");
        info!(target: "lambda_runtime", "body of an event");
        warn!(target: "aws_smithy_runtime", error = "timeout", body = "secret", "slow");
        debug!(target: "casework", "ours");
    });
    assert_eq!(text, "WARN  slow error=timeout\nDEBUG ours\n");
}

#[test]
fn the_level_is_a_setting() {
    let read = |value: Option<&'static str>| level(&move |_: &str| value.map(str::to_owned), LevelFilter::INFO);
    assert_eq!(read(None), Some(LevelFilter::INFO));
    assert_eq!(read(Some("debug")), Some(LevelFilter::DEBUG));
    assert_eq!(read(Some("off")), Some(LevelFilter::OFF));
    assert_eq!(read(Some("loud")), None);
    assert_eq!(read(Some("")), None);
    let text = logged(Style::Human, LevelFilter::ERROR, || {
        error!("kept");
        warn!("dropped");
        warn!(target: "hyper", "dropped");
    });
    assert_eq!(text, "ERROR kept\n");
}

#[test]
fn the_list_is_sorted_and_without_doubles() {
    assert!(FIELDS.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(OURS.windows(2).all(|pair| pair[0] < pair[1]));
}
