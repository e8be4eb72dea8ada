//! Signing secrets and client secrets, from Secrets Manager or from a file of the local stack.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::aws::{self, Env};
use crate::metrics::SECRETS_STALE;

/// How long values serve before they are asked for again.
const LIFETIME: Duration = Duration::from_secs(300);
/// Between two readings at least: a flood of forged signatures must not become a flood of calls.
const PAUSE: Duration = Duration::from_secs(30);

/// Where secrets are kept: `file:/path` or the id or ARN of a Secrets Manager secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A file of this machine, readable by its owner only.
    File(PathBuf),
    /// A secret of Secrets Manager, by id or ARN.
    SecretsManager(String),
}

impl FromStr for SecretSource {
    type Err = Infallible;

    fn from_str(setting: &str) -> Result<Self, Infallible> {
        Ok(match setting.strip_prefix("file:") {
            Some(path) => Self::File(path.into()),
            None => Self::SecretsManager(setting.to_owned()),
        })
    }
}

/// Why secrets could not be had. Quotes nothing of them.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("secrets file {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Others than its owner may open the file.
    #[error("secrets file {path} has mode {mode:o}: make it readable by its owner only (chmod 600)")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Secrets Manager refused or did not answer.
    #[error("Secrets Manager: {0}")]
    SecretsManager(String),
    /// The content is no JSON object whose values are strings or lists of strings.
    #[error("the secret is not a JSON object of strings or lists of strings")]
    Malformed,
    /// There is no value, or only an empty one, under this name.
    #[error("the secret has no value named {0}")]
    Missing(String),
}

/// Secrets by name, each with one value or with several: during a rotation the newest first.
/// `Debug` prints names only.
pub struct SecretValues(BTreeMap<String, Vec<SecretString>>);

impl SecretValues {
    fn parse(json: &str) -> Result<Self, SecretError> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrSeveral {
            One(SecretString),
            Several(Vec<SecretString>),
        }
        let values: BTreeMap<String, OneOrSeveral> = serde_json::from_str(json).map_err(|_| SecretError::Malformed)?;
        let list = |values| match values {
            OneOrSeveral::One(value) => vec![value],
            OneOrSeveral::Several(values) => values,
        };
        Ok(Self(values.into_iter().map(|(name, values)| (name, list(values))).collect()))
    }

    /// All values under `name`, the newest first.
    ///
    /// # Errors
    /// [`SecretError::Missing`] when there is none, or an empty one: a signature over an empty
    /// secret is one that anybody can make.
    pub fn all(&self, name: &str) -> Result<&[SecretString], SecretError> {
        match self.0.get(name) {
            Some(values) if !values.is_empty() && values.iter().all(|v| !v.expose_secret().is_empty()) => Ok(values),
            Some(_) | None => Err(SecretError::Missing(name.to_owned())),
        }
    }

    /// The newest value under `name`.
    ///
    /// # Errors
    /// As [`SecretValues::all`].
    pub fn newest(&self, name: &str) -> Result<&SecretString, SecretError> {
        self.all(name)?.first().ok_or_else(|| SecretError::Missing(name.to_owned()))
    }
}

impl fmt::Debug for SecretValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Secrets that are read when first needed and kept for five minutes.
pub struct Secrets {
    place: Place,
    kept: Mutex<Option<Kept>>,
}

enum Place {
    File(PathBuf),
    SecretsManager { client: aws_sdk_secretsmanager::Client, id: String },
}

struct Kept {
    values: Arc<SecretValues>,
    read_at: Instant,
    /// Later than `read_at` when a refresh failed and the old values serve on.
    tried_at: Instant,
}

impl Secrets {
    /// Nothing is read yet; a client is built only when the source needs one.
    pub fn new(source: SecretSource, env: &Env) -> Self {
        let place = match source {
            SecretSource::File(path) => Place::File(path),
            SecretSource::SecretsManager(id) => Place::SecretsManager { client: aws::secrets_manager(env), id },
        };
        Self { place, kept: Mutex::new(None) }
    }

    /// The values, at most five minutes old. When they cannot be refreshed, the old ones serve on
    /// and the next try is made half a minute later.
    ///
    /// # Errors
    /// The values were never read and cannot be read now.
    pub async fn get(&self) -> Result<Arc<SecretValues>, SecretError> {
        self.no_older_than(LIFETIME).await
    }

    /// The values anew, because those kept did not fit, as after a rotation. Values read within the
    /// last half minute are given back as they are.
    ///
    /// # Errors
    /// As [`Secrets::get`].
    pub async fn reload(&self) -> Result<Arc<SecretValues>, SecretError> {
        self.no_older_than(PAUSE).await
    }

    async fn no_older_than(&self, age: Duration) -> Result<Arc<SecretValues>, SecretError> {
        // Held while reading: of many callers one reads and the others get what it read.
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref()
            && (kept.read_at.elapsed() < age || kept.tried_at.elapsed() < PAUSE)
        {
            return Ok(kept.values.clone());
        }
        let now = Instant::now();
        match (self.place.read().await, kept.as_mut()) {
            (Ok(values), _) => {
                let values = Arc::new(values);
                *kept = Some(Kept { values: values.clone(), read_at: now, tried_at: now });
                Ok(values)
            }
            (Err(error), Some(kept)) => {
                metrics::counter!(SECRETS_STALE).increment(1);
                tracing::warn!(%error, "secrets could not be refreshed, the old ones serve on");
                kept.tried_at = now;
                Ok(kept.values.clone())
            }
            (Err(error), None) => Err(error),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl Place {
    async fn read(&self) -> Result<SecretValues, SecretError> {
        match self {
            Self::File(path) => SecretValues::parse(&read_file(path)?),
            Self::SecretsManager { client, id } => {
                let request = client.get_secret_value().secret_id(id);
                let answer = request.send().await.map_err(|error| SecretError::SecretsManager(aws::reason(&error)))?;
                SecretValues::parse(answer.secret_string().unwrap_or_default())
            }
        }
    }
}

/// Reads a file that nobody but its owner may open.
fn read_file(path: &Path) -> Result<String, SecretError> {
    let fail = |error| SecretError::File { path: path.to_owned(), error };
    let mode = std::fs::metadata(path).map_err(fail)?.mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(SecretError::Exposed { path: path.to_owned(), mode });
    }
    std::fs::read_to_string(path).map_err(fail)
}

#[cfg(test)]
mod tests;
