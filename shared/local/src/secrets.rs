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
    /// Access token that the simulated X accepts at first.
    pub x_user_token: String,
    /// Access token that the simulated YouTube accepts at first.
    pub youtube_token: String,
    /// Refresh token of the simulated X, for the first refresh.
    #[serde(default)]
    pub x_refresh_token: String,
    /// Refresh token of the simulated YouTube.
    #[serde(default)]
    pub youtube_refresh_token: String,
    /// Our app's own token at the simulated X.
    #[serde(default)]
    pub x_bearer_token: String,
    /// Our app at the simulated X.
    #[serde(default)]
    pub x_client_id: String,
    /// Its secret.
    #[serde(default)]
    pub x_client_secret: String,
    /// Our app at the simulated Google.
    #[serde(default)]
    pub youtube_client_id: String,
    /// Its secret.
    #[serde(default)]
    pub youtube_client_secret: String,
}

impl LocalSecrets {
    /// Reads the file, or makes it with random secrets.
    ///
    /// # Errors
    /// When it can't be read or written, or holds something else.
    pub fn open(path: &Path) -> Result<Self> {
        if path.exists() {
            let text = std::fs::read(path).with_context(|| path.display().to_string())?;
            let read: LocalSecrets =
                serde_json::from_slice(&text).with_context(|| format!("{} holds no secrets", path.display()))?;
            // A file of an earlier version gets what it lacks.
            let secrets = read.clone().completed()?;
            if secrets.x_client_id != read.x_client_id {
                std::fs::write(path, serde_json::to_vec_pretty(&secrets)?)?;
            }
            return Ok(secrets);
        }
        let secrets = LocalSecrets {
            x_consumer_secret: vec![random()?, random()?],
            youtube_websub_secret: random()?,
            youtube_callback_path: random()?,
            person_key: random()?,
            x_user_token: random()?,
            youtube_token: random()?,
            x_refresh_token: String::new(),
            youtube_refresh_token: String::new(),
            x_bearer_token: String::new(),
            x_client_id: String::new(),
            x_client_secret: String::new(),
            youtube_client_id: String::new(),
            youtube_client_secret: String::new(),
        }
        .completed()?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| path.display().to_string())?;
        file.write_all(&serde_json::to_vec_pretty(&secrets)?)?;
        Ok(secrets)
    }

    /// With random values where there are none.
    fn completed(mut self) -> Result<Self> {
        for value in [
            &mut self.x_refresh_token,
            &mut self.youtube_refresh_token,
            &mut self.x_bearer_token,
            &mut self.x_client_id,
            &mut self.x_client_secret,
            &mut self.youtube_client_id,
            &mut self.youtube_client_secret,
        ] {
            if value.is_empty() {
                *value = random()?;
            }
        }
        Ok(self)
    }
}

/// 256 random bits as hex.
fn random() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).context("no randomness")?;
    Ok(hex::encode(bytes))
}
