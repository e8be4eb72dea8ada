//! Secrets that the program itself writes: one small text under a name, in Secrets Manager or in files of the local
//! stack.

use std::fs::{DirBuilder, File, OpenOptions};
use std::future::Future;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::{ExposeSecret, SecretString};

use crate::aws::{self, Env};
use crate::secrets::{SecretError, SecretSource};

/// Keeps secrets under names of lower case letters. A write replaces the whole and is seen by every later read.
pub trait Vault: Send + Sync {
    /// What lies under a name; `None` where nothing was ever written.
    ///
    /// # Errors
    /// The place can't be read.
    fn read(&self, name: &str) -> impl Future<Output = Result<Option<SecretString>, SecretError>> + Send;

    /// Writes under a name.
    ///
    /// # Errors
    /// The place can't be written; what was there before is still there.
    fn write(&self, name: &str, secret: &SecretString) -> impl Future<Output = Result<(), SecretError>> + Send;
}

/// A vault in Secrets Manager, each name a secret of its own below a prefix, or in a folder of this machine.
#[derive(Clone, Debug)]
pub enum KeptVault {
    /// Files that only their owner can read.
    Folder(PathBuf),
    /// `<prefix>/<name>` in Secrets Manager.
    SecretsManager {
        /// Its client.
        client: aws_sdk_secretsmanager::Client,
        /// Start of every name, without a slash at the end.
        prefix: String,
    },
}

impl KeptVault {
    /// The vault of a setting: `file:<folder>`, or the start of the names in Secrets Manager.
    pub fn new(source: SecretSource, env: &Env) -> Self {
        match source {
            SecretSource::File(folder) => Self::Folder(folder),
            SecretSource::SecretsManager(prefix) => Self::SecretsManager { client: aws::secrets_manager(env), prefix },
        }
    }
}

impl Vault for KeptVault {
    async fn read(&self, name: &str) -> Result<Option<SecretString>, SecretError> {
        match self {
            Self::Folder(folder) => read_file(&folder.join(name)),
            Self::SecretsManager { client, prefix } => {
                let sent = client.get_secret_value().secret_id(format!("{prefix}/{name}")).send().await;
                match sent {
                    Ok(answer) => Ok(answer.secret_string().filter(|text| !text.is_empty()).map(SecretString::from)),
                    // A secret that was made but never given a value counts as not found too.
                    Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                        Ok(None)
                    }
                    Err(error) => Err(SecretError::SecretsManager(aws::reason(&error))),
                }
            }
        }
    }

    async fn write(&self, name: &str, secret: &SecretString) -> Result<(), SecretError> {
        match self {
            Self::Folder(folder) => write_file(folder, name, secret),
            Self::SecretsManager { client, prefix } => {
                let put = client.put_secret_value().secret_id(format!("{prefix}/{name}"));
                let sent = put.secret_string(secret.expose_secret()).send().await;
                sent.map(|_| ()).map_err(|error| SecretError::SecretsManager(aws::reason(&error)))
            }
        }
    }
}

fn read_file(path: &Path) -> Result<Option<SecretString>, SecretError> {
    let fail = |error| SecretError::File { path: path.to_owned(), error };
    let mode = match std::fs::metadata(path) {
        Ok(metadata) => metadata.mode() & 0o7777,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fail(error)),
    };
    if mode & 0o077 != 0 {
        return Err(SecretError::Exposed { path: path.to_owned(), mode });
    }
    Ok(Some(std::fs::read_to_string(path).map_err(fail)?.into()))
}

/// Written beside its place, brought to the disk, then moved there: a crash leaves the old or the new, never half.
fn write_file(folder: &Path, name: &str, secret: &SecretString) -> Result<(), SecretError> {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let path = folder.join(name);
    let write = || {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let unfinished =
            folder.join(format!("{name}~{}-{}", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed)));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(secret.expose_secret().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(unfinished, &path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| SecretError::File { path: path.clone(), error })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::loopback;

    #[tokio::test]
    async fn a_folder_gives_back_what_was_written_last_to_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let vault = KeptVault::Folder(folder.path().join("grants"));
        assert!(vault.read("x").await.unwrap().is_none());
        vault.write("x", &"one".into()).await.unwrap();
        vault.write("x", &"two".into()).await.unwrap();
        assert_eq!(vault.read("x").await.unwrap().unwrap().expose_secret(), "two");
        let mode = |path: &str| folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("grants"), mode("grants/x")), (0o700, 0o600));
        assert_eq!(std::fs::read_dir(folder.path().join("grants")).unwrap().count(), 1, "nothing unfinished is left");

        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.path().join("grants/x"), open).unwrap();
        assert!(matches!(vault.read("x").await, Err(SecretError::Exposed { mode: 0o644, .. })));
    }

    #[tokio::test]
    async fn secrets_manager_is_asked_below_the_prefix_and_not_found_is_none() {
        let vault = |endpoint: &str| {
            KeptVault::new(SecretSource::SecretsManager("sekisho/grants".to_owned()), &loopback::env(endpoint))
        };
        let (endpoint, served) = loopback::serve_once("200 OK", r#"{"SecretString":"grant"}"#);
        assert_eq!(vault(&endpoint).read("x").await.unwrap().unwrap().expose_secret(), "grant");
        assert!(served.join().unwrap().contains("sekisho/grants/x"));

        let (endpoint, served) = loopback::serve_once("400 Bad Request", r#"{"__type":"ResourceNotFoundException"}"#);
        assert!(vault(&endpoint).read("x").await.unwrap().is_none());
        served.join().unwrap();

        let (endpoint, served) = loopback::serve_once("200 OK", "{}");
        vault(&endpoint).write("youtube", &"new grant".into()).await.unwrap();
        let asked = served.join().unwrap();
        assert!(asked.contains("PutSecretValue") && asked.contains("sekisho/grants/youtube"), "{asked}");
    }
}
