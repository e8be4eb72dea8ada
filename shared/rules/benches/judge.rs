//! Throughput of judging on one core, beside another filter and beside the parts that bound it, on the same rows in the
//! same run; what ten times more literals cost; what a start costs. Rounds take turns, and medians are told.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rules::evaluate::Row;
use rules::{Context, Model, Output, Post, Rulebook, explain, judge};
use rustrict::CensorStr;
use unicode_normalization::UnicodeNormalization;

const OWN: &[&str] = &[
    "いつも応援しています！次のライブも楽しみです",
    "お前死・ね、二度と来るな",
    "副業で月30万円稼げます→ https://lin.ee/xxxx",
    "Can't wait for the launch on Friday!",
    "Ch3ck 0ut my channel, free gift cards at www.example.com",
    "アプリのアップデート後、すぐ落ちるようになりました。いつ直りますか？",
];
const ROUNDS: usize = 7;
const STARTS: usize = 50;

fn main() {
    // `cargo test --benches` only asks whether it runs.
    let rounds = if std::env::args().any(|argument| argument == "--bench") { ROUNDS } else { 1 };
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    start();
    let posts: Vec<Post> = rows().iter().map(|row| row.post(now)).collect();
    let rulebook = Rulebook::embedded().unwrap();
    let more = with_more_literals();
    let views: Vec<Vec<String>> = posts
        .iter()
        .map(|post| explain(post, &Context::default(), rulebook, now).views.into_iter().map(|view| view.text).collect())
        .collect();
    let literals = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(terms()).unwrap();
    let judged = |rulebook: &Rulebook| {
        posts.iter().map(|post| judge(post, &Context::default(), rulebook, now).violations.len()).sum::<usize>()
    };
    // As large as the model.
    let weights: Vec<i8> = Model::embedded_file().iter().map(|&byte| byte as i8).collect();
    let runs: [(&str, &dyn Fn() -> usize); 6] = [
        ("judge", &|| judged(rulebook)),
        ("judge, ten times the literals", &|| judged(&more)),
        ("rustrict is_inappropriate", &|| posts.iter().filter(|post| post.text.as_str().is_inappropriate()).count()),
        ("part: NFKC", &|| posts.iter().map(|post| post.text.nfkc().count()).sum()),
        ("part: a multi-pattern pass over each view", &|| {
            views.iter().flatten().map(|view| literals.find_overlapping_iter(view).count()).sum()
        }),
        ("part: the look-ups of a linear model", &|| posts.iter().map(|post| looked_up(&post.text, &weights)).sum()),
    ];
    let mut times = vec![Vec::new(); runs.len()];
    for _ in 0..rounds {
        for ((_, run), times) in runs.iter().zip(&mut times) {
            let start = Instant::now();
            black_box(run());
            times.push(start.elapsed());
        }
    }
    let medians: Vec<Duration> = times.into_iter().map(median).collect();
    let rows = posts.len() as f64;
    println!("{rows} rows, {} literals, medians of {rounds} rounds in turn, one thread", rulebook.literals());
    for ((name, _), time) in runs.iter().zip(&medians) {
        println!(
            "{:6.2} µs a row, {:9.0} rows a second  {name}",
            time.as_secs_f64() * 1e6 / rows,
            rows / time.as_secs_f64()
        );
    }
    let [judge, ten, other, nfkc, passes, model] = medians[..] else { return };
    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    println!("{:6.2} times the throughput of rustrict (aim 8, least 5)", ratio(other, judge));
    println!("{:6.2} times the sum of its parts (aim 2)", ratio(judge, nfkc + passes + model));
    println!("{:6.2} times the time with {} literals (aim 1.3)", ratio(ten, judge), more.literals());
}

/// Sums the weights of every run of two to four characters, as a model of that kind has to at least.
fn looked_up(text: &str, weights: &[i8]) -> usize {
    let mut sums = [0_i32; Output::COUNT];
    let mut runs = [0_u64; 4];
    for c in text.chars() {
        for longer in (1..runs.len()).rev() {
            runs[longer] = (runs[longer - 1].rotate_left(5) ^ u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        runs[0] = u64::from(c);
        for run in &runs[1..] {
            let bucket = (((run >> 32) * Model::BUCKETS as u64) >> 32) as usize;
            for (sum, weight) in sums.iter_mut().zip(&weights[bucket * Output::COUNT..]) {
                *sum += i32::from(*weight);
            }
        }
    }
    sums.iter().filter(|sum| **sum > 0).count()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Getting ready, and what that holds in memory, before anything else has warmed it up.
fn start() {
    let before = resident();
    let began = Instant::now();
    let rulebook = Rulebook::load_embedded().unwrap();
    let first = began.elapsed();
    let held = resident() - before;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        black_box(Rulebook::load_embedded().unwrap());
        times.push(start.elapsed());
    }
    let files: Vec<(String, String)> = Rulebook::embedded_files().collect();
    let start = Instant::now();
    let read = Rulebook::from_files(files.into_iter()).unwrap();
    let read_in = start.elapsed();
    assert_eq!(read.version(), rulebook.version());
    println!(
        "ready in {first:.2?}, the first time; {:.2?} after (aim 10 ms), {held:.2} MB resident (aim 16)",
        median(times)
    );
    println!("read from its files and checked in {read_in:.1?}");
}

/// Megabytes of this process in memory, where the system tells.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
}

/// Rows of the corpora named by SEKISHO_CORPUS, or our own few.
fn rows() -> Vec<Row> {
    let own = |text: &&str| Row {
        id: "own".into(),
        lang: "ja".into(),
        text: (*text).into(),
        labels: Vec::new(),
        ambiguous: false,
        kind: None,
        group: None,
    };
    let Ok(folder) = std::env::var("SEKISHO_CORPUS") else {
        println!("SEKISHO_CORPUS is not set: only the project's own texts are measured");
        return OWN.iter().map(own).cycle().take(OWN.len() * 500).collect();
    };
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(Path::new(&folder).join("judgement")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let text = std::fs::read_to_string(path).unwrap();
            rows.extend(text.lines().map(|line| serde_json::from_str::<Row>(line).unwrap()));
        }
    }
    rows
}

/// The texts of the rulebook's terms, without their signs.
fn terms() -> Vec<String> {
    let mut terms = Vec::new();
    for (path, text) in Rulebook::embedded_files() {
        if path.starts_with("lexicons/") {
            terms.extend(text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned));
        } else if path.starts_with("rules/") {
            let file: BTreeMap<String, Vec<BTreeMap<String, toml::Value>>> = toml::from_str(&text).unwrap();
            for rule in file.into_values().flatten() {
                for key in ["any", "all", "unless", "unless_near", "unless_anywhere"] {
                    texts(rule.get(key), &mut terms);
                }
            }
        }
    }
    let mut parts: Vec<String> = terms
        .iter()
        .flat_map(|term| term.split('…'))
        .filter(|part| !part.starts_with(['@', '<']))
        .map(|part| part.trim_matches(['|', '*', ' ']).to_lowercase())
        .filter(|part| !part.is_empty())
        .collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn texts(value: Option<&toml::Value>, terms: &mut Vec<String>) {
    match value {
        Some(toml::Value::String(text)) => terms.push(text.clone()),
        Some(toml::Value::Array(values)) => values.iter().for_each(|value| texts(Some(value), terms)),
        _ => {}
    }
}

/// The rulebook with nine times as many literals added: words of the same kind that occur in no text.
fn with_more_literals() -> Rulebook {
    let terms = terms();
    let many = Rulebook::embedded().unwrap().literals() * 7;
    let mut lexicon = String::from("# source: benchmark\n# licence: CC0-1.0\n");
    let mut state = 1_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for _ in 0..many {
        // Beginnings and ends of real words, so that the search is led on as by real ones.
        let (first, second) = (&terms[random(terms.len())], &terms[random(terms.len())]);
        let beginning: String = first.chars().take(2 + random(3)).collect();
        let end: String = second.chars().rev().take(2 + random(3)).collect();
        lexicon.push_str(&format!("{beginning}{end}{}\n", char::from_u32(0x4e00 + random(2_000) as u32).unwrap()));
    }
    let rule = r#"
[[rule]]
id = "XXX999"
title = { ja = "題", en = "title" }
status = "review"
confidence = 0.5
any = ["@benchmark"]
unless_near = ["@benchmark"]
why = { ja = "理由", en = "reason" }
case.match = ["x"]
case.clear = ["y"]
"#;
    let files = Rulebook::embedded_files().map(|(path, text)| {
        let text = if path == "rules/nuisance.toml" { text + rule } else { text };
        (path, text)
    });
    Rulebook::from_files(files.chain([("lexicons/benchmark.txt".to_owned(), lexicon)])).unwrap()
}
