//! What people say, told and never punished.

use tests::World;
use tests::flow::{PRAISE, THREAT, youtube_key};

use crate::support::{audit, page_of, pass_hours};

#[tokio::test]
async fn the_sharpest_complaints_and_questions_are_quoted_and_threats_are_not() {
    let world = World::new().await;
    world.decided_comment("今日はもう昨日の話").await;
    pass_hours(&world, 25);
    let mild = world.decided_comment("検索が少し遅いです").await;
    let sharp = world.decided_comment("アップデートしてから毎回落ちる。最悪です、返金してほしい").await;
    let question = world.decided_comment("新曲はいつ配信されますか？").await;
    world.decided_comment(PRAISE).await;
    let threat = world.decided_comment(THREAT).await;

    let digest = audit(&world).await.digest;
    assert_eq!((digest.posts, digest.platforms["youtube"]), (5, 5));
    let complaints: Vec<_> = digest.complaints.iter().map(|told| told.post.clone()).collect();
    assert_eq!(complaints, [youtube_key(&sharp), youtube_key(&mild)]);
    assert_eq!(digest.questions[0].post, youtube_key(&question));
    assert_eq!((digest.voices["complaint"], digest.voices["praise"]), (2, 1));
    assert_eq!(digest.verdicts["act"], 1);
    assert_eq!(digest.conversations[&format!("youtube:{}", tests::world::VIDEO)], 4);
    let page = page_of(&world);
    assert!(page.contains("返金してほしい") && page.contains("新曲はいつ配信されますか"));
    assert!(!page.contains(THREAT), "a threat is no opinion: {threat}");
}
