//! A published rulebook as one object: its files as a JSON map of name to text, under the digest of these bytes.

use std::collections::BTreeMap;

use bytes::Bytes;
use lambda_kit::objects::{ObjectError, Objects};
use sha2::{Digest, Sha256};

/// The files of a rulebook: path within its folder, and text.
pub type Files = BTreeMap<String, String>;

/// Why a bundle could not be had.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The bucket refused or did not answer.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// There is no such object.
    #[error("the bundle is gone from the bucket")]
    Missing,
    /// The object's bytes are not those that were published.
    #[error("the bundle is not what was published: its digest differs")]
    Changed,
    /// It is no map of files.
    #[error("the bundle is no map of files")]
    Malformed,
    /// This program can't read the rulebook.
    #[error("the bundle holds no rulebook for this program: {0}")]
    Rulebook(#[from] rules::RulebookError),
    /// It did not come in time.
    #[error("the bundle did not come in time")]
    Late,
    /// Loading ended without an answer.
    #[error("loading the bundle broke off")]
    BrokeOff,
}

/// The object's key.
pub(super) fn key(digest: &str) -> String {
    format!("rulebooks/{digest}.json")
}

/// Writes the bundle, which may be there already; gives its digest.
pub(super) async fn put<O: Objects>(objects: &O, files: &Files) -> Result<String, BundleError> {
    let body = serde_json::to_vec_pretty(files).map_err(|_| BundleError::Malformed)?;
    let digest = digest(&body);
    objects.put(&key(&digest), Bytes::from(body)).await?;
    Ok(digest)
}

/// Reads the files of a bundle, if its bytes are those that were published.
pub(super) fn open(expected: &str, body: Option<Bytes>) -> Result<Files, BundleError> {
    let body = body.ok_or(BundleError::Missing)?;
    if digest(&body) != expected {
        return Err(BundleError::Changed);
    }
    serde_json::from_slice(&body).map_err(|_| BundleError::Malformed)
}

fn digest(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
