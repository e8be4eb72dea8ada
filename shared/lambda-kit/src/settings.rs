//! Reads a function's settings from environment variables and reports every problem at once.

use std::fmt;
use std::str::FromStr;

/// Reads variables and collects what is wrong with them.
///
/// A settings struct is read in one function, one call for each field, and is only handed out
/// after [`Reader::finish`]:
///
/// ```
/// use lambda_kit::settings::{Reader, SettingsError};
///
/// struct Settings {
///     /// `SEKISHO_TABLE`: name of the decisions table.
///     table: String,
///     /// `SEKISHO_DAILY_CAP`: actions a day, 100 unless set.
///     daily_cap: u32,
/// }
///
/// fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Settings, SettingsError> {
///     let mut reader = Reader::new(source);
///     let settings = Settings {
///         table: reader.required("SEKISHO_TABLE"),
///         daily_cap: reader.parsed_or("SEKISHO_DAILY_CAP", 100),
///     };
///     reader.finish()?;
///     Ok(settings)
/// }
///
/// assert!(read(&|name| (name == "SEKISHO_TABLE").then(|| "decisions".to_owned())).is_ok());
/// assert_eq!(read(&|_| None).err().unwrap().to_string(), "settings: SEKISHO_TABLE is missing");
/// ```
pub struct Reader<'a> {
    source: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// Reads from `source`, which answers a variable's name with its value, for example [`environment`].
    pub fn new(source: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { source, problems: Vec::new() }
    }

    /// A value that has to be there. Missing or empty, it is noted, and an empty string stands in
    /// until [`Reader::finish`] refuses the whole.
    pub fn required(&mut self, name: &'static str) -> String {
        if (self.source)(name).is_none() {
            self.problems.push(Problem::Missing(name));
        }
        self.optional(name).unwrap_or_default()
    }

    /// A value that may be absent. Present but empty, it is noted: an empty variable is most often
    /// a mistake in a template.
    pub fn optional(&mut self, name: &'static str) -> Option<String> {
        let value = (self.source)(name)?;
        if value.trim().is_empty() {
            self.problems.push(Problem::Empty(name));
            return None;
        }
        Some(value)
    }

    /// A value of a type of its own that has to be there; `None` only when a problem was noted.
    pub fn required_parsed<T>(&mut self, name: &'static str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        if (self.source)(name).is_none() {
            self.problems.push(Problem::Missing(name));
        }
        self.parsed(name)
    }

    /// A value of a type of its own that may be absent.
    pub fn parsed<T>(&mut self, name: &'static str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        match self.optional(name)?.trim().parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let error: T::Err = error;
                self.problems.push(Problem::Invalid { name, reason: error.to_string() });
                None
            }
        }
    }

    /// A value of a type of its own, or `default` when absent.
    pub fn parsed_or<T>(&mut self, name: &'static str, default: T) -> T
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        self.parsed(name).unwrap_or(default)
    }

    /// Notes a problem that only shows when several settings are seen together, such as a contradiction.
    pub fn contradiction(&mut self, reason: impl Into<String>) {
        self.problems.push(Problem::Contradiction(reason.into()));
    }

    /// Whether a problem was noted so far: rules about several settings need not be checked then.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Every problem noted on the way, in one error.
    pub fn finish(self) -> Result<(), SettingsError> {
        if self.problems.is_empty() { Ok(()) } else { Err(SettingsError { problems: self.problems }) }
    }
}

/// The process environment as a source of settings. A value that is not UTF-8 counts as absent.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One thing wrong with the settings. Says which variable, never its value, which may be a secret;
/// only a parser's reason may repeat what it could not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The variable is not set.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The variable is set to nothing.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The variable cannot be read as what it should be.
    #[error("{name} is invalid: {reason}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What its parser said.
        reason: String,
    },
    /// Several settings do not fit together.
    #[error("{0}")]
    Contradiction(String),
}

/// All problems of one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// In the order in which they were found; never empty.
    pub problems: Vec<Problem>,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("settings: ")?;
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn source(name: &str) -> Option<String> {
        match name {
            "NAME" => Some("sekisho".into()),
            "EMPTY" => Some(" ".into()),
            "NUMBER" => Some(" 12 ".into()),
            "WORDS" => Some("twelve".into()),
            _ => None,
        }
    }

    #[test]
    fn values_are_read_as_their_types() {
        let mut reader = Reader::new(&source);
        assert_eq!(reader.required("NAME"), "sekisho");
        assert_eq!(reader.parsed::<u32>("NUMBER"), Some(12));
        assert_eq!(reader.required_parsed::<u32>("NUMBER"), Some(12));
        assert_eq!(reader.parsed_or("ABSENT", 7), 7);
        assert_eq!(reader.optional("ABSENT"), None);
        assert!(reader.is_clean());
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn every_problem_is_reported_once_and_together() {
        let mut reader = Reader::new(&source);
        reader.required("ABSENT");
        reader.required("EMPTY");
        reader.parsed_or("WORDS", 1);
        reader.required_parsed::<u32>("GONE");
        reader.contradiction("A and B cannot both be set");
        let error = reader.finish().unwrap_err();
        assert_eq!(
            error.to_string(),
            "settings: ABSENT is missing; EMPTY is empty; WORDS is invalid: invalid digit found in string; \
             GONE is missing; A and B cannot both be set"
        );
    }

    #[test]
    fn an_optional_value_that_is_empty_is_a_problem() {
        let mut reader = Reader::new(&source);
        assert_eq!(reader.optional("EMPTY"), None);
        assert_eq!(reader.finish().unwrap_err().problems, [Problem::Empty("EMPTY")]);
    }
}
