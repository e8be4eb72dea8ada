//! The life of a rulebook, through the real functions: published, refused, brought back, broken in the bucket.

#![allow(clippy::unwrap_used)]

mod a_broken_one_is_refused;
mod a_decision_names_the_guidelines_of_its_time;
mod a_jumping_rule_is_demoted;
mod a_published_rule_judges_within_the_refresh;
mod what_can_not_be_loaded_replaces_nothing;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use local::simulator::deliver::x_event::PostEvent;
use rules::{Rulebook, Verdict};
use store::rulebooks::{Files, Published};
use tests::world::WebhookSandbox;
use tests::{World, deliver};

/// A text to which the built-in rulebook does not object, and the new rule does.
pub const MARKED: &str = "まっしろ関所カステラの歌";

/// Seconds after which every sandbox has looked at the pointer again.
pub const REFRESH: i64 = 30;

/// The built-in rulebook with one more rule, which acts on [`MARKED`] where `status` lets it.
pub fn with_rule(status: &str) -> Files {
    let mut files = built_in();
    let rule = format!(
        r#"
[[rule]]
id = "NUI900"
title = {{ ja = "試験の語", en = "A word of tests" }}
status = "{status}"
confidence = 0.99
any = ["関所カステラ"]
why = {{ ja = "試験のため", en = "For tests." }}
case.match = ["まっしろ関所カステラ"]
case.clear = ["カステラおいしい"]
"#
    );
    files.get_mut("rules/nuisance.toml").unwrap().push_str(&rule);
    files
}

/// The files of the built-in rulebook.
pub fn built_in() -> Files {
    Rulebook::embedded_files().collect()
}

/// Publishes and gives the number of the version that is in force then.
pub async fn publish(world: &World, files: Files) -> u32 {
    match world.rulebooks().publish(files, "editor", Some("a test"), world.clock.now()).await.unwrap() {
        Published::Now(version) => version.number,
        Published::Already(version) => panic!("version {} was in force already", version.number),
    }
}

/// The text with a number of its own, so that no rule about repeated texts has a say.
pub fn numbered(text: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    format!("{text}、その{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Delivers a new reply with this text; gives the verdict and the rulebook of its decision.
pub async fn judged(world: &World, webhook: &WebhookSandbox, text: &str) -> (Verdict, String) {
    let id = world.reply(&numbered(text));
    assert_eq!(deliver::x(world, webhook, &world.x_body(PostEvent::Reply, &id, 1)).await, 200);
    let decision = world.case(&tests::flow::x_key(&id)).await.decisions.remove(0);
    (decision.verdict, decision.rulebook)
}

/// The only bundle in the bucket.
pub fn only_bundle(world: &World) -> PathBuf {
    let mut bundles: Vec<_> = std::fs::read_dir(world.folder.path().join("rulebooks")).unwrap().collect();
    assert_eq!(bundles.len(), 1);
    bundles.remove(0).unwrap().path()
}
