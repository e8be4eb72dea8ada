//! One table, two simulated platforms, one clock, and sandboxes of the functions.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig};
use casework::quota::DAILY_UNITS;
use casework::watch;
use enforce::Enforcer;
use enforce::limits::limits;
use jiff::Timestamp;
use lambda_kit::objects::FolderObjects;
use lambda_kit::secrets::Secrets;
use lambda_kit::vault::{KeptVault, Vault};
use local::audit::notice;
use local::connected;
use local::engine::Engine;
use local::secrets::LocalSecrets;
use local::simulator::{self, HandClock, Running};
use local::stack::{X_USER, YOUTUBE_CHANNEL, environment, requests_table_name, table_name};
use platforms::oauth::{Authorities, Oauth};
use platforms::youtube::hub::Hub;
use platforms::{Accounts, Hosts, Platforms};
use rules::Rulebook;
use secrecy::SecretString;
use serde_json::{Value, json};
use store::{PersonKey, RequestStore, Rulebooks, Store};
use sweep::Sweeper;
use sweep::audit::report::mail::Readers;
use sweep::sweeper::Limits;
use tempfile::TempDir;
use tokens::{Parts, Tokens};
use webhook::{App, Webhook};

use crate::calls::{Bucket, Watch};
use crate::queue::HeldQueue;

/// A sandbox of `webhook`.
pub type WebhookSandbox = Webhook<FolderObjects, HeldQueue>;
/// A sandbox of `enforce`.
pub type EnforceSandbox = Enforcer<Platforms<Tokens<KeptVault>>>;
/// A sandbox of `sweep`.
pub type SweepSandbox = Sweeper<Tokens<KeptVault>, FolderObjects, HeldQueue>;

/// A fan on the simulated X.
pub const FAN: &str = "9000000000000007001";
/// Somebody else on the simulated X.
pub const STRANGER: &str = "9000000000000007002";
/// A commenter's channel on the simulated YouTube.
pub const COMMENTER: &str = "UCworldCommenter00000001";
/// How long a sandbox waits for a new rulebook: long enough for a debug build, since a test that waits wants the new one.
const LOADING: Duration = Duration::from_secs(120);
/// A video of our channel.
pub const VIDEO: &str = "worldVideo1";

/// Where the platforms reach our webhooks.
pub const PUBLIC_URL: &str = "https://hooks.example.jp";

/// Everything that the functions stand on.
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// Simulated X.
    pub x: Running<simulator::x::State>,
    /// Simulated YouTube.
    pub youtube: Running<simulator::youtube::State>,
    /// The time of everything in this world.
    pub clock: HandClock,
    /// What signs and opens everything here.
    pub secrets: LocalSecrets,
    /// Keys of parked bodies.
    pub queue: HeldQueue,
    /// The sweep's chained work.
    pub work: HeldQueue,
    /// The table, without faults.
    pub store: Store,
    /// Intake bodies and secrets.
    pub folder: TempDir,
}

impl World {
    /// A world at noon in Tokyo, with us, a fan and a stranger on X, and a commenter below our video on YouTube.
    pub async fn new() -> World {
        platforms::install_crypto();
        let now: Timestamp = "2026-11-20T03:00:00Z".parse().unwrap();
        let clock = HandClock::at(now);
        let folder = tempfile::tempdir().unwrap();
        let secrets = LocalSecrets::open(&folder.path().join("secrets.json")).unwrap();
        let engine = Engine::start(None, 0).await.unwrap();
        let x = simulator::X::new(simulator::x::State::new(clock.clock()));
        connected::on_x(&x, &secrets);
        {
            let mut state = x.state();
            state.add_user(FAN, "fan_mihon", "ファン");
            state.add_user(STRANGER, "stranger_mihon", "通りすがり");
        }
        let youtube = simulator::YouTube::new(simulator::youtube::State::new(clock.clock()));
        connected::on_youtube(&youtube, &secrets);
        {
            let mut state = youtube.state();
            state.add_channel(COMMENTER, "コメントする人");
            state.add_video(VIDEO, YOUTUBE_CHANNEL);
        }
        x.state().register(&format!("{PUBLIC_URL}/x"), X_USER);
        let (x, youtube) = (x.start().await.unwrap(), youtube.start().await.unwrap());
        let store = store(&engine.address, &secrets);
        let vault = KeptVault::Folder(folder.path().join("secrets.grants"));
        connected::keep_grants(&vault, &secrets, now).await.unwrap();
        let (queue, work) = (HeldQueue::default(), HeldQueue::default());
        World { engine, x, youtube, clock, secrets, queue, work, store, folder }
    }

    /// The built-in rulebook, in force until another is published.
    pub fn rulebook(&self) -> &'static Rulebook {
        Rulebook::embedded().unwrap()
    }

    /// The rulebook in force, as an operator's command finds and publishes it.
    pub fn rulebooks(&self) -> Rulebooks {
        Rulebooks::with_patience(self.store.clone(), FolderObjects::new(self.folder.path()), LOADING)
    }

    /// The rulebook in force, as a function finds it: its calls are kept for the check of the function's policy.
    pub fn rulebooks_at(&self, function: &'static str, address: &str) -> Rulebooks {
        let objects = Bucket { function, name: "Rulebooks", objects: FolderObjects::new(self.folder.path()) };
        Rulebooks::with_patience(store_of(function, address, &self.secrets), objects, LOADING)
    }

    /// A sandbox of `webhook` whose store is behind `address`: the engine's, or a fault proxy's.
    pub fn webhook_at(&self, address: &str) -> WebhookSandbox {
        let clock = self.clock.clone();
        Webhook::new(App {
            store: store_of("webhook", address, &self.secrets),
            rulebooks: self.rulebooks_at("webhook", address),
            secrets: self.open_secrets(),
            accounts: accounts(),
            objects: FolderObjects::new(self.folder.path()),
            queue: self.queue.clone(),
            clock: Arc::new(move || clock.now()),
        })
    }

    /// A sandbox of `webhook`.
    pub fn webhook(&self) -> WebhookSandbox {
        self.webhook_at(&self.engine.address)
    }

    /// A sandbox of `enforce` whose store is behind `address`.
    pub fn enforce_at(&self, address: &str) -> EnforceSandbox {
        self.enforce_with(address, Duration::from_secs(10))
    }

    /// A sandbox of `enforce` that waits so long for a platform's answer.
    pub fn enforce_with(&self, address: &str, patience: Duration) -> EnforceSandbox {
        let clock = self.clock.clone();
        let hosts = Hosts { patience, ..Hosts::at(&self.x.origin(), &self.youtube.origin()).unwrap() };
        Enforcer {
            store: store_of("enforce", address, &self.secrets),
            platform: Platforms::new(self.tokens_of("enforce", address, self.vault()), hosts).unwrap(),
            rulebooks: self.rulebooks_at("enforce", address),
            limits: Box::new(|policy| limits(policy, DAILY_UNITS)),
            watch: watch::Watch::default(),
            clock: Box::new(move || clock.now()),
        }
    }

    /// A sandbox of `enforce`.
    pub fn enforce(&self) -> EnforceSandbox {
        self.enforce_at(&self.engine.address)
    }

    /// Where our grants lie.
    pub fn vault(&self) -> KeptVault {
        KeptVault::Folder(self.folder.path().join("secrets.grants"))
    }

    /// A sandbox's tokens, whose store is behind `address`.
    pub fn tokens_at(&self, address: &str) -> Tokens<KeptVault> {
        self.tokens_in(address, self.vault())
    }

    /// A sandbox's tokens over another vault.
    pub fn tokens_in<V: Vault>(&self, address: &str, vault: V) -> Tokens<V> {
        self.tokens_of("sweep", address, vault)
    }

    pub(crate) fn tokens_of<V: Vault>(&self, function: &'static str, address: &str, vault: V) -> Tokens<V> {
        let clock = self.clock.clone();
        let authorities = Authorities::at(&self.x.origin(), &self.youtube.origin()).unwrap();
        Tokens::new(Parts {
            vault,
            store: store_of(function, address, &self.secrets),
            oauth: Oauth::new(Authorities { patience: Duration::from_secs(2), ..authorities }).unwrap(),
            secrets: self.open_secrets(),
            accounts: accounts(),
            clock: Arc::new(move || clock.now()),
        })
    }

    /// A sandbox of `sweep` whose store is behind `address`, and that waits so long for a platform's answer.
    pub fn sweep_with(&self, address: &str, patience: Duration) -> SweepSandbox {
        let clock = self.clock.clone();
        let hosts = Hosts { patience, ..Hosts::at(&self.x.origin(), &self.youtube.origin()).unwrap() };
        Sweeper {
            store: store_of("sweep", address, &self.secrets),
            requests: requests_of("sweep", address, &self.secrets),
            rulebooks: self.rulebooks_at("sweep", address),
            platform: Platforms::new(self.tokens_of("sweep", address, self.vault()), hosts).unwrap(),
            accounts: accounts(),
            secrets: self.open_secrets(),
            objects: FolderObjects::new(self.folder.path()),
            queue: self.work.clone(),
            limits: Limits::default(),
            hub: Hub::at(&self.youtube.origin()).unwrap(),
            public_url: PUBLIC_URL.to_owned(),
            readers: Readers { notice: Arc::new(notice(self.folder.path())), place: String::new() },
            clock: Arc::new(move || clock.now()),
        }
    }

    /// A sandbox of `sweep`.
    pub fn sweep(&self) -> SweepSandbox {
        self.sweep_with(&self.engine.address, Duration::from_secs(10))
    }

    /// Hands every parked body to a sandbox of `webhook`, until none is left; fails after ten rounds.
    pub async fn take_up_parked(&self, webhook: &WebhookSandbox) {
        for _ in 0..10 {
            let parked = self.queue.take();
            if parked.is_empty() {
                return;
            }
            let records: Vec<Value> =
                parked.iter().enumerate().map(|(id, (key, _))| sqs_record(&id.to_string(), key)).collect();
            let answer = webhook.handle(json!({ "Records": records })).await.unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]), "a parked body failed");
        }
        panic!("parked bodies keep coming back");
    }

    pub(crate) fn open_secrets(&self) -> Secrets {
        let source = format!("file:{}", self.folder.path().join("secrets.json").display()).parse().unwrap();
        Secrets::new(source, &environment(&self.engine.address).unwrap())
    }
}

/// Our accounts.
pub fn accounts() -> Accounts {
    Accounts { x: X_USER.to_owned(), youtube: YOUTUBE_CHANNEL.to_owned() }
}

/// A message of SQS.
pub fn sqs_record(id: &str, body: &str) -> Value {
    json!({"messageId": id, "body": body, "eventSource": "aws:sqs", "attributes": {}, "messageAttributes": {},
        "awsRegion": "local", "receiptHandle": "local", "md5OfBody": "", "eventSourceARN": "arn:aws:sqs:local:000000000000:intake"})
}

/// A store behind an address, with the production client's number of tries but without its patience.
pub fn store(address: &str, secrets: &LocalSecrets) -> Store {
    opened(aws_sdk_dynamodb::Client::from_conf(config(address).build()), secrets)
}

/// The store of a function's sandbox: its calls are kept for the check of the function's policy.
pub fn store_of(function: &'static str, address: &str, secrets: &LocalSecrets) -> Store {
    opened(client_of(function, address), secrets)
}

/// The requests of a function's sandbox, whose calls are kept in the same way.
pub fn requests_of(function: &'static str, address: &str, secrets: &LocalSecrets) -> RequestStore {
    requests_over(client_of(function, address), secrets)
}

/// A client of a function's sandbox, whose calls are kept in the same way.
pub fn client_of(function: &'static str, address: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(config(address).interceptor(Watch(function)).build())
}

/// The store behind a client.
pub(crate) fn opened(client: aws_sdk_dynamodb::Client, secrets: &LocalSecrets) -> Store {
    Store::new(client, table_name().unwrap(), person_key(secrets))
}

/// The requests behind a client.
pub(crate) fn requests_over(client: aws_sdk_dynamodb::Client, secrets: &LocalSecrets) -> RequestStore {
    RequestStore::new(client, requests_table_name().unwrap(), person_key(secrets))
}

fn person_key(secrets: &LocalSecrets) -> PersonKey {
    PersonKey::new(SecretString::from(secrets.person_key.clone())).unwrap()
}

fn config(address: &str) -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "tests"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(2))
                .with_max_backoff(Duration::from_millis(10)),
        )
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(1500)).build())
        .endpoint_url(address)
}
