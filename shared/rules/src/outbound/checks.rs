//! The checks that words can't express, as the file lists them.

use jiff::Timestamp;
use serde::Deserialize;

use super::{OutboundFinding, Severity, dates, numbers};
use crate::Span;
use crate::rulebook::Titles;
use crate::views::Views;

/// Which check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckKind {
    /// The weekday beside a date is not that date's.
    Weekday,
    /// A day that no calendar has.
    ImpossibleDate,
    /// The end comes before the beginning.
    Range,
    /// Figures grouped or marked as nobody writes them.
    Figures,
    /// A price that does not say whether tax is in it.
    TaxNote,
}

/// One check with its cases.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) id: String,
    pub(super) kind: CheckKind,
    pub(super) severity: Severity,
    pub(super) title: Titles,
    pub(super) why: Titles,
    pub(super) matching: Vec<String>,
    pub(super) clear: Vec<String>,
}

/// What a check found at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Bytes of the original.
    pub(super) span: Span,
    /// What would be right.
    pub(super) hint: Option<Titles>,
    /// Milder than the check itself, where the place may be right after all.
    pub(super) doubtful: bool,
}

impl Check {
    /// Asks one text.
    pub(super) fn ask(&self, text: &str, now: Timestamp) -> Option<OutboundFinding> {
        // The company's day is Tokyo's.
        let today = jiff::tz::offset(9).to_datetime(now).date();
        let plain = Views::of(text).plain;
        let spots = match self.kind {
            CheckKind::Weekday => dates::wrong_weekdays(&plain, today),
            CheckKind::ImpossibleDate => dates::impossible(&plain),
            CheckKind::Range => numbers::reversed(&plain),
            CheckKind::Figures => numbers::figures(&plain),
            CheckKind::TaxNote => numbers::without_tax_note(&plain),
        };
        let sure = spots.iter().any(|spot| !spot.doubtful);
        let hint = spots.iter().find_map(|spot| spot.hint.clone());
        let spans: Vec<Span> = spots.iter().map(|spot| spot.span).collect();
        let evidence = spans.iter().filter_map(|span| text.get(span.start..span.end)).map(str::to_owned).collect();
        (!spans.is_empty()).then(|| OutboundFinding {
            rule: self.id.clone(),
            severity: if sure { self.severity } else { Severity::Look },
            title: self.title.clone(),
            why: self.why.clone(),
            spans,
            evidence,
            hint,
        })
    }

    /// Cases that don't come out as the file says.
    pub(super) fn check_cases(&self, now: Timestamp) -> Vec<String> {
        let fires = |text: &String| self.ask(text, now).is_some();
        let silent = self.matching.iter().filter(|text| !fires(text));
        let loud = self.clear.iter().filter(|text| fires(text));
        silent
            .map(|text| format!("{} should fire on {text:?}", self.id))
            .chain(loud.map(|text| format!("{} should not fire on {text:?}", self.id)))
            .collect()
    }

    pub(super) fn cases(&self) -> usize {
        self.matching.len() + self.clear.len()
    }
}
