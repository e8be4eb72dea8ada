//! The register of corrections: what was wrong in a post of ours, until it is corrected and apologised for.
//!
//! A correction is opened by staff, a reviewer or the audit, confirmed by a person, and closed as corrected or
//! dismissed. A wording is offered; nothing is ever posted.

use std::future::Future;

use jiff::Timestamp;
use rules::Lang;
use serde::{Deserialize, Serialize};

use crate::decision::PostKey;
use crate::event::Outbound;
use crate::ledger::{LedgerError, Result};

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionState {
    /// Somebody, or the audit, says that something is wrong.
    Reported,
    /// A person agrees: correct it and apologise.
    Confirmed,
    /// Corrected and apologised for.
    Corrected,
    /// Nothing was wrong.
    Dismissed,
}

impl CorrectionState {
    /// The key, for example `reported`.
    pub fn key(self) -> &'static str {
        match self {
            CorrectionState::Reported => "reported",
            CorrectionState::Confirmed => "confirmed",
            CorrectionState::Corrected => "corrected",
            CorrectionState::Dismissed => "dismissed",
        }
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        match self {
            CorrectionState::Reported | CorrectionState::Confirmed => true,
            CorrectionState::Corrected | CorrectionState::Dismissed => false,
        }
    }

    /// Whether it may become `next`.
    fn leads_to(self, next: CorrectionState) -> bool {
        match self {
            CorrectionState::Reported => matches!(next, CorrectionState::Confirmed | CorrectionState::Dismissed),
            CorrectionState::Confirmed => matches!(next, CorrectionState::Corrected | CorrectionState::Dismissed),
            CorrectionState::Corrected | CorrectionState::Dismissed => false,
        }
    }
}

/// Who opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opener {
    /// A member of staff, by the name given.
    Staff(String),
    /// A reviewer, by the name given.
    Reviewer(String),
    /// The nightly audit.
    Audit,
}

/// One step of a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionStep {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What it became.
    pub state: CorrectionState,
    /// Why, or where the correction stands.
    pub note: String,
}

/// A correction of one post of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The post.
    pub post: PostKey,
    /// 1 for the first one of the post.
    pub number: u32,
    /// Where it stands.
    pub state: CorrectionState,
    /// Who opened it.
    pub opened_by: Opener,
    /// The outbound rule that found it, where one did: it is not opened twice for the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What is wrong.
    pub wrong: String,
    /// What would be right, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// What happened since.
    #[serde(default)]
    pub steps: Vec<CorrectionStep>,
}

impl Correction {
    /// Hours from its opening until it was closed, or until now.
    pub fn hours_open(&self, now: Timestamp) -> f64 {
        let closed = self.steps.iter().find(|step| !step.state.is_open()).map(|step| step.at);
        closed.unwrap_or(now).duration_since(self.opened_at).as_secs_f64() / 3600.0
    }

    /// The correction after one more step.
    ///
    /// # Errors
    /// [`CorrectionError`], when it does not lead there or no reason is given.
    pub fn advanced(
        &self,
        state: CorrectionState,
        by: &str,
        note: &str,
        now: Timestamp,
    ) -> std::result::Result<Self, CorrectionError> {
        if !self.state.leads_to(state) {
            return Err(CorrectionError::Order { from: self.state.key(), to: state.key() });
        }
        if note.trim().is_empty() {
            return Err(CorrectionError::NoNote);
        }
        let mut next = self.clone();
        next.state = state;
        next.steps.push(CorrectionStep { at: now, by: by.to_owned(), state, note: note.to_owned() });
        Ok(next)
    }
}

/// Why a correction could not be opened or advanced; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    /// No such post of ours.
    #[error("{0} is no post of ours that is known here")]
    NotOurs(PostKey),
    /// No such correction.
    #[error("{post} has no correction {number}")]
    NotFound {
        /// The post.
        post: PostKey,
        /// The number asked for.
        number: u32,
    },
    /// The states come in their order.
    #[error("a correction that is {from} cannot become {to}")]
    Order {
        /// Where it stands.
        from: &'static str,
        /// Where it should have gone.
        to: &'static str,
    },
    /// A reason is required.
    #[error("say why, or where the correction stands")]
    NoNote,
    /// The store's.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// What opens a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The post.
    pub post: PostKey,
    /// Who opens it.
    pub by: Opener,
    /// The outbound rule that found it.
    pub rule: Option<String>,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: Option<String>,
}

/// The register.
pub trait Register: Send + Sync {
    /// A post of ours, as it was recorded.
    fn own_post(&self, post: &PostKey) -> impl Future<Output = Result<Option<Outbound>>> + Send;

    /// All corrections of a post, oldest first.
    fn corrections_of(&self, post: &PostKey) -> impl Future<Output = Result<Vec<Correction>>> + Send;

    /// Every open correction, longest open first.
    fn open_corrections(&self) -> impl Future<Output = Result<Vec<Correction>>> + Send;

    /// Writes a new one; a conflict when its number is taken.
    fn add_correction(&self, correction: &Correction) -> impl Future<Output = Result<()>> + Send;

    /// Replaces one; a conflict when it changed meanwhile.
    fn replace_correction(&self, old: &Correction, new: &Correction) -> impl Future<Output = Result<()>> + Send;
}

/// Opens a correction. The audit opens one rule's only once for a post, even after it was dismissed: `None` then.
///
/// # Errors
/// When the post is not ours, or the store's.
pub async fn open<R: Register>(
    register: &R,
    report: Report,
    now: Timestamp,
) -> std::result::Result<Option<Correction>, CorrectionError> {
    if register.own_post(&report.post).await?.is_none() {
        return Err(CorrectionError::NotOurs(report.post));
    }
    if report.wrong.trim().is_empty() {
        return Err(CorrectionError::NoNote);
    }
    let before = register.corrections_of(&report.post).await?;
    if report.rule.is_some() && before.iter().any(|other| other.rule == report.rule) {
        return Ok(None);
    }
    let correction = Correction {
        number: before.last().map_or(0, |last| last.number) + 1,
        post: report.post,
        state: CorrectionState::Reported,
        opened_by: report.by,
        rule: report.rule,
        wrong: report.wrong,
        right: report.right,
        opened_at: now,
        steps: Vec::new(),
    };
    register.add_correction(&correction).await?;
    Ok(Some(correction))
}

/// One more step of a correction.
///
/// # Errors
/// When there is none, it does not lead there, or the store's.
pub async fn advance<R: Register>(
    register: &R,
    (post, number): (&PostKey, u32),
    state: CorrectionState,
    by: &str,
    note: &str,
    now: Timestamp,
) -> std::result::Result<Correction, CorrectionError> {
    let all = register.corrections_of(post).await?;
    let old = all.into_iter().find(|correction| correction.number == number);
    let old = old.ok_or_else(|| CorrectionError::NotFound { post: post.clone(), number })?;
    let new = old.advanced(state, by, note, now)?;
    register.replace_correction(&old, &new).await?;
    Ok(new)
}

/// A wording for the correction, to be posted by a person or not at all. `post` is the one that it corrects.
pub fn draft(correction: &Correction, post: &Outbound, lang: Lang) -> String {
    let day = jiff::tz::offset(9).to_datetime(post.as_of);
    match lang {
        Lang::Ja => {
            let right = correction.right.as_deref().unwrap_or("（正しい内容）");
            format!(
                "【お詫びと訂正】\n{}月{}日の投稿に誤りがありました。\n誤：{}\n正：{right}\nご覧いただいた皆さまにご迷惑をおかけしましたことをお詫びし、訂正いたします。",
                day.month(),
                day.day(),
                correction.wrong,
            )
        }
        Lang::En => {
            let right = correction.right.as_deref().unwrap_or("(what is right)");
            format!(
                "Correction and apology\nOur post of {} contained an error.\nWrong: {}\nCorrect: {right}\nWe apologise to everyone who was misled.",
                day.strftime("%-d %B"),
                correction.wrong,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rules::Platform;

    use super::*;

    fn correction() -> Correction {
        Correction {
            post: PostKey { platform: Platform::X, id: "1".to_owned() },
            number: 1,
            state: CorrectionState::Reported,
            opened_by: Opener::Audit,
            rule: Some("OUT001".to_owned()),
            wrong: "12月1日（水）".to_owned(),
            right: Some("12月1日（火）".to_owned()),
            opened_at: "2026-11-25T00:00:00Z".parse().unwrap(),
            steps: Vec::new(),
        }
    }

    #[test]
    fn nothing_is_corrected_before_a_person_confirmed_it() {
        let now = "2026-11-25T06:00:00Z".parse().unwrap();
        let reported = correction();
        assert!(reported.advanced(CorrectionState::Corrected, "a", "posted", now).is_err());
        let confirmed = reported.advanced(CorrectionState::Confirmed, "a", "it is a Tuesday", now).unwrap();
        assert_eq!(confirmed.advanced(CorrectionState::Corrected, "a", " ", now), Err(CorrectionError::NoNote));
        let later = "2026-11-25T09:00:00Z".parse().unwrap();
        let closed = confirmed.advanced(CorrectionState::Corrected, "a", "posted as x:2", later).unwrap();
        assert!(closed.advanced(CorrectionState::Dismissed, "a", "no", later).is_err());
        assert_eq!(closed.hours_open("2026-12-25T00:00:00Z".parse().unwrap()), 9.0);
        assert_eq!(confirmed.hours_open(later), 9.0);
    }

    #[test]
    fn the_draft_names_the_day_in_tokyo_and_both_wordings() {
        let post = Outbound {
            platform: Platform::X,
            id: "1".to_owned(),
            target: "1".to_owned(),
            account: "ours".to_owned(),
            text: "配信は12月1日（水）".to_owned(),
            as_of: "2026-11-23T16:00:00Z".parse().unwrap(),
            retweet_of: None,
        };
        let ja = draft(&correction(), &post, Lang::Ja);
        assert!(ja.contains("11月24日") && ja.contains("誤：12月1日（水）") && ja.contains("正：12月1日（火）"));
        let en = draft(&correction(), &post, Lang::En);
        assert!(en.contains("24 November") && en.contains("We apologise"));
    }
}
