//! The part of the law that a request is decided by, kept as it stood when the request came.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Article, Law, LawError, Regime, Right, RightRule};

/// Rights with their grounds and the articles that they cite. Later corrections of the law files do not touch it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    on: Option<Date>,
    rights: Vec<RightRule>,
    articles: Vec<(Regime, Article)>,
}

impl Snapshot {
    /// What holds for these rights on a day.
    ///
    /// # Errors
    /// [`LawError::NotInForce`].
    pub fn take(law: &Law, rights: impl IntoIterator<Item = Right>, on: Date) -> Result<Self, LawError> {
        let mut snapshot = Self { on: Some(on), ..Self::default() };
        for right in rights {
            snapshot.add(law, right, on)?;
        }
        Ok(snapshot)
    }

    /// Adds what holds for one more right; one that is there already stays as it was.
    ///
    /// # Errors
    /// [`LawError::NotInForce`].
    pub fn add(&mut self, law: &Law, right: Right, on: Date) -> Result<(), LawError> {
        self.on.get_or_insert(on);
        if self.rights.iter().any(|rule| rule.right == right) {
            return Ok(());
        }
        let rule = law.right(right, on)?.clone();
        let numbers = std::iter::once(&rule.article).chain(rule.grounds.iter().map(|ground| &ground.article));
        for number in numbers {
            let known = |(of, article): &(Regime, Article)| *of == right.regime() && article.number == *number;
            if !self.articles.iter().any(known)
                && let Some(article) = law.article(right.regime(), number, on)
            {
                self.articles.push((right.regime(), article.clone()));
            }
        }
        self.rights.push(rule);
        Ok(())
    }

    /// The day that selects the wording.
    pub fn on(&self) -> Date {
        self.on.unwrap_or(Date::ZERO)
    }

    /// A law of nothing but this.
    pub fn law(&self) -> Law {
        Law { articles: self.articles.clone(), rights: self.rights.clone(), deadlines: Vec::new(), duties: Vec::new() }
    }
}
