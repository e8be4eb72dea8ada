//! A night of the audit in a world, and its report.

use jiff::SignedDuration;
use jiff::civil::Date;
use local::simulator::deliver::x_event::PostEvent;
use local::simulator::x::Link;
use local::stack::{X_USER, YOUTUBE_CHANNEL};
use rules::Rulebook;
use sweep::audit::night::{self, Progress};
use sweep::audit::report::data::Report;
use sweep::audit::report::objects;
use tests::World;
use tests::world::SweepSandbox;

/// The date of the night that is now.
pub(crate) fn tonight(world: &World) -> Date {
    night::date_of(world.clock.now())
}

/// Starts tonight's audit in a sandbox, with all the time that it wants.
pub(crate) async fn start(world: &World, sandbox: &SweepSandbox) -> anyhow::Result<Progress> {
    night::run(sandbox, tonight(world), world.clock.now() + SignedDuration::from_hours(1)).await
}

/// Does tonight's audit; gives its report.
pub(crate) async fn audit(world: &World) -> Report {
    assert_eq!(start(world, &world.sweep()).await.unwrap(), Progress::Reported);
    report_of(world)
}

/// The figures of tonight's report.
pub(crate) fn report_of(world: &World) -> Report {
    serde_json::from_slice(&std::fs::read(world.folder.path().join(objects::figures(tonight(world)))).unwrap()).unwrap()
}

/// Tonight's page.
pub(crate) fn page_of(world: &World) -> String {
    std::fs::read_to_string(world.folder.path().join(objects::page(tonight(world)))).unwrap()
}

/// Lets so many hours pass.
pub(crate) fn pass_hours(world: &World, hours: i64) {
    world.pass(3600 * hours);
}

/// A post of our own, delivered; gives its id.
pub(crate) async fn own_post(world: &World, text: &str) -> String {
    let id = world.write(X_USER, text, Link::None);
    world.deliver(PostEvent::Create, &id).await;
    id
}

/// The built-in rules and one more.
pub(crate) fn rulebook_with(rule: &str) -> &'static Rulebook {
    let mut found = false;
    let files = Rulebook::embedded_files().map(|(path, mut text)| {
        if path == "rules/other.toml" {
            found = true;
            text.push_str(rule);
        }
        (path, text)
    });
    let mut files: Vec<(String, String)> = files.collect();
    if !found {
        files.push(("rules/other.toml".to_owned(), rule.to_owned()));
    }
    Box::leak(Box::new(Rulebook::from_files(files.into_iter()).unwrap()))
}

/// A rule on one word that no other rule knows.
pub(crate) fn rule_on(word: &str, status: &str) -> String {
    format!(
        r#"
[[rule]]
id = "OTH900"
title = {{ ja = "試験の語", en = "A word of the test" }}
status = "{status}"
confidence = 0.99
any = ["{word}"]
why = {{ ja = "試験のための規則です。", en = "A rule of the test." }}
case.match = ["{word}"]
case.clear = ["何もありません"]
"#
    )
}

/// Always these rules.
pub(crate) fn fixed(world: &World, rulebook: &'static Rulebook) -> store::Rulebooks {
    let objects = lambda_kit::objects::FolderObjects::new(world.folder.path());
    store::Rulebooks::fixed(world.store.clone(), objects, rulebook.into())
}

/// Ends our channel's grant, as its owner does in the platform's settings.
pub(crate) fn revoke_youtube(world: &World) {
    let mut state = world.youtube.simulator.state();
    for token in state.oauth.revoke_subject(YOUTUBE_CHANNEL) {
        state.tokens.remove(&token);
    }
}

/// Ends our account's grant, as its owner does in the platform's settings.
pub(crate) fn revoke_x(world: &World) {
    let mut state = world.x.simulator.state();
    for token in state.oauth.revoke_subject(X_USER) {
        state.tokens.remove(&token);
    }
}
