//! Decisions against what the platforms show.

use casework::decide::Ruling;
use local::simulator::youtube::Moderation;
use rules::Verdict;
use sweep::audit::reconcile::How;
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_key};

use crate::support::{audit, revoke_youtube};

fn moderate(world: &World, id: &str, moderation: Moderation) {
    world.youtube.simulator.state().comments.get_mut(id).unwrap().moderation = moderation;
}

#[tokio::test]
async fn what_is_as_recorded_is_no_news() {
    let world = World::new().await;
    let held = world.decided_comment(THREAT).await;
    world.decided_comment(PRAISE).await;
    let hidden = world.decided_reply(THREAT).await;
    world.tick().await;
    assert!(!world.youtube_visible(&held) && !world.x_visible(&hidden));
    let report = audit(&world).await;
    assert_eq!((report.reconciled.contradictions, report.reconciled.gone), (0, 0));
    assert_eq!((report.reconciled.youtube_asked, report.reconciled.hidden_by_record), (2, 1));
}

#[tokio::test]
async fn a_held_comment_that_somebody_published_is_told() {
    let world = World::new().await;
    let id = world.decided_comment(THREAT).await;
    world.tick().await;
    moderate(&world, &id, Moderation::Published);
    let report = audit(&world).await;
    assert_eq!(report.reconciled.named.len(), 1);
    assert_eq!(report.reconciled.named[0].post, youtube_key(&id));
    assert_eq!(report.reconciled.named[0].how, How::UndoneByHand);
    assert_eq!(world.case(&youtube_key(&id)).await.decisions.len(), 1, "it is told, not undone");
}

#[tokio::test]
async fn an_allowed_comment_that_is_held_is_told_and_sent_to_a_person_who_may_publish_it() {
    for moderation in [Moderation::HeldForReview, Moderation::LikelySpam] {
        let world = World::new().await;
        let id = world.decided_comment(PRAISE).await;
        moderate(&world, &id, moderation);
        let report = audit(&world).await;
        let told: Vec<_> = report.reconciled.named.iter().map(|one| (one.post.clone(), one.how)).collect();
        assert_eq!(told, [(youtube_key(&id), How::HeldThoughAllowed)]);
        assert_eq!((report.reconciled.sent, report.pending.reviews), (1, 1));

        world.rule(&youtube_key(&id), Ruling::Allow).await;
        world.tick().await;
        assert!(world.youtube_visible(&id));
        // Somebody holds it again: a person has said that it may stay, so it is told and no more.
        moderate(&world, &id, moderation);
        crate::support::pass_hours(&world, 24);
        let report = audit(&world).await;
        assert_eq!((report.reconciled.contradictions, report.reconciled.sent), (1, 0));
    }
}

#[tokio::test]
async fn the_text_of_what_is_gone_goes_too() {
    let world = World::new().await;
    let comment = world.decided_comment(PRAISE).await;
    let reply = world.decided_reply(THREAT).await;
    let stays = world.decided_comment("このアルバムが好きです").await;
    world.youtube.simulator.state().comments.get_mut(&comment).unwrap().deleted = true;
    world.x.simulator.state().posts.get_mut(&reply).unwrap().deleted = true;

    let report = audit(&world).await;
    assert_eq!((report.reconciled.gone, report.reconciled.texts_removed), (2, 2));
    for key in [youtube_key(&comment), x_key(&reply)] {
        let case = world.case(&key).await;
        assert!(case.post.is_none(), "the text of {key} is kept");
        assert_eq!(case.decisions.len(), 1, "what was decided stays");
    }
    let kept = world.items("PERSON#", "CONTENT#").await;
    assert_eq!(kept.len(), 1);
    assert!(world.case(&youtube_key(&stays)).await.post.is_some());
    assert_eq!(world.case(&x_key(&reply)).await.decisions[0].verdict, Verdict::Act);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_puts_the_look_off_and_forgets_nothing() {
    let world = World::new().await;
    let id = world.decided_comment(PRAISE).await;
    world.youtube.simulator.state().comments.get_mut(&id).unwrap().deleted = true;
    revoke_youtube(&world);
    let report = audit(&world).await;
    assert_eq!((report.reconciled.gone, report.reconciled.not_asked), (0, 1));
    assert!(report.reconciled.put_off[0].starts_with("youtube: "), "{:?}", report.reconciled.put_off);
    assert!(world.case(&youtube_key(&id)).await.post.is_some(), "nobody said that it is gone");
}
