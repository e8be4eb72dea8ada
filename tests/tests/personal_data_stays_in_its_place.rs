//! Texts and names are in their person's partition only, and what has expired is not read, though it is still there.

#![allow(clippy::unwrap_used)]

use local::simulator::x::Link;
use tests::World;
use tests::flow::{THREAT, expire, x_key};
use tests::world::FAN;

#[tokio::test]
async fn expired_texts_and_strikes_are_not_read() {
    let world = World::new().await;
    let first = world.decided_reply(THREAT).await;
    let second = world.decided_reply("お前を必ず殺す").await;
    let case = world.case(&x_key(&second)).await;
    assert_eq!((case.post.map(|post| post.text.contains("殺す")), case.strikes), (Some(true), 1));

    let strikes = world.items("PERSON#", "STRIKE#").await;
    assert_eq!(strikes.len(), 2);
    for item in strikes.iter().chain(&world.items("PERSON#", "CONTENT#").await) {
        expire(&world, item, world.clock.now()).await;
    }
    let case = world.case(&x_key(&second)).await;
    assert_eq!((case.post, case.evidence.len(), case.strikes), (None, 0, 0));
    assert_eq!(world.items("PERSON#", "CONTENT#").await.len(), 2, "still in the table");
    assert!(world.case(&x_key(&first)).await.post.is_none());
}

#[tokio::test]
async fn no_text_name_or_user_id_is_outside_its_persons_partition() {
    let world = World::new().await;
    let id = world.write(FAN, &format!("@SOCKETS_JP {THREAT}"), Link::None);
    world.deliver(local::simulator::deliver::x_event::PostEvent::Mention, &id).await;
    let own = world.items("PERSON#", "").await;
    let secrets = [THREAT, FAN, "fan_mihon", "ファン"];
    for secret in secrets {
        assert!(own.iter().any(|item| item.to_string().contains(secret)), "{secret} is kept with the person");
    }
    let others = world.items("", "").await;
    for item in others.iter().filter(|item| !item["pk"].as_str().unwrap().starts_with("PERSON#")) {
        for secret in secrets {
            assert!(!item.to_string().contains(secret), "{secret} in {} {}", item["pk"], item["sk"]);
        }
    }
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    for read in ["read_user_id", "read_published_name", "read_nickname", "read_profile_photograph"] {
        assert_eq!(profile[read]["purpose"].is_string(), profile.get(read).is_some(), "{read}");
    }
    assert!(profile["read_user_id"]["at"].is_string() && profile["read_nickname"]["source"].is_string());
}
