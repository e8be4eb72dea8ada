//! Objects under keys: a small port with S3 and a folder behind it.

pub mod shelf;

use std::future::Future;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use crate::aws;

/// A place for bodies under keys. A key is made of segments of ASCII letters, digits, `-`, `_`,
/// `.` and `=`, separated by `/`.
pub trait Objects: Send + Sync {
    /// Stores `body` under `key`, replacing what was there.
    ///
    /// # Errors
    /// The key is not valid, or the store did not take the object.
    fn put(&self, key: &str, body: Bytes) -> impl Future<Output = Result<(), ObjectError>> + Send;

    /// The object under `key`, `None` if there is none.
    ///
    /// # Errors
    /// The key is not valid, or the store did not answer.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Bytes>, ObjectError>> + Send;

    /// Removes the object under `key`; one that is not there is removed already.
    ///
    /// # Errors
    /// The key is not valid, or the store did not answer.
    fn delete(&self, key: &str) -> impl Future<Output = Result<(), ObjectError>> + Send;
}

/// Why an object could not be stored, read or removed. Holds no part of its body.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// The key has a segment or character that no key may have.
    #[error("invalid object key")]
    InvalidKey,
    /// S3 refused or did not answer.
    #[error("object store: {0}")]
    Store(String),
    /// The folder could not be read or written.
    #[error("object folder: {0}")]
    Folder(#[from] io::Error),
}

/// Objects in an S3 bucket.
#[derive(Clone, Debug)]
pub struct S3Objects {
    client: aws_sdk_s3::Client,
    bucket: String,
}

impl S3Objects {
    /// Objects in `bucket`.
    pub fn new(client: aws_sdk_s3::Client, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }
}

impl Objects for S3Objects {
    async fn put(&self, key: &str, body: Bytes) -> Result<(), ObjectError> {
        check(key)?;
        let request = self.client.put_object().bucket(&self.bucket).key(key).body(ByteStream::from(body));
        request.send().await.map(|_| ()).map_err(store_error)
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        check(key)?;
        let answer = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_key()) => return Ok(None),
            Err(error) => return Err(store_error(error)),
        };
        let body = answer.body.collect().await.map_err(|_| ObjectError::Store("the answer broke off".to_owned()))?;
        Ok(Some(body.into_bytes()))
    }

    async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        check(key)?;
        self.client.delete_object().bucket(&self.bucket).key(key).send().await.map(|_| ()).map_err(store_error)
    }
}

fn store_error<E: ProvideErrorMetadata, R>(error: SdkError<E, R>) -> ObjectError {
    ObjectError::Store(aws::reason(&error))
}

/// Objects as files in a folder of this machine, readable by their owner only.
#[derive(Clone, Debug)]
pub struct FolderObjects {
    root: PathBuf,
    links: Option<shelf::Links>,
}

impl FolderObjects {
    /// Objects below `root`, which is made when the first object is stored.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), links: None }
    }

    fn path(&self, key: &str) -> Result<PathBuf, ObjectError> {
        check(key)?;
        Ok(self.root.join(key))
    }
}

impl Objects for FolderObjects {
    async fn put(&self, key: &str, body: Bytes) -> Result<(), ObjectError> {
        let path = self.path(key)?;
        blocking(move || write(&path, &body)).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, ObjectError> {
        let path = self.path(key)?;
        blocking(move || found(std::fs::read(path))).await.map(|body| body.map(Bytes::from))
    }

    async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        let path = self.path(key)?;
        blocking(move || found(std::fs::remove_file(path))).await.map(|_| ())
    }
}

/// A half-written object is never seen: it is written beside its place, then moved there.
fn write(path: &Path, body: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // A name of its own, so that two writers of one key don't take each other's half-written file.
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!("~{}-{}", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed)));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    io::Write::write_all(&mut file, body)?;
    std::fs::rename(unfinished, path)
}

/// Turns "no such file" into `None`.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, ObjectError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?;
    Ok(done?)
}

/// Refuses keys that could leave their folder or that S3 would have to escape.
fn check(key: &str) -> Result<(), ObjectError> {
    let segment = |segment: &str| {
        !segment.is_empty()
            && segment != "."
            && segment != ".."
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.=".contains(&b))
    };
    if key.len() <= 512 && key.split('/').all(segment) { Ok(()) } else { Err(ObjectError::InvalidKey) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::loopback;
    use crate::loopback::serve_once;

    fn bucket(endpoint: &str) -> S3Objects {
        S3Objects::new(aws::s3(&loopback::env(endpoint)), "bucket")
    }

    #[tokio::test]
    async fn s3_is_asked_under_bucket_and_key() {
        let (endpoint, served) = serve_once("200 OK", "body");
        let got = bucket(&endpoint).get("intake/a").await.unwrap().unwrap();
        assert_eq!(got, "body");
        assert!(served.join().unwrap().starts_with("GET /bucket/intake/a"));

        let (endpoint, served) = serve_once("200 OK", "");
        bucket(&endpoint).put("intake/a", Bytes::from_static(b"raw body")).await.unwrap();
        let asked = served.join().unwrap();
        assert!(asked.starts_with("PUT /bucket/intake/a") && asked.ends_with("raw body"), "{asked}");
    }

    #[tokio::test]
    async fn an_object_that_s3_does_not_have_is_none_and_a_refusal_is_its_code() {
        let (endpoint, served) = serve_once("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>");
        assert_eq!(bucket(&endpoint).get("intake/a").await.unwrap(), None);
        served.join().unwrap();

        let (endpoint, served) = serve_once("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>");
        let error = bucket(&endpoint).get("intake/a").await.unwrap_err();
        assert_eq!(error.to_string(), "object store: AccessDenied");
        served.join().unwrap();
    }

    #[tokio::test]
    async fn an_object_is_stored_replaced_read_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let objects = FolderObjects::new(folder.path().join("objects"));
        assert_eq!(objects.get("intake/a").await.unwrap(), None);
        objects.put("intake/a", Bytes::from_static(b"\xff\x00 one")).await.unwrap();
        objects.put("intake/a", Bytes::from_static(b"two")).await.unwrap();
        assert_eq!(objects.get("intake/a").await.unwrap().unwrap(), "two");
        objects.delete("intake/a").await.unwrap();
        objects.delete("intake/a").await.unwrap();
        assert_eq!(objects.get("intake/a").await.unwrap(), None);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_writers_of_one_key_all_succeed() {
        let folder = tempfile::tempdir().unwrap();
        let objects = FolderObjects::new(folder.path());
        let writers: Vec<_> = (0..50)
            .map(|_| {
                let objects = objects.clone();
                tokio::spawn(async move { objects.put("intake/a", Bytes::from_static(b"body")).await })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(objects.get("intake/a").await.unwrap().unwrap(), "body");
        assert_eq!(std::fs::read_dir(folder.path().join("intake")).unwrap().count(), 1, "no half-written file is left");
    }

    #[tokio::test]
    async fn files_are_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let objects = FolderObjects::new(folder.path().join("objects"));
        objects.put("intake/a", Bytes::from_static(b"body")).await.unwrap();
        let mode = |path: &str| folder.path().join(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("objects/intake"), 0o700);
        assert_eq!(mode("objects/intake/a"), 0o600);
    }

    #[tokio::test]
    async fn a_key_cannot_leave_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let objects = FolderObjects::new(folder.path().join("objects"));
        let long = "k".repeat(513);
        for key in ["", "/", "/a", "a/", "a//b", "..", "a/../b", ".", "a/./b", "a b", "a\\b", "a\0", "鍵", &long] {
            assert!(matches!(objects.put(key, Bytes::new()).await, Err(ObjectError::InvalidKey)), "{key}");
            assert!(matches!(objects.get(key).await, Err(ObjectError::InvalidKey)), "{key}");
            assert!(matches!(objects.delete(key).await, Err(ObjectError::InvalidKey)), "{key}");
        }
        assert!(!folder.path().join("objects").exists());
    }

    #[test]
    fn the_keys_that_we_make_are_valid() {
        for key in ["intake/2026-11-24/x/0f.json", "intake/date=2026-11-24/..a", "a"] {
            assert!(check(key).is_ok(), "{key}");
        }
    }
}
