//! A bundle that was changed or lost in the bucket replaces nothing: the old rulebook judges on, and an alarm is counted.

use std::time::Duration;

use bytes::Bytes;
use lambda_kit::objects::{ObjectError, Objects};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use rules::Verdict;
use store::rulebooks::Rulebooks;
use tests::World;
use tests::fault::{Fault, Proxy};

use crate::{MARKED, REFRESH, judged, only_bundle, publish, with_rule};

/// Counts of rulebooks that could not be loaded, since the last look.
fn stale(snapshotter: &Snapshotter) -> u64 {
    let counted = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| (key, value));
    counted
        .filter(|(key, _)| key.key().name() == lambda_kit::metrics::RULEBOOK_STALE)
        .map(|(_, value)| match value {
            DebugValue::Counter(count) => count,
            other @ (DebugValue::Gauge(_) | DebugValue::Histogram(_)) => panic!("{other:?}"),
        })
        .sum()
}

#[tokio::test]
async fn a_changed_bundle_is_not_loaded_and_the_old_one_judges_on() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let world = World::new().await;
    let (running, built_in) = (world.webhook(), world.rulebook().version());
    judged(&world, &running, MARKED).await;

    publish(&world, with_rule("enforce")).await;
    let bundle = only_bundle(&world);
    let whole = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, whole.replace("関所カステラ", "関所")).unwrap();
    world.pass(REFRESH);
    assert_eq!(judged(&world, &running, MARKED).await, (Verdict::Allow, built_in.to_owned()));
    assert_eq!(stale(&snapshotter), 1);
    assert_eq!(
        judged(&world, &world.webhook(), MARKED).await.1,
        built_in,
        "a new sandbox starts with the built-in one"
    );
    assert_eq!(stale(&snapshotter), 1);

    std::fs::remove_file(&bundle).unwrap();
    world.pass(REFRESH);
    assert_eq!(judged(&world, &running, MARKED).await.1, built_in);
    assert_eq!(stale(&snapshotter), 1);

    // Mended, it comes into force by itself.
    std::fs::write(&bundle, whole).unwrap();
    world.pass(REFRESH);
    assert_eq!(judged(&world, &running, MARKED).await.0, Verdict::Act);
    assert_eq!(stale(&snapshotter), 0);
}

#[tokio::test]
async fn a_new_sandbox_prefers_the_version_before_to_the_built_in_rulebook() {
    let world = World::new().await;
    publish(&world, with_rule("enforce")).await;
    let first = only_bundle(&world);
    let (_, kept) = judged(&world, &world.webhook(), MARKED).await;
    publish(&world, with_rule("review")).await;
    let bundles = std::fs::read_dir(world.folder.path().join("rulebooks")).unwrap();
    let second = bundles.map(|bundle| bundle.unwrap().path()).find(|path| *path != first).unwrap();
    std::fs::remove_file(second).unwrap();
    assert_eq!(judged(&world, &world.webhook(), MARKED).await, (Verdict::Act, kept));
}

/// A bucket that takes a question and never answers.
struct Silent;

impl Objects for Silent {
    async fn put(&self, _: &str, _: Bytes) -> Result<(), ObjectError> {
        std::future::pending().await
    }

    async fn get(&self, _: &str) -> Result<Option<Bytes>, ObjectError> {
        std::future::pending().await
    }

    async fn delete(&self, _: &str) -> Result<(), ObjectError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_bucket_that_is_silent_keeps_nobody_from_judging() {
    let world = World::new().await;
    publish(&world, with_rule("review")).await;
    publish(&world, with_rule("enforce")).await;
    let rulebooks = Rulebooks::with_patience(world.store.clone(), Silent, Duration::from_millis(10));
    let judging = rulebooks.current(world.clock.now()).await.unwrap();
    assert_eq!(judging.version(), world.rulebook().version(), "the built-in one");
}

#[tokio::test]
async fn a_pointer_that_can_not_be_read_changes_nothing() {
    let world = World::new().await;
    publish(&world, with_rule("enforce")).await;
    let proxy = Proxy::on(&world.engine.address, &["RULEBOOK"], Fault::Throttled).await;
    let webhook = world.webhook_at(&proxy.address);
    // Before anything is known nothing is judged: the body waits.
    let id = world.reply(MARKED);
    let body = world.x_body(local::simulator::deliver::x_event::PostEvent::Reply, &id, 1);
    assert_eq!(tests::deliver::x(&world, &webhook, &body).await, 200);
    assert!(world.items("POST#", "DECISION#").await.is_empty());
    world.pass(60);
    world.take_up_parked(&world.webhook()).await;
    assert_eq!(world.case(&tests::flow::x_key(&id)).await.decisions[0].verdict, Verdict::Act);
}
