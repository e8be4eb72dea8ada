//! Everything on this machine: engine, simulated platforms, functions, and what wakes them.

mod variables;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use casework::quota::DAILY_UNITS;
use casework::watch::Watch;
use data_request::carry::Limits;
use enforce::Enforcer;
use enforce::limits::limits as enforce_limits;
use lambda_kit::aws;
use lambda_kit::objects::FolderObjects;
use lambda_kit::objects::shelf::Links;
use lambda_kit::queue::{MemoryQueue, Queue};
use lambda_kit::secrets::{SecretSource, Secrets};
use lambda_kit::vault::KeptVault;
use platforms::oauth::{Authorities, Oauth};
use platforms::{Hosts, Platforms};
use secrecy::SecretString;
use serde_json::json;
use store::{PersonKey, RequestStore, Rulebooks, Store};
use sweep::Sweeper;
use sweep::audit::report::mail::Readers;
use sweep::sweeper::Limits as SweepLimits;
use tokens::{Parts, Tokens};
use tokio::sync::Mutex;
use webhook::{App, Webhook};

use crate::audit::{Auditor, notice};
use crate::bios;
use crate::connected;
use crate::desk::{self, LocalDesk};
use crate::engine::Engine;
use crate::gateway::Gateway;
use crate::secrets::LocalSecrets;
use crate::simulator::deliver::{Hub, Mode as HubMode};
use crate::simulator::{self, Clock, Running};
use crate::stream::Stream;

pub use variables::{
    environment, function_variables, grants_folder, local_variables, requests_table_name, secrets_file, table_name,
};

/// The `webhook` function as it runs here.
pub type LocalWebhook = Webhook<FolderObjects, MemoryQueue>;
/// The `enforce` function as it runs here.
pub type LocalEnforcer = Enforcer<Platforms<Tokens<KeptVault>>>;
/// The `sweep` function as it runs here.
pub type LocalSweeper = Sweeper<Tokens<KeptVault>, FolderObjects, MemoryQueue>;

/// Between two polls.
const POLL_EVERY: Duration = Duration::from_secs(120);

/// How long a call waits for a rulebook just published, which a debug build takes seconds to load.
const LOADING: Duration = Duration::from_secs(30);

/// Our accounts in the simulated world.
pub const X_USER: &str = "9000000000000000001";
/// Our channel in the simulated world.
pub const YOUTUBE_CHANNEL: &str = "UCsampleSocketsInc000001";

/// What a stack is started with.
#[derive(Clone)]
pub struct Options {
    /// Folder of the intake bodies, the published rulebooks and the secrets file.
    pub folder: PathBuf,
    /// File of the data; in memory without.
    pub data: Option<PathBuf>,
    /// Port of the functions, 0 for a free one.
    pub port: u16,
    /// The time, for the functions and the platforms alike.
    pub clock: Clock,
}

/// A running stack.
pub struct Stack {
    /// The engine.
    pub engine: Engine,
    /// Simulated X.
    pub x: Running<simulator::x::State>,
    /// Simulated YouTube.
    pub youtube: Running<simulator::youtube::State>,
    /// The functions' address.
    pub gateway: Gateway,
    /// The decisions table.
    pub store: Store,
    /// The `data-request` function, with the requests table.
    pub desk: Arc<LocalDesk>,
    /// The rulebook in force.
    pub rulebooks: Rulebooks,
    /// What signs and opens everything here.
    pub secrets: LocalSecrets,
    /// The intake queue.
    pub queue: MemoryQueue,
    /// The queue of the sweep's chained work.
    pub work: MemoryQueue,
    webhook: Arc<LocalWebhook>,
    enforcer: Arc<LocalEnforcer>,
    sweeper: Arc<LocalSweeper>,
    /// The nightly audit, on demand.
    pub auditor: Auditor,
    stream: Arc<Mutex<Stream>>,
    folder: PathBuf,
}

impl Stack {
    /// Starts everything.
    ///
    /// # Errors
    /// When a file or port can't be opened.
    pub async fn start(options: Options) -> Result<Self> {
        Stack::start_with(options, Limits::default()).await
    }

    /// Starts everything, with other limits of how often one caller may call the interface for requests.
    ///
    /// # Errors
    /// When a file or port can't be opened.
    pub async fn start_with(options: Options, limits: Limits) -> Result<Self> {
        std::fs::create_dir_all(&options.folder).with_context(|| options.folder.display().to_string())?;
        let secrets_file = secrets_file(&options);
        let secrets = LocalSecrets::open(&secrets_file)?;
        let engine = Engine::start(options.data.as_deref(), 0).await?;
        let (x, youtube) = platforms(&options.clock, &secrets).await?;

        let env = environment(&engine.address)?;
        let person_key = PersonKey::new(SecretString::from(secrets.person_key.clone())).map_err(anyhow::Error::msg)?;
        let store = Store::new(aws::dynamodb(&env), table_name()?, person_key.clone());
        let requests = RequestStore::new(aws::dynamodb(&env), requests_table_name()?, person_key);
        let rulebooks = Rulebooks::with_patience(store.clone(), FolderObjects::new(&options.folder), LOADING);
        let clock = options.clock.clone();
        let accounts = platforms::Accounts { x: X_USER.to_owned(), youtube: YOUTUBE_CHANNEL.to_owned() };
        let vault = KeptVault::Folder(grants_folder(&options));
        // The platforms of this run have granted what their state says, whatever an earlier run left.
        connected::keep_grants(&vault, &secrets, clock()).await?;
        let open_secrets = || Secrets::new(SecretSource::File(secrets_file.clone()), &env);
        let open_platforms = || -> Result<_> {
            let tokens = Tokens::new(Parts {
                vault: vault.clone(),
                store: store.clone(),
                oauth: Oauth::new(Authorities::at(&x.origin(), &youtube.origin())?)?,
                secrets: open_secrets(),
                accounts: accounts.clone(),
                clock: clock.clone(),
            });
            Ok(Platforms::new(tokens, Hosts::at(&x.origin(), &youtube.origin())?)?)
        };
        let parts = desk::Parts {
            requests: requests.clone(),
            decisions: store.clone(),
            lookup: Arc::new(open_platforms()?),
            links: Links::new("/objects"),
            limits,
        };
        let desk = Arc::new(desk::start(parts, &options.folder, options.clock.clone())?);
        let (queue, work) = (MemoryQueue::new(), MemoryQueue::new());
        let webhook = Arc::new(Webhook::new(App {
            store: store.clone(),
            rulebooks: rulebooks.clone(),
            secrets: open_secrets(),
            accounts: accounts.clone(),
            objects: FolderObjects::new(&options.folder),
            queue: queue.clone(),
            clock: clock.clone(),
        }));
        let time = clock.clone();
        let enforcer = Arc::new(Enforcer {
            store: store.clone(),
            platform: open_platforms()?,
            rulebooks: rulebooks.clone(),
            limits: Box::new(|policy| enforce_limits(policy, DAILY_UNITS)),
            watch: Watch::default(),
            clock: Box::new(move || time()),
        });
        let stream = Stream::open(stream_client(&engine.address), &table_name()?).await?;
        let gateway = Gateway::start(Arc::clone(&webhook), Arc::clone(&desk), options.port).await?;
        x.simulator.state().register(&format!("{}/x", gateway.origin()), &accounts.x);
        let sweeper = Arc::new(Sweeper {
            store: store.clone(),
            requests,
            rulebooks: rulebooks.clone(),
            platform: open_platforms()?,
            accounts,
            secrets: open_secrets(),
            objects: FolderObjects::new(&options.folder),
            queue: work.clone(),
            limits: SweepLimits::default(),
            hub: platforms::youtube::hub::Hub::at(&youtube.origin())?,
            public_url: gateway.origin(),
            readers: Readers {
                notice: Arc::new(notice(&options.folder)),
                place: format!("{}/", options.folder.display()),
            },
            clock,
        });
        let auditor =
            Auditor { sweeper: Arc::clone(&sweeper), folder: options.folder.clone(), clock: options.clock.clone() };
        let stream = Arc::new(Mutex::new(stream));
        Ok(Stack {
            engine,
            x,
            youtube,
            gateway,
            store,
            desk,
            rulebooks,
            secrets,
            queue,
            work,
            webhook,
            enforcer,
            sweeper,
            auditor,
            stream,
            folder: options.folder,
        })
    }

    /// Lets `enforce` see every action that was recorded so far; gives how many.
    ///
    /// # Errors
    /// The engine's or the function's.
    pub async fn pump_stream(&self) -> Result<usize> {
        self.stream.lock().await.pump(&self.enforcer).await
    }

    /// One tick of the schedules that do what is due.
    ///
    /// # Errors
    /// The function's.
    pub async fn tick(&self) -> Result<()> {
        self.enforcer.handle(tick_event()).await?;
        self.desk.handle(tick_event()).await.map(|_| ())
    }

    /// Takes in the mails that lie in the inbox folder, and the bios beside it; gives how many mails.
    ///
    /// # Errors
    /// The function's.
    pub async fn take_inbox(&self) -> Result<usize> {
        bios::take(&self.folder, &mut self.x.simulator.state())?;
        desk::take_inbox(&self.desk, &self.folder).await
    }

    /// One run of the sweep: `poll` or `audit`. The hub verifies what it asked for.
    ///
    /// # Errors
    /// The function's.
    pub async fn sweep(&self, mode: &str) -> Result<()> {
        self.sweeper.handle(json!({ "mode": mode })).await?;
        let asked = std::mem::take(&mut self.youtube.simulator.state().subscriptions);
        for subscription in asked {
            let hub = Hub::new(&subscription.callback, YOUTUBE_CHANNEL, &subscription.secret)?;
            hub.verify(HubMode::Subscribe { lease_seconds: subscription.lease_seconds }, "local").await?;
        }
        Ok(())
    }

    /// A whole poll: a run, and all the work that it chained.
    ///
    /// # Errors
    /// The function's.
    pub async fn poll(&self) -> Result<()> {
        self.sweep("poll").await?;
        while self.work.waiting_count() > 0 {
            let work = self.work.receive().await;
            self.go_on(&work).await?;
        }
        Ok(())
    }

    /// Hands one chained work item to `sweep`, as SQS does; one that failed goes back, delayed.
    ///
    /// # Errors
    /// When the queue does not take it back.
    pub async fn go_on(&self, work: &str) -> Result<()> {
        let answer = self.sweeper.handle(sqs_event("work", work)).await?;
        if failed(&answer) {
            self.work.send(work, Duration::from_secs(30)).await?;
        }
        Ok(())
    }

    /// Hands one key of the intake queue to `webhook`, as SQS does; one that failed goes back, delayed.
    ///
    /// # Errors
    /// When the queue does not take it back.
    pub async fn take_up(&self, key: &str) -> Result<()> {
        let answer = self.webhook.handle(sqs_event("intake", key)).await?;
        if failed(&answer) {
            self.queue.send(key, Duration::from_secs(30)).await?;
        }
        Ok(())
    }

    /// Folder of the stack's files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Address of the X webhook.
    pub fn x_webhook(&self) -> String {
        format!("{}/x", self.gateway.origin())
    }

    /// Address of the WebSub callback.
    pub fn youtube_callback(&self) -> String {
        format!("{}/youtube/{}", self.gateway.origin(), self.secrets.youtube_callback_path)
    }

    /// Goes on waking the functions until the task is dropped: the stream several times a second, the schedules of
    /// minutes, the queues as messages come due.
    ///
    /// # Errors
    /// The first that a function or the engine meets.
    pub async fn serve(&self) -> Result<()> {
        let mut stream = tokio::time::interval(Duration::from_millis(200));
        let mut schedule = tokio::time::interval(Duration::from_secs(60));
        let mut poll = tokio::time::interval(POLL_EVERY);
        loop {
            tokio::select! {
                _ = stream.tick() => {
                    self.pump_stream().await?;
                    self.take_inbox().await?;
                }
                _ = schedule.tick() => self.tick().await?,
                _ = poll.tick() => self.sweep("poll").await?,
                work = self.work.receive() => self.go_on(&work).await?,
                key = self.queue.receive() => self.take_up(&key).await?,
            }
        }
    }
}

/// An event of SQS with one message.
fn sqs_event(queue: &str, body: &str) -> serde_json::Value {
    let message = json!({"messageId": "local", "body": body, "eventSource": "aws:sqs", "attributes": {},
        "messageAttributes": {}, "awsRegion": "local", "receiptHandle": "local", "md5OfBody": "",
        "eventSourceARN": format!("arn:aws:sqs:local:000000000000:{queue}")});
    json!({ "Records": [message] })
}

/// Whether an answer to SQS names a message that failed.
fn failed(answer: &serde_json::Value) -> bool {
    answer["batchItemFailures"].as_array().is_some_and(|failures| !failures.is_empty())
}

async fn platforms(
    clock: &Clock,
    secrets: &LocalSecrets,
) -> Result<(Running<simulator::x::State>, Running<simulator::youtube::State>)> {
    let x = simulator::X::new(simulator::x::State::new(clock.clone()));
    connected::on_x(&x, secrets);
    let youtube = simulator::YouTube::new(simulator::youtube::State::new(clock.clone()));
    connected::on_youtube(&youtube, secrets);
    Ok((x.start().await?, youtube.start().await?))
}

fn stream_client(engine: &str) -> aws_sdk_dynamodbstreams::Client {
    use aws_sdk_dynamodbstreams::config::{BehaviorVersion, Credentials, Region};
    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(engine)
        .build();
    aws_sdk_dynamodbstreams::Client::from_conf(config)
}

/// An event of EventBridge Scheduler.
pub fn tick_event() -> serde_json::Value {
    json!({
        "version": "0", "id": "local", "detail-type": "Scheduled Event", "source": "aws.scheduler",
        "account": "000000000000", "time": "2026-01-01T00:00:00Z", "region": "local",
        "resources": ["arn:aws:scheduler:local:000000000000:schedule/default/enforce-due"], "detail": "{}",
    })
}

/// Folder of a running stack's files below `root`.
pub fn folder(root: &Path) -> PathBuf {
    root.join(".data")
}
