//! The document: JSON, written record by record.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::json;

use super::{Opening, Record, VERSION};
use crate::letters::DataItem;
use crate::registry::resources::{Holds, RESOURCES};

/// The document while it is being written.
pub(super) struct Json<W> {
    out: W,
    first: bool,
}

impl<W: Write> Json<W> {
    pub(super) fn begin(opening: &Opening, mut out: W) -> io::Result<Self> {
        write!(out, "{{\"version\":{VERSION}")?;
        let members = [
            ("ticket", json!(opening.ticket)),
            ("made_at", json!(opening.made_at)),
            ("account", json!({ "platform": opening.platform, "user_id": opening.user_id })),
            ("language", json!(opening.language)),
        ];
        for (name, value) in members {
            write!(out, ",\"{name}\":{value}")?;
        }
        out.write_all(b",\"records\":[")?;
        Ok(Json { out, first: true })
    }

    pub(super) fn record(&mut self, record: &Record) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut self.out, record)?;
        Ok(())
    }

    pub(super) fn finish(&mut self, not_held: &[DataItem], counts: &BTreeMap<&'static str, u64>) -> io::Result<()> {
        let expiring: Vec<_> = RESOURCES
            .iter()
            .filter_map(|resource| match resource.holds {
                Holds::Expiring { longest_days } => {
                    Some(json!({ "what": resource.what, "longest_days": longest_days }))
                }
                Holds::Erasable(_) | Holds::WithItsTable | Holds::KeysOnly | Holds::NoPersonalData => None,
            })
            .collect();
        let (not_held, counts, expiring) = (json!(not_held), json!(counts), json!(expiring));
        writeln!(self.out, "\n],\"not_held\":{not_held},\"counts\":{counts},\"expires_by_itself\":{expiring}}}")?;
        self.out.flush()
    }
}
