//! A rule whose hit rate jumps is demoted to review by the next tick, with what it had planned, until a person restores it.

use aws_sdk_dynamodb::types::AttributeValue;
use casework::ledger::{Desk, WaitsFor};
use casework::planned::ActionState;
use casework::publication::{Cause, Demotion, Publications, Restored};
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::{X_USER, table_name, tick_event};
use metrics_util::debugging::DebuggingRecorder;
use rules::Verdict;
use tests::flow::x_key;
use tests::world::{EnforceSandbox, FAN, WebhookSandbox};
use tests::{World, deliver, table};

use crate::{MARKED, REFRESH, numbered, publish, with_rule};

const RULE: &str = "NUI900";

/// Days before in which so many posts came and no rule acted.
async fn quiet_days(world: &World, posts: u32) {
    let item = [
        ("pk", AttributeValue::S("HITS#2026-11-16".to_owned())),
        ("sk", AttributeValue::S("2026-11-16T05#0".to_owned())),
        ("posts", AttributeValue::N(posts.to_string())),
    ];
    let item = item.map(|(name, value)| (name.to_owned(), value)).into();
    let put = table::client(&world.engine.address).put_item().table_name(table_name().unwrap());
    put.set_item(Some(item)).send().await.unwrap();
}

/// One tick of a sandbox that goes on running.
async fn tick(enforce: &EnforceSandbox) {
    Box::pin(enforce.handle(tick_event())).await.unwrap();
}

/// A reply by somebody who never wrote before.
async fn by_somebody_new(world: &World, webhook: &WebhookSandbox, number: u32) -> String {
    let author = (9_100_000_000_000_000_000 + u64::from(number)).to_string();
    world.x.simulator.state().add_user(&author, &format!("hito_{number}"), "人");
    by(world, webhook, &author).await
}

async fn by(world: &World, webhook: &WebhookSandbox, author: &str) -> String {
    let ours = world.write(X_USER, "本日のお知らせです", Link::None);
    let id = world.write(author, &numbered(MARKED), Link::Reply(&ours));
    let body = world.x_body(PostEvent::Reply, &id, 1);
    assert_eq!(Box::pin(deliver::x(world, webhook, &body)).await, 200);
    id
}

async fn demoted(world: &World) -> Vec<String> {
    world.store.standing().await.unwrap().demoted().map(|demotion| demotion.rule.clone()).collect()
}

#[tokio::test]
async fn a_rule_that_suddenly_hits_many_people_leads_to_review_until_it_is_restored() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let world = World::new().await;
    quiet_days(&world, 2000).await;
    Box::pin(publish(&world, with_rule("enforce"))).await;
    let (webhook, enforce) = (world.webhook(), world.enforce());
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(by_somebody_new(&world, &webhook, number).await);
    }
    tick(&enforce).await;
    assert!(demoted(&world).await.is_empty(), "four people may be chance");
    assert!(ids.iter().all(|id| !world.x_visible(id)));

    for number in 4..7 {
        ids.push(by_somebody_new(&world, &webhook, number).await);
    }
    world.pass(60);
    tick(&enforce).await;
    assert_eq!(demoted(&world).await, [RULE]);
    let counted = snapshotter.snapshot().into_vec();
    assert!(counted.iter().any(|(key, ..)| key.key().name() == lambda_kit::metrics::RULES_DEMOTED));

    // What it had planned and nobody did yet waits for a person.
    for id in &ids[4..] {
        assert!(world.x_visible(id));
        let action = world.only_action(&x_key(id)).await;
        assert_eq!(action.state, ActionState::Cancelled);
        assert_eq!(action.outcome.as_deref(), Some("its rule was demoted: back to review"));
    }
    let queue = world.store.queue().await.unwrap();
    assert_eq!(queue.iter().filter(|entry| entry.waits_for == WaitsFor::Ruling(Verdict::Review)).count(), 3);

    // What comes later is reviewed, by a sandbox that runs and by a new one.
    for webhook in [webhook, world.webhook()] {
        let id = by_somebody_new(&world, &webhook, 10).await;
        let decision = world.case(&x_key(&id)).await.decisions.remove(0);
        assert_eq!(decision.verdict, Verdict::Review);
        assert_eq!(decision.limited.as_deref(), Some("demoted to review: NUI900"));
    }

    let restored = Restored { at: world.clock.now(), by: "editor".to_owned(), reason: "all were right".to_owned() };
    assert!(world.store.restore(RULE, &restored).await.unwrap());
    assert!(!world.store.restore(RULE, &restored).await.unwrap(), "once");
    world.pass(REFRESH);
    let webhook = world.webhook();
    let id = by_somebody_new(&world, &webhook, 20).await;
    assert_eq!(world.case(&x_key(&id)).await.decisions[0].verdict, Verdict::Act);
    world.pass(60);
    tick(&enforce).await;
    assert!(demoted(&world).await.is_empty(), "a person's word holds for a day");
    assert!(!world.x_visible(&id));
}

#[tokio::test]
async fn what_a_rule_planned_that_a_person_demotes_stays_undone() {
    let world = World::new().await;
    Box::pin(publish(&world, with_rule("enforce"))).await;
    let id = by_somebody_new(&world, &world.webhook(), 0).await;
    let cause = Cause::Person { by: "editor".to_owned(), reason: "it hits fans".to_owned() };
    let (rule, at, rulebook) = (RULE.to_owned(), world.clock.now(), world.rulebook().version().to_owned());
    let demotion = Demotion { rule, at, rulebook, cause, restored: None, times: 1 };
    assert!(world.store.demote(&demotion).await.unwrap());
    assert!(!world.store.demote(&demotion).await.unwrap(), "once");
    assert_eq!(world.store.standing().await.unwrap().demotions, [demotion]);
    world.pass(REFRESH);
    world.tick().await;
    assert!(world.x_visible(&id));
    assert_eq!(world.only_action(&x_key(&id)).await.state, ActionState::Cancelled);
    let later = by_somebody_new(&world, &world.webhook(), 1).await;
    assert_eq!(world.case(&x_key(&later)).await.decisions[0].verdict, Verdict::Review);
}

#[tokio::test]
async fn one_person_who_posts_a_lot_is_no_jump() {
    let world = World::new().await;
    quiet_days(&world, 2000).await;
    Box::pin(publish(&world, with_rule("enforce"))).await;
    let webhook = world.webhook();
    for _ in 0..8 {
        by(&world, &webhook, FAN).await;
        world.pass(1);
    }
    world.tick().await;
    assert!(demoted(&world).await.is_empty());
}

#[tokio::test]
async fn without_days_before_nothing_is_a_jump() {
    let world = World::new().await;
    quiet_days(&world, 200).await;
    Box::pin(publish(&world, with_rule("enforce"))).await;
    let webhook = world.webhook();
    for number in 0..8 {
        by_somebody_new(&world, &webhook, number).await;
    }
    world.tick().await;
    assert!(demoted(&world).await.is_empty());
}

#[tokio::test]
async fn a_shadow_rule_is_counted_and_changes_nothing() {
    use casework::publication::Tallies;
    let world = World::new().await;
    Box::pin(publish(&world, with_rule("shadow"))).await;
    let webhook = world.webhook();
    let id = by_somebody_new(&world, &webhook, 1).await;
    let decision = world.case(&x_key(&id)).await.decisions.remove(0);
    assert_eq!(decision.verdict, Verdict::Allow);
    let finding = decision.findings.iter().find(|finding| finding.rule == RULE).expect("recorded in shadow");
    assert_eq!(finding.verdict, Verdict::Allow);
    let now = world.clock.now();
    let tally = world.store.tally(now - jiff::SignedDuration::from_hours(24), now).await.unwrap();
    assert_eq!((tally.posts, tally.rules[RULE].fired, tally.rules[RULE].acted), (1, 1, 0));
}
