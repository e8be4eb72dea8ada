//! Our own posts: what is wrong in them, what is no longer current, what became of what we retweeted.

use casework::corrections::{CorrectionState, Opener, Register, advance};
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::X_USER;
use rules::outbound::Severity;
use sweep::audit::outbound::Became;
use tests::World;
use tests::flow::x_key;
use tests::world::FAN;

use crate::support::{audit, own_post, pass_hours};

#[tokio::test]
async fn a_wrong_weekday_opens_one_correction_and_no_second() {
    let world = World::new().await;
    // 2026-12-01 is a Tuesday.
    let id = own_post(&world, "新サービスの提供開始は12月1日（水）です").await;
    own_post(&world, "サービスのお知らせです").await;
    let key = x_key(&id);
    let report = audit(&world).await;
    let found: Vec<_> = report.outbound.findings.iter().filter(|found| found.severity == Severity::Fix).collect();
    assert_eq!(found.len(), 1, "{:?}", report.outbound.findings);
    assert_eq!((found[0].rule.as_str(), &found[0].post, found[0].new), ("OUT001", &key, true));
    assert_eq!((report.outbound.opened, report.outbound.checked), (1, 2));
    let corrections = world.store.corrections_of(&key).await.unwrap();
    assert_eq!((corrections.len(), &corrections[0].opened_by), (1, &Opener::Audit));
    assert_eq!(corrections[0].wrong, "12月1日（水）");
    assert_eq!(report.outbound.corrections[0].state, "reported");

    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert_eq!((report.outbound.opened, report.outbound.corrections[0].hours), (0, 24));

    // Dismissed, it stays dismissed.
    let dismissed = CorrectionState::Dismissed;
    advance(&world.store, (&key, 1), dismissed, "reviewer", "a joke", world.clock.now()).await.unwrap();
    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert_eq!((report.outbound.opened, report.outbound.corrections.len()), (0, 0));
}

#[tokio::test]
async fn our_posts_are_checked_by_the_rules_for_drafts_that_were_published() {
    let world = World::new().await;
    let id = own_post(&world, "本日のお知らせです。関所カステラを配布します").await;
    assert!(audit(&world).await.outbound.findings.is_empty());
    let mut files: store::rulebooks::Files = rules::Rulebook::embedded_files().collect();
    files.get_mut("outbound/words.toml").unwrap().push_str(
        r#"
[[rule]]
id = "OUT900"
title = { ja = "試験の語", en = "A word of tests" }
status = "enforce"
confidence = 0.99
any = ["関所カステラ"]
why = { ja = "試験のため", en = "For tests." }
case.match = ["関所カステラ"]
case.clear = ["カステラおいしい"]
"#,
    );
    world.rulebooks().publish(files, "editor", None, world.clock.now()).await.unwrap();
    pass_hours(&world, 24);
    let found = audit(&world).await.outbound.findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].rule.as_str(), &found[0].post), ("OUT900", &x_key(&id)));
    assert!(crate::support::page_of(&world).contains("OUT900 試験の語"));
}

#[tokio::test]
async fn a_post_without_purpose_is_listed_and_a_deleted_one_is_not_looked_at() {
    let world = World::new().await;
    let curry = own_post(&world, "今日の社食はカレーでした。辛口。").await;
    let deleted = own_post(&world, "【日付】までにご登録ください").await;
    world.store_deleted(&deleted).await;
    let report = audit(&world).await;
    assert_eq!(report.outbound.without_purpose, [x_key(&curry)]);
    assert_eq!((report.outbound.checked, report.outbound.findings.len()), (1, 0));
}

#[tokio::test]
async fn a_text_whose_last_day_was_yesterday_is_stale_once() {
    let world = World::new().await;
    // It is 20 November at noon.
    let id = own_post(&world, "キャンペーンの応募は11月21日（土）までです").await;
    assert!(audit(&world).await.outbound.stale.is_empty());
    pass_hours(&world, 48);
    let stale = audit(&world).await.outbound.stale;
    assert_eq!((&stale[0].post, stale[0].until.to_string().as_str()), (&x_key(&id), "2026-11-21"));
    pass_hours(&world, 24);
    assert!(audit(&world).await.outbound.stale.is_empty());
}

#[tokio::test]
async fn a_retweet_whose_original_is_gone_or_breaks_a_clause_is_told() {
    let world = World::new().await;
    let (fine, gone) = (world.write(FAN, "新曲が良い", Link::None), world.write(FAN, "ライブ最高", Link::None));
    let bad = world.write(FAN, "お前を殺すぞ", Link::None);
    let mut retweets = Vec::new();
    for original in [&fine, &gone, &bad] {
        let id = world.write(X_USER, "", Link::Repost(original));
        world.deliver(PostEvent::Create, &id).await;
        retweets.push(id);
    }
    world.x.simulator.state().posts.get_mut(&gone).unwrap().deleted = true;
    let report = audit(&world).await;
    let mut told: Vec<_> = report.outbound.retweets.iter().map(|one| (one.post.clone(), one.what)).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let mut expected = vec![(x_key(&retweets[1]), Became::Gone), (x_key(&retweets[2]), Became::BreaksClause)];
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told, expected);

    // Its author replaces the words that we retweeted.
    world.x.simulator.state().posts.get_mut(&fine).unwrap().text = "別の話".to_owned();
    pass_hours(&world, 24);
    let report = audit(&world).await;
    assert!(report.outbound.retweets.iter().any(|one| one.post == x_key(&retweets[0]) && one.what == Became::Changed));
}
