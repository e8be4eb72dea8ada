//! The answer to a request for disclosure: what is held of a person, as one JSON document and one page to read.
//!
//! Both are written record by record into a file, so that a person with ten thousand posts needs no more memory than
//! one with ten. What belongs to others is struck out: their handles, addresses and numbers in the person's own words.

mod html;
mod json;
mod record;
mod redact;
mod words;

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use rules::Platform;
use serde::{Deserialize, Serialize};

use crate::classify::Language;
use crate::letters::DataItem;
use crate::mail::thread::TicketId;

pub use record::{CaseAction, CaseDecision, Record};
pub use redact::redact;

/// JSON Schema (2020-12) of the document.
pub const SCHEMA: &str = include_str!("../package.schema.json");

/// Version of the document's form.
pub const VERSION: u32 = 1;

/// What a package begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The file that it answers.
    pub ticket: TicketId,
    /// When it was made.
    pub made_at: Timestamp,
    /// Where the account is.
    pub platform: Platform,
    /// The account's numeric id, which was verified.
    pub user_id: String,
    /// Language of the page.
    pub language: Language,
}

/// Writes both forms of a package at once.
pub struct Writer<J, H> {
    json: json::Json<J>,
    html: html::Html<H>,
    held: BTreeMap<DataItem, bool>,
    counts: BTreeMap<&'static str, u64>,
    own_handle: Option<String>,
}

impl<J: Write, H: Write> Writer<J, H> {
    /// Begins both.
    ///
    /// # Errors
    /// Those of the outputs.
    pub fn begin(opening: &Opening, json: J, html: H) -> io::Result<Self> {
        Ok(Writer {
            json: json::Json::begin(opening, json)?,
            html: html::Html::begin(opening, html)?,
            held: BTreeMap::new(),
            counts: BTreeMap::new(),
            own_handle: None,
        })
    }

    /// Writes one record, with what belongs to others struck out.
    ///
    /// # Errors
    /// Those of the outputs.
    pub fn record(&mut self, record: Record) -> io::Result<()> {
        let record = record.redacted(self.own_handle.as_deref());
        if let Record::Item { item, value, .. } = &record {
            self.held.insert(*item, true);
            if *item == DataItem::Nickname {
                self.own_handle = Some(value.clone());
            }
        }
        *self.counts.entry(record.kind()).or_default() += 1;
        self.json.record(&record)?;
        self.html.record(&record)
    }

    /// Says of each item of the guidelines that was not held that it is not, adds the counts, and ends both.
    ///
    /// # Errors
    /// Those of the outputs.
    pub fn finish(mut self) -> io::Result<Summary> {
        let missing = |item: &DataItem| !self.held.contains_key(item);
        let not_held: Vec<DataItem> = DataItem::ALL.into_iter().filter(missing).collect();
        self.json.finish(&not_held, &self.counts)?;
        self.html.finish(&not_held, &self.counts)?;
        let records = self.counts.values().sum();
        Ok(Summary { records, not_held })
    }
}

/// What a package came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Records in it.
    pub records: u64,
    /// Items of the guidelines that are not held.
    pub not_held: Vec<DataItem>,
}

#[cfg(test)]
#[path = "package/tests.rs"]
mod tests;
