//! Secrets of the local stack: random, in a file that only its owner can read.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What the functions read from Secrets Manager in production. `Debug` is left out on purpose.
#[derive(Clone, Serialize, Deserialize)]
pub struct LocalSecrets {
    /// X signs deliveries with it; the newest first, the older one still valid as during a rotation.
    pub x_consumer_secret: Vec<String>,
    /// The WebSub hub signs notices with it.
    pub youtube_websub_secret: String,
    /// Secret segment of the WebSub callback.
    pub youtube_callback_path: String,
    /// Keys of persons are made from it.
    pub person_key: String,
    /// Token that the simulated X accepts.
    pub x_user_token: String,
    /// Token that the simulated YouTube accepts.
    pub youtube_token: String,
}

impl LocalSecrets {
    /// Reads the file, or makes it with random secrets.
    ///
    /// # Errors
    /// When it can't be read or written, or holds something else.
    pub fn open(path: &Path) -> Result<Self> {
        if path.exists() {
            let text = std::fs::read(path).with_context(|| path.display().to_string())?;
            return serde_json::from_slice(&text).with_context(|| format!("{} holds no secrets", path.display()));
        }
        let secrets = LocalSecrets {
            x_consumer_secret: vec![random()?, random()?],
            youtube_websub_secret: random()?,
            youtube_callback_path: random()?,
            person_key: random()?,
            x_user_token: random()?,
            youtube_token: random()?,
        };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| path.display().to_string())?;
        file.write_all(&serde_json::to_vec_pretty(&secrets)?)?;
        Ok(secrets)
    }
}

/// 256 random bits as hex.
fn random() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).context("no randomness")?;
    Ok(hex::encode(bytes))
}
