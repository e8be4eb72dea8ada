//! A person with very many posts asks for everything, then for its erasure: time and peak memory of the function by
//! number of posts, and what is left afterwards.
//!
//! `cargo run --release -p tests --example person_size -- 300 1000 3000 10000`; `same` before the numbers gives all posts
//! one text. The function runs in a process of its own, so that the engine's memory is not counted as its.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use lambda_kit::objects::shelf::Links;
use local::desk::{LocalDesk, Parts, start};
use local::secrets::LocalSecrets;
use local::simulator::HandClock;
use local::stack::{environment, requests_table_name};
use privacy::file::ItemState;
use privacy::registry::{Holder, Subject};
use rules::{Platform, UserId};
use secrecy::SecretString;
use serde_json::json;
use store::{PersonKey, RequestStore};
use tests::World;
use tests::desk::Nowhere;
use tests::interface::{UNLIMITED, grant, submit, tick, verify};
use tests::many_posts::Texts;
use tests::world::{FAN, store};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.first().map(String::as_str) {
        Some("tick") => runtime.block_on(one_tick(&arguments[1..])),
        Some("same") => runtime.block_on(measure(Texts::Same, &arguments[1..])),
        _ => runtime.block_on(measure(Texts::Own, &arguments)),
    }
}

async fn measure(texts: Texts, counts: &[String]) {
    for count in counts {
        let world = Box::pin(World::new()).await;
        world.with_posts(count.parse().unwrap(), texts).await;
        for right in ["appi_disclosure", "appi_cessation"] {
            println!("{count:>6} posts, {}", carried_out(&world, right).await);
        }
        let person = world.store.person(Platform::X, &UserId(FAN.to_owned()));
        let left = world.store.verify(&Subject { person, tickets: Vec::new() }).await.unwrap();
        println!("{count:>6} posts, {left} items left, {} claims", world.items("CLAIM", "").await.len());
    }
}

/// One right through the function, its tick in a process of its own.
async fn carried_out(world: &World, right: &str) -> String {
    let desk = world.desk();
    let opened = submit(&desk, json!({ "rights": [right] })).await;
    verify(world, &desk, &opened, FAN).await;
    grant(world, &desk, &opened.ticket).await;
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["tick", &world.engine.address])
        .arg(world.folder.path())
        .arg(world.clock.now().to_string())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // The chain is checked on the way.
    let file = world.request(&opened.ticket).await;
    assert_eq!(file.items[0].state, ItemState::Answered);
    format!("{right:<15}: {}", String::from_utf8_lossy(&done.stdout).trim())
}

async fn one_tick(arguments: &[String]) {
    let [engine, folder, now] = arguments else { panic!("address, folder and time of a world") };
    let desk = desk(engine, Path::new(folder), HandClock::at(now.parse().unwrap()));
    let (before, began) = (peak(), Instant::now());
    tick(&desk).await;
    println!("{:>6.1} s, peak memory {:.1} MB, {before:.1} MB before", began.elapsed().as_secs_f64(), peak());
}

fn desk(engine: &str, folder: &Path, clock: HandClock) -> LocalDesk {
    let secrets = LocalSecrets::open(&folder.join("secrets.json")).unwrap();
    let key = PersonKey::new(SecretString::from(secrets.person_key.clone())).unwrap();
    let client = lambda_kit::aws::dynamodb(&environment(engine).unwrap());
    let parts = Parts {
        requests: RequestStore::new(client, requests_table_name().unwrap(), key),
        decisions: store(engine, &secrets),
        lookup: Arc::new(Nowhere),
        links: Links::new("/objects"),
        limits: UNLIMITED,
    };
    start(parts, folder, clock.clock()).unwrap()
}

/// The most memory that this process has held, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
