//! What a letter says of a decision: its outcome, the reasons with their articles, and what is not held.

use jiff::civil::Date;

use serde::Serialize;

use super::{DataItem, Decision, Outcome, list, term};
use crate::classify::Language;
use crate::law::{Law, Regime, Right};

/// What personal data is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    /// Enforcing the guidelines.
    Guidelines,
    /// Answering inquiries and requests.
    Requests,
}

impl Purpose {
    /// Every purpose.
    pub(super) const ALL: [Purpose; 2] = [Purpose::Guidelines, Purpose::Requests];
}

pub(super) fn is_refusal(decision: &Decision) -> bool {
    matches!(decision.outcome, Outcome::Partly(_) | Outcome::Refused(_))
}

pub(super) fn remedy(right: Right) -> &'static str {
    match right.regime() {
        Regime::Gdpr => "gdpr",
        Regime::Ccpa => "ccpa",
        Regime::Appi | Regime::X | Regime::Youtube => "appi",
    }
}

pub(super) fn decision(decision: &Decision, law: &Law, on: Date, language: Language) -> String {
    let say = |code: &str| term("outcome", code, language);
    let mut lines = vec![match language {
        Language::Ja => format!("■{}", term("right", decision.right, language)),
        Language::En => format!("* {}", term("right", decision.right, language)),
    }];
    let reasons = match &decision.outcome {
        Outcome::Granted => {
            lines.push(say("granted"));
            Vec::new()
        }
        Outcome::Partly(refusals) => {
            lines.push(say("partly"));
            refusals.iter().collect()
        }
        Outcome::Refused(refusal) => {
            lines.push(say("refused"));
            vec![refusal]
        }
        Outcome::NotHeld => Vec::new(),
    };
    for refusal in reasons {
        lines.push(term("reason", refusal.reason(), language));
        let cited = law.article(refusal.right().regime(), refusal.article(), on).map(|article| match language {
            Language::Ja => &article.ja,
            Language::En => &article.en,
        });
        if let Some(cited) = cited {
            lines.push(format!("{}: {cited}", say("legal_basis")));
        }
        if let Some(substitute) = refusal.substitute() {
            lines.push(format!("{}: {}", say("substitute"), substitute.replace(char::is_control, " ")));
        }
    }
    if decision.right == Right::AppiPurposeNotice && decision.outcome == Outcome::Granted {
        lines.push(say("purposes"));
        lines.push(list(Purpose::ALL.into_iter().map(|purpose| term("purpose", purpose, language)), language));
    }
    if !decision.corrected.is_empty() {
        lines.push(say("corrected"));
        lines.push(list(decision.corrected.iter().map(|item| term("data", item, language)), language));
    }
    if decision.right == Right::YoutubeDeletion && !matches!(decision.outcome, Outcome::Refused(_)) {
        lines.push(say("youtube_copy"));
    }
    let done = matches!(decision.outcome, Outcome::Granted | Outcome::Partly(_));
    if done && crate::carry::erases(decision.right) {
        // What no request reaches vanishes by itself; the person is told after how long at most.
        lines.push(say("expiring").replace("{days}", &crate::registry::resources::longest_days().to_string()));
        if decision.marked {
            lines.push(say("marked"));
        }
    }
    if !decision.not_held.is_empty() || decision.outcome == Outcome::NotHeld {
        lines.push(say("not_held"));
        let items = if decision.not_held.is_empty() { &DataItem::ALL[..] } else { &decision.not_held };
        lines.push(list(items.iter().map(|item| term("data", item, language)), language));
    }
    lines.join("\n")
}
