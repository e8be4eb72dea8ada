//! What neither webhook nor poll brought is found and decided like any other.

use local::simulator::x::Link;
use local::stack::X_USER;
use rules::Verdict;
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_key};
use tests::world::{COMMENTER, FAN, STRANGER};

use crate::support::{audit, own_post, pass_hours, revoke_x};

#[tokio::test]
async fn comments_and_answers_that_nobody_delivered_are_decided() {
    let world = World::new().await;
    let root = own_post(&world, "本日のお知らせです").await;
    let known = world.decided_comment(PRAISE).await;
    let threat = world.comment(THREAT);
    let reply = world.youtube.simulator.state().reply(&known, COMMENTER, THREAT).unwrap();
    let answer = world.write(FAN, PRAISE, Link::Reply(&root));
    // No event reports an answer to an answer.
    let deep = world.write(STRANGER, THREAT, Link::Reply(&answer));
    let own = world.write(X_USER, "リリースのお知らせです", Link::None);
    pass_hours(&world, 2);

    let report = audit(&world).await;
    for key in [youtube_key(&threat), youtube_key(&reply), x_key(&deep)] {
        assert_eq!(world.case(&key).await.decisions.last().unwrap().verdict, Verdict::Act, "{key}");
        let named = report.missed.named.iter().find(|missed| missed.post == key).unwrap();
        assert_eq!((named.verdict.as_str(), named.hours), ("act", 2));
    }
    assert_eq!(world.case(&x_key(&answer)).await.decisions.last().unwrap().verdict, Verdict::Allow);
    assert!(world.case(&x_key(&own)).await.outbound.is_some());
    assert_eq!((report.missed.missed, report.missed.missed_own), (4, 1));
    assert!(report.missed.put_off.is_empty(), "{:?}", report.missed.put_off);
    assert!(report.missed.named.iter().all(|missed| missed.post != youtube_key(&known)), "it was known");
}

#[tokio::test]
async fn what_is_older_than_seven_days_is_left_alone() {
    let world = World::new().await;
    let old = world.comment(THREAT);
    pass_hours(&world, 24 * 8);
    let report = audit(&world).await;
    assert_eq!(report.missed.missed, 0);
    assert!(world.items_of(&youtube_key(&old), "").await.is_empty());
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_told_and_the_other_is_listed() {
    let world = World::new().await;
    let threat = world.comment(THREAT);
    revoke_x(&world);
    let report = audit(&world).await;
    assert_eq!(report.missed.missed, 1);
    assert_eq!(world.case(&youtube_key(&threat)).await.decisions.len(), 1);
    assert!(report.missed.put_off.iter().any(|reason| reason.starts_with("x: ")), "{:?}", report.missed.put_off);
}
