//! Disclosure through the interface: the package is made after two persons agreed, fetched by an address that works
//! for a while, follows its schema, and names nobody else.

use lambda_kit::objects::Objects;
use local::desk::LocalDesk;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use privacy::file::{ItemState, WaitsFor};
use privacy::package::SCHEMA;
use serde_json::{Value, json};
use tests::World;
use tests::flow::{PRAISE, THREAT};
use tests::interface::{Opened, call, grant, submit, tick, verify};
use tests::world::FAN;

async fn fetched(desk: &LocalDesk, opened: &Opened, form: &str) -> String {
    let path = format!("/requests/{}/package?as={form}", opened.ticket);
    let answer = call(desk, "GET", &path, Some(&opened.secret), None).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let word = answer.headers["location"].as_str().unwrap().strip_prefix("/objects/").unwrap().to_owned();
    let packages = &desk.app().carrier.packages;
    let (key, name) = packages.linked(&word).unwrap();
    assert_eq!(name, format!("{}.{form}", opened.ticket));
    String::from_utf8(packages.get(&key).await.unwrap().unwrap().to_vec()).unwrap()
}

async fn disclosed(world: &World, desk: &LocalDesk, body: Value) -> Opened {
    let opened = submit(desk, body).await;
    let path = format!("/requests/{}/package", opened.ticket);
    assert_eq!(call(desk, "GET", &path, Some(&opened.secret), None).await.status, 409, "before the proof");
    Box::pin(verify(world, desk, &opened, FAN)).await;
    assert_eq!(call(desk, "GET", &path, Some(&opened.secret), None).await.status, 409, "before the decision");
    grant(world, desk, &opened.ticket).await;
    tick(desk).await;
    assert_eq!(world.request(&opened.ticket).await.items[0].state, ItemState::Answered);
    opened
}

#[tokio::test]
async fn the_package_holds_what_is_held_and_nothing_of_others() {
    let world = Box::pin(World::new()).await;
    let threat = world.decided_reply(&format!("@stranger_mihon {THREAT}")).await;
    let mention = world.write(FAN, &format!("@SOCKETS_JP {PRAISE}"), Link::None);
    world.deliver(PostEvent::Mention, &mention).await;
    let desk = world.desk();
    let opened = Box::pin(disclosed(&world, &desk, json!({"rights": ["appi_disclosure"], "language": "ja"}))).await;

    let json = fetched(&desk, &opened, "json").await;
    let document: Value = serde_json::from_str(&json).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(document["account"], json!({"platform": "x", "user_id": FAN}));
    assert_eq!(document["not_held"], json!(["gender", "network"]), "X gives neither");
    assert!(json.contains(&threat) && json.contains(THREAT) && json.contains("enforcing the social media guidelines"));
    assert!(!json.contains("stranger_mihon"), "others are struck out");
    assert_eq!(document["counts"]["post"], 2);
    assert_eq!(document["counts"]["request"], 1);

    let html = fetched(&desk, &opened, "html").await;
    assert!(html.contains("lang=\"ja\"") && html.contains("保有していない項目") && !html.contains("stranger_mihon"));
    let fetches = world.happened(&opened.ticket).await.into_iter().filter(|event| event == "package_fetched").count();
    assert_eq!(fetches, 2, "each fetch is in the access log");

    world.pass(14 * 24 * 3600);
    let path = format!("/requests/{}/package", opened.ticket);
    assert_eq!(call(&desk, "GET", &path, Some(&opened.secret), None).await.status, 409, "its time is over");
}

#[tokio::test]
async fn somebody_of_whom_nothing_is_held_is_told_so_item_by_item() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = disclosed(&world, &desk, json!({"rights": ["appi_disclosure"], "language": "en"})).await;
    let document: Value = serde_json::from_str(&fetched(&desk, &opened, "json").await).unwrap();
    assert_eq!(document["not_held"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_correction_is_read_anew_from_the_platform() {
    let world = Box::pin(World::new()).await;
    let mention = world.write(FAN, &format!("@SOCKETS_JP {PRAISE}"), Link::None);
    world.deliver(PostEvent::Mention, &mention).await;
    world.x.simulator.state().users.get_mut(FAN).unwrap().name = "新しい名前".to_owned();
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_correction"], "email": "fan@example.jp"})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    let profile = world.items("PERSON#", "PROFILE").await.remove(0);
    assert_eq!(profile["published_name"], "新しい名前");
    assert!(profile["read_published_name"]["purpose"].as_str().unwrap().contains("correcting"));
    assert!(world.happened(&opened.ticket).await.contains(&"refreshed".to_owned()));
    let told = world.sent().pop().expect("the decision").text();
    assert!(told.contains("訂正しました") && told.contains("・公開されている氏名"), "{told}");
    assert!(!told.contains("ニックネーム"), "that was right before: {told}");
}

#[tokio::test]
async fn where_nothing_was_different_nobody_is_told_of_a_correction() {
    let world = Box::pin(World::new()).await;
    let mention = world.write(FAN, &format!("@SOCKETS_JP {PRAISE}"), Link::None);
    world.deliver(PostEvent::Mention, &mention).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_correction"], "email": "fan@example.jp"})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;
    let file = world.request(&opened.ticket).await;
    assert_eq!((file.items[0].state, file.waits_for()), (ItemState::Open, Some(WaitsFor::Staff)));
    assert!(file.items[0].decided.is_none() && world.sent().is_empty());
}
