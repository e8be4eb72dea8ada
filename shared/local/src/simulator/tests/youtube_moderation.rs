//! YouTube: batches are moderated whole or not at all, rejection is for good, units run out until midnight Pacific.

use http::Method;

use super::world::{CHANNEL, VIDEO, VIEWER, call, youtube_world};
use crate::simulator::youtube::Moderation;
use crate::simulator::{Effects, Endpoint};

#[tokio::test]
async fn a_held_comment_is_hidden_and_can_be_published_again() {
    let world = youtube_world().await;
    for status in ["heldForReview", "heldForReview", "published"] {
        let got = world.moderate(&format!("{},{}", world.comment, world.other), status).await;
        assert_eq!((got.status, got.body), (204, serde_json::Value::Null));
        assert_eq!(world.youtube.state().visible(&world.comment), status == "published");
    }
    assert_eq!(world.youtube.effects(&world.comment), Effects { calls: 3, performed: 3, changes: 2 });
    let now = world.clock.now();
    assert_eq!(world.youtube.state().quota.used(now), 150, "fifty a call, however many comments");
}

#[tokio::test]
async fn rejection_can_not_be_undone() {
    let world = youtube_world().await;
    assert_eq!(world.moderate(&world.comment, "rejected").await.status, 204);
    let got = world.moderate(&world.comment, "published").await;
    assert_eq!((got.status, got.reason()), (400, "processingFailure"));
    assert_eq!(world.moderate(&world.comment, "rejected").await.status, 204, "again is fine");
    assert_eq!(world.youtube.effects(&world.comment), Effects { calls: 3, performed: 2, changes: 1 });
}

#[tokio::test]
async fn one_bad_id_fails_the_whole_batch() {
    let world = youtube_world().await;
    let foreign = world.youtube.state().write("vid00000002", VIEWER, "elsewhere").unwrap();
    let gone = world.youtube.state().write(VIDEO, VIEWER, "gone").unwrap();
    world.youtube.state().comments.get_mut(&gone).unwrap().deleted = true;
    let expected = [
        ("unheard-of", 404, "commentNotFound"),
        (foreign.as_str(), 403, "forbidden"),
        (gone.as_str(), 400, "processingFailure"),
    ];
    for (bad, status, reason) in expected {
        let got = world.moderate(&format!("{},{bad}", world.comment), "rejected").await;
        assert_eq!((got.status, got.reason()), (status, reason));
        assert_eq!(got.body["error"]["code"], status);
    }
    assert!(world.youtube.state().visible(&world.comment));
}

#[tokio::test]
async fn calls_that_are_not_the_contract_are_refused() {
    let world = youtube_world().await;
    let comment = &world.comment;
    let many = vec![comment.as_str(); 51].join(",");
    let bad = [
        format!("id={many}&moderationStatus=rejected"),
        "moderationStatus=rejected".to_owned(),
        format!("id={comment}"),
        format!("id={comment}&moderationStatus=likelySpam"),
        format!("id={comment}&moderationStatus=hidden"),
        format!("id={comment}&moderationStatus=rejected&banAuthor=yes"),
        format!("id={comment}&moderationStatus=rejected&reason=spam"),
    ];
    for query in bad {
        let path = format!("/comments/setModerationStatus?{query}");
        assert_eq!(world.call(Method::POST, &path, "token-owner").await.status, 400, "{query}");
    }
    let url = format!(
        "{}/youtube/v3/comments/setModerationStatus?id={comment}&moderationStatus=rejected",
        world.running.origin()
    );
    assert_eq!(call(Method::POST, &url, "token-owner", Some("{}")).await.status, 400, "no body is taken");
    let got = call(Method::GET, &url, "token-owner", None).await;
    assert_eq!((got.status, got.kind.starts_with("text/html")), (404, true));
    assert!(world.youtube.state().visible(comment));
    assert_eq!(world.youtube.unwanted_requests().len(), 1);
}

#[tokio::test]
async fn a_ban_comes_with_rejection_alone_and_meets_later_comments() {
    let world = youtube_world().await;
    let held = world.moderate(&world.comment, "heldForReview&banAuthor=true").await;
    assert_eq!((held.status, held.reason()), (400, "banWithoutReject"));
    assert_eq!(world.moderate(&world.comment, "rejected&banAuthor=true").await.status, 204);
    let mut state = world.youtube.state();
    assert!(state.bans[CHANNEL].contains(VIEWER));
    let later = state.write(VIDEO, VIEWER, "me again").unwrap();
    assert_eq!(state.comments[&later].moderation, Moderation::Rejected);
}

#[tokio::test]
async fn tokens_are_checked_for_life_scope_and_ownership() {
    let world = youtube_world().await;
    let path = format!("/comments/setModerationStatus?id={}&moderationStatus=rejected", world.comment);
    let got = world.call(Method::POST, &path, "unheard-of").await;
    assert_eq!((got.status, got.reason(), &got.body["error"]["status"]), (401, "authError", &"UNAUTHENTICATED".into()));
    let got = world.call(Method::POST, &path, "token-viewer").await;
    assert_eq!((got.status, got.reason()), (403, "forbidden"));
    world.youtube.state().tokens.get_mut("token-owner").unwrap().scopes.clear();
    let got = world.call(Method::POST, &path, "token-owner").await;
    assert_eq!((got.status, got.reason()), (403, "insufficientPermissions"));
}

#[tokio::test]
async fn the_days_units_come_back_at_midnight_pacific() {
    let world = youtube_world().await;
    world.youtube.state().quota.daily = 100;
    // 22:00 of the day before, in California.
    for _ in 0..2 {
        assert_eq!(world.moderate(&world.comment, "heldForReview").await.status, 204);
    }
    let got = world.moderate(&world.comment, "published").await;
    assert_eq!((got.status, got.reason()), (403, "quotaExceeded"));
    assert_eq!(got.body["error"]["errors"][0]["domain"], "youtube.quota");
    world.clock.set("2026-11-24T07:59:59Z".parse().unwrap());
    assert_eq!(world.moderate(&world.comment, "published").await.status, 403);
    world.clock.set("2026-11-24T08:00:00Z".parse().unwrap());
    assert_eq!(world.moderate(&world.comment, "published").await.status, 204);
}

#[tokio::test]
async fn invalid_calls_cost_a_unit_and_unauthorised_ones_none() {
    let world = youtube_world().await;
    let now = world.clock.now();
    world.call(Method::GET, "/comments?part=snippet&id=x&nonsense=1", "token-owner").await;
    assert_eq!(world.youtube.state().quota.used(now), 1);
    world.call(Method::GET, "/comments?part=snippet&id=x", "unheard-of").await;
    assert_eq!(world.youtube.state().quota.used(now), 1);
}

#[tokio::test]
async fn only_own_comments_are_deleted() {
    let world = youtube_world().await;
    let ours = world.youtube.state().write(VIDEO, CHANNEL, "ありがとうございます").unwrap();
    let delete = |id: &str| {
        let path = format!("/comments?id={id}");
        let world = &world;
        async move { world.call(Method::DELETE, &path, "token-owner").await }
    };
    let got = delete(&world.comment).await;
    assert_eq!((got.status, got.reason()), (403, "forbidden"));
    assert_eq!(delete(&ours).await.status, 204);
    let got = delete(&ours).await;
    assert_eq!((got.status, got.reason()), (404, "commentNotFound"));
    assert_eq!(world.youtube.effects(&ours), Effects { calls: 2, performed: 1, changes: 1 });
}

#[tokio::test]
async fn what_would_publish_is_refused_and_logged_as_such() {
    let world = youtube_world().await;
    let before = world.youtube.state().comments.len();
    let calls = [(Method::POST, "/comments?part=snippet"), (Method::POST, "/commentThreads?part=snippet")];
    for (method, path) in calls.into_iter().chain([(Method::POST, "/liveChat/messages"), (Method::PUT, "/comments")]) {
        assert_eq!(world.call(method, path, "token-owner").await.status, 403, "{path}");
    }
    let logged = world.youtube.unwanted_requests();
    assert_eq!(logged.len(), 4);
    assert!(logged.iter().all(|request| request.endpoint == Endpoint::Publishing));
    assert_eq!(world.youtube.state().comments.len(), before);
}
