//! Where a command finds its table: the one that the environment names, or the running local stack's.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lambda_kit::aws::{self, Env};
use lambda_kit::secrets::{SecretSource, Secrets};
use lambda_kit::settings::{Reader, environment};
use serde::{Deserialize, Serialize};
use store::{PersonKey, Store};

use crate::stack;

/// What a running local stack leaves in its folder, so that other commands find it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Running {
    /// Address of the engine.
    pub engine: String,
    /// Name of the table.
    pub table: String,
    /// File of the secrets.
    pub secrets: PathBuf,
}

/// The file of [`Running`] in a stack's folder.
pub fn running_file(folder: &Path) -> PathBuf {
    folder.join("stack.json")
}

/// Opens the table: of `SEKISHO_TABLE` with `SEKISHO_SECRETS` and the AWS variables, where set; else of the local
/// stack that runs in the current folder.
///
/// # Errors
/// When neither is there, or its secrets can't be read.
pub async fn store() -> Result<Store> {
    let (table, source, env) = match environment("SEKISHO_TABLE") {
        Some(_) => deployed()?,
        None => local()?,
    };
    let key = Secrets::new(source, &env).get().await?.newest("person_key")?.clone();
    Ok(Store::new(aws::dynamodb(&env), table, PersonKey::new(key).map_err(anyhow::Error::msg)?))
}

fn deployed() -> Result<(String, SecretSource, Env)> {
    let mut reader = Reader::new(&environment);
    let table = reader.required("SEKISHO_TABLE");
    let source = reader.required_parsed("SEKISHO_SECRETS").unwrap_or(SecretSource::SecretsManager(String::new()));
    let env = Env::read(&mut reader);
    reader.finish()?;
    Ok((table, source, env))
}

fn local() -> Result<(String, SecretSource, Env)> {
    let file = running_file(&stack::folder(Path::new(".")));
    let Ok(text) = std::fs::read(&file) else {
        bail!("no local stack runs here: start one with `cargo run`, or set SEKISHO_TABLE for a deployed one");
    };
    let running: Running = serde_json::from_slice(&text).with_context(|| file.display().to_string())?;
    Ok((running.table, SecretSource::File(running.secrets), stack::environment(&running.engine)?))
}
