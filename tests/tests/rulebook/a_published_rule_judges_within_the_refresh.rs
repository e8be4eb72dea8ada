//! A published rule judges in sandboxes that already run, and stops when an earlier rulebook is brought back.

use rules::{Rulebook, Verdict};
use store::rulebooks::{Back, Published};
use tests::World;

use crate::{MARKED, REFRESH, built_in, judged, publish, with_rule};

#[tokio::test]
async fn a_new_rule_judges_in_a_running_sandbox_and_can_be_taken_back() {
    let world = World::new().await;
    let built_in_version = Rulebook::embedded().unwrap().version().to_owned();
    let webhook = world.webhook();
    assert_eq!(judged(&world, &webhook, MARKED).await, (Verdict::Allow, built_in_version.clone()));

    assert_eq!(publish(&world, with_rule("enforce")).await, 1);
    world.pass(REFRESH - 1);
    assert_eq!(judged(&world, &webhook, MARKED).await.0, Verdict::Allow, "the pointer is not read for every post");
    world.pass(1);
    let (verdict, version) = judged(&world, &webhook, MARKED).await;
    assert_eq!(verdict, Verdict::Act);
    assert_ne!(version, built_in_version, "the decision names the version that judged");
    assert_eq!(judged(&world, &world.webhook(), MARKED).await, (Verdict::Act, version.clone()), "a new sandbox, too");

    let now = world.clock.now();
    let back = world.rulebooks().go_back(Back::Before, "editor", Some("too broad"), now).await.unwrap();
    assert!(matches!(back, Published::Now(version) if version.number == 2 && version.bundle.is_none()));
    world.pass(REFRESH);
    assert_eq!(judged(&world, &webhook, MARKED).await, (Verdict::Allow, built_in_version));

    let back = world.rulebooks().go_back(Back::Before, "editor", None, world.clock.now()).await.unwrap();
    assert!(matches!(back, Published::Now(version) if version.number == 3 && version.back_to == Some(1)));
    world.pass(REFRESH);
    assert_eq!(judged(&world, &webhook, MARKED).await, (Verdict::Act, version));

    let now = world.clock.now();
    let back = world.rulebooks().go_back(Back::BuiltIn, "editor", None, now).await.unwrap();
    assert!(matches!(back, Published::Now(version) if version.number == 4 && version.bundle.is_none()));
    assert!(world.rulebooks().go_back(Back::To(9), "editor", None, now).await.is_err());
}

#[tokio::test]
async fn publishing_the_same_twice_makes_one_version() {
    let world = World::new().await;
    publish(&world, built_in()).await;
    let again = world.rulebooks().publish(built_in(), "editor", None, world.clock.now()).await.unwrap();
    assert!(matches!(again, Published::Already(version) if version.number == 1));
    assert_eq!(world.items("RULEBOOK", "VERSION#").await.len(), 1);
}
