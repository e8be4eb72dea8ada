//! The statement of reasons that every decision keeps.

use std::fmt::Write;

use crate::{Lang, Rulebook, Violation};

/// The reasons for a decision: clause, rule, why, the words that matched, the version of the guidelines.
///
/// `violations` are those that the decision rests on, `guidelines` is the id of the version in force when the
/// post was made. The words come from `Violation::evidence`; a caller that may not keep them clears it before.
pub fn statement<'a>(
    violations: impl IntoIterator<Item = &'a Violation>,
    rulebook: &Rulebook,
    guidelines: &str,
    lang: Lang,
) -> String {
    let mut text = String::new();
    let version = rulebook.guideline(guidelines);
    for violation in violations {
        let clause = match version.or(rulebook.guidelines().last()) {
            Some(version) => version.title(violation.clause, lang),
            None => violation.clause.key(),
        };
        let rule = rulebook.rule(&violation.rule);
        let title = rule.map_or("", |rule| rule.title.get(lang));
        let why = rule.map_or("", |rule| rule.why.get(lang));
        let words: Vec<String> = violation
            .evidence
            .iter()
            .map(|word| match lang {
                Lang::Ja => format!("「{word}」"),
                Lang::En => format!("“{word}”"),
            })
            .collect();
        // Writing to a String can't fail.
        let _ = match lang {
            Lang::Ja => {
                writeln!(text, "禁止事項「{clause}」に当たると判断しました。規則 {}（{title}）: {why}", violation.rule)
            }
            Lang::En => {
                writeln!(text, "Found to break the clause “{clause}”. Rule {} ({title}): {why}", violation.rule)
            }
        };
        if !words.is_empty() {
            let _ = match lang {
                Lang::Ja => writeln!(text, "該当箇所: {}", words.join("、")),
                Lang::En => writeln!(text, "What matched: {}", words.join(", ")),
            };
        }
    }
    if let Some(version) = version {
        let _ = match lang {
            Lang::Ja => write!(text, "適用したガイドライン: {} 版（{} 施行）", version.id, version.effective_from),
            Lang::En => {
                write!(text, "Guidelines applied: version {}, effective from {}", version.id, version.effective_from)
            }
        };
    }
    text
}
