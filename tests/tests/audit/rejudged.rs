//! Kept posts are judged again as they were; what differs goes to a reviewer and nowhere else.

use casework::audit::Shelves;
use casework::decide::{Ruling, decide};
use casework::decision::Decider;
use rules::Verdict;
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_key};
use tests::world::SweepSandbox;

use crate::support::{audit, fixed, pass_hours, report_of, rule_on, rulebook_with, start};

/// A sandbox that judges by other rules.
fn with_rule(world: &World, word: &str, status: &str) -> SweepSandbox {
    let mut sandbox = world.sweep();
    sandbox.rulebooks = fixed(world, rulebook_with(&rule_on(word, status)));
    sandbox
}

#[tokio::test]
async fn an_older_post_under_newer_rules_goes_to_a_reviewer_and_nothing_is_done() {
    let world = World::new().await;
    let reply = world.decided_reply("きょうのまぼろしの語です").await;
    let other = world.decided_comment(PRAISE).await;
    let sandbox = with_rule(&world, "まぼろしの語", "enforce");
    start(&world, &sandbox).await.unwrap();

    let report = report_of(&world);
    assert_eq!((report.rejudged.severer, report.rejudged.milder, report.rejudged.sent), (1, 0, 1));
    assert_eq!(report.rejudged.judged, 2);
    let difference = &report.rejudged.differences[0];
    assert_eq!((&difference.post, difference.from, difference.to), (&x_key(&reply), Verdict::Allow, Verdict::Act));
    assert_eq!(difference.rule.as_deref(), Some("OTH900"));
    let case = world.case(&x_key(&reply)).await;
    assert_eq!(case.decisions.last().unwrap().verdict, Verdict::Review);
    assert_eq!(case.decisions.last().unwrap().by, Decider::Machine);
    assert!(case.actions.is_empty(), "nothing is planned by a rule that came later");
    world.tick().await;
    assert!(world.x_visible(&reply));
    assert_eq!(world.case(&youtube_key(&other)).await.decisions.len(), 1);

    // The next night finds it waiting, and sends nothing again.
    pass_hours(&world, 24);
    start(&world, &sandbox).await.unwrap();
    assert_eq!(report_of(&world).rejudged.sent, 0);
    assert_eq!(world.case(&x_key(&reply)).await.decisions.len(), 2);
}

#[tokio::test]
async fn what_was_acted_on_and_would_be_allowed_now_goes_to_a_reviewer_too() {
    let world = World::new().await;
    let id = world.decided_reply("きょうのまぼろしの語です").await;
    // As if an older rulebook had acted on it.
    let older = rulebook_with(&rule_on("まぼろしの語", "enforce"));
    let post = world.case(&x_key(&id)).await.post.unwrap();
    let edited = rules::Post { version: "2".to_owned(), ..post };
    casework::handle_post::handle_post(&world.store, &older.into(), &edited, || world.clock.now()).await.unwrap();
    assert_eq!(world.case(&x_key(&id)).await.decisions.last().unwrap().verdict, Verdict::Act);

    let report = audit(&world).await;
    assert_eq!((report.rejudged.milder, report.rejudged.sent), (1, 1));
    assert_eq!(world.case(&x_key(&id)).await.decisions.last().unwrap().verdict, Verdict::Review);
}

#[tokio::test]
async fn a_persons_word_stands() {
    let world = World::new().await;
    let id = world.decided_reply(THREAT).await;
    let key = x_key(&id);
    decide(&world.store, world.rulebook(), &key, Ruling::Allow, "a line of a song", "reviewer", world.clock.now())
        .await
        .unwrap();
    let report = audit(&world).await;
    assert_eq!((report.rejudged.ruled, report.rejudged.sent), (1, 0));
    assert_eq!(world.case(&key).await.decisions.len(), 2);
}

#[tokio::test]
async fn a_post_is_judged_again_with_what_was_known_when_it_was_judged() {
    let world = World::new().await;
    // A flood that only counters show: judged without them, every one would be allowed.
    for _ in 0..12 {
        world.decided_comment("同じ文章を何度も書きます、よろしくお願いします").await;
    }
    pass_hours(&world, 5);
    let report = audit(&world).await;
    assert_eq!(report.rejudged.judged, 12);
    assert_eq!(report.rejudged.without_context, 0);
    assert!(report.rejudged.differences.is_empty(), "{:?}", report.rejudged.differences);
}

#[tokio::test]
async fn a_decision_that_its_own_rules_do_not_explain_is_told() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    // As if the record had been changed by hand.
    let client = tests::table::client(&world.engine.address);
    client
        .update_item()
        .table_name(local::stack::table_name().unwrap())
        .key("pk", aws_sdk_dynamodb::types::AttributeValue::S(store::keys::post(&youtube_key(&id))))
        .key("sk", aws_sdk_dynamodb::types::AttributeValue::S("HEAD".to_owned()))
        .update_expression("SET verdict = :allow")
        .expression_attribute_values(":allow", aws_sdk_dynamodb::types::AttributeValue::S("allow".to_owned()))
        .send()
        .await
        .unwrap();
    let report = audit(&world).await;
    assert_eq!(report.rejudged.unexplained, 1);
    assert!(report.rejudged.differences[0].unexplained);
}

#[tokio::test]
async fn a_post_that_is_kept_in_two_versions_is_asked_for_once() {
    let world = World::new().await;
    let reply = x_key(&world.decided_reply(PRAISE).await);
    let found = world.store.standing_of(&[reply.clone(), reply.clone()]).await.unwrap();
    assert!(found.iter().flatten().all(|standing| standing.post == reply));
    assert_eq!(found.iter().flatten().count(), 2, "one answer for each place that asked");
}
