//! A rulebook as bytes that were checked when they were made, so that loading them verifies a digest and no more.

use sha2::{Digest, Sha256};

use super::cases::CaseSource;
use super::prepare::{Cases, Prepared};
use super::{Rulebook, RulebookError};
use crate::outbound::Section;

/// Names the code that made the tables: others may read them otherwise.
const ENGINE: &str = env!("RULES_ENGINE");
const DIGEST: usize = 32;

/// Bytes that are no rulebook for this program; its files have to be read instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// They are not what was made.
    #[error("the digest of the prepared rulebook does not fit")]
    Digest,
    /// Another version of the program made them.
    #[error("the rulebook was prepared by another version of the program")]
    OtherEngine,
    /// They can't be read, though the digest fits.
    #[error("the tables of the prepared rulebook can't be read: {0}")]
    Tables(String),
}

impl Rulebook {
    /// Reads and checks the files of a rulebook, as `from_files` does, and gives its tables as bytes for
    /// `from_prepared`. Its cases are not among them: whoever stores the bytes runs them before. Nor is
    /// its outbound section, which is no part of judging posts.
    ///
    /// # Errors
    /// The first thing that is wrong, with file, line and column.
    pub fn prepare<P, T>(files: impl Iterator<Item = (P, T)>) -> Result<Vec<u8>, RulebookError>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let read = Rulebook::read(files)?;
        // Writing to memory can't fail; nothing is stored that would not be read.
        let tables = postcard::to_allocvec(&read.prepared).unwrap_or_default();
        Ok([&digest(&tables)[..], ENGINE.as_bytes(), &tables].concat())
    }

    /// Loads what `prepare` gave: verifies its digest and reads its tables.
    ///
    /// # Errors
    /// When the bytes were changed, or made by another version of the program.
    pub fn from_prepared(bytes: &[u8]) -> Result<Rulebook, StoredError> {
        let (kept, rest) = bytes.split_at_checked(DIGEST).ok_or(StoredError::Digest)?;
        let (engine, tables) = rest.split_at_checked(ENGINE.len()).ok_or(StoredError::Digest)?;
        if engine != ENGINE.as_bytes() {
            return Err(StoredError::OtherEngine);
        }
        if kept != digest(tables) {
            return Err(StoredError::Digest);
        }
        let prepared: Prepared =
            postcard::from_bytes(tables).map_err(|error| StoredError::Tables(error.to_string()))?;
        Ok(Rulebook::ready(prepared, CaseSource::Read(Cases::default()), Section::of(&[], true)))
    }
}

fn digest(tables: &[u8]) -> [u8; DIGEST] {
    let mut hasher = Sha256::new();
    hasher.update(ENGINE.as_bytes());
    hasher.update(tables);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn prepared_bytes_load_as_the_files_do_and_no_others() {
        let bytes = Rulebook::prepare(Rulebook::embedded_files()).unwrap();
        let loaded = Rulebook::from_prepared(&bytes).unwrap();
        let embedded = Rulebook::embedded().unwrap();
        assert_eq!((loaded.version(), loaded.rules().len()), (embedded.version(), embedded.rules().len()));
        assert_eq!(loaded.literals(), embedded.literals());

        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(Rulebook::from_prepared(&changed).unwrap_err(), StoredError::Digest);
        let mut other = bytes;
        other[DIGEST] ^= 1;
        assert_eq!(Rulebook::from_prepared(&other).unwrap_err(), StoredError::OtherEngine);
        assert_eq!(Rulebook::from_prepared(b"short").unwrap_err(), StoredError::Digest);
    }
}
