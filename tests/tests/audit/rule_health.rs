//! Rules that fire on what people say, and rules that begin to fire all at once.

use casework::audit::Shelves;
use tests::World;

use crate::support::{fixed, pass_hours, report_of, rule_on, rulebook_with, start};

#[tokio::test]
async fn a_rule_that_fires_on_criticism_and_one_that_jumps_are_told() {
    let world = World::new().await;
    let rulebook = rulebook_with(&rule_on("検索", "shadow"));
    let comment = |text: String| {
        let world = &world;
        async move {
            let id = world.comment(&text);
            let post = world.listed(&id).await;
            casework::handle_post::handle_post(&world.store, &rulebook.into(), &post, || world.clock.now())
                .await
                .unwrap();
        }
    };
    for day in 0..3 {
        comment(format!("検索が遅くて使えない、改善してほしい {day}")).await;
        for other in 0..6 {
            comment(format!("新曲とても良かったです {day} {other}")).await;
        }
        pass_hours(&world, 24);
    }
    // What is gone from the platform counts for the days on which it was there.
    let gone = world.decided_comment("検索の話です").await;
    world.store.honour_deletion(&tests::flow::youtube_key(&gone), world.clock.now()).await.unwrap();
    for one in 0..10 {
        comment(format!("検索がまた固まる。いつ直りますか？ {one}")).await;
    }
    let mut sandbox = world.sweep();
    sandbox.rulebooks = fixed(&world, rulebook);
    start(&world, &sandbox).await.unwrap();
    let health = report_of(&world).rules;
    assert_eq!(health.on_criticism, ["OTH900"]);
    assert!(health.jumped["OTH900"] >= 3.0, "{:?}", health.jumped);
    assert_eq!(health.rules["OTH900"].on_criticism, 13);
    assert!(health.ready.is_empty(), "what fires on criticism is not ready");
    assert_eq!((health.posts[0], health.posts[1]), (11, 7));
    assert_eq!((health.rules["OTH900"].days, health.rules["OTH900"].kept), ([10, 1, 1, 1, 0, 0, 0], 13));
}
