//! The address in a letter may be opened by any scanner; only what a person enters there has an effect, and once.

use local::desk::LocalDesk;
use serde_json::json;
use tests::World;
use tests::interface::{Answer, begin, call_from, submit};
use tests::world::FAN;

async fn open(desk: &LocalDesk, path: &str) -> Answer {
    call_from(desk, "192.0.2.9", "GET", path, &[], "").await
}

async fn enter(desk: &LocalDesk, path: &str, key: &str) -> Answer {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    call_from(desk, "192.0.2.9", "POST", path, &form, &format!("key={key}")).await
}

#[tokio::test]
async fn ten_openings_leave_the_code_usable_and_a_second_entry_fails() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    let code = begin(&desk, &opened, FAN).await;
    world.bio(FAN, &code);
    let path = format!("/requests/{}/page", opened.ticket);
    let before = world.happened(&opened.ticket).await;
    for _ in 0..10 {
        let page = open(&desk, &path).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("<form method=\"post\">") && !page.text.contains(&code));
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        assert!(page.headers["content-security-policy"].as_str().unwrap().contains("default-src 'none'"));
    }
    assert_eq!(world.happened(&opened.ticket).await, before);
    assert_eq!(enter(&desk, &path, &code.to_lowercase()).await.status, 200);
    assert!(world.request(&opened.ticket).await.verified.is_some());
    let after = world.happened(&opened.ticket).await;
    assert_eq!(enter(&desk, &path, &code).await.status, 409);
    assert_eq!(world.happened(&opened.ticket).await, after, "the second entry did nothing");
}

#[tokio::test]
async fn the_page_is_the_same_for_every_number_and_a_wrong_key_for_none() {
    let world = World::new().await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    begin(&desk, &opened, FAN).await;
    let known = format!("/requests/{}/page", opened.ticket);
    let unknown = "/requests/SK-0000000000/page";
    assert_eq!(open(&desk, &known).await.text, open(&desk, unknown).await.text);
    let (a, b) = (enter(&desk, &known, "ABCD-EFGH").await, enter(&desk, unknown, "ABCD-EFGH").await);
    assert_eq!((a.status, a.text), (404, b.text));
    let attempts = world.request(&opened.ticket).await.person.unwrap().issued.unwrap().challenge.attempts();
    assert_eq!(attempts, 0, "a wrong key is no guess at what the bio says");
}
