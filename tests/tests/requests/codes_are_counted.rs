//! Parallel guesses are counted one by one; the end of a code is absolute; a code shows nothing by being known.

use futures::future::join_all;
use serde_json::json;
use tests::World;
use tests::interface::{Opened, begin, call, check, submit};
use tests::world::{COMMENTER, FAN, STRANGER};

async fn asked(world: &World) -> (local::desk::LocalDesk, Opened, String) {
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    let code = begin(&desk, &opened, FAN).await;
    (desk, opened, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_guesses_at_once_lock_the_code_even_for_the_right_one() {
    let world = World::new().await;
    let (desk, opened, code) = asked(&world).await;
    world.bio(FAN, "ABCD-EFGH");
    // Each in a sandbox of its own, as Lambda runs what comes at once.
    let sandboxes: Vec<_> = (0..5).map(|_| world.desk()).collect();
    let guesses = join_all(sandboxes.iter().map(|desk| check(desk, &opened))).await;
    assert_eq!(guesses, [409; 5]);
    let refused = world.happened(&opened.ticket).await.into_iter().filter(|event| event == "code_refused").count();
    assert_eq!(refused, 5, "each was counted");
    world.bio(FAN, &code);
    assert_eq!(check(&desk, &opened).await, 409, "locked");
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.verified, file.person.unwrap().issued.unwrap().challenge.attempts()), (None, 5));
    let fresh = begin(&desk, &opened, FAN).await;
    world.bio(FAN, &fresh);
    assert_eq!(check(&desk, &opened).await, 200, "a new code starts anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_code_works_once_however_often_it_is_looked_for() {
    let world = World::new().await;
    let (desk, opened, code) = asked(&world).await;
    world.bio(FAN, &format!("my code: {code}"));
    let mut looks = join_all((0..4).map(|_| check(&desk, &opened))).await;
    looks.sort_unstable();
    assert_eq!(looks, [200, 409, 409, 409]);
    let verified = world.happened(&opened.ticket).await.into_iter().filter(|event| event == "verified").count();
    assert_eq!(verified, 1);
}

#[tokio::test]
async fn after_its_end_a_code_is_refused_though_it_is_still_stored() {
    let world = World::new().await;
    let (desk, opened, code) = asked(&world).await;
    world.bio(FAN, &code);
    world.pass(30 * 60);
    assert_eq!(check(&desk, &opened).await, 409);
    assert!(world.request(&opened.ticket).await.person.unwrap().issued.is_some(), "it is still there");
}

#[tokio::test]
async fn a_code_in_somebody_elses_bio_shows_nothing() {
    let world = World::new().await;
    let (desk, opened, code) = asked(&world).await;
    world.bio(STRANGER, &code);
    assert_eq!(check(&desk, &opened).await, 409);
}

#[tokio::test]
async fn three_codes_an_hour_one_alive_and_none_in_the_table() {
    let world = World::new().await;
    let (desk, opened, first) = asked(&world).await;
    begin(&desk, &opened, FAN).await;
    begin(&desk, &opened, "@fan_mihon").await;
    let body = json!({"step": "begin", "platform": "x", "account": FAN, "consent": true});
    let path = format!("/requests/{}/verify", opened.ticket);
    let answer = call(&desk, "POST", &path, Some(&opened.secret), Some(body)).await;
    assert_eq!(answer.status, 409, "a fourth within the hour");
    world.bio(FAN, &first);
    assert_eq!(check(&desk, &opened).await, 409, "the first one died with the second");
    let stored = serde_json::to_string(&world.request(&opened.ticket).await).unwrap();
    assert!(!stored.contains(&first) && !stored.contains(&first.replace('-', "")));
}

#[tokio::test]
async fn without_consent_nothing_is_linked_and_with_it_the_chain_says_so() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    let path = format!("/requests/{}/verify", opened.ticket);
    let body = json!({"step": "begin", "platform": "x", "account": FAN, "consent": false});
    assert_eq!(call(&desk, "POST", &path, Some(&opened.secret), Some(body)).await.status, 422);
    assert_eq!(world.happened(&opened.ticket).await, ["received", "duty_met"]);
    begin(&desk, &opened, FAN).await;
    assert_eq!(world.happened(&opened.ticket).await, ["received", "duty_met", "matching_consent", "code_issued"]);
    let entries = privacy::file::Requests::entries(&world.requests(), &opened.ticket).await.unwrap();
    assert!(!serde_json::to_string(&entries).unwrap().contains(FAN), "the chain names nobody");
}

#[tokio::test]
async fn on_youtube_the_code_stands_in_the_channels_description() {
    let world = World::new().await;
    world.youtube.simulator.state().handles.insert(COMMENTER.to_owned(), "commenter".to_owned());
    let desk = world.desk();
    for (name, expected) in [(COMMENTER, 200), ("@Commenter", 200), ("@nobody", 409)] {
        let opened = submit(&desk, json!({"rights": ["youtube_deletion"]})).await;
        let body = json!({"step": "begin", "platform": "youtube", "account": name, "consent": true});
        let path = format!("/requests/{}/verify", opened.ticket);
        let answer = call(&desk, "POST", &path, Some(&opened.secret), Some(body)).await;
        assert_eq!(answer.status, expected, "{name}");
        let Some(code) = answer.json()["code"].as_str().map(str::to_owned) else { continue };
        assert_eq!(answer.json()["place"], "youtube_description");
        assert_eq!(check(&desk, &opened).await, 409, "it does not stand there yet");
        world.youtube.simulator.state().descriptions.insert(COMMENTER.to_owned(), format!("ようこそ {code}"));
        assert_eq!(check(&desk, &opened).await, 200);
        let account = world.request(&opened.ticket).await.person.unwrap().account.unwrap();
        assert_eq!(account.id(), COMMENTER, "the id that never changes hands is kept, not the handle");
    }
}
