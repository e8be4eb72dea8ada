//! What has expired is not read, though the table still holds it; and only what a platform disclosed is registered.

#![allow(clippy::unwrap_used)]

use casework::event::Event;
use casework::ledger::Cases;
use jiff::SignedDuration;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::X_USER;
use platforms::x::parse::parse;
use rules::{Context, Post};
use serde_json::Value;
use tests::World;
use tests::flow::{PRAISE, THREAT, expire, x_key};
use tests::world::{STRANGER, accounts};

/// A post as X tells of it.
fn told(world: &World, id: &str) -> Post {
    let events = parse(&world.x_body(PostEvent::Reply, id, 9), &accounts()).unwrap();
    let [Event::Post(post)] = events.as_slice() else { panic!("one post") };
    (**post).clone()
}

async fn context(world: &World, post: &Post) -> Context {
    // Boxed: the future of all these reads is large, and a test's stack is small.
    Box::pin(world.store.gather(post, world.clock.now())).await.unwrap().context
}

/// Lets all items of a kind expire now, and asserts that there are some.
async fn expire_all(world: &World, partition: &str, sort_key: &str) {
    let items = world.items(partition, sort_key).await;
    assert!(!items.is_empty());
    for item in &items {
        expire(world, item, world.clock.now()).await;
    }
}

/// What a profile registers as read, sorted.
fn registered(profile: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        profile.as_object().unwrap().keys().filter_map(|name| name.strip_prefix("read_")).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn judging_sees_no_expired_post_strike_profile_or_sighting() {
    let world = World::new().await;
    world.decided_reply(THREAT).await;
    let ours = world.write(X_USER, "お知らせ", Link::None);
    let strangers = world.write(STRANGER, THREAT, Link::Reply(&ours));
    world.deliver(PostEvent::Reply, &strangers).await;
    let next = told(&world, &world.reply(THREAT));

    let seen = context(&world, &next).await;
    assert_eq!(seen.author.posts_last_hour, Some(1));
    assert_eq!(seen.author.same_text_last_day, Some(1));
    assert_eq!(seen.author.strikes, Some(1));
    assert_eq!(seen.author.first_seen, Some(world.clock.now()));
    assert_eq!(seen.same_text_by_others, Some(1));

    expire_all(&world, "PERSON#", "CONTENT#").await;
    let seen = context(&world, &next).await;
    assert_eq!((seen.author.posts_last_hour, seen.author.same_text_last_day), (Some(0), Some(0)));
    expire_all(&world, "PERSON#", "STRIKE#").await;
    assert_eq!(context(&world, &next).await.author.strikes, Some(0));
    expire_all(&world, "PERSON#", "PROFILE").await;
    assert_eq!(context(&world, &next).await.author.first_seen, None);
    expire_all(&world, "SAME#", "").await;
    assert_eq!(context(&world, &next).await.same_text_by_others, Some(0));
    assert_eq!(world.items("PERSON#", "").await.len(), 6, "all of it is still in the table");
}

#[tokio::test]
async fn texts_and_strikes_end_when_the_policy_says() {
    let world = World::new().await;
    let policy = world.rulebook().policy();
    let id = world.decided_reply(THREAT).await;
    let next = told(&world, &world.reply(THREAT));
    let day = 24 * 3600;
    let (text, strike) =
        (i64::from(policy.retention.flagged_content_days) * day, i64::from(policy.strike_window_days) * day);
    assert!(text < strike);

    world.pass(text - 1);
    assert!(world.case(&x_key(&id)).await.post.is_some());
    world.pass(1);
    let case = world.case(&x_key(&id)).await;
    assert!(case.post.is_none() && case.evidence.is_empty());
    assert_eq!(case.decisions.len(), 1, "the decision stays");

    world.pass(strike - text - 1);
    assert_eq!(context(&world, &next).await.author.strikes, Some(1));
    world.pass(1);
    let seen = context(&world, &next).await.author;
    assert_eq!((seen.strikes, seen.first_seen), (Some(0), None));
}

/// Days for which the only profile is kept from now on.
async fn profile_days(world: &World) -> i64 {
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    (profile["expires"].as_i64().unwrap() - world.clock.now().as_second()) / (24 * 3600)
}

#[tokio::test]
async fn a_profile_goes_with_the_text_or_with_the_strike() {
    let world = World::new().await;
    let policy = world.rulebook().policy();
    let (text, strike) = (i64::from(policy.retention.allowed_content_days), i64::from(policy.strike_window_days));
    world.decided_reply(PRAISE).await;
    assert_eq!(profile_days(&world).await, text);
    world.decided_reply(THREAT).await;
    assert_eq!(profile_days(&world).await, strike);
    world.decided_reply(PRAISE).await;
    assert_eq!(profile_days(&world).await, strike, "what is allowed later shortens nothing");
    let since = world.clock.now();
    world.pass(24 * 3600);
    let next = told(&world, &world.reply(THREAT));
    assert_eq!(context(&world, &next).await.author.first_seen, Some(since));

    let world = World::new().await;
    world.decided_comment(PRAISE).await;
    assert_eq!(profile_days(&world).await, text);
    world.decided_comment(THREAT).await;
    assert_eq!(profile_days(&world).await, 30, "YouTube wants it read anew or deleted by then");
}

#[tokio::test]
async fn an_expired_profile_is_not_revived_by_the_authors_next_post() {
    let world = World::new().await;
    let first = world.reply(THREAT);
    world.deliver(PostEvent::Mention, &first).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(registered(&profile), ["nickname", "profile_photograph", "published_name", "user_id"]);

    let window = i64::from(world.rulebook().policy().strike_window_days);
    world.clock.advance(SignedDuration::from_hours(24 * window));
    let second = world.reply(THREAT);
    world.deliver(PostEvent::Reply, &second).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(registered(&profile), ["user_id"], "the reply told the id alone");
    let old = ["nickname", "profile_photograph", "published_name"];
    assert!(old.iter().all(|name| profile.get(*name).is_none()), "what had expired is gone");
    let seen = context(&world, &told(&world, &world.reply(THREAT))).await;
    assert_eq!(seen.author.first_seen, Some(world.clock.now()));
}

#[tokio::test]
async fn a_living_profile_keeps_what_an_earlier_post_disclosed() {
    let world = World::new().await;
    let first = world.reply(THREAT);
    world.deliver(PostEvent::Mention, &first).await;
    let since = world.clock.now();
    world.pass(3600);
    world.decided_reply(THREAT).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(registered(&profile), ["nickname", "profile_photograph", "published_name", "user_id"]);
    let seen = context(&world, &told(&world, &world.reply(THREAT))).await;
    assert_eq!(seen.author.first_seen, Some(since));
}

#[tokio::test]
async fn only_what_the_platform_disclosed_is_registered() {
    let world = World::new().await;
    world.decided_reply(THREAT).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(registered(&profile), ["user_id"], "a reply of X names its author by id alone");

    let world = World::new().await;
    world.decided_comment(THREAT).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(registered(&profile), ["profile_photograph", "published_name", "user_id"], "YouTube has no handle");
    for name in registered(&profile) {
        let entry = &profile[format!("read_{name}")];
        assert!(["source", "at", "purpose"].iter().all(|part| entry[part].is_string()), "{name}: {entry}");
    }
}
