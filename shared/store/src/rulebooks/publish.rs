//! Publishing a rulebook, and going back to an earlier one.

use casework::ledger::LedgerError;
use casework::publication::{Publications, Version};
use jiff::Timestamp;
use rules::{CaseFailure, Rulebook, RulebookError};

use super::{BundleError, Files, Rulebooks};

/// Why nothing was published; the version in force stays.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It can't be read.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// It does not pass its own cases.
    #[error("{} of its cases fail", .0.len())]
    Cases(Vec<CaseFailure>),
    /// Its outbound section does not pass its own cases; each as a sentence.
    #[error("{} of the cases of its outbound section fail", .0.len())]
    Outbound(Vec<String>),
    /// The bundle could not be written or read back.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The pointer could not be moved.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is no such version.
    #[error("version {0} was never in force")]
    NoVersion(u32),
    /// There is nothing to go back to.
    #[error("nothing was published yet: the built-in rulebook is in force")]
    NothingPublished,
}

/// What publishing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// This version is in force now.
    Now(Version),
    /// The same rulebook was in force already, under this version.
    Already(Version),
}

/// Where to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// What was in force before the version that is.
    Before,
    /// The rulebook of a version.
    To(u32),
    /// The rulebook that the program was built with.
    BuiltIn,
}

impl Rulebooks {
    /// Puts the rulebook of these files in force, if it passes its own cases. The functions follow within a minute.
    ///
    /// # Errors
    /// See [`PublishError`].
    pub async fn publish(
        &self,
        files: Files,
        by: &str,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<Published, PublishError> {
        let files: Files = files.into_iter().filter(|(name, _)| name != "README.md").collect();
        let rulebook = Rulebook::from_files(files.clone().into_iter())?;
        let failures = rulebook.check();
        if !failures.is_empty() {
            return Err(PublishError::Cases(failures));
        }
        let failures = rulebook.outbound()?.check_cases();
        if !failures.is_empty() {
            return Err(PublishError::Outbound(failures));
        }
        let bundle = self.shared.bundles.write(&files).await?;
        let last = self.shared.store.standing().await?.version;
        if let Some(last) = last.as_ref().filter(|last| last.bundle.as_deref() == Some(&bundle)) {
            return Ok(Published::Already(last.clone()));
        }
        let version = Version {
            number: last.map_or(1, |last| last.number + 1),
            bundle: Some(bundle),
            rulebook: rulebook.version().to_owned(),
            at: now,
            by: by.to_owned(),
            note: note.map(str::to_owned),
            back_to: None,
        };
        self.shared.store.put_in_force(&version).await?;
        Ok(Published::Now(version))
    }

    /// Puts an earlier rulebook in force again, as a new version; it has to be loadable still.
    ///
    /// # Errors
    /// See [`PublishError`].
    pub async fn go_back(
        &self,
        back: Back,
        by: &str,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<Published, PublishError> {
        let versions = self.shared.store.versions().await?;
        let last = versions.first().ok_or(PublishError::NothingPublished)?;
        let to = match back {
            Back::Before => versions.get(1),
            Back::To(number) => {
                Some(versions.iter().find(|version| version.number == number).ok_or(PublishError::NoVersion(number))?)
            }
            Back::BuiltIn => None,
        };
        let bundle = to.and_then(|version| version.bundle.clone());
        if bundle == last.bundle {
            return Ok(Published::Already(last.clone()));
        }
        let rulebook = match &bundle {
            Some(digest) => self.load(digest).await?.version().to_owned(),
            None => Rulebook::embedded()?.version().to_owned(),
        };
        let version = Version {
            number: last.number + 1,
            bundle,
            rulebook,
            at: now,
            by: by.to_owned(),
            note: note.map(str::to_owned),
            back_to: to.map(|version| version.number),
        };
        self.shared.store.put_in_force(&version).await?;
        Ok(Published::Now(version))
    }

    /// The files of a version's rulebook; those of the built-in one for a version that went back to it.
    ///
    /// # Errors
    /// When the bundle can't be read or is not what was published.
    pub async fn files(&self, version: &Version) -> Result<Files, BundleError> {
        match &version.bundle {
            None => Ok(Rulebook::embedded_files().collect()),
            Some(digest) => super::bundle::open(digest, self.shared.bundles.read(super::bundle::key(digest)).await?),
        }
    }
}
