//! Facts about law as data with effective dates: articles, rights, refusal grounds, fees, deadlines, platform duties.
//!
//! The files under `law/` are for counsel to correct; [`Law::parse`] checks that they agree with each other. What may
//! not depend on a file (a refusal has a reason and an article, a fee only where it is allowed) is in the types:
//! [`Refusal`] and [`Fee`] can be made by [`Law`] alone.

mod deadline;
mod right;
mod rule;
mod snapshot;

use jiff::civil::Date;

pub(crate) use deadline::REQUESTER;
pub use deadline::{Deadline, DeadlineClass, DeadlineKind, HolidayCalendar, Length};
pub use right::{RefusalReason, Regime, Right};
pub use rule::{Article, Duty, Evidence, Fee, Ground, Refusal, RightRule};
pub use snapshot::Snapshot;

/// Why a law file, or something asked of it, is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LawError {
    /// A file does not parse.
    #[error("{0}: {1}")]
    Malformed(String, toml::de::Error),
    /// Files contradict each other.
    #[error("law files: {0}")]
    Inconsistent(String),
    /// The right does not exist on that day.
    #[error("{right} is not in force on {1}", right = crate::word(.0))]
    NotInForce(Right, Date),
    /// No length is in force on that day.
    #[error("no length of {kind} is in force on {1}", kind = crate::word(.0))]
    NoDeadline(DeadlineKind, Date),
    /// The reason is not a ground to refuse this right, or not by that article.
    #[error("{reason} under article {2} is no ground to refuse {right}", reason = crate::word(.1), right = crate::word(.0))]
    NoGround(Right, RefusalReason, String),
    /// The ground asks for a measure taken instead, and none is named.
    #[error("this ground needs the measure taken instead")]
    SubstituteMissing,
    /// The law allows no fee for this right.
    #[error("no fee may be taken for {}", crate::word(.0))]
    FeeNotAllowed(Right),
}

/// All law files, read and checked.
#[derive(Clone, Debug)]
pub struct Law {
    articles: Vec<(Regime, Article)>,
    rights: Vec<RightRule>,
    deadlines: Vec<Deadline>,
    duties: Vec<(Regime, Duty)>,
}

impl Law {
    /// The files that ship with the crate.
    ///
    /// # Errors
    /// As [`Law::parse`]; a test keeps the shipped files right.
    pub fn shipped() -> Result<Self, LawError> {
        Self::parse(
            include_str!("../law/deadlines.toml"),
            &[
                ("appi.toml", include_str!("../law/appi.toml")),
                ("gdpr.toml", include_str!("../law/gdpr.toml")),
                ("ccpa.toml", include_str!("../law/ccpa.toml")),
                ("x.toml", include_str!("../law/x.toml")),
                ("youtube.toml", include_str!("../law/youtube.toml")),
            ],
        )
    }

    /// Reads the deadlines and one file per regime, given as name and text.
    ///
    /// # Errors
    /// [`LawError::Malformed`] for a file that does not parse, [`LawError::Inconsistent`] when a right names an article
    /// or deadline that is not there, or sits in the file of another regime.
    pub fn parse(deadlines: &str, regimes: &[(&str, &str)]) -> Result<Self, LawError> {
        let deadlines = rule::read_deadlines(deadlines)?;
        let mut law = Self { articles: Vec::new(), rights: Vec::new(), deadlines, duties: Vec::new() };
        for (name, text) in regimes {
            let file = rule::read_regime(name, text)?;
            law.articles.extend(file.article.into_iter().map(|article| (file.regime, article)));
            law.duties.extend(file.duty.into_iter().map(|duty| (file.regime, duty)));
            if let Some(stray) = file.right.iter().find(|rule| rule.right.regime() != file.regime) {
                return Err(LawError::Inconsistent(format!("{:?} stands in {name}", stray.right)));
            }
            law.rights.extend(file.right);
        }
        law.check()?;
        Ok(law)
    }

    /// What is in force for a right on a day.
    ///
    /// # Errors
    /// [`LawError::NotInForce`].
    pub fn right(&self, right: Right, on: Date) -> Result<&RightRule, LawError> {
        self.rights
            .iter()
            .filter(|rule| rule.right == right && in_force(rule.effective_from, rule.effective_until, on))
            .max_by_key(|rule| rule.effective_from)
            .ok_or(LawError::NotInForce(right, on))
    }

    /// The length in force for requests that arrive on a day.
    ///
    /// # Errors
    /// [`LawError::NoDeadline`].
    pub fn deadline(&self, kind: DeadlineKind, on: Date) -> Result<&Deadline, LawError> {
        self.deadlines
            .iter()
            .filter(|deadline| deadline.kind == kind && deadline.effective_from <= on)
            .max_by_key(|deadline| deadline.effective_from)
            .ok_or(LawError::NoDeadline(kind, on))
    }

    /// An article as it stands on a day, by its number, for example `33(2)`.
    pub fn article(&self, regime: Regime, number: &str, on: Date) -> Option<&Article> {
        self.articles
            .iter()
            .filter(|(of, article)| {
                *of == regime
                    && article.number == number
                    && in_force(article.effective_from, article.effective_until, on)
            })
            .map(|(_, article)| article)
            .max_by_key(|article| article.effective_from)
    }

    /// What a platform asks of us besides answering its users.
    pub fn duties(&self, regime: Regime) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(move |(of, _)| *of == regime).map(|(_, duty)| duty)
    }

    /// A refusal, if the reason is a ground for this right by this article on that day.
    /// `substitute` is the measure taken instead, for the ground that needs one.
    ///
    /// # Errors
    /// [`LawError::NotInForce`], [`LawError::NoGround`], [`LawError::SubstituteMissing`].
    pub fn refuse(
        &self,
        right: Right,
        reason: RefusalReason,
        article: &str,
        substitute: Option<&str>,
        on: Date,
    ) -> Result<Refusal, LawError> {
        let rule = self.right(right, on)?;
        if !rule.grounds.iter().any(|ground| ground.reason == reason && ground.article == article) {
            return Err(LawError::NoGround(right, reason, article.to_owned()));
        }
        let substitute = substitute.map(str::trim).filter(|text| !text.is_empty());
        if reason.needs_substitute() && substitute.is_none() {
            return Err(LawError::SubstituteMissing);
        }
        Ok(Refusal::new(right, reason, article, substitute))
    }

    /// A fee in yen, if the right allows one.
    ///
    /// # Errors
    /// [`LawError::NotInForce`], [`LawError::FeeNotAllowed`].
    pub fn fee(&self, right: Right, yen: u32, on: Date) -> Result<Fee, LawError> {
        if self.right(right, on)?.fee_allowed { Ok(Fee::new(right, yen)) } else { Err(LawError::FeeNotAllowed(right)) }
    }

    fn check(&self) -> Result<(), LawError> {
        let wrong = |why: String| Err(LawError::Inconsistent(why));
        for deadline in &self.deadlines {
            if let Some(fault) = deadline.fault() {
                return wrong(format!("{:?}: {fault}", deadline.kind));
            }
        }
        for rule in &self.rights {
            let regime = rule.right.regime();
            let numbers = std::iter::once(&rule.article).chain(rule.grounds.iter().map(|ground| &ground.article));
            for number in numbers {
                if self.article(regime, number, rule.effective_from).is_none() {
                    return wrong(format!("{:?} names article {number}, which is not there", rule.right));
                }
            }
            for kind in &rule.deadlines {
                self.deadline(*kind, rule.effective_from)?;
            }
            if rule.fee_allowed
                && matches!(
                    rule.right,
                    Right::AppiCorrection
                        | Right::AppiCessation
                        | Right::AppiProvisionCessation
                        | Right::AppiNeedlessOrHarmful
                )
            {
                return wrong(format!("APPI 38 allows no fee for {:?}", rule.right));
            }
        }
        for (_, duty) in &self.duties {
            self.deadline(duty.deadline, duty.effective_from)?;
        }
        Ok(())
    }
}

fn in_force(from: Date, until: Option<Date>, on: Date) -> bool {
    from <= on && until.is_none_or(|until| on <= until)
}

#[cfg(test)]
#[path = "law/tests.rs"]
mod tests;
