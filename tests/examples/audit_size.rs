//! A night of the audit over many stored posts: its time, its share spent in judging, its peak memory.
//!
//! `cargo run --release -p tests --example audit_size -- 100000`. The audit runs in a process of its own, so that the
//! engine's and the simulated platforms' memory is not counted as its.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::collections::HashMap;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, StreamSpecification, WriteRequest};
use casework::decision::{Decider, Decision, findings};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::FolderObjects;
use lambda_kit::secrets::Secrets;
use lambda_kit::vault::KeptVault;
use local::secrets::LocalSecrets;
use local::simulator::x::Link;
use local::stack::{X_USER, YOUTUBE_CHANNEL, environment, table_name};
use platforms::oauth::{Authorities, Oauth};
use platforms::youtube::hub::Hub;
use platforms::{Hosts, Platforms};
use rules::{Context, Judgement, Platform, Post, Rulebook, UserId, Verdict, judge};
use secrecy::SecretString;
use serde_json::json;
use store::{PersonKey, Rulebooks, keys};
use sweep::Sweeper;
use sweep::audit::night;
use sweep::audit::report::data::Report;
use sweep::audit::report::mail::{NoNotice, Readers};
use sweep::audit::report::objects;
use sweep::sweeper::Limits;
use tests::World;
use tests::queue::HeldQueue;
use tests::world::{FAN, VIDEO, accounts, requests_of, store};
use tokens::{Parts, Tokens};

/// Words that posts are made of: praise, a complaint, a question, a threat.
const TEXTS: [&str; 8] = [
    "新曲とても良かったです、毎日聴いています",
    "ライブの配信、最高でした！次も楽しみにしています",
    "アップデートしてから検索が遅いです。直してください",
    "新曲はいつ配信されますか？",
    "Love the new playlist, thank you so much",
    "このプレイリストのおかげで通勤が楽しみになりました",
    "The app keeps crashing on my phone since yesterday",
    "三曲目のイントロが好きすぎて何回も聴いてしまう",
];
const THREAT: &str = "お前を殺すぞ";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.first().map(String::as_str) {
        Some("audit") => runtime.block_on(audit(&arguments[1..])),
        count => runtime.block_on(measure(count.map_or(100_000, |count| count.parse().unwrap()))),
    }
}

/// Fills a world, and has the audit run over it in a process of its own.
async fn measure(count: usize) {
    let world = World::new().await;
    let began = Instant::now();
    fill(&world, count).await;
    println!("{count} posts stored in {:.0} s", began.elapsed().as_secs_f64());
    let began = Instant::now();
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["audit", &world.engine.address, &world.x.origin(), &world.youtube.origin()])
        .arg(world.folder.path())
        .arg(world.clock.now().to_string())
        .status()
        .unwrap();
    assert!(done.success());
    println!("the whole night took {:.1} s", began.elapsed().as_secs_f64());
}

async fn fill(world: &World, count: usize) {
    let client = tests::table::client(&world.engine.address);
    // The embedded engine looks through the whole stream for each write to it, and nothing here reads it.
    let no_stream = StreamSpecification::builder().stream_enabled(false).build().unwrap();
    let table = table_name().unwrap();
    client.update_table().table_name(table).stream_specification(no_stream).send().await.unwrap();
    let now = world.clock.now();
    let key = PersonKey::new(SecretString::from(world.secrets.person_key.clone())).unwrap();
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let rulebook = Rulebook::embedded().unwrap();
    // Every text is judged once; what is stored is what judging said.
    let mut judged: HashMap<String, Judgement> = HashMap::new();
    let mut batch = Vec::new();
    for place in 0..count {
        let made_at = now - SignedDuration::from_secs((place as i64 * 6 * 86_400) / count as i64 + 60);
        let text = if place % 50 == 0 { THREAT } else { TEXTS[place % TEXTS.len()] };
        let post = on_platform(world, &root, place, text, made_at);
        let judgement =
            judged.entry(text.to_owned()).or_insert_with(|| judge(&post, &Context::default(), rulebook, now)).clone();
        for item in items(&post, &judgement, &key, now) {
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            batch.push(WriteRequest::builder().put_request(put).build());
            if batch.len() == 25 {
                write(&client, std::mem::take(&mut batch)).await;
            }
        }
    }
    if !batch.is_empty() {
        write(&client, batch).await;
    }
}

async fn write(client: &aws_sdk_dynamodb::Client, batch: Vec<WriteRequest>) {
    let mut left = HashMap::from([(table_name().unwrap(), batch)]);
    while !left.is_empty() {
        let answer = client.batch_write_item().set_request_items(Some(left)).send().await.unwrap();
        left = answer.unprocessed_items.unwrap_or_default();
    }
}

/// The post, as a platform shows it and as it is stored.
fn on_platform(world: &World, root: &str, place: usize, text: &str, made_at: Timestamp) -> Post {
    let (platform, id, account, conversation) = if place.is_multiple_of(2) {
        let draft = local::simulator::youtube::Draft {
            id: None,
            at: Some(made_at),
            video: VIDEO,
            answers: None,
            author: tests::world::COMMENTER,
            text,
            image: None,
        };
        let id = world.youtube.simulator.state().publish(draft).unwrap();
        (Platform::YouTube, id, YOUTUBE_CHANNEL, VIDEO.to_owned())
    } else {
        let draft = local::simulator::x::Draft {
            id: None,
            at: Some(made_at),
            author: FAN,
            text,
            photo: None,
            link: Link::Reply(root),
        };
        let id = world.x.simulator.state().publish(draft).unwrap();
        (Platform::X, id, X_USER, root.to_owned())
    };
    let kind = match platform {
        Platform::X => rules::PostKind::Reply,
        Platform::YouTube => rules::PostKind::Comment,
    };
    Post {
        platform,
        target: id.clone(),
        version: "1".to_owned(),
        id,
        account: account.to_owned(),
        kind,
        author: rules::Author::unknown(format!("person-{}", place % 20_000)),
        text: text.to_owned(),
        lang: None,
        created_at: made_at,
        edited_at: None,
        conversation: Some(conversation),
        answers: None,
        answers_user: Some(UserId(account.to_owned())),
        links: Vec::new(),
        media: rules::Media::None,
        held: false,
    }
}

/// The items that a decided post leaves: head, decision, content.
fn items(post: &Post, judgement: &Judgement, key: &PersonKey, now: Timestamp) -> Vec<HashMap<String, AttributeValue>> {
    let at = keys::key_of(post);
    let person = key.person(post.platform, &post.author.id);
    let content = keys::content(post.created_at, &at);
    // The threats were reviewed only, so that no action is missing.
    let verdict = if judgement.verdict == Verdict::Act { Verdict::Review } else { judgement.verdict };
    let decision = Decision {
        number: 1,
        by: Decider::Machine,
        verdict,
        limited: (verdict != judgement.verdict).then(|| "account paused".to_owned()),
        held: false,
        reason: None,
        findings: findings(judgement),
        unknowns: Vec::new(),
        version: post.version.clone(),
        rulebook: judgement.rulebook.clone(),
        guidelines: judgement.guidelines.clone(),
        decided_at: post.created_at,
    };
    let head = json!({"pk": keys::post(&at), "sk": keys::HEAD, "platform": post.platform.key(), "account": post.account,
        "target": post.target, "person": person, "content": content, "decisions": 1, "verdict": verdict.key(),
        "decided_at": keys::stamp(post.created_at)});
    let mut decided = serde_json::to_value(&decision).unwrap();
    decided["pk"] = json!(keys::post(&at));
    decided["sk"] = json!(keys::decision(1));
    let evidence: Vec<(String, Vec<String>)> =
        judgement.violations.iter().map(|violation| (violation.rule.clone(), violation.evidence.clone())).collect();
    let kept = json!({"pk": keys::person(&person), "sk": content, "post": post, "evidence": evidence,
        "context": Context::default(), "read_at": keys::stamp(now),
        "expires": (now + SignedDuration::from_hours(24 * 20)).as_second()});
    [head, decided, kept].into_iter().map(|item| serde_dynamo::to_item(item).unwrap()).collect()
}

/// The audit alone, against the engine and the platforms of the other process.
async fn audit(arguments: &[String]) {
    let [engine, x, youtube, folder, now] = arguments else { panic!("addresses of a world") };
    platforms::install_crypto();
    let (folder, now): (std::path::PathBuf, Timestamp) = (folder.into(), now.parse().unwrap());
    let secrets = LocalSecrets::open(&folder.join("secrets.json")).unwrap();
    let source = format!("file:{}", folder.join("secrets.json").display());
    let open = || Secrets::new(source.parse().unwrap(), &environment(engine).unwrap());
    let began = Instant::now();
    let started = now;
    let clock = Arc::new(move || started + SignedDuration::try_from(began.elapsed()).unwrap());
    let tokens = Tokens::new(Parts {
        vault: KeptVault::Folder(folder.join("secrets.grants")),
        store: store(engine, &secrets),
        oauth: Oauth::new(Authorities::at(x, youtube).unwrap()).unwrap(),
        secrets: open(),
        accounts: accounts(),
        clock: clock.clone(),
    });
    let hosts = Hosts { patience: Duration::from_secs(60), ..Hosts::at(x, youtube).unwrap() };
    let sweeper = Sweeper {
        store: store(engine, &secrets),
        requests: requests_of("sweep", engine, &secrets),
        rulebooks: Rulebooks::new(store(engine, &secrets), FolderObjects::new(&folder)),
        platform: Platforms::new(tokens, hosts).unwrap(),
        accounts: accounts(),
        secrets: open(),
        objects: FolderObjects::new(&folder),
        queue: HeldQueue::default(),
        limits: Limits::default(),
        hub: Hub::at(youtube).unwrap(),
        public_url: "https://hooks.example.jp".to_owned(),
        readers: Readers { notice: Arc::new(NoNotice), place: String::new() },
        clock,
    };
    let date = night::date_of(now);
    let before = peak();
    let progress = night::run(&sweeper, date, now + SignedDuration::from_hours(6)).await.unwrap();
    let took = began.elapsed();
    let report: Report = serde_json::from_slice(&std::fs::read(folder.join(objects::figures(date))).unwrap()).unwrap();
    println!(
        "{progress:?} in {:.1} s; peak memory {:.1} MB, {:.1} MB before the first check",
        took.as_secs_f64(),
        peak(),
        before
    );
    for checked in &report.checks {
        println!(
            "  {:<11} {:>8.2} s  {}",
            checked.check.key(),
            checked.worked_ms as f64 / 1000.0,
            checked.failed.as_deref().unwrap_or("done")
        );
    }
    let (again, real) = (&report.rejudged, &report.reconciled);
    let judging = again.judging_us as f64 / 1e6;
    let rejudging = report.checks[1].worked_ms as f64 / 1000.0;
    println!(
        "{} posts judged again, {judging:.2} s of it in judging ({:.0} % of that check, {:.1} % of the night); \
         {} differences",
        again.judged,
        100.0 * judging / rejudging.max(0.001),
        100.0 * judging / took.as_secs_f64(),
        again.severer + again.milder + again.unexplained
    );
    println!(
        "{} on YouTube and {} on X compared, {} not asked, {} contradictions; {} listed anew, {} missed; put off: {:?}",
        real.youtube_asked,
        real.x_asked,
        real.not_asked,
        real.contradictions,
        report.missed.listed,
        report.missed.missed,
        [&report.missed.put_off[..], &real.put_off[..]].concat()
    );
}

/// The most memory that this process has held, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
