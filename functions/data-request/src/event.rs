//! Tells what woke the function. Events of mail are read leniently: of them only the envelope and the verdicts are
//! used, and a field that is missing or has another shape is a field that says nothing.

mod receipt;
mod report;

use lambda_kit::trigger::Trigger;
use serde_json::Value;

pub use receipt::Receipt;
pub use report::Report;

/// What woke the function.
#[derive(Debug)]
pub enum Woken {
    /// Mails arrived.
    Mail(Vec<Receipt>),
    /// The mail service tells what became of letters.
    Reports(Vec<Report>),
    /// Anything else.
    Other(Trigger),
}

impl From<Value> for Woken {
    fn from(event: Value) -> Self {
        if let Some(records) = event["Records"].as_array() {
            let source = |record: &Value| {
                let name = record.get("eventSource").or_else(|| record.get("EventSource"));
                name.and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let all = |wanted: &str| !records.is_empty() && records.iter().all(|record| source(record) == wanted);
            if all("aws:ses") {
                return Woken::Mail(records.iter().filter_map(Receipt::of_ses).collect());
            }
            if all("aws:s3") {
                return Woken::Mail(records.iter().filter_map(Receipt::of_s3).collect());
            }
            if all("aws:sns") {
                let messages = records.iter().filter_map(|record| record["Sns"]["Message"].as_str());
                let messages: Vec<Value> = messages.filter_map(|text| serde_json::from_str(text).ok()).collect();
                return Woken::Reports(messages.iter().filter_map(Report::read).collect());
            }
        }
        // Other services' names for the same source begin like this one.
        if event["source"] == "aws.ses" {
            return Woken::Reports(Report::read(&event["detail"]).into_iter().collect());
        }
        Woken::Other(Trigger::from(event))
    }
}

#[cfg(test)]
mod tests;
