//! What must not be kept is gone after the audit, whatever the table's own housekeeping did.

use casework::ledger::Cases;
use jiff::SignedDuration;
use rules::Platform;
use store::keys;
use sweep::audit::check::Check;
use sweep::audit::report::objects;
use tests::World;
use tests::fault::{Fault, Proxy};
use tests::flow::{PRAISE, THREAT, expire, x_key, youtube_key};

use crate::support::{audit, pass_hours, report_of, start, tonight};

#[tokio::test]
async fn expired_texts_people_and_strikes_are_removed_and_the_rest_is_kept() {
    let world = World::new().await;
    let old = world.decided_comment(PRAISE).await;
    pass_hours(&world, 24 * 8);
    let new = world.decided_reply(THREAT).await;
    let before = world.items("PERSON#", "").await.len();
    let report = audit(&world).await;
    assert_eq!((report.retention.expired.texts, report.retention.kept), (1, 1));
    assert!(world.items("PERSON#", "").await.len() < before);
    assert!(world.case(&youtube_key(&old)).await.post.is_none());
    assert!(world.case(&x_key(&new)).await.post.is_some());
    assert!(
        world
            .items("PERSON#", "CONTENT#")
            .await
            .iter()
            .all(|item| { item["expires"].as_i64().unwrap() > world.clock.now().as_second() })
    );

    for item in world.items("PERSON#", "").await {
        expire(&world, &item, world.clock.now()).await;
    }
    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert!(report.retention.expired.people >= 1 && report.retention.expired.strikes == 1);
    assert!(world.items("PERSON#", "").await.is_empty());
    assert!(!world.items("POST#", "DECISION#").await.is_empty(), "decisions hold nobody's words");
}

#[tokio::test]
async fn a_text_of_youtube_that_was_not_read_anew_for_thirty_days_is_removed() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    let content = world.items("PERSON#", keys::CONTENT_PREFIX).await.remove(0);
    // A policy that keeps longer than YouTube allows.
    expire(&world, &content, world.clock.now() + SignedDuration::from_hours(24 * 90)).await;
    pass_hours(&world, 24 * 31);
    let report = audit(&world).await;
    assert_eq!(report.retention.not_refreshed, 1);
    assert!(world.case(&youtube_key(&id)).await.post.is_none());
}

#[tokio::test]
async fn what_nights_and_deliveries_left_behind_is_removed_too() {
    let world = World::new().await;
    audit(&world).await;
    world.store.record_unreadable(Platform::X, "intake/x/1", "not JSON", world.clock.now()).await.unwrap();
    assert!(!world.items("AUDIT#", "").await.is_empty() && !world.items("UNREADABLE#", "").await.is_empty());
    let first = keys::audit(tonight(&world));
    pass_hours(&world, 24 * 41);
    let report = audit(&world).await;
    assert_eq!(report.retention.expired.failed, 0);
    assert!(world.items("AUDIT#", "").await.iter().all(|item| item["pk"] != first));
    assert!(world.items("UNREADABLE#", "").await.is_empty());
}

#[tokio::test]
async fn an_item_that_can_not_be_removed_keeps_no_other() {
    let world = World::new().await;
    world.store.record_unreadable(Platform::X, "intake/x/1", "not JSON", world.clock.now()).await.unwrap();
    let id = world.decided_comment(PRAISE).await;
    let late = world.decided_comment(THREAT).await;
    for content in world.items("PERSON#", keys::CONTENT_PREFIX).await {
        if content["sk"].as_str().unwrap().ends_with(&late) {
            // A policy that keeps longer than YouTube allows.
            expire(&world, &content, world.clock.now() + SignedDuration::from_hours(24 * 90)).await;
        }
    }
    pass_hours(&world, 24 * 31);
    let proxy = Proxy::on(&world.engine.address, &["UNREADABLE#"], Fault::Throttled).await;
    let sandbox = world.sweep_with(&proxy.address, std::time::Duration::from_secs(10));
    start(&world, &sandbox).await.unwrap();
    let report = report_of(&world);
    assert_eq!((report.retention.expired.texts, report.retention.not_refreshed), (1, 1));
    assert!(world.case(&youtube_key(&id)).await.post.is_none() && world.case(&youtube_key(&late)).await.post.is_none());
    let told = report.checks.iter().find(|checked| checked.check == Check::Retention).unwrap();
    assert_eq!(told.failed.as_deref(), Some("expired items that could not be removed: 1"));
}

#[tokio::test]
async fn a_page_that_quotes_people_is_removed_after_seven_days_and_its_figures_stay() {
    let world = World::new().await;
    world.decided_comment("アプリが毎回落ちるので返金してほしい").await;
    audit(&world).await;
    let (page, figures) = (objects::page(tonight(&world)), objects::figures(tonight(&world)));
    let there = |key: &str| world.folder.path().join(key).exists();
    pass_hours(&world, 24 * 6);
    audit(&world).await;
    assert!(there(&page));
    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert_eq!(report.retention.pages, 1);
    assert!(!there(&page) && there(&figures));
}
