//! What proofs and packages need of objects besides storing them: files that do not fit into memory, objects that
//! nobody can change, lists, and addresses by which somebody without credentials may fetch one object for a while.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::ObjectLockMode;
use bytes::Bytes;

use super::{FolderObjects, ObjectError, Objects, S3Objects, blocking, check, store_error};

/// Objects with everything that packages and proofs need.
pub trait Shelf: Objects {
    /// Stores a file of this machine under `key`, read piece by piece, as what it is said to be.
    ///
    /// # Errors
    /// As [`Objects::put`], and when the file cannot be read.
    fn put_file(
        &self,
        key: &str,
        file: &Path,
        content_type: &'static str,
    ) -> impl Future<Output = Result<(), ObjectError>> + Send;

    /// Stores `body` where nobody can change or remove it until `until`, in seconds since 1970. `false` when there is an
    /// object already, which stays as it is.
    ///
    /// # Errors
    /// As [`Objects::put`].
    fn put_locked(&self, key: &str, body: Bytes, until: i64) -> impl Future<Output = Result<bool, ObjectError>> + Send;

    /// The keys that begin so, in their order.
    ///
    /// # Errors
    /// The store did not answer.
    fn list(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, ObjectError>> + Send;

    /// An address at which anybody who has it may fetch the object for a while, as a file of this name.
    ///
    /// # Errors
    /// The key is not valid, or no address can be made.
    fn link(&self, key: &str, name: &str, valid: Duration) -> impl Future<Output = Result<String, ObjectError>> + Send;
}

impl Shelf for S3Objects {
    async fn put_file(&self, key: &str, file: &Path, content_type: &'static str) -> Result<(), ObjectError> {
        check(key)?;
        let body = ByteStream::from_path(file).await.map_err(|error| ObjectError::Folder(io::Error::other(error)))?;
        let request = self.client.put_object().bucket(&self.bucket).key(key).content_type(content_type).body(body);
        request.send().await.map(|_| ()).map_err(store_error)
    }

    async fn put_locked(&self, key: &str, body: Bytes, until: i64) -> Result<bool, ObjectError> {
        check(key)?;
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .body(ByteStream::from(body))
            .if_none_match("*")
            .object_lock_mode(ObjectLockMode::Compliance)
            .object_lock_retain_until_date(DateTime::from_secs(until));
        match request.send().await.map_err(store_error) {
            Ok(_) => Ok(true),
            Err(ObjectError::Store(reason)) if reason == "PreconditionFailed" => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, ObjectError> {
        let mut keys = Vec::new();
        let mut pages = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(store_error)?;
            keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        Ok(keys)
    }

    async fn link(&self, key: &str, name: &str, valid: Duration) -> Result<String, ObjectError> {
        check(key)?;
        check(name)?;
        let times = PresigningConfig::expires_in(valid).map_err(|error| ObjectError::Store(error.to_string()))?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{name}\""))
            .response_cache_control("no-store");
        Ok(request.presigned(times).await.map_err(store_error)?.uri().to_owned())
    }
}

/// Addresses of objects in a folder: random words, known to the process that made them.
#[derive(Clone, Debug)]
pub struct Links {
    origin: String,
    given: Arc<Mutex<HashMap<String, Given>>>,
}

#[derive(Clone, Debug)]
struct Given {
    key: String,
    name: String,
    until: SystemTime,
}

impl Links {
    /// Addresses that begin with `origin`, which ends without a slash.
    pub fn new(origin: impl Into<String>) -> Self {
        Links { origin: origin.into(), given: Arc::default() }
    }

    fn give(&self, key: &str, name: &str, valid: Duration) -> Result<String, ObjectError> {
        let mut random = [0u8; 24];
        getrandom::fill(&mut random).map_err(|_| ObjectError::Store("no randomness".to_owned()))?;
        let word = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, random);
        let given = Given { key: key.to_owned(), name: name.to_owned(), until: SystemTime::now() + valid };
        self.given.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(word.clone(), given);
        Ok(format!("{}/{word}", self.origin))
    }

    /// The key and the name that the last part of an address stands for, while it is valid.
    pub fn open(&self, word: &str) -> Option<(String, String)> {
        let given = self.given.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(word).cloned()?;
        (SystemTime::now() < given.until).then_some((given.key, given.name))
    }
}

impl FolderObjects {
    /// Gives addresses of its objects through `links`.
    #[must_use]
    pub fn with_links(self, links: Links) -> Self {
        Self { links: Some(links), ..self }
    }

    /// The key and the name that the last part of an address stands for, while it is valid.
    pub fn linked(&self, word: &str) -> Option<(String, String)> {
        self.links.as_ref()?.open(word)
    }
}

impl Shelf for FolderObjects {
    async fn put_file(&self, key: &str, file: &Path, _: &'static str) -> Result<(), ObjectError> {
        let (path, file) = (self.path(key)?, file.to_owned());
        blocking(move || {
            make_folder(&path)?;
            let mut unfinished = path.as_os_str().to_owned();
            unfinished.push("~");
            std::fs::copy(file, &unfinished)?;
            std::fs::rename(unfinished, path)
        })
        .await
    }

    async fn put_locked(&self, key: &str, body: Bytes, _: i64) -> Result<bool, ObjectError> {
        let path = self.path(key)?;
        let written = blocking(move || {
            make_folder(&path)?;
            let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(path)?;
            io::Write::write_all(&mut file, &body)
        });
        match written.await {
            Ok(()) => Ok(true),
            Err(ObjectError::Folder(error)) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, ObjectError> {
        let root = self.root.clone();
        let mut keys = blocking(move || {
            let mut keys = Vec::new();
            let mut folders = vec![root.clone()];
            while let Some(folder) = folders.pop() {
                let entries = match std::fs::read_dir(folder) {
                    Ok(entries) => entries,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                };
                for entry in entries {
                    let path = entry?.path();
                    if path.is_dir() {
                        folders.push(path);
                    } else if let Some(key) = path.strip_prefix(&root).ok().and_then(Path::to_str) {
                        keys.push(key.to_owned());
                    }
                }
            }
            Ok(keys)
        })
        .await?;
        keys.retain(|key| key.starts_with(prefix) && check(key).is_ok());
        keys.sort();
        Ok(keys)
    }

    async fn link(&self, key: &str, name: &str, valid: Duration) -> Result<String, ObjectError> {
        check(key)?;
        check(name)?;
        let links =
            self.links.as_ref().ok_or_else(|| ObjectError::Store("this folder gives no addresses".to_owned()))?;
        links.give(key, name, valid)
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "shelf_tests.rs"]
mod tests;
