//! The sample day, played once on the local stack, and everything that it left: table, files, calls, lines, counts.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use lambda_kit::logging::{self, Style};
use local::sample::data::Day;
use local::sample::{Played, play};
use local::secrets::LocalSecrets;
use local::simulator::{HandClock, Request};
use local::stack::{Options, Stack};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde_json::Value;
use tracing::level_filters::LevelFilter;

use crate::table;

/// What the day left.
pub struct FullDay {
    /// The data that it was played from.
    pub day: Day,
    /// What became of each event.
    pub played: Played,
    /// Every item of the table.
    pub items: Vec<Value>,
    /// Every intake file, by its key.
    pub kept: BTreeMap<String, Vec<u8>>,
    /// How many bodies were parked during the day, and taken up after it.
    pub parked: usize,
    /// Every call to the simulated X.
    pub x_requests: Vec<Request>,
    /// Every call to the simulated YouTube.
    pub youtube_requests: Vec<Request>,
    /// Posts of which X changed more than once what it shows.
    pub changed_again: Vec<String>,
    /// Every log line, at the finest level.
    pub lines: Vec<String>,
    /// Every counter with its labels, as `name{label=value,…}`.
    pub counters: BTreeMap<String, u64>,
    /// What must never be logged, above all.
    pub secrets: LocalSecrets,
}

impl FullDay {
    /// Plays the day. Takes the process' log and metrics for itself, so a process can do it once.
    pub fn play() -> FullDay {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = logging::subscriber(Style::Json, LevelFilter::TRACE, move || writer.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let recorder = DebuggingRecorder::new();
        let counters = recorder.snapshotter();
        recorder.install().unwrap();

        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let mut day = runtime.block_on(played());
        day.lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap().lines().map(str::to_owned).collect();
        for (key, _, _, value) in counters.snapshot().into_vec() {
            let labels: Vec<String> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            if let DebugValue::Counter(count) = value {
                day.counters.insert(format!("{}{{{}}}", key.key().name(), labels.join(",")), count);
            }
        }
        day
    }

    /// The sum of the counters whose name and labels hold all of these.
    pub fn counted(&self, parts: &[&str]) -> u64 {
        let fits = |name: &str| parts.iter().all(|part| name.contains(part));
        self.counters.iter().filter(|(name, _)| fits(name)).map(|(_, count)| count).sum()
    }
}

async fn played() -> FullDay {
    let folder = tempfile::tempdir().unwrap();
    let date: jiff::civil::Date = "2026-11-20".parse().unwrap();
    let clock = HandClock::at(jiff::tz::offset(9).to_timestamp(date.at(0, 0, 0, 0)).unwrap());
    let options = Options { folder: folder.path().to_owned(), data: None, port: 0, clock: clock.clock() };
    let stack = Stack::start(options).await.unwrap();
    let day = Day::read().unwrap();
    let played = play(&stack, &day, date, &clock).await.unwrap();
    let posts: Vec<String> = stack.x.simulator.state().posts.keys().cloned().collect();
    let key = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
    // Two copies sent at once may meet: the second is parked behind the first one's lease, and taken up after it.
    let parked = parked(&table::items(&stack.engine.address).await, table::intake(folder.path()).iter().map(key));
    for key in &parked {
        stack.take_up(key).await.unwrap();
    }
    FullDay {
        parked: parked.len(),
        items: table::items(&stack.engine.address).await,
        kept: table::intake(folder.path()).iter().map(|path| (key(path), std::fs::read(path).unwrap())).collect(),
        x_requests: stack.x.simulator.requests(),
        youtube_requests: stack.youtube.simulator.requests(),
        changed_again: posts.into_iter().filter(|id| stack.x.simulator.effects(id).changes > 1).collect(),
        lines: Vec::new(),
        counters: BTreeMap::new(),
        secrets: stack.secrets.clone(),
        played,
        day,
    }
}

/// The kept bodies that no item calls unreadable.
fn parked(items: &[Value], kept: impl Iterator<Item = String>) -> Vec<String> {
    kept.filter(|key| items.iter().all(|item| item["body_key"] != **key)).collect()
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
