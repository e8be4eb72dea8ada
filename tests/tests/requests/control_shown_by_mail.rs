//! A person who asks by mail gets a code, places it, answers the letter, and is verified; the key to the package comes
//! by letter too, and opens it.

use jiff::SignedDuration;
use lambda_kit::objects::Objects;
use local::desk::{DESK_ADDRESS, LocalDesk, deliver};
use local::simulator::{Fault, Matcher};
use local::stack::X_USER;
use privacy::file::{ItemState, LetterKind, RequestFile, Requests, WaitsFor};
use privacy::identity::MAX_BY_LETTER_PER_DAY;
use privacy::mail::thread::TicketId;
use serde_json::json;
use tests::World;
use tests::desk::{mail, mail_with};
use tests::interface::{call_from, grant, tick};
use tests::world::FAN;

const WHO: &str = "fan@example.jp";

async fn arrive(world: &World, desk: &LocalDesk, id: &str, raw: &[u8], to: &str) {
    Box::pin(deliver(desk, id, raw, WHO, to, world.clock.now())).await.unwrap();
}

async fn only_ticket(world: &World) -> TicketId {
    let requests = world.requests();
    let mut tickets = requests.waiting(WaitsFor::Person).await.unwrap();
    tickets.extend(requests.waiting(WaitsFor::Staff).await.unwrap());
    assert_eq!(tickets.len(), 1);
    tickets.remove(0)
}

/// Asks by mail for what is held of the fan's account.
async fn asked(world: &World, desk: &LocalDesk) -> TicketId {
    let text = "私のアカウント @fan_mihon について、保有個人データの開示を請求します。";
    arrive(world, desk, "ses00000001", &mail(WHO, "m1@example.jp", "開示請求", text), DESK_ADDRESS).await;
    only_ticket(world).await
}

/// The address to which our letters about a request are answered.
async fn reply_address(world: &World, ticket: &TicketId) -> String {
    DESK_ADDRESS.replace('@', &format!("+{}@", world.request(ticket).await.token))
}

#[tokio::test]
async fn a_code_by_letter_shows_control_and_a_key_by_letter_opens_the_package() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = asked(&world, &desk).await;
    let code = world.code_by_letter();
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Unverified);

    world.bio(FAN, &code);
    let file = world.request(&ticket).await;
    let to = DESK_ADDRESS.replace('@', &format!("+{}@", file.token));
    let answer = mail_with(WHO, "m2@example.jp", "Re: 確認", "書き込みました。", "");
    arrive(&world, &desk, "ses00000002", &answer, &to).await;
    assert_eq!(world.request(&ticket).await.items[0].state, ItemState::Open);

    grant(&world, &desk, &ticket).await;
    tick(&desk).await;
    let sent = world.sent().into_iter().map(|letter| letter.mail.text);
    let letter = sent.into_iter().find(|text| text.contains("鍵: ")).expect("where the package is");
    let key = letter.lines().find_map(|line| line.strip_prefix("鍵: ")).unwrap().to_owned();
    assert!(letter.contains(&format!("/requests/{ticket}/page")));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let path = format!("/requests/{ticket}/page");
    let entered = call_from(&desk, "192.0.2.5", "POST", &path, &form, &format!("key={key}")).await;
    assert_eq!(entered.status, 303, "{entered:?}");
    let wrong = call_from(&desk, "192.0.2.5", "POST", &path, &form, "key=something-else").await;
    assert_eq!(wrong.status, 404);
}

#[tokio::test]
async fn whose_first_mail_looked_like_spam_gets_a_code_once_one_of_us_has_answered() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let text = "私のアカウント @fan_mihon について、保有個人データの開示を請求します。";
    let mut event = local::desk::receipt("ses00000001", WHO, DESK_ADDRESS, world.clock.now());
    event["Records"][0]["ses"]["receipt"]["spamVerdict"] = json!({"status": "FAIL"});
    desk.app().objects.put("mail/ses00000001", mail(WHO, "m1@example.jp", "開示請求", text).into()).await.unwrap();
    Box::pin(desk.handle(event)).await.unwrap();
    let ticket = only_ticket(&world).await;
    let to = reply_address(&world, &ticket).await;
    let answer = |id: &str| mail_with(WHO, id, "Re: 開示請求", "いかがでしょうか。", "");
    arrive(&world, &desk, "ses00000002", &answer("m2@example.jp"), &to).await;
    assert_eq!(world.sent().len(), 0, "nothing automatic goes out before");
    let work = desk.app().desk();
    Box::pin(work.reply(&ticket, 1, Some("届いております。"), "hanako", world.clock.now())).await.unwrap();
    arrive(&world, &desk, "ses00000003", &answer("m3@example.jp"), &to).await;
    world.code_by_letter();
    assert!(world.request(&ticket).await.items.iter().any(|item| item.state == ItemState::Unverified));
}

#[tokio::test]
async fn a_machine_that_bears_no_mark_gets_no_code_for_each_of_its_answers() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = asked(&world, &desk).await;
    let to = reply_address(&world, &ticket).await;
    let answered = async |number: u32| {
        let raw = mail_with(WHO, &format!("m{number}@example.jp"), "Re: 確認", "受け取りました。", "");
        arrive(&world, &desk, &format!("ses{number:08}"), &raw, &to).await;
    };
    let codes = async || {
        let letters = world.requests().letters(&ticket).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::ProofOfControl).count()
    };
    for number in 2..10 {
        world.pass(3600);
        answered(number).await;
    }
    assert_eq!(codes().await, MAX_BY_LETTER_PER_DAY);
    world.pass(24 * 3600);
    answered(10).await;
    assert_eq!(codes().await, MAX_BY_LETTER_PER_DAY + 1, "the day after, a person may try again");
}

#[tokio::test]
async fn a_code_that_comes_back_makes_the_person_unreachable_and_stops_no_clock() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = asked(&world, &desk).await;
    let requests = world.requests();
    let letters = requests.letters(&ticket).await.unwrap();
    let code = letters.iter().find(|letter| letter.kind == LetterKind::ProofOfControl).expect("the code");
    let (before, due) = (world.request(&ticket).await, |file: &RequestFile| file.earliest(world.clock.now()).unwrap());
    let id = code.message_id.as_deref().unwrap().split('@').next().unwrap();
    let bounce = json!({"source": "aws.ses", "detail-type": "Email Bounced", "detail":
        {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": {"messageId": id}}});
    Box::pin(desk.handle(bounce)).await.unwrap();
    let file = world.request(&ticket).await;
    assert!(file.unreachable && !before.unreachable);
    assert_eq!(file.waits_for(), Some(WaitsFor::Staff), "one of us sees it");
    assert_eq!((due(&file), file.items[0].state), (due(&before), ItemState::Unverified));
}

#[tokio::test]
async fn whoever_names_nobody_that_is_there_gets_no_code() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let text = "私のアカウント @nobody_here について、保有個人データの開示を請求します。";
    arrive(&world, &desk, "ses00000001", &mail(WHO, "m1@example.jp", "開示請求", text), DESK_ADDRESS).await;
    assert!(world.sent().iter().all(|letter| !letter.mail.text.contains("有効期限")));
    let ticket = only_ticket(&world).await;
    assert!(!world.happened(&ticket).await.contains(&"code_issued".to_owned()));
}

#[tokio::test]
async fn our_own_account_is_not_the_one_that_is_meant() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    world.x.simulator.state().add_user(X_USER, "sockets_mihon", "ソケッツ");
    let text = "@sockets_mihon への @fan_mihon の返信について、個人データの開示を請求します。";
    arrive(&world, &desk, "ses00000001", &mail(WHO, "m1@example.jp", "開示請求", text), DESK_ADDRESS).await;
    let file = world.request(&only_ticket(&world).await).await;
    assert_eq!(file.person.unwrap().issued.expect("a code").account.id(), FAN);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_a_mail_is_asked_again_by_the_schedule() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let reset = world.clock.now() + SignedDuration::from_secs(60);
    world.x.simulator.fail_next(Matcher::any(), Fault::Status429 { reset });
    let ticket = asked(&world, &desk).await;
    assert!(world.request(&ticket).await.person.unwrap().issued.is_none());
    world.pass(15 * 60);
    tick(&desk).await;
    world.code_by_letter();
    assert_eq!(world.request(&ticket).await.identify_at, None);
}

#[tokio::test]
async fn whoever_has_not_placed_the_code_gets_another() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let ticket = asked(&world, &desk).await;
    let to = reply_address(&world, &ticket).await;
    let answer = mail_with(WHO, "m2@example.jp", "Re: 確認", "書き込みました。", "");
    arrive(&world, &desk, "ses00000002", &answer, &to).await;
    let issued = world.happened(&ticket).await.into_iter().filter(|event| event == "code_issued").count();
    assert_eq!(issued, 2);
}
