//! Edits move nothing up a list, and late replies neither: both are found when lists are read again.

use casework::decide::Ruling;
use casework::handle_post::{Handled, handle_post};
use local::simulator::x::Link;
use local::stack::X_USER;
use rules::{Post, Verdict};
use tests::World;
use tests::flow::{PRAISE, THREAT, x_key, youtube_key};
use tests::world::FAN;

/// The author changes a comment.
fn edit(world: &World, comment: &str, text: &str) {
    let now = world.clock.now();
    let state = &mut world.youtube.simulator.state();
    let comment = state.comments.get_mut(comment).unwrap();
    (comment.text, comment.updated_at) = (text.to_owned(), now);
}

#[tokio::test]
async fn an_edited_comment_is_judged_again() {
    let world = World::new().await;
    let comment = world.comment(PRAISE);
    world.poll().await;
    world.pass(600);
    edit(&world, &comment, THREAT);
    world.poll().await;
    assert_eq!(world.verdicts(&youtube_key(&comment)).await, [Verdict::Allow, Verdict::Act]);
}

#[tokio::test]
async fn a_comment_that_is_edited_back_is_judged_again() {
    let world = World::new().await;
    let comment = world.comment(THREAT);
    let key = youtube_key(&comment);
    world.poll().await;
    let lagging = world.case(&key).await.post.unwrap();
    world.pass(600);
    edit(&world, &comment, PRAISE);
    world.poll().await;
    assert_eq!(world.verdicts(&key).await, [Verdict::Act, Verdict::Allow]);
    // A list that lags shows the words of before.
    let handled = handle_post(&world.store, &world.rulebook().into(), &lagging, || world.clock.now()).await.unwrap();
    assert_eq!(handled, Handled::Known);

    world.pass(600);
    edit(&world, &comment, THREAT);
    world.poll().await;
    world.tick().await;
    assert_eq!(world.verdicts(&key).await, [Verdict::Act, Verdict::Allow, Verdict::Act]);
    assert!(!world.youtube_visible(&comment));

    world.rule(&key, Ruling::Allow).await;
    world.tick().await;
    for text in [PRAISE, THREAT] {
        world.pass(600);
        edit(&world, &comment, text);
        world.poll().await;
    }
    let verdicts = world.verdicts(&key).await;
    assert_eq!(verdicts[3..], [Verdict::Allow, Verdict::Allow], "what a person allowed is left so");
}

#[tokio::test]
async fn an_earlier_version_that_is_looked_at_late_is_left() {
    let world = World::new().await;
    let comment = world.comment(PRAISE);
    let earlier = world.listed(&comment).await;
    world.pass(600);
    edit(&world, &comment, THREAT);
    world.poll().await;
    let handled = handle_post(&world.store, &world.rulebook().into(), &earlier, || world.clock.now()).await.unwrap();
    assert_eq!(handled, Handled::Refused);
    world.tick().await;
    assert_eq!(world.verdicts(&youtube_key(&comment)).await, [Verdict::Act]);
    assert!(!world.youtube_visible(&comment));
}

#[tokio::test]
async fn an_old_comment_that_is_edited_is_found_by_the_window_of_the_hour() {
    let world = World::new().await;
    world.short_pages();
    let old = world.comments(35);
    world.poll().await;
    assert_eq!(world.decided(&old).await, (35, 35));
    world.pass(2 * 3600);
    edit(&world, &old[0], THREAT);
    world.poll().await;
    let verdicts = world.verdicts(&youtube_key(&old[0])).await;
    assert_eq!((verdicts.len(), verdicts.last()), (2, Some(&Verdict::Act)));
    assert_eq!(world.decided(&old).await, (35, 36), "nothing else was judged again");
}

#[tokio::test]
async fn a_reply_to_an_old_thread_is_found_whichever_replies_the_list_shows() {
    let world = World::new().await;
    let comment = world.comment(PRAISE);
    for number in 0..12 {
        world.pass(1);
        world.comment_reply(&comment, &format!("{number}番目の返信です"));
    }
    world.poll().await;
    let replies = world.items("POST#youtube#", "DECISION#").await.len();
    assert_eq!(replies, 13, "five are shown with the thread, the others have to be asked for");
    world.pass(3600);
    let late = world.comment_reply(&comment, THREAT);
    world.poll().await;
    assert_eq!(world.verdicts(&youtube_key(&late)).await, [Verdict::Act]);
}

#[tokio::test]
async fn an_edited_quote_is_judged_again_as_its_newest_version() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let quote = world.write(FAN, PRAISE, Link::Quote(&root));
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&quote)).await, [Verdict::Allow]);
    world.pass(1500);
    world.write(FAN, THREAT, Link::Edit(&quote));
    world.poll().await;
    assert_eq!(world.verdicts(&x_key(&quote)).await.len(), 2);
    assert_eq!(world.texts_kept().await, [THREAT], "X wants what was edited changed where it is kept");
}

#[tokio::test]
async fn an_earlier_version_that_comes_late_changes_nothing() {
    let world = World::new().await;
    let root = world.write(X_USER, "本日のお知らせです", Link::None);
    let quote = world.write(FAN, PRAISE, Link::Quote(&root));
    world.pass(600);
    world.write(FAN, THREAT, Link::Edit(&quote));
    world.poll().await;
    let newest = world.case(&x_key(&quote)).await.post.unwrap();
    assert!(newest.text.starts_with(THREAT), "{}", newest.text);

    let earlier = Post { target: quote.clone(), version: quote.clone(), text: PRAISE.to_owned(), ..newest };
    let handled = handle_post(&world.store, &world.rulebook().into(), &earlier, || world.clock.now()).await.unwrap();
    assert_eq!(handled, Handled::Refused);
    assert_eq!(world.verdicts(&x_key(&quote)).await, [Verdict::Act]);
    assert_eq!(world.texts_kept().await, [THREAT]);
}
