//! What must not be kept is gone after the audit, whatever the table's own housekeeping did.

use jiff::SignedDuration;
use store::keys;
use sweep::audit::report::objects;
use tests::World;
use tests::flow::{PRAISE, THREAT, expire, x_key, youtube_key};

use crate::support::{audit, pass_hours, tonight};

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
