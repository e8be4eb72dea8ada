//! A rulebook that can't be read or fails its own cases is not published; what is in force stays.

use rules::Verdict;
use store::rulebooks::PublishError;
use tests::World;

use crate::{MARKED, REFRESH, built_in, judged, publish, with_rule};

#[tokio::test]
async fn a_broken_rulebook_is_refused_and_the_old_one_judges_on() {
    let world = World::new().await;
    publish(&world, with_rule("enforce")).await;
    let webhook = world.webhook();
    assert_eq!(judged(&world, &webhook, MARKED).await.0, Verdict::Act);

    let mut unreadable = with_rule("enforce");
    unreadable.get_mut("rules/nuisance.toml").unwrap().push_str("\n[[rule]\n");
    let refused = world.rulebooks().publish(unreadable, "editor", None, world.clock.now()).await;
    let Err(PublishError::Rulebook(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.file, "rules/nuisance.toml");
    assert!(error.line > 10, "line {}", error.line);

    let mut failing = built_in();
    let nuisance = failing.get_mut("rules/nuisance.toml").unwrap();
    *nuisance = nuisance.replacen("case.match = [", "case.match = [\"何の問題もない文です\", ", 1);
    let refused = world.rulebooks().publish(failing, "editor", None, world.clock.now()).await;
    let Err(PublishError::Cases(failures)) = refused else { panic!("{refused:?}") };
    assert_eq!((failures.len(), failures[0].text.as_str()), (1, "何の問題もない文です"));

    // So does one whose rules for our own drafts are broken.
    let mut failing = built_in();
    let words = failing.get_mut("outbound/words.toml").unwrap();
    *words = words.replacen("case.match = [", "case.match = [\"何の問題もない文です\", ", 1);
    let refused = world.rulebooks().publish(failing, "editor", None, world.clock.now()).await;
    let Err(PublishError::Outbound(failures)) = refused else { panic!("{refused:?}") };
    assert!(failures.len() == 1 && failures[0].contains("何の問題もない文です"), "{failures:?}");
    let mut missing = built_in();
    missing.remove("outbound/checks.toml");
    let refused = world.rulebooks().publish(missing, "editor", None, world.clock.now()).await;
    let Err(PublishError::Rulebook(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.file, "outbound/checks.toml");

    world.pass(REFRESH);
    assert_eq!(judged(&world, &webhook, MARKED).await.0, Verdict::Act);
    assert_eq!(world.items("RULEBOOK", "VERSION#").await.len(), 1);
    crate::only_bundle(&world);
}
