//! "Delete my post": what X shows as gone is deleted without any proof, within the day, with the evidence logged; what
//! it still shows waits for proof.

use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use local::desk::deliver;
use local::simulator::{Fault, Matcher};
use local::stack::tick_event;
use privacy::chain::Field;
use privacy::file::{ItemState, LetterKind, Requests, WaitsFor};
use privacy::law::DeadlineKind;
use serde_json::json;
use tests::World;
use tests::desk::mail;
use tests::flow::{PRAISE, THREAT, x_key};
use tests::interface::{submit, tick, verify};
use tests::world::FAN;

fn ask(id: &str) -> serde_json::Value {
    json!({"rights": ["x_content_deletion"], "posts": [format!("https://x.com/fan_mihon/status/{id}")]})
}

fn delete(world: &World, id: &str) {
    world.x.simulator.state().posts.get_mut(id).unwrap().deleted = true;
}

#[tokio::test]
async fn a_post_that_is_gone_is_deleted_at_the_next_tick_without_proof() {
    let world = Box::pin(World::new()).await;
    let (gone, other) = (Box::pin(world.decided_reply(THREAT)).await, Box::pin(world.decided_reply(PRAISE)).await);
    let desk = world.desk();
    delete(&world, &gone);
    let opened = submit(&desk, ask(&gone)).await;
    tick(&desk).await;

    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[0].state, file.verified), (ItemState::Answered, None));
    let happened = world.happened(&opened.ticket).await;
    assert!(happened.contains(&"gone_on_platform".to_owned()) && !happened.contains(&"code_issued".to_owned()));
    let case = world.case(&x_key(&gone)).await;
    assert!(case.post.is_none() && case.evidence.is_empty());
    assert!(!world.items("", "").await.iter().any(|item| item.to_string().contains(THREAT)));
    assert_eq!(world.items("PERSON#", "STRIKE#").await.len(), 0);
    assert!(world.case(&x_key(&other)).await.post.is_some(), "the person's other post stays");
}

#[tokio::test]
async fn a_mail_is_enough_and_it_is_answered_at_once() {
    let world = Box::pin(World::new()).await;
    let gone = Box::pin(world.decided_reply(THREAT)).await;
    delete(&world, &gone);
    let desk = world.desk();
    let text = format!("次の投稿のデータを削除してください。 https://x.com/fan_mihon/status/{gone}");
    let raw = mail("fan@example.jp", "m1@example.jp", "Xの投稿の削除", &text);
    Box::pin(deliver(&desk, "ses00000001", &raw, "fan@example.jp", local::desk::DESK_ADDRESS, world.clock.now()))
        .await
        .unwrap();
    assert!(world.case(&x_key(&gone)).await.post.is_none());
    let requests = world.requests();
    let ticket = requests.handled("ses00000001").await.unwrap().expect("filed");
    let file = world.request(&ticket).await;
    assert_eq!((file.items[0].state, file.verified), (ItemState::Answered, None));
    let letters = requests.letters(&ticket).await.unwrap();
    let kinds: Vec<LetterKind> = letters.iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, [LetterKind::Acknowledgement, LetterKind::Decision], "no step of identity");
    let text = |number: usize| letters[number].body.replace('\n', "");
    assert!(text(0).contains("ご本人の確認なしにデータを削除し"), "{}", text(0));
    assert!(text(1).contains("ご請求に応じました") && !text(1).contains("印だけを残します"), "{}", text(1));
    let entries = requests.entries(&ticket).await.unwrap();
    let evidence = entries.iter().find(|entry| entry.event == "gone_on_platform").expect("the evidence");
    assert_eq!(evidence.fields["shown"], Field::Plain("gone".to_owned()));
    let opens = |salt| evidence.opens("post", &x_key(&gone).to_string(), salt);
    assert!(opens(&file.person.unwrap().salt), "which post it was is committed to");
    let clock = file.items[0].clocks.get(DeadlineKind::XContent).expect("the clock of X");
    assert!(clock.is_met() && file.closed.unwrap() < clock.due(world.clock.now()).unwrap(), "within 24 hours");
}

#[tokio::test]
async fn nobody_is_written_to_about_a_gone_post_whose_address_may_be_anothers() {
    let world = Box::pin(World::new()).await;
    let (gone, other) = (Box::pin(world.decided_reply(THREAT)).await, Box::pin(world.decided_reply(PRAISE)).await);
    delete(&world, &gone);
    delete(&world, &other);
    let desk = world.desk();
    let text = format!("次の投稿のデータを削除してください。 https://x.com/fan_mihon/status/{gone}");
    let raw = mail("victim@example.jp", "m1@example.jp", "Xの投稿の削除", &text);
    let to = local::desk::DESK_ADDRESS;
    let mut event = local::desk::receipt("ses00000001", "eve@example.com", to, world.clock.now());
    for verdict in ["dmarcVerdict", "dkimVerdict", "spfVerdict"] {
        event["Records"][0]["ses"]["receipt"][verdict] = json!({"status": "FAIL"});
    }
    desk.app().objects.put("mail/ses00000001", raw.into()).await.unwrap();
    Box::pin(desk.handle(event)).await.unwrap();
    let forged = world.requests().handled("ses00000001").await.unwrap().expect("filed");
    let mut body = ask(&other);
    body["email"] = json!("victim@example.jp");
    let sent_in = submit(&desk, body).await.ticket;
    tick(&desk).await;
    for (ticket, waits_for) in [(forged, Some(WaitsFor::Staff)), (sent_in, None)] {
        let file = world.request(&ticket).await;
        assert_eq!((file.items[0].state, file.waits_for()), (ItemState::Answered, waits_for));
        assert!(world.requests().letters(&ticket).await.unwrap().is_empty());
    }
    assert!(world.case(&x_key(&gone)).await.post.is_none() && world.case(&x_key(&other)).await.post.is_none());
    assert_eq!(world.sent().len(), 0);
}

#[tokio::test]
async fn whoever_showed_control_is_told_that_a_post_was_gone() {
    let world = Box::pin(World::new()).await;
    let gone = Box::pin(world.decided_reply(THREAT)).await;
    delete(&world, &gone);
    let desk = world.desk();
    let mut body = ask(&gone);
    body["email"] = json!("fan@example.jp");
    let opened = submit(&desk, body).await;
    verify(&world, &desk, &opened, FAN).await;
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    let letters = world.requests().letters(&opened.ticket).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.kind).collect::<Vec<_>>(), [LetterKind::Decision]);
}

#[tokio::test]
async fn the_posts_of_a_protected_account_count_as_gone() {
    let world = Box::pin(World::new()).await;
    let id = Box::pin(world.decided_reply(PRAISE)).await;
    world.x.simulator.state().users.get_mut(FAN).unwrap().protected = true;
    let desk = world.desk();
    let opened = submit(&desk, ask(&id)).await;
    tick(&desk).await;
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[0].state, file.verified), (ItemState::Answered, None));
    assert!(world.case(&x_key(&id)).await.post.is_none());
    let entries = world.requests().entries(&opened.ticket).await.unwrap();
    let evidence = entries.iter().find(|entry| entry.event == "gone_on_platform").expect("the evidence");
    assert_eq!(evidence.fields["shown"], Field::Plain("withheld".to_owned()));
}

#[tokio::test]
async fn a_post_that_is_still_shown_stays_until_its_author_shows_control() {
    let world = Box::pin(World::new()).await;
    let id = Box::pin(world.decided_reply(PRAISE)).await;
    let desk = world.desk();
    let opened = submit(&desk, ask(&id)).await;
    for _ in 0..3 {
        tick(&desk).await;
    }
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Unverified);
    assert!(world.case(&x_key(&id)).await.post.is_some());
    let looks = world.happened(&opened.ticket).await.into_iter().filter(|event| event == "looked_up").count();
    assert_eq!(looks, 1, "it is not asked for again at every tick");
    // Later the author deletes it; the next alarm of the clock looks again, within the day.
    delete(&world, &id);
    world.pass(12 * 3600);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    assert!(world.case(&x_key(&id)).await.post.is_none());
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_asked_again() {
    let world = Box::pin(World::new()).await;
    let gone = Box::pin(world.decided_reply(THREAT)).await;
    delete(&world, &gone);
    let desk = world.desk();
    let reset = world.clock.now() + SignedDuration::from_secs(60);
    world.x.simulator.fail_next(Matcher::any(), Fault::Status429 { reset });
    let opened = submit(&desk, ask(&gone)).await;
    Box::pin(desk.handle(tick_event())).await.unwrap_err();
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Unverified);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Unverified, "not at once");
    world.pass(15 * 60);
    tick(&desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    assert!(world.case(&x_key(&gone)).await.post.is_none());
}
