//! One delivery through the `webhook` handler, against the same calls of the store made bare, on one engine over HTTP.
//!
//! What the handler adds is reading the event, checking the signature, parsing, and judging. The aim is at most
//! 1.3 times the bare calls.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark")]

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use casework::decision::{Decider, Decision};
use casework::event::Event;
use casework::ledger::{CaseRecord, Cases, Claim, Recorded};
use criterion::Criterion;
use jiff::SignedDuration;
use local::gateway;
use local::simulator::deliver::x_signature;
use local::stack::X_USER;
use rules::{Post, Verdict};
use serde_json::{Value, json};
use store::Store;
use tests::World;
use tests::deliver::{headers, status};
use tests::fault::Proxy;
use tests::world::{WebhookSandbox, accounts, store};
use tokio::runtime::Runtime;

/// Pairs of one call of each kind, from which the ratio is taken.
const PAIRS: usize = 400;

struct Bench {
    world: World,
    webhook: WebhookSandbox,
    next: AtomicU64,
}

impl Bench {
    /// A new body: a fan's reply that the rules allow, by an author and with words that nobody had before.
    fn body(&self) -> Vec<u8> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let id = (9_600_000_000_000_000_000_u64 + number).to_string();
        let author = (9_700_000_000_000_000_000_u64 + number).to_string();
        let (root, created_at) = ("9500000000000000001", self.world.clock.now());
        let text =
            format!("@SOCKETS_JP {number}日目の「きょうの一曲」、夜明けの川沿いで聴きました。窓を開けたくなる曲ですね");
        json!({"data": {"event_uuid": number.to_string(), "filter": {"user_id": X_USER}, "event_type": "post.reply.create",
            "payload": {"id": id, "text": text, "author_id": author, "created_at": created_at, "conversation_id": root,
                "in_reply_to_user_id": X_USER, "referenced_tweets": [{"type": "replied_to", "id": root}], "lang": "ja"}}})
        .to_string()
        .into_bytes()
    }

    /// The event that API Gateway would make of a new body.
    fn event(&self) -> Value {
        let body = self.body();
        let signature = x_signature(&self.world.secrets.x_consumer_secret[0], &body);
        gateway::event("POST", "/x", "", &headers("x-twitter-webhooks-signature", &signature), &Bytes::from(body))
    }

    /// The post that the parser would make of a new body.
    fn post(&self) -> Post {
        let events = platforms::x::parse::parse(&self.body(), &accounts()).unwrap();
        match events.into_iter().next() {
            Some(Event::Post(post)) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    async fn handler(&self, webhook: &WebhookSandbox, event: Value) {
        assert_eq!(status(&webhook.handle(event).await.unwrap()), 200);
    }

    /// The calls of the store that the handler makes for a post that is allowed.
    async fn bare(&self, store: &Store, post: &Post) {
        let now = self.world.clock.now();
        let Claim::Won(lease) = store.claim(post, now).await.unwrap() else { panic!("somebody was faster") };
        let history = store.gather(post, now).await.unwrap();
        let decision = Decision {
            number: history.decisions + 1,
            by: Decider::Machine,
            verdict: Verdict::Allow,
            limited: None,
            held: false,
            reason: None,
            findings: Vec::new(),
            unknowns: Vec::new(),
            version: post.version.clone(),
            rulebook: "bench".to_owned(),
            guidelines: "bench".to_owned(),
            decided_at: now,
        };
        let record = CaseRecord {
            post,
            keep: casework::ledger::Keep::Everything,
            strikes: 0,
            evidence: Vec::new(),
            context: &history.context,
            decision,
            actions: Vec::new(),
            tasks: Vec::new(),
            expires_at: now + SignedDuration::from_hours(24 * 30),
            profile_until: now + SignedDuration::from_hours(24 * 30),
            strike_until: now + SignedDuration::from_hours(24 * 30),
        };
        assert_eq!(store.record(&record, &lease, now).await.unwrap(), Recorded::Written);
    }

    /// The operations of either way, by name: those that run at once come in any order.
    async fn operations(&self, handler: bool) -> Vec<String> {
        let proxy = Proxy::start(&self.world.engine.address, Vec::new()).await;
        if handler {
            self.handler(&self.world.webhook_at(&proxy.address), self.event()).await;
        } else {
            self.bare(&store(&proxy.address, &self.world.secrets), &self.post()).await;
        }
        let mut calls = proxy.calls();
        calls.sort_unstable();
        calls
    }

    async fn handler_time(&self) -> Duration {
        let event = self.event();
        let start = Instant::now();
        self.handler(&self.webhook, black_box(event)).await;
        start.elapsed()
    }

    async fn bare_time(&self) -> Duration {
        let post = self.post();
        let start = Instant::now();
        self.bare(&self.world.store, black_box(&post)).await;
        start.elapsed()
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let bench = Bench { webhook: world.webhook(), next: AtomicU64::new(1), world };

    // One of each, in turn: whatever else the machine does meets both alike.
    let (handler, bare): (Vec<_>, Vec<_>) = runtime.block_on(async {
        assert_eq!(bench.operations(true).await, bench.operations(false).await, "not the same calls of the store");
        for _ in 0..20 {
            bench.handler_time().await;
            bench.bare_time().await;
        }
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push((bench.handler_time().await, bench.bare_time().await));
        }
        pairs.into_iter().unzip()
    });
    let (handler, bare) = (median(handler), median(bare));
    println!(
        "webhook call {handler:.2?}, bare store calls {bare:.2?}: {:.2} times (aim 1.3), medians of {PAIRS} pairs",
        handler.as_secs_f64() / bare.as_secs_f64()
    );

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("webhook");
    group.sample_size(50);
    group.bench_function("handler", |bencher| {
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let mut total = Duration::ZERO;
                for _ in 0..times {
                    total += bench.handler_time().await;
                }
                total
            })
        });
    });
    group.bench_function("bare", |bencher| {
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let mut total = Duration::ZERO;
                for _ in 0..times {
                    total += bench.bare_time().await;
                }
                total
            })
        });
    });
    group.finish();
    criterion.final_summary();
}
