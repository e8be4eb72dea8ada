//! An AWS account on loopback with the stack in it, and the platforms beside it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use lambda_kit::objects::S3Objects;
use local::audit::REPORT_TO;
use local::simulator::clock;
use local::stack::{
    Options, Stack, X_USER, YOUTUBE_CHANNEL, environment, function_variables, local_variables, requests_table_name,
    secrets_file, table_name,
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use store::{PersonKey, RequestStore, Store};
use tempfile::TempDir;
use tests::recorder::Recorder;
use tests::sandbox::Sandbox;
use tests::table;

/// Whose DynamoDB the functions work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tables {
    /// The embedded engine's.
    Embedded,
    /// moto's own.
    Moto,
    /// Nobody's: every call fails.
    Nowhere,
}

/// What the deployed stack tells of itself.
#[derive(Deserialize)]
struct Deployed {
    endpoint: String,
    physical: BTreeMap<String, Option<String>>,
    functions: BTreeMap<String, BTreeMap<String, String>>,
}

/// The account and the platforms; everything ends with it.
pub(crate) struct Account {
    /// Simulated platforms and the embedded engine.
    pub(crate) local: Stack,
    deployed: Deployed,
    names: Arc<BTreeMap<String, String>>,
    moto: Child,
    secrets: PathBuf,
    _folder: TempDir,
}

/// A function in the account, with what it says to its AWS.
pub(crate) struct Function {
    /// The running binary.
    pub(crate) sandbox: Sandbox,
    /// Everything but its tables.
    pub(crate) services: Recorder,
    _tables: Recorder,
}

impl Drop for Account {
    fn drop(&mut self) {
        // It serves until its standard input ends; it may have ended by itself.
        drop(self.moto.stdin.take());
        let _ = self.moto.wait();
    }
}

impl Account {
    /// Deploys the stack.
    pub(crate) async fn new() -> Account {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { folder: folder.path().to_owned(), data: None, port: 0, clock: clock::system() };
        let secrets = secrets_file(&options);
        let local = Stack::start(options).await.unwrap();
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let asked = json!({
            "parameters": {"XUserId": X_USER, "YouTubeChannelId": YOUTUBE_CHANNEL, "ReportAddress": REPORT_TO},
            "secret": local.secrets,
        });
        let mut moto = Command::new(format!("{root}/.venv/bin/python"))
            .args([&format!("{root}/infra/tests/moto_stack.py"), &asked.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(moto.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let deployed: Deployed = serde_json::from_str(&line).expect("the stack was not deployed");
        let mut names: BTreeMap<String, String> = deployed
            .physical
            .iter()
            .filter_map(|(name, id)| Some((id.as_deref()?.rsplit('/').next()?.to_owned(), name.clone())))
            .collect();
        names.insert(table_name().unwrap(), "Decisions".to_owned());
        names.insert(requests_table_name().unwrap(), "Requests".to_owned());
        Account { local, deployed, names: Arc::new(names), moto, secrets, _folder: folder }
    }

    /// Names of the decisions table and the requests table of one engine.
    fn tables(&self, tables: Tables) -> (String, String) {
        match tables {
            Tables::Embedded | Tables::Nowhere => (table_name().unwrap(), requests_table_name().unwrap()),
            Tables::Moto => (self.physical("Decisions").to_owned(), self.physical("Requests").to_owned()),
        }
    }

    /// What a resource of the template is called in the account.
    fn physical(&self, name: &str) -> &str {
        self.deployed.physical[name].as_deref().unwrap()
    }

    /// Where the account's services are.
    fn endpoint(&self) -> &str {
        &self.deployed.endpoint
    }

    /// The decisions table of one engine, as the functions see it.
    pub(crate) fn store(&self, tables: Tables) -> Store {
        Store::new(table::client(&self.engine(tables)), self.tables(tables).0, self.person_key())
    }

    /// The requests table of one engine, as the functions see it.
    pub(crate) fn requests(&self, tables: Tables) -> RequestStore {
        RequestStore::new(table::client(&self.engine(tables)), self.tables(tables).1, self.person_key())
    }

    /// A bucket of the account.
    pub(crate) fn bucket(&self, name: &str) -> S3Objects {
        let env = environment(self.endpoint()).unwrap();
        S3Objects::new(lambda_kit::aws::s3(&env), self.physical(name))
    }

    fn person_key(&self) -> PersonKey {
        PersonKey::new(SecretString::from(self.local.secrets.person_key.clone())).unwrap()
    }

    fn engine(&self, tables: Tables) -> String {
        match tables {
            Tables::Embedded => self.local.engine.address.clone(),
            Tables::Moto => self.deployed.endpoint.clone(),
            Tables::Nowhere => "http://127.0.0.1:9".to_owned(),
        }
    }

    /// Starts a function under the variables that the template gives it.
    pub(crate) async fn function(&self, name: &'static str, tables: Tables) -> Function {
        let services = Recorder::start(name, &self.deployed.endpoint, Arc::clone(&self.names)).await;
        let engine = Recorder::start(name, &self.engine(tables), Arc::clone(&self.names)).await;
        // The platforms are simulated ones; everything else is as the template has it.
        let local = function_variables(&self.local, &self.secrets).unwrap();
        let grants = local.get("SEKISHO_GRANTS").cloned();
        let mut variables = local;
        variables.extend(local_variables(&services.address));
        variables.extend(self.deployed.functions[name].clone());
        // What the platforms granted lies where the local stack put it.
        variables.extend(grants.map(|grants| ("SEKISHO_GRANTS".to_owned(), grants)));
        let address = if tables == Tables::Nowhere { self.engine(tables) } else { engine.address.clone() };
        variables.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), address);
        let (decisions, requests) = self.tables(tables);
        variables.insert("SEKISHO_TABLE".to_owned(), decisions);
        variables.insert("SEKISHO_REQUESTS_TABLE".to_owned(), requests);
        Function { sandbox: Sandbox::start(name, &variables).await, services, _tables: engine }
    }
}
