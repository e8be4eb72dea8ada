//! Throughput of judging, beside the parts that bound it, and the cost of getting ready.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rules::evaluate::Row;
use rules::{Context, Post, Rulebook, folded, judge};
use unicode_normalization::UnicodeNormalization;

const OWN: &[&str] = &[
    "いつも応援しています！次のライブも楽しみです",
    "お前死・ね、二度と来るな",
    "副業で月30万円稼げます→ https://lin.ee/xxxx",
    "Can't wait for the launch on Friday!",
    "Ch3ck 0ut my channel, free gift cards at www.example.com",
    "アプリのアップデート後、すぐ落ちるようになりました。いつ直りますか？",
];

/// Rows of the corpora named by SEKISHO_CORPUS, or our own few.
fn posts() -> Vec<Post> {
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let own = |text: &&str| Row {
        id: "own".into(),
        lang: "ja".into(),
        text: (*text).into(),
        labels: Vec::new(),
        ambiguous: false,
        kind: None,
        group: None,
    };
    let mut rows: Vec<Row> = OWN.iter().map(own).collect();
    match std::env::var("SEKISHO_CORPUS") {
        Ok(folder) => {
            for entry in std::fs::read_dir(std::path::Path::new(&folder).join("judgement")).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "jsonl") {
                    let text = std::fs::read_to_string(path).unwrap();
                    rows.extend(text.lines().map(|line| serde_json::from_str::<Row>(line).unwrap()));
                }
            }
        }
        Err(_) => println!("SEKISHO_CORPUS is not set: only the project's own texts are measured"),
    }
    rows.iter().map(|row| row.post(now)).collect()
}

fn judging(criterion: &mut Criterion) {
    let posts = posts();
    let rulebook = Rulebook::embedded().unwrap();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let mut group = criterion.benchmark_group("rows");
    group.throughput(Throughput::Elements(posts.len() as u64)).sample_size(10);
    group.bench_function("judge", |bencher| {
        bencher.iter(|| {
            posts.iter().map(|post| judge(post, &Context::default(), rulebook, now).violations.len()).sum::<usize>()
        });
    });
    group.bench_function("part: NFKC", |bencher| {
        bencher.iter(|| posts.iter().map(|post| post.text.nfkc().count()).sum::<usize>());
    });
    group.bench_function("part: folded view", |bencher| {
        bencher.iter(|| posts.iter().map(|post| folded(&post.text).len()).sum::<usize>());
    });
    group.finish();
    let files: Vec<(String, String)> = Rulebook::embedded_files().collect();
    criterion.bench_function("load and check", |bencher| {
        bencher.iter(|| Rulebook::from_files(black_box(files.clone()).into_iter()).unwrap().literals());
    });
}

criterion_group!(benches, judging);
criterion_main!(benches);
