//! Faults: each one as the contract words it, met once, in order, with the effect done or not as asked.

use http::Method;
use jiff::SignedDuration;

use super::world::{try_call, x_world, youtube_world};
use crate::simulator::{Effect, Effects, Fault, Matcher};

#[tokio::test]
async fn a_fault_meets_the_first_fitting_call_and_no_other() {
    let world = x_world().await;
    let hide = Matcher::call(Method::PUT, "/2/tweets/*/hidden");
    world.x.fail_next(hide.clone().about(&world.foreign_reply), Fault::Unauthorized);
    world.x.fail_next(hide, Fault::CreditsDepleted);
    let got = world.hide(&world.reply, true).await;
    assert_eq!((got.status, got.problem()), (402, "credits-depleted"));
    assert_eq!(world.hide(&world.reply, true).await.status, 200);
    assert_eq!(world.x.faults_left(), 1);
    assert_eq!(world.hide(&world.foreign_reply, true).await.status, 401);
    assert_eq!(world.x.requests()[0].fault, Some(Fault::CreditsDepleted));
}

#[tokio::test]
async fn both_kinds_of_429_on_x_can_be_told_apart() {
    let world = x_world().await;
    let reset = world.clock.now().checked_add(SignedDuration::from_mins(7)).unwrap();
    world.x.fail_next(Matcher::any(), Fault::Status429 { reset });
    world.x.fail_next(Matcher::any(), Fault::UsageCapped);
    let got = world.hide(&world.reply, true).await;
    assert_eq!((got.status, got.problem()), (429, "rate-limit-exceeded"));
    assert_eq!(got.header("x-rate-limit-reset"), Some(reset.as_second()));
    assert_eq!(got.header("x-rate-limit-remaining"), Some(0));
    let got = world.hide(&world.reply, true).await;
    assert_eq!((got.status, got.problem()), (429, "usage-capped"));
    assert_eq!(got.header("x-rate-limit-reset"), None);
    assert_eq!(world.x.effects(&world.reply), Effects { calls: 2, performed: 0, changes: 0 });
}

#[tokio::test]
async fn youtubes_faults_carry_their_reasons() {
    let world = youtube_world().await;
    let reset = world.clock.now().checked_add(SignedDuration::from_secs(30)).unwrap();
    let expected = [
        (Fault::QuotaExceeded, 403, "quotaExceeded"),
        (Fault::ProcessingFailure, 400, "processingFailure"),
        (Fault::Unauthorized, 401, "authError"),
        (Fault::Status429 { reset }, 429, "rateLimitExceeded"),
    ];
    for (fault, status, reason) in expected {
        world.youtube.fail_next(Matcher::any(), fault);
        let got = world.moderate(&world.comment, "rejected").await;
        assert_eq!((got.status, got.reason()), (status, reason));
        assert_eq!(got.header("retry-after"), (status == 429).then_some(30));
    }
    assert!(world.youtube.state().visible(&world.comment));
}

#[tokio::test]
async fn a_5xx_may_come_after_the_effect() {
    let world = x_world().await;
    for (effect, hidden) in [(Effect::NotPerformed, false), (Effect::Performed, true)] {
        let fault = Fault::Status5xx { status: 503, retry_after: Some(120), effect };
        world.x.fail_next(Matcher::any(), fault);
        let got = world.hide(&world.reply, true).await;
        assert_eq!((got.status, got.header("retry-after")), (503, Some(120)));
        assert_eq!(!world.x.state().visible(&world.reply), hidden);
    }
}

#[tokio::test]
async fn a_connection_may_close_before_or_after_the_effect() {
    let world = youtube_world().await;
    let url = format!(
        "{}/youtube/v3/comments/setModerationStatus?id={}&moderationStatus=heldForReview",
        world.running.origin(),
        world.comment
    );
    for (effect, visible) in [(Effect::NotPerformed, true), (Effect::Performed, false)] {
        world.youtube.fail_next(Matcher::any(), Fault::CloseConnection { effect });
        assert!(try_call(Method::POST, &url, "token-owner", None).await.is_err());
        assert_eq!(world.youtube.state().visible(&world.comment), visible);
    }
    let log = world.youtube.requests();
    assert_eq!((log.len(), log[0].status, log[1].status), (2, None, None));
    let repeated = try_call(Method::POST, &url, "token-owner", None).await.unwrap();
    assert_eq!(repeated.status, 204);
    assert_eq!(world.youtube.effects(&world.comment), Effects { calls: 3, performed: 2, changes: 1 });
}

#[tokio::test]
async fn an_answer_is_held_back_until_released() {
    let world = x_world().await;
    world.x.fail_next(Matcher::any(), Fault::Timeout { effect: Effect::Performed });
    let hide = world.hide(&world.reply, true);
    let release = async {
        let log = world.x.wait_for_requests(1).await;
        assert_eq!(log[0].status, None);
        assert!(!world.x.state().visible(&world.reply), "the effect came at once");
        world.x.release();
    };
    let (got, ()) = tokio::join!(hide, release);
    assert_eq!(got.status, 200);
}

#[tokio::test]
async fn an_answer_that_never_comes_leaves_no_effect_if_so_asked() {
    let world = x_world().await;
    world.x.fail_next(Matcher::any(), Fault::Timeout { effect: Effect::NotPerformed });
    let hide = world.hide(&world.reply, true);
    let arrived = world.x.wait_for_requests(1);
    // The caller gives up once its call has arrived.
    tokio::select! {
        _ = hide => panic!("nothing was released"),
        log = arrived => assert_eq!(log.len(), 1),
    }
    assert!(world.x.state().visible(&world.reply));
    assert_eq!(world.hide(&world.reply, true).await.status, 200);
}

#[tokio::test]
async fn a_platform_that_is_down_refuses_and_breaks_connections() {
    let world = x_world().await;
    let url = format!("{}/2/tweets/{}/hidden", world.running.origin(), world.reply);
    world.running.shutdown();
    tokio::task::yield_now().await;
    assert!(try_call(Method::PUT, &url, "token-ours", Some("{\"hidden\":true}")).await.is_err());
    assert!(world.x.state().visible(&world.reply));
}
