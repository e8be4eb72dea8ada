//! A decision, also a person's later one, names the version of the guidelines that was in force when the post was made.

use casework::decide::{Ruling, decide};
use tests::World;
use tests::flow::{THREAT, x_key};

use crate::{built_in, publish};

#[tokio::test]
async fn the_guidelines_are_those_of_the_day_of_the_post() {
    let world = World::new().await;
    let mut files = built_in();
    let guidelines = files.get_mut("guidelines.toml").unwrap();
    let newest = guidelines[guidelines.rfind("[[version]]").unwrap()..].to_owned();
    let id = newest.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).unwrap().to_owned();
    let from = newest.lines().find(|line| line.starts_with("effective_from")).unwrap();
    let next =
        newest.replace(&format!("id = \"{id}\""), "id = \"next\"").replace(from, "effective_from = \"2026-11-21\"");
    guidelines.push_str(&format!("\n{next}"));
    publish(&world, files).await;

    // Noon of the 20th in Tokyo; twelve hours later the new version is in force.
    let before = world.decided_reply(THREAT).await;
    world.pass(12 * 3600 - 1);
    let just_before = world.decided_reply(THREAT).await;
    world.pass(1);
    let after = world.decided_reply(THREAT).await;
    for (post, expected) in [(&before, id.as_str()), (&just_before, &id), (&after, "next")] {
        assert_eq!(world.case(&x_key(post)).await.decisions[0].guidelines, expected);
    }
    let rulebook = world.rulebooks().current(world.clock.now()).await.unwrap();
    let now = world.clock.now();
    let ruled = decide(&world.store, &rulebook, &x_key(&before), Ruling::Undo, "a quotation", "reviewer", now).await;
    assert_eq!(ruled.unwrap().decision.guidelines, id);
}
