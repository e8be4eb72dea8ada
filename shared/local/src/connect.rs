//! Where a command finds its table: the one that the environment names, or the running local stack's.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use lambda_kit::aws::{self, Env};
use lambda_kit::objects::{FolderObjects, S3Objects};
use lambda_kit::secrets::{SecretSource, Secrets};
use lambda_kit::settings::{Reader, environment};
use lambda_kit::vault::KeptVault;
use privacy::desk::Addresses;
use serde::{Deserialize, Serialize};
use store::{PersonKey, RequestStore, Rulebooks, Store};

use crate::{desk, stack};

/// How long a command waits for the rulebook in force.
const LOADING: Duration = Duration::from_secs(60);

/// What a running local stack leaves in its folder, so that other commands find it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Running {
    /// Address of the engine.
    pub engine: String,
    /// Name of the table.
    pub table: String,
    /// File of the secrets.
    pub secrets: PathBuf,
    /// Folder of the published rulebooks.
    pub objects: PathBuf,
    /// Address of the simulated X.
    pub x: String,
    /// Address of the simulated YouTube and Google.
    pub youtube: String,
    /// Where the running stack takes what commands ask of it.
    pub control: String,
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
    Place::find()?.store().await
}

/// Opens the table, and the rulebook in force: published ones lie in `SEKISHO_RULEBOOKS_BUCKET`, or in the running
/// stack's folder.
///
/// # Errors
/// As [`store`], and when no bucket is named for a deployed table.
pub async fn store_and_rulebooks() -> Result<(Store, Rulebooks)> {
    let place = Place::find()?;
    let store = place.store().await?;
    let rulebooks = match &place.objects {
        Some(folder) => Rulebooks::with_patience(store.clone(), FolderObjects::new(folder), LOADING),
        None => {
            let bucket = environment("SEKISHO_RULEBOOKS_BUCKET").context("set SEKISHO_RULEBOOKS_BUCKET")?;
            Rulebooks::with_patience(store.clone(), S3Objects::new(aws::s3(&place.env), bucket), LOADING)
        }
    };
    Ok((store, rulebooks))
}

/// Whether commands work on a deployed table.
pub fn is_deployed() -> bool {
    environment("SEKISHO_TABLE").is_some()
}

/// Whether a table can be found at all.
pub fn is_there() -> bool {
    is_deployed() || running_file(&stack::folder(Path::new("."))).exists()
}

/// Where everything is.
struct Place {
    table: String,
    secrets: SecretSource,
    env: Env,
    /// Folder of the published rulebooks; in S3 without.
    objects: Option<PathBuf>,
}

impl Place {
    fn find() -> Result<Self> {
        if is_deployed() { Place::deployed() } else { Place::local() }
    }

    async fn store(&self) -> Result<Store> {
        let secrets = Secrets::new(self.secrets.clone(), &self.env);
        let key = secrets.get().await?.newest("person_key")?.clone();
        Ok(Store::new(aws::dynamodb(&self.env), &self.table, PersonKey::new(key).map_err(anyhow::Error::msg)?))
    }

    fn deployed() -> Result<Self> {
        let mut reader = Reader::new(&environment);
        let table = reader.required("SEKISHO_TABLE");
        let secrets = reader.required_parsed("SEKISHO_SECRETS").unwrap_or(SecretSource::SecretsManager(String::new()));
        let env = Env::read(&mut reader);
        reader.finish()?;
        Ok(Place { table, secrets, env, objects: None })
    }

    fn local() -> Result<Self> {
        let running = running()?;
        Ok(Place {
            table: running.table,
            secrets: SecretSource::File(running.secrets),
            env: stack::environment(&running.engine)?,
            objects: Some(running.objects),
        })
    }
}

/// Opens the requests table in the same way, named by `SEKISHO_REQUESTS_TABLE`, with our addresses as the function has
/// them.
///
/// # Errors
/// When neither is there, or its secrets or addresses can't be read.
pub async fn requests() -> Result<(RequestStore, Addresses)> {
    let (table, source, env, addresses) = match environment("SEKISHO_REQUESTS_TABLE") {
        Some(_) => {
            let settings = data_request::settings::Settings::read(&environment)?;
            (settings.requests, settings.secrets, settings.aws, settings.addresses)
        }
        None => {
            let Place { secrets, env, .. } = Place::local()?;
            (stack::requests_table_name()?, secrets, env, desk::addresses()?)
        }
    };
    let key = Secrets::new(source, &env).get().await?.newest("person_key")?.clone();
    let key = PersonKey::new(key).map_err(anyhow::Error::msg)?;
    Ok((RequestStore::new(aws::dynamodb(&env), table, key), addresses))
}

/// Where daily roots and the erasure ledger lie.
#[derive(Debug)]
pub enum Proof {
    /// The bucket of a deployed stack.
    Bucket(S3Objects),
    /// The folder of the local stack.
    Folder(FolderObjects),
}

/// Opens them: the bucket `SEKISHO_PROOF_BUCKET` where set, else the folder of the local stack here.
///
/// # Errors
/// When the AWS variables contradict each other.
pub fn proof() -> Result<Proof> {
    let mut reader = Reader::new(&environment);
    let Some(bucket) = reader.optional("SEKISHO_PROOF_BUCKET") else {
        return Ok(Proof::Folder(desk::proof(&stack::folder(Path::new(".")))));
    };
    let env = Env::read(&mut reader);
    reader.finish()?;
    Ok(Proof::Bucket(S3Objects::new(aws::s3(&env), bucket)))
}

/// Opens the bucket `SEKISHO_MAIL_BUCKET` of raw mails of a deployed stack.
///
/// # Errors
/// When it is not named, or the AWS variables contradict each other.
pub fn mail() -> Result<S3Objects> {
    let mut reader = Reader::new(&environment);
    let bucket = reader.required("SEKISHO_MAIL_BUCKET");
    let env = Env::read(&mut reader);
    reader.finish()?;
    Ok(S3Objects::new(aws::s3(&env), bucket))
}

/// All that connecting an account needs: of the deployed functions' settings, or of the local stack.
///
/// # Errors
/// As [`store()`].
pub async fn tokens() -> Result<Reach> {
    let place = Place::find()?;
    let (store, env) = (place.store().await?, &place.env);
    let secrets = Secrets::new(place.secrets.clone(), env);
    if environment("SEKISHO_TABLE").is_none() {
        let running = running()?;
        let (x_api, google) = (running.x.clone(), running.youtube.clone());
        let vault = KeptVault::Folder(running.secrets.with_extension("grants"));
        return Ok(Reach { store, secrets, vault, x_api, google, youtube_api: running.youtube });
    }
    let mut reader = Reader::new(&environment);
    let settings = tokens::Settings::read(&mut reader);
    let youtube_api = reader.parsed_or("SEKISHO_YOUTUBE_API", "https://youtube.googleapis.com".to_owned());
    reader.finish()?;
    let vault = KeptVault::new(settings.grants, env);
    Ok(Reach { store, secrets, vault, x_api: settings.x_api, google: settings.google_oauth, youtube_api })
}

/// What connecting an account needs.
pub struct Reach {
    /// The table.
    pub store: Store,
    /// Our app's credentials.
    pub secrets: Secrets,
    /// Where grants lie.
    pub vault: KeptVault,
    /// Address of the X API.
    pub x_api: String,
    /// Address of Google's token server.
    pub google: String,
    /// Address of the YouTube Data API.
    pub youtube_api: String,
}

/// The local stack that runs in the current folder.
fn running() -> Result<Running> {
    let file = running_file(&stack::folder(Path::new(".")));
    let Ok(text) = std::fs::read(&file) else {
        bail!("no local stack runs here: start one with `cargo run`, or set SEKISHO_TABLE for a deployed one");
    };
    serde_json::from_slice(&text).with_context(|| file.display().to_string())
}

/// Where the local stack that runs in the current folder takes what commands ask of it.
///
/// # Errors
/// When none runs.
pub fn control() -> Result<String> {
    Ok(running()?.control)
}
