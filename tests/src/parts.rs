//! A sandbox of `webhook` whose parts a test chooses: other accounts, other secrets, a queue or folder that fails.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lambda_kit::objects::{ObjectError, Objects};
use lambda_kit::queue::{Queue, QueueError};
use lambda_kit::secrets::Secrets;
use local::stack::environment;
use platforms::Accounts;
use serde_json::Value;
use webhook::App;

use crate::World;
use crate::world::{accounts, store_of};

/// The parts of [`World::webhook`], with other objects and another queue.
pub fn app<O, Q>(world: &World, objects: O, queue: Q) -> App<O, Q> {
    let clock = world.clock.clone();
    App {
        store: store_of("webhook", &world.engine.address, &world.secrets),
        rulebooks: world.rulebooks(),
        secrets: secrets(world, &world.folder.path().join("secrets.json")),
        accounts: accounts(),
        objects,
        queue,
        clock: Arc::new(move || clock.now()),
    }
}

/// Secrets in a file.
pub fn secrets(world: &World, file: &Path) -> Secrets {
    let source = format!("file:{}", file.display()).parse().unwrap();
    Secrets::new(source, &environment(&world.engine.address).unwrap())
}

/// Writes a file of secrets that only its owner can read.
pub fn write_secrets(file: &Path, secrets: &Value) {
    let mut open = std::fs::OpenOptions::new();
    let file = open.write(true).create(true).truncate(true).mode(0o600).open(file).unwrap();
    serde_json::to_writer(file, secrets).unwrap();
}

/// Accounts with another user id on X.
pub fn accounts_of_x(user: &str) -> Accounts {
    Accounts { x: user.to_owned(), ..accounts() }
}

/// Accounts with another channel on YouTube.
pub fn accounts_of_youtube(channel: &str) -> Accounts {
    Accounts { youtube: channel.to_owned(), ..accounts() }
}

/// A queue that takes nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoQueue;

impl Queue for NoQueue {
    async fn send(&self, _: &str, _: Duration) -> Result<(), QueueError> {
        Err(QueueError { reason: "down on demand".to_owned() })
    }
}

/// A place for bodies that keeps nothing and gives nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoObjects;

impl Objects for NoObjects {
    async fn put(&self, _: &str, _: Bytes) -> Result<(), ObjectError> {
        Err(ObjectError::Store("down on demand".to_owned()))
    }

    async fn get(&self, _: &str) -> Result<Option<Bytes>, ObjectError> {
        Err(ObjectError::Store("down on demand".to_owned()))
    }

    async fn delete(&self, _: &str) -> Result<(), ObjectError> {
        Err(ObjectError::Store("down on demand".to_owned()))
    }
}
