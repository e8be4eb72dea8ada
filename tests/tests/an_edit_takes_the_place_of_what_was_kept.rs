//! X wants edited content changed wherever it is kept: an edit that is delivered leaves no earlier words behind.

use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::X_USER;
use rules::Verdict;
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key};
use tests::world::FAN;

#[tokio::test]
async fn an_earlier_version_of_our_own_post_that_comes_late_takes_nothing_back() {
    let world = World::new().await;
    let ours = world.write(X_USER, "本日のお知らせです", Link::None);
    world.pass(600);
    let edit = world.write(X_USER, "明日のお知らせです", Link::Edit(&ours));
    for version in [&edit, &ours] {
        world.deliver(PostEvent::Create, version).await;
    }
    let kept = world.case(&x_key(&ours)).await.outbound.map(|outbound| outbound.text);
    assert_eq!(kept.as_deref(), Some("明日のお知らせです"));
}

#[tokio::test]
async fn an_edited_quote_leaves_no_earlier_words() {
    let world = World::new().await;
    let ours = world.write(X_USER, "本日のお知らせです", Link::None);
    let quote = world.write(FAN, PRAISE, Link::Quote(&ours));
    world.deliver(PostEvent::Quote, &quote).await;
    assert_eq!(world.texts_kept().await, [PRAISE]);
    world.pass(600);
    let edit = world.write(FAN, THREAT, Link::Edit(&quote));
    world.deliver(PostEvent::Quote, &edit).await;
    assert_eq!(world.verdicts(&x_key(&quote)).await, [Verdict::Allow, Verdict::Act]);
    assert_eq!(world.texts_kept().await, [THREAT]);
}
