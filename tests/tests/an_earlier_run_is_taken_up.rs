//! Data kept of an earlier run: the same day again makes no second decision and no second letter, and ends well.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use local::sample::data::Day;
use local::sample::{play, shown, write_to_the_desk};
use local::simulator::HandClock;
use local::stack::{Options, Stack};

/// Plays the day on data that are kept; gives what was decided, and what is shown of the desk.
async fn run(folder: &Path) -> (Vec<String>, String) {
    let date: jiff::civil::Date = "2026-11-20".parse().unwrap();
    let clock = HandClock::at(jiff::tz::offset(9).to_timestamp(date.at(0, 0, 0, 0)).unwrap());
    let data = Some(folder.join("kept.db"));
    let options = Options { folder: folder.join("files"), data, port: 0, clock: clock.clock() };
    let stack = Stack::start(options).await.unwrap();
    let played = play(&stack, &Day::read().unwrap(), date, &clock).await.unwrap();
    let exchanges = Box::pin(write_to_the_desk(&stack, &played)).await.unwrap();
    let files = played.told.into_iter().filter_map(|told| told.file.map(|file| (told.event.id, file)));
    let decided = files.map(|(event, file)| {
        let made: Vec<String> =
            file.decisions.iter().map(|made| format!("{} {}", made.version, made.verdict)).collect();
        format!("{event}: {}", made.join(", "))
    });
    (decided.collect(), shown(&exchanges))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_day_again_decides_and_answers_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (first, letters) = run(folder.path()).await;
    assert!(first.len() > 150 && letters.contains("◀"), "{} posts; {letters}", first.len());
    let (second, letters) = run(folder.path()).await;
    // What one of them had erased is new to us, as the simulated X of this run has it again.
    let others: Vec<&String> = second.iter().filter(|file| !file.contains("erased")).collect();
    assert_eq!(others.len(), first.len() - 1, "{second:?}");
    assert!(others.into_iter().all(|file| first.contains(file)), "{first:?} and then {second:?}");
    assert!(!letters.contains("◀") && letters.contains("an earlier run"), "{letters}");
}
