//! The rows that the model learns from: sets whose licence and use allow it, and the rulebook's own cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rules::evaluate::Row;
use rules::{Example, Lesson, LessonSet, Rulebook};

use crate::command::evaluate::rows;

/// One set with its rows.
pub(super) struct Set {
    pub(super) name: String,
    pub(super) licence: String,
    pub(super) source: String,
    lesson: LessonSet,
    /// Rows on which people agree.
    pub(super) rows: Vec<Row>,
}

/// Every set.
pub(super) struct Learned {
    pub(super) sets: Vec<Set>,
    aside_cost: f64,
    pub(super) beside_cost: f64,
}

impl Learned {
    /// Reads what the training file names. Refuses a set that the manifest does not give free for training.
    pub(super) fn read(folders: &[PathBuf], rulebook: &Rulebook, lesson: Lesson) -> Result<Learned> {
        let mut manifest = BTreeMap::new();
        for folder in folders {
            read_manifest(folder, &mut manifest)?;
        }
        let mut sets = Vec::new();
        for lesson in lesson.sets {
            let name = lesson.name.clone();
            if name == Lesson::OWN_CASES {
                let (licence, source) = ("Apache-2.0".to_owned(), "the cases of the rulebook's rules".to_owned());
                sets.push(Set { name, licence, source, lesson, rows: own_cases(rulebook) });
                continue;
            }
            let known = manifest.get(&name).with_context(|| format!("the manifest does not know {name}"))?;
            if known.usage != "train" {
                bail!("{name} is there to {}, not to train", known.usage);
            }
            let mut rows = rows(&known.path).with_context(|| known.path.display().to_string())?;
            rows.retain(|row| !row.ambiguous);
            let (licence, source) = (known.licence.clone(), known.source.clone());
            sets.push(Set { name, licence, source, lesson, rows });
        }
        Ok(Learned { sets, aside_cost: lesson.aside_cost, beside_cost: lesson.beside_cost })
    }

    pub(super) fn examples(&self) -> Vec<Example> {
        let of = |set: &Set| -> Vec<Example> {
            let example =
                |row: &Row| set.lesson.example(row.text.clone(), row.group.as_deref(), &row.labels, self.aside_cost);
            set.rows.iter().map(example).collect()
        };
        self.sets.iter().flat_map(of).collect()
    }

    pub(super) fn texts(&self, set: &str) -> BTreeMap<String, String> {
        let rows = self.sets.iter().filter(|known| known.name == set).flat_map(|set| &set.rows);
        rows.map(|row| (row.id.clone(), row.text.clone())).collect()
    }
}

struct Known {
    path: PathBuf,
    licence: String,
    usage: String,
    source: String,
}

/// Columns: set, rows, violating, benign, ambiguous, languages, licence, use, source.
fn read_manifest(folder: &Path, sets: &mut BTreeMap<String, Known>) -> Result<()> {
    let path = folder.join("manifest.tsv");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, _, _, _, _, _, licence, usage, source] = columns[..] else {
            bail!("{}: not nine columns: {line}", path.display());
        };
        let file = folder.join(format!("{name}.jsonl"));
        let known = Known { path: file, licence: licence.into(), usage: usage.into(), source: source.into() };
        if let Some(other) = sets.insert(name.to_owned(), known) {
            bail!("{}: {name} is in {}, too", path.display(), other.path.display());
        }
    }
    Ok(())
}

fn own_cases(rulebook: &Rulebook) -> Vec<Row> {
    let row = |(at, (text, clause)): (usize, (String, Option<rules::Clause>))| Row {
        id: format!("{}-{at}", Lesson::OWN_CASES),
        lang: "und".into(),
        text,
        labels: clause.into_iter().collect(),
        ambiguous: false,
        kind: None,
        group: None,
    };
    rulebook.case_texts().into_iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    fn posts() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/posts")
    }

    #[test]
    fn nothing_of_the_exam_is_learned_from() {
        let mut sets = BTreeMap::new();
        read_manifest(&posts(), &mut sets).unwrap();
        let texts = |usage: &str| -> BTreeSet<String> {
            let of_use = sets.values().filter(|known| known.usage == usage);
            of_use.flat_map(|known| rows(&known.path).unwrap()).map(|row| rules::same_text(&row.text)).collect()
        };
        let (learned, exam) = (texts("train"), texts("evaluate"));
        assert!(learned.len() > 35_000 && exam.len() > 2_300, "{} and {}", learned.len(), exam.len());
        let both: Vec<&String> = learned.intersection(&exam).collect();
        assert!(both.is_empty(), "{both:?}");
    }

    #[test]
    fn a_set_that_two_folders_have_is_refused() {
        let mut sets = BTreeMap::new();
        read_manifest(&posts(), &mut sets).unwrap();
        let refused = read_manifest(&posts(), &mut sets).unwrap_err().to_string();
        assert!(refused.contains("exam_disguised_ja is in "), "{refused}");
    }
}
