//! Versions of the guidelines and the titles of their clauses.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::Titles;
use crate::Clause;

/// One version of the guidelines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidelineVersion {
    /// Id that decisions name.
    pub id: String,
    /// First day on which it was in force, by the calendar of Tokyo.
    pub effective_from: Date,
    /// Titles of the clauses.
    pub clauses: BTreeMap<Clause, Titles>,
}

impl GuidelineVersion {
    /// When it came into force.
    pub fn effective_at(&self) -> Timestamp {
        jiff::tz::offset(9).to_timestamp(self.effective_from.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }

    /// A clause's title in one language, or its key where the version does not have it.
    pub fn title(&self, clause: Clause, lang: crate::Lang) -> &str {
        self.clauses.get(&clause).map_or(clause.key(), |titles| titles.get(lang))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Vec<VersionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionFile {
    id: String,
    effective_from: String,
    clauses: BTreeMap<Clause, Titles>,
}

/// Reads guidelines.toml; versions come out oldest first.
pub(super) fn parse(text: &str) -> Result<Vec<GuidelineVersion>, super::Fault> {
    let file: File = super::from_toml(text)?;
    let mut versions = Vec::with_capacity(file.version.len());
    for version in file.version {
        let effective_from = version
            .effective_from
            .parse()
            .map_err(|_| super::Fault::whole(format!("effective_from of {:?} is no date", version.id)))?;
        if let Some(missing) = Clause::ALL.into_iter().find(|clause| !version.clauses.contains_key(clause)) {
            return Err(super::Fault::whole(format!("version {:?} has no title for {missing}", version.id)));
        }
        versions.push(GuidelineVersion { id: version.id, effective_from, clauses: version.clauses });
    }
    if versions.is_empty() {
        return Err(super::Fault::whole("there is no version".into()));
    }
    versions.sort_by_key(|version| version.effective_from);
    Ok(versions)
}
