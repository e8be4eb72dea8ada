//! YouTube: listings show what the viewer may see, page by page, and say the moderation status only where Google does.

use http::Method;
use jiff::SignedDuration;

use super::world::{CHANNEL, VIDEO, VIEWER, youtube_world};

#[tokio::test]
async fn a_listing_takes_exactly_one_filter_and_known_parts() {
    let world = youtube_world().await;
    let bad = [
        ("/comments?part=snippet", "missingRequiredParameter"),
        ("/comments?part=snippet&id=a&parentId=b", "incompatibleParameters"),
        ("/comments?id=a", "missingRequiredParameter"),
        ("/comments?part=replies&id=a", "unknownPart"),
        ("/comments?part=snippet&id=a&maxResults=5", "incompatibleParameters"),
        ("/commentThreads?part=snippet&videoId=vid00000001&maxResults=0", "invalidParameter"),
        ("/commentThreads?part=snippet&videoId=vid00000001&maxResults=101", "invalidParameter"),
        ("/commentThreads?part=snippet&videoId=vid00000001&order=newest", "invalidParameter"),
        ("/commentThreads?part=snippet&videoId=vid00000001&pageToken=made-up", "invalidPageToken"),
        ("/commentThreads?part=snippet&videoId=vid00000001&moderationStatus=rejected", "invalidParameter"),
        ("/commentThreads?part=snippet&id=a&moderationStatus=published", "incompatibleParameters"),
        ("/commentThreads?part=snippet&videoId=vid00000001&id=a", "incompatibleParameters"),
    ];
    for (path, reason) in bad {
        let got = world.call(Method::GET, path, "token-owner").await;
        assert_eq!((got.status, got.reason()), (400, reason), "{path}");
    }
    let got = world.call(Method::GET, "/commentThreads?part=snippet&videoId=none", "token-owner").await;
    assert_eq!((got.status, got.reason()), (404, "videoNotFound"));
    world.youtube.state().videos.get_mut(VIDEO).unwrap().comments_disabled = true;
    let path = format!("/commentThreads?part=snippet&videoId={VIDEO}");
    let got = world.call(Method::GET, &path, "token-owner").await;
    assert_eq!((got.status, got.reason()), (403, "commentsDisabled"));
}

#[tokio::test]
async fn the_moderation_status_is_for_the_owner_and_never_comes_with_the_id_filter() {
    let world = youtube_world().await;
    world.moderate(&world.comment, "heldForReview").await;
    let held = format!("/commentThreads?part=snippet&videoId={VIDEO}&moderationStatus=heldForReview");
    let got = world.call(Method::GET, &held, "token-owner").await;
    let top = &got.body["items"][0]["snippet"]["topLevelComment"];
    assert_eq!((top["id"].as_str(), got.body["items"].as_array().unwrap().len()), (Some(&*world.comment), 1));
    assert_eq!(top["snippet"]["moderationStatus"], "heldForReview");
    let got = world.call(Method::GET, &held, "token-viewer").await;
    assert_eq!((got.status, got.reason()), (403, "forbidden"));
    let by_id = format!("/comments?part=snippet&id={}", world.comment);
    let got = world.call(Method::GET, &by_id, "token-owner").await;
    assert_eq!(got.body["items"][0]["snippet"].get("moderationStatus"), None);
    let got = world.call(Method::GET, &by_id, "token-viewer").await;
    assert_eq!(got.body["items"].as_array().unwrap().len(), 0, "held comments are the owner's to see");
    world.moderate(&world.comment, "rejected").await;
    let got = world.call(Method::GET, &by_id, "token-owner").await;
    assert_eq!(got.body["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_held_reply_brings_its_thread_into_the_held_listing() {
    let world = youtube_world().await;
    let reply = world.youtube.state().reply(&world.comment, VIEWER, "返信").unwrap();
    world.moderate(&reply, "heldForReview").await;
    let held = format!(
        "/commentThreads?part=id,snippet,replies&allThreadsRelatedToChannelId={CHANNEL}&moderationStatus=heldForReview"
    );
    let got = world.call(Method::GET, &held, "token-owner").await;
    let thread = &got.body["items"][0];
    assert_eq!(thread["id"], world.comment);
    let shown = &thread["replies"]["comments"][0];
    assert_eq!((shown["id"].as_str(), shown["snippet"]["parentId"].as_str()), (Some(&*reply), Some(&*world.comment)));
    let replies = format!("/comments?part=snippet&parentId={}", world.comment);
    let got = world.call(Method::GET, &replies, "token-owner").await;
    assert_eq!(got.body["items"][0]["snippet"]["moderationStatus"], "heldForReview");
    let got = world.call(Method::GET, &replies, "token-viewer").await;
    assert_eq!(got.body["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_and_belong_to_their_listing() {
    let world = youtube_world().await;
    let mut expected = Vec::new();
    for number in 0..5 {
        world.clock.advance(SignedDuration::from_secs(60));
        expected.insert(0, world.youtube.state().write(VIDEO, VIEWER, &format!("No. {number}")).unwrap());
    }
    expected.extend([world.other.clone(), world.comment.clone()]);
    let path = format!("/commentThreads?part=snippet&videoId={VIDEO}&maxResults=3&order=time");
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let got = world.call(Method::GET, &format!("{path}{token}"), "token-owner").await;
        let items = got.body["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = got.body["nextPageToken"].as_str() else { break };
        let elsewhere = format!("/commentThreads?part=snippet&allThreadsRelatedToChannelId={CHANNEL}&pageToken={next}");
        assert_eq!(world.call(Method::GET, &elsewhere, "token-owner").await.reason(), "invalidPageToken");
        token = format!("&pageToken={next}");
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn text_comes_as_html_unless_asked_and_the_original_for_owner_and_author() {
    let world = youtube_world().await;
    world.youtube.state().comments.get_mut(&world.comment).unwrap().image_url = Some("https://img.example/1".into());
    let path = format!("/comments?part=id,snippet&id={}", world.comment);
    let got = world.call(Method::GET, &path, "token-owner").await;
    let snippet = &got.body["items"][0]["snippet"];
    assert_eq!(snippet["textDisplay"], "&lt;b&gt;Great&lt;/b&gt; &amp; &quot;nice&quot;");
    assert_eq!(
        (&snippet["textOriginal"], &snippet["imageUrl"]),
        (&"<b>Great</b> & \"nice\"".into(), &"https://img.example/1".into())
    );
    let got = world.call(Method::GET, &format!("{path}&textFormat=plainText"), "token-owner").await;
    assert_eq!(got.body["items"][0]["snippet"]["textDisplay"], "<b>Great</b> & \"nice\"");
}
