//! The report: figures of the published shape, a page that stands alone, a mail without anybody's words.

use local::stack::X_USER;
use tests::World;
use tests::flow::THREAT;

use crate::support::{audit, own_post, page_of, pass_hours};

const SCHEMA: &str = include_str!("../../../functions/sweep/report.schema.json");

async fn a_night(world: &World) {
    own_post(world, "新サービスの提供開始は12月1日（水）です").await;
    world.decided_comment("アプリが毎回落ちる。<script>alert(1)</script> 返金してほしい").await;
    world.decided_reply(THREAT).await;
    world.comment("新曲はいつ配信されますか？");
    pass_hours(world, 2);
}

#[tokio::test]
async fn the_figures_are_of_the_published_shape_and_hold_nobodys_words() {
    let world = World::new().await;
    a_night(&world).await;
    let report = audit(&world).await;
    let figures = serde_json::to_value(&report).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&figures).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let text = figures.to_string();
    for theirs in [THREAT, "返金", "いつ配信", "ファン", "コメントする人"] {
        assert!(!text.contains(theirs), "{theirs} is in the figures");
    }
    // The schema is strict: a field more is refused.
    let mut more = figures;
    more["missed"]["text"] = serde_json::json!("somebody's words");
    assert!(!validator.is_valid(&more));
}

#[tokio::test]
async fn the_page_stands_alone_in_both_languages_and_escapes_what_people_wrote() {
    let world = World::new().await;
    a_night(&world).await;
    audit(&world).await;
    let page = page_of(&world);
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"));
    for outside in ["<link", "<img", "<iframe", "@import", "url(", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("あなたを待っているもの") && page.contains("What waits for you"));
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print") && page.contains("<svg"));
    let mut ids: Vec<&str> =
        page.match_indices(" id=\"").map(|(at, _)| page[at + 5..].split('"').next().unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id twice");
    let targets = page.match_indices("href=\"#").map(|(at, _)| page[at + 7..].split('"').next().unwrap());
    assert!(targets.clone().count() > 16);
    for target in targets {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
}

#[tokio::test]
async fn the_mail_is_short_and_says_where_the_report_is() {
    let world = World::new().await;
    a_night(&world).await;
    audit(&world).await;
    let outbox = world.folder.path().join("outbox");
    let file = std::fs::read_dir(&outbox).unwrap().next().unwrap().unwrap().path();
    let raw = std::fs::read(file).unwrap();
    let head = String::from_utf8_lossy(&raw).split("\r\n\r\n").next().unwrap().to_owned();
    for line in ["To: pr@sockets.example", "Auto-Submitted: auto-generated", "X-Sekisho-Night: 2026-11-20"] {
        assert!(head.lines().any(|one| one == line), "{head}");
    }
    let mail = privacy::mail::read(&raw).text;
    assert!(mail.contains("audit/2026-11-20/report.html"), "{mail}");
    assert!(mail.contains("訂正が1件") && mail.contains("1 correction is open"), "{mail}");
    assert!(!mail.contains(THREAT) && !mail.contains("返金") && !mail.contains(X_USER));
    assert!(mail.lines().count() < 60);
}

#[tokio::test]
async fn the_days_before_are_carried_on() {
    let world = World::new().await;
    for _ in 0..3 {
        world.decided_comment("新曲とても良かったです").await;
        audit(&world).await;
        pass_hours(&world, 24);
    }
    // A night that did not run leaves a gap, no end.
    pass_hours(&world, 24);
    world.decided_comment("新曲とても良かったです").await;
    let history = audit(&world).await.history;
    assert_eq!(
        history.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(),
        ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-24"]
    );
    assert!(history.iter().all(|day| day.allow == 1), "{history:?}");
}
