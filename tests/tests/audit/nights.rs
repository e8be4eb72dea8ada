//! A night reports once, goes on after a death at any call, and tells of a check that failed.

use jiff::SignedDuration;
use rules::Verdict;
use sweep::audit::check::Check;
use sweep::audit::night::{self, LEASE, Progress};
use sweep::audit::report::data::Report;
use tests::World;
use tests::fault::{Fault, Proxy};
use tests::flow::{PRAISE, THREAT, x_key};
use tests::world::sqs_record;

use crate::support::{audit, fixed, own_post, report_of, rule_on, rulebook_with, start, tonight};

/// Mails in the outbox.
fn mails(world: &World) -> usize {
    std::fs::read_dir(world.folder.path().join("outbox")).map_or(0, Iterator::count)
}

async fn some_posts(world: &World) -> String {
    own_post(world, "新サービスの提供開始は12月1日（水）です").await;
    world.decided_comment(PRAISE).await;
    world.decided_comment(THREAT).await;
    world.decided_reply("きょうのまぼろしの語です").await
}

#[tokio::test]
async fn started_twice_it_reports_once() {
    let world = World::new().await;
    some_posts(&world).await;
    let first = audit(&world).await;
    let outbox = world.folder.path().join("outbox");
    std::fs::remove_dir_all(&outbox).unwrap();
    world.pass(3600);
    assert_eq!(start(&world, &world.sweep()).await.unwrap(), Progress::AlreadyReported);
    assert_eq!(report_of(&world), first);
    assert_eq!(mails(&world), 0, "no second mail");
}

#[tokio::test]
async fn two_at_once_do_not_both_work() {
    let world = World::new().await;
    some_posts(&world).await;
    let (one, other) = (world.sweep(), world.sweep());
    let (one, other) = tokio::join!(start(&world, &one), start(&world, &other));
    let mut both = [one.unwrap(), other.unwrap()];
    both.sort_by_key(|progress| *progress != Progress::Reported);
    assert_eq!(both[0], Progress::Reported);
    assert!(matches!(both[1], Progress::Held | Progress::AlreadyReported), "{both:?}");
    assert_eq!(mails(&world), 1);
}

#[tokio::test]
async fn out_of_time_it_goes_on_where_it_stopped() {
    let world = World::new().await;
    some_posts(&world).await;
    // A deadline that has come: not a page is begun.
    let stopped = night::run(&world.sweep(), tonight(&world), world.clock.now()).await.unwrap();
    assert_eq!(stopped, Progress::TimeOver);
    assert_eq!(mails(&world), 0);
    assert_eq!(start(&world, &world.sweep()).await.unwrap(), Progress::Reported);
}

#[tokio::test]
async fn what_failed_is_begun_again_at_once_and_what_died_once_its_lease_is_over() {
    let world = World::new().await;
    some_posts(&world).await;
    let tick = serde_json::json!({ "mode": "audit", "time": world.clock.now() });
    let proxy = Proxy::on(&world.engine.address, &["SET written_at"], Fault::Throttled).await;
    let failing = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
    failing.handle(tick.clone()).await.unwrap_err();

    // The schedule's own retry, a minute later, finds the night free; it dies.
    world.pass(60);
    let proxy = Proxy::start(&world.engine.address, vec![(3, Fault::Dead { after: true })]).await;
    let dying = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
    dying.handle(tick.clone()).await.unwrap_err();
    assert!(world.work.take().is_empty());
    world.pass(60);
    world.sweep().handle(tick).await.unwrap();
    assert_eq!(mails(&world), 0, "who died is waited for");
    let [(work, delay)] = world.work.take().try_into().expect("the night, to go on with");
    world.clock.advance(delay.try_into().unwrap());
    world.sweep().handle(serde_json::json!({ "Records": [sqs_record("1", &work)] })).await.unwrap();
    assert_eq!((mails(&world), world.work.take().len()), (1, 0));
}

#[tokio::test]
async fn killed_at_any_call_the_next_start_completes_the_same_night() {
    let rulebook = rulebook_with(&rule_on("まぼろしの語", "enforce"));
    let (calls, whole) = {
        let world = World::new().await;
        some_posts(&world).await;
        let proxy = Proxy::start(&world.engine.address, Vec::new()).await;
        let mut sandbox = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
        sandbox.rulebooks = fixed(&world, rulebook);
        start(&world, &sandbox).await.unwrap();
        (proxy.calls().len(), report_of(&world))
    };
    assert!(calls > 30, "{calls} calls");
    // Every third call, and both sides of it.
    for at in (0..calls).step_by(3) {
        let world = World::new().await;
        let changed = some_posts(&world).await;
        let proxy = Proxy::start(&world.engine.address, vec![(at, Fault::Dead { after: at % 2 == 0 })]).await;
        let mut sandbox = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
        sandbox.rulebooks = fixed(&world, rulebook);
        let died = start(&world, &sandbox).await;
        assert!(died.is_err(), "the sandbox lived through call {at}");
        world.clock.advance(LEASE + SignedDuration::from_secs(1));
        let mut next = world.sweep();
        next.rulebooks = fixed(&world, rulebook);
        let went_on = start(&world, &next).await.unwrap();
        assert!(matches!(went_on, Progress::Reported | Progress::AlreadyReported), "call {at}: {went_on:?}");

        let report = report_of(&world);
        assert!(report.checks.iter().all(|checked| checked.failed.is_none()), "call {at}: {:?}", report.checks);
        assert_eq!(report.rejudged.sent, 1, "call {at}");
        assert_eq!(report.outbound.corrections.len(), 1, "call {at}");
        // What was counted before it died is not counted again.
        assert_eq!(report.missed.listed, whole.missed.listed, "call {at}");
        let waits = |report: &Report| (report.pending.unfinished, report.pending.reviews);
        assert_eq!((waits(&report), &report.rules), (waits(&whole), &whole.rules), "call {at}");
        assert_eq!(report.digest, whole.digest, "call {at}");
        let case = world.case(&x_key(&changed)).await;
        assert_eq!(case.decisions.len(), 2, "call {at}: sent to review once");
        assert_eq!(case.decisions[1].verdict, Verdict::Review);
        // Sending can't be undone: whoever dies between it and its note, which is the last call, sends once more.
        let most = 1 + usize::from(at + 1 == calls);
        assert!((1..=most).contains(&mails(&world)), "call {at}: {} mails", mails(&world));
    }
}

#[tokio::test]
async fn a_failing_check_is_shown_and_hides_no_other() {
    let world = World::new().await;
    some_posts(&world).await;
    // Every walk over kept texts fails; nothing else does.
    let proxy = Proxy::on(&world.engine.address, &["FilterExpression", "CONTENT#"], Fault::Throttled).await;
    let sandbox = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
    assert_eq!(start(&world, &sandbox).await.unwrap(), Progress::Reported);
    let report = report_of(&world);
    let failed: Vec<Check> =
        report.checks.iter().filter(|checked| checked.failed.is_some()).map(|checked| checked.check).collect();
    assert_eq!(failed, [Check::Rejudged, Check::Retention, Check::Rules, Check::Digest]);
    // Our own posts are the one above and the one that the reply answers.
    assert_eq!((report.reconciled.youtube_asked, report.outbound.checked), (2, 2));
    let page = crate::support::page_of(&world);
    assert!(page.contains("点検「判断のやり直し」が最後まで終わりませんでした"));
    assert!(page.contains("The check “Judged again” did not come to its end"));
}
