//! Measures a rulebook on labelled rows: precision, recall, F1 and false positives by set, language, kind and clause.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::{Author, Clause, Context, Judgement, Media, Platform, Post, PostKind, Rulebook, UserId, Verdict, judge};

/// A labelled row; no labels means innocent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Id within the corpora.
    pub id: String,
    /// BCP 47 language.
    #[serde(default)]
    pub lang: String,
    /// The text to judge.
    pub text: String,
    /// Clauses that it breaks.
    #[serde(default)]
    pub labels: Vec<Clause>,
    /// Rows on which people would not agree count nowhere.
    #[serde(default)]
    pub ambiguous: bool,
    /// What the row stands for within its set.
    #[serde(default)]
    pub kind: Option<String>,
    /// The template or base text that it was made from.
    #[serde(default)]
    pub group: Option<String>,
}

impl Row {
    /// The row as a reply to us by an author of whom nothing is known.
    pub fn post(&self, now: Timestamp) -> Post {
        Post {
            platform: Platform::X,
            id: self.id.clone(),
            target: self.id.clone(),
            version: self.id.clone(),
            account: "ours".into(),
            kind: PostKind::Reply,
            author: Author::unknown("theirs"),
            text: self.text.clone(),
            lang: None,
            created_at: now,
            edited_at: None,
            conversation: None,
            answers: None,
            answers_user: Some(UserId("ours".into())),
            links: Vec::new(),
            media: Media::None,
            held: false,
        }
    }
}

/// Counts of right and wrong answers; as JSON with the rates that follow from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// Violating and flagged.
    pub hits: u32,
    /// Violating and not flagged.
    pub misses: u32,
    /// Innocent and flagged.
    pub false_alarms: u32,
    /// Innocent and not flagged.
    pub rests: u32,
    /// Innocent and acted on.
    pub acted: u32,
    /// Violating and acted on.
    pub acted_rightly: u32,
    /// Flagged violating rows of which a labelled clause is among the first two named.
    pub right_clause: u32,
}

impl Counts {
    /// Share of flagged rows that break a clause; 1 where none was flagged.
    pub fn precision(self) -> f64 {
        share(self.hits, self.hits + self.false_alarms, 1.0)
    }

    /// Share of violating rows that were flagged; 1 where there is none.
    pub fn recall(self) -> f64 {
        share(self.hits, self.hits + self.misses, 1.0)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        share(2 * self.hits, 2 * self.hits + self.misses + self.false_alarms, 1.0)
    }

    /// Share of innocent rows that were flagged; 0 where there is none.
    pub fn false_positive_rate(self) -> f64 {
        share(self.false_alarms, self.false_alarms + self.rests, 0.0)
    }

    /// Share of flagged violating rows with a right clause among the first two.
    pub fn clause_rate(self) -> f64 {
        share(self.right_clause, self.hits, 1.0)
    }

    fn add(&mut self, violating: bool, flagged: bool, acted: bool, right: bool) {
        match (violating, flagged) {
            (true, true) => self.hits += 1,
            (true, false) => self.misses += 1,
            (false, true) => self.false_alarms += 1,
            (false, false) => self.rests += 1,
        }
        self.acted += u32::from(!violating && acted);
        self.acted_rightly += u32::from(violating && acted);
        self.right_clause += u32::from(violating && flagged && right);
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Counts", 12)?;
        fields.serialize_field("hits", &self.hits)?;
        fields.serialize_field("misses", &self.misses)?;
        fields.serialize_field("false_alarms", &self.false_alarms)?;
        fields.serialize_field("rests", &self.rests)?;
        fields.serialize_field("acted", &self.acted)?;
        fields.serialize_field("acted_rightly", &self.acted_rightly)?;
        fields.serialize_field("right_clause", &self.right_clause)?;
        fields.serialize_field("precision", &self.precision())?;
        fields.serialize_field("recall", &self.recall())?;
        fields.serialize_field("f1", &self.f1())?;
        fields.serialize_field("false_positive_rate", &self.false_positive_rate())?;
        fields.serialize_field("clause_rate", &self.clause_rate())?;
        fields.end()
    }
}

fn share(part: u32, whole: u32, none: f64) -> f64 {
    if whole == 0 { none } else { f64::from(part) / f64::from(whole) }
}

/// A row that came out wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The row.
    pub id: String,
    /// Whether it breaks a clause.
    pub violating: bool,
    /// The rules that fired.
    pub rules: Vec<String>,
}

/// How often a rule fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCounts {
    /// On rows with a label of its clause.
    pub right: u32,
    /// On rows with labels, but not of its clause.
    pub other_clause: u32,
    /// On innocent rows.
    pub wrong: u32,
}

/// What measuring came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// By set, and within it by language and by the part of `kind` before a colon: `set`, `set/ja`, `set/ja/evasion`.
    pub groups: BTreeMap<String, Counts>,
    /// As `groups` for sets, where only the clauses that the set labels count as flagged.
    pub own_clauses: BTreeMap<String, Counts>,
    /// By clause, over all sets: a row counts as flagged when the clause was named.
    pub clauses: BTreeMap<Clause, Counts>,
    /// By language, over all sets.
    pub languages: BTreeMap<String, Counts>,
    /// What rows of a clause (`innocent` for none) were taken for: the clause named first, or `allowed`. A row of
    /// several clauses counts under each.
    pub taken_for: BTreeMap<String, BTreeMap<String, u32>>,
    /// By rule.
    pub rules: BTreeMap<String, RuleCounts>,
    /// Rows that came out wrong, by set.
    pub confusions: BTreeMap<String, Vec<Confusion>>,
}

impl Report {
    /// Adds the judgements of one set's rows.
    pub fn add(&mut self, set: &str, rows: &[Row], rulebook: &Rulebook, now: Timestamp) {
        self.add_by(set, rows, |_| rulebook, now);
    }

    /// Adds the judgements of one set's rows, each by the rulebook that is right for its place.
    pub fn add_by<'a>(&mut self, set: &str, rows: &[Row], rulebook_of: impl Fn(usize) -> &'a Rulebook, now: Timestamp) {
        let mut labelled: Vec<Clause> = rows.iter().flat_map(|row| row.labels.iter().copied()).collect();
        labelled.sort_unstable();
        labelled.dedup();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.ambiguous) {
            let judgement = judge(&row.post(now), &Context::default(), rulebook_of(at), now);
            self.add_row(set, row, &judgement, &labelled);
        }
    }

    fn add_row(&mut self, set: &str, row: &Row, judgement: &Judgement, labelled: &[Clause]) {
        let violating = !row.labels.is_empty();
        let flagged = judgement.verdict != Verdict::Allow;
        let acted = judgement.verdict == Verdict::Act;
        let mut named: Vec<Clause> = Vec::new();
        for violation in judgement.violations.iter().filter(|violation| violation.verdict != Verdict::Allow) {
            if !named.contains(&violation.clause) {
                named.push(violation.clause);
            }
        }
        let right = named.iter().take(2).any(|clause| row.labels.contains(clause));
        let kind = row.kind.as_deref().unwrap_or("").split(':').next().unwrap_or_default();
        let mut groups = vec![set.to_owned(), format!("{set}/{}", row.lang)];
        if !kind.is_empty() {
            groups.push(format!("{set}/{}/{kind}", row.lang));
        }
        for group in groups {
            self.groups.entry(group).or_default().add(violating, flagged, acted, right);
        }
        self.languages.entry(row.lang.clone()).or_default().add(violating, flagged, acted, right);
        let answer = match (named.first(), flagged) {
            (Some(clause), _) => clause.key(),
            (None, true) => "unknown",
            (None, false) => "allowed",
        };
        let labels: Vec<&str> = row.labels.iter().map(|clause| clause.key()).collect();
        for label in if violating { labels } else { vec!["innocent"] } {
            *self.taken_for.entry(label.to_owned()).or_default().entry(answer.to_owned()).or_default() += 1;
        }
        let own = named.iter().any(|clause| labelled.contains(clause));
        self.own_clauses.entry(set.to_owned()).or_default().add(violating, own, acted, right);
        for clause in Clause::ALL {
            let (labelled, named) = (row.labels.contains(&clause), named.contains(&clause));
            self.clauses.entry(clause).or_default().add(labelled, named, false, labelled);
        }
        for violation in &judgement.violations {
            let counts = self.rules.entry(violation.rule.clone()).or_default();
            if row.labels.contains(&violation.clause) {
                counts.right += 1;
            } else if violating {
                counts.other_clause += 1;
            } else {
                counts.wrong += 1;
            }
        }
        if violating != flagged {
            let fired = judgement.violations.iter().map(|violation| violation.rule.clone());
            let unknown = judgement.unknowns.iter().map(|unknown| format!("unknown {}", unknown.what));
            let confusion = Confusion { id: row.id.clone(), violating, rules: fired.chain(unknown).collect() };
            self.confusions.entry(set.to_owned()).or_default().push(confusion);
        }
    }
}
