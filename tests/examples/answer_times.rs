//! How long the interface takes for what must not be told apart: a request about somebody of whom much is held and
//! somebody unknown, a wrong secret and a file that is not there.
//!
//! `cargo run --release -p tests --example answer_times -- 2000`. Of each pair: quartiles, and how often a random one of
//! the first takes longer than a random one of the second, which is 50 % where nothing can be told; the same for the first
//! halves and second halves of one distribution shows what chance alone makes of it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::time::Instant;

use local::desk::LocalDesk;
use serde_json::json;
use tests::World;
use tests::interface::{call_from, submit};
use tests::many_posts::Texts;

/// A call of which only the time matters.
struct Case {
    name: &'static str,
    method: &'static str,
    path: String,
    header: (&'static str, String),
    body: String,
}

#[tokio::main]
async fn main() {
    let count = std::env::args().nth(1).map_or(2_000, |count| count.parse().unwrap());
    let world = Box::pin(World::new()).await;
    world.with_posts(200, Texts::Own).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure", "appi_cessation"]})).await;
    let about = |name, user: &str| Case {
        name,
        method: "POST",
        path: "/requests".to_owned(),
        header: ("content-type", "application/json".to_owned()),
        body: json!({"rights": ["appi_disclosure"],
            "posts": [format!("https://x.com/{user}/status/3000000000000000007")]})
        .to_string(),
    };
    compare(&desk, count, [about("held", "fan_mihon"), about("not held", "not_there1")]).await;
    let wrong = format!("Bearer {}0", &opened.secret[..opened.secret.len() - 1]);
    let status = |name, ticket: &str| Case {
        name,
        method: "GET",
        path: format!("/requests/{ticket}"),
        header: ("authorization", wrong.clone()),
        body: String::new(),
    };
    let there = opened.ticket.to_string();
    compare(&desk, count, [status("wrong secret", &there), status("no such file", "SK-0000000000")]).await;
    let page = |name, ticket: &str| Case {
        name,
        method: "POST",
        path: format!("/requests/{ticket}/page"),
        header: ("content-type", "application/x-www-form-urlencoded".to_owned()),
        body: "key=ABCD-EFGH".to_owned(),
    };
    compare(&desk, count, [page("page, wrong key", &there), page("page, no file", "SK-0000000000")]).await;
}

/// Both in turn, so that what happens meanwhile on the machine falls on both.
async fn compare(desk: &LocalDesk, count: usize, cases: [Case; 2]) {
    let mut took = [Vec::new(), Vec::new()];
    for round in 0..2 * count {
        // Which of them comes first changes, too.
        let which = (round + round / 2) % 2;
        let case = &cases[which];
        let began = Instant::now();
        call_from(desk, "192.0.2.1", case.method, &case.path, &[(case.header.0, &case.header.1)], &case.body).await;
        took[which].push(began.elapsed().as_micros());
    }
    for (case, took) in cases.iter().zip(&took) {
        let mut sorted = took.clone();
        sorted.sort_unstable();
        let at = |part: usize| sorted[(sorted.len() - 1) * part / 100];
        println!(
            "{:>16}: 5 % {:>6}, 25 % {:>6}, 50 % {:>6}, 75 % {:>6}, 95 % {:>6} µs",
            case.name,
            at(5),
            at(25),
            at(50),
            at(75),
            at(95)
        );
    }
    let (head, tail) = took[0].split_at(took[0].len() / 2);
    println!(
        "{:>16}: {:.1} % of pairs (by chance {:.1} %)",
        "first is longer",
        100.0 * longer(&took[0], &took[1]),
        100.0 * longer(head, tail)
    );
}

/// The share of all pairs in which the one of `a` took longer than the one of `b`; a tie counts half.
fn longer(a: &[u128], b: &[u128]) -> f64 {
    let mut sorted = b.to_vec();
    sorted.sort_unstable();
    let below = |one: &u128| {
        let (less, not_more) =
            (sorted.partition_point(|other| other < one), sorted.partition_point(|other| other <= one));
        (less + not_more) as f64 / 2.0
    };
    a.iter().map(below).sum::<f64>() / (a.len() * b.len()) as f64
}
