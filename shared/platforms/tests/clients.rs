//! What we ask the platforms, and what their answers come to.
#![allow(clippy::unwrap_used)]

mod server;

use std::path::Path;
use std::time::Duration;

use casework::platform::{Effect, Moderation, Need, PlatformError, Target};
use jiff::Timestamp;
use rules::{ActionKind, Platform, UserId};
use serde::Deserialize;
use serde_json::Value;
use server::{Asked, Server, clients};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// One line of `cases/answers.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    platform: Platform,
    /// An action, or `needed` and an action.
    action: String,
    targets: Vec<String>,
    answers: Vec<Value>,
    sent: Vec<String>,
    results: Vec<String>,
    limit: Option<String>,
}

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// The author of post 11 is user 8011.
fn target(post: &str) -> Target {
    Target { post: post.to_owned(), author: Some(UserId(format!("80{post}"))) }
}

fn told(asked: &Asked) -> String {
    let mut line = format!("{} {}", asked.method, asked.path);
    if !asked.query.is_empty() {
        line = format!("{line}?{}", asked.query);
    }
    if !asked.body.is_empty() {
        line = format!("{line} {}", asked.body);
    } else if let Some(length) = asked.headers.get("content-length") {
        line = format!("{line} (length {})", length.to_str().unwrap());
    }
    match asked.headers["authorization"].to_str().unwrap() {
        "Bearer first" => line,
        "Bearer second" => format!("{line} (renewed)"),
        other => panic!("{other}"),
    }
}

fn need(need: &Need) -> String {
    match need {
        Need::Needed => "needed".to_owned(),
        Need::Met => "met".to_owned(),
        Need::Gone => "gone".to_owned(),
        Need::Impossible(reason) => format!("impossible: {reason}"),
        Need::CannotTell => "cannot tell".to_owned(),
    }
}

fn effect(result: &Result<Effect, PlatformError>) -> String {
    match result {
        Ok(Effect::Done) => "done".to_owned(),
        Ok(Effect::GoalMet) => "goal met".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn every_answer_comes_to_what_is_written_beside_it() {
    let raw = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/answers.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_slice(&raw).unwrap();
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let about = format!("{}: {}", case.platform, case.about);
        let server = Server::start(case.answers).await;
        let clients = server.clients();
        let targets: Vec<Target> = case.targets.iter().map(|post| target(post)).collect();
        let (results, limit) = match case.action.strip_prefix("needed ") {
            Some(action) => {
                let action = action.parse().unwrap();
                match clients.needed(case.platform, "900100", action, &targets, now()).await {
                    Ok(needs) => (needs.iter().map(need).collect(), None),
                    Err(error) => (vec![error.to_string()], None),
                }
            }
            None => {
                let action = case.action.parse().unwrap();
                let performed = clients.perform(case.platform, "900100", action, &targets, now()).await;
                let limit = performed.limit.map(|limit| format!("{} until {}", limit.remaining, limit.reset));
                (performed.results.iter().map(effect).collect::<Vec<_>>(), limit)
            }
        };
        let asked = server.asked();
        let sent: Vec<String> = asked.iter().map(told).collect();
        if (&results, &limit, &sent) != (&case.results, &case.limit, &case.sent) {
            wrong.push(format!("{about}\n  results {results:?}\n  limit {limit:?}\n  sent {sent:?}"));
        }
        assert!(asked.iter().all(|asked| asked.headers["user-agent"] == "sekisho"), "{about}");
        assert!(!results.join(" ").contains("KEEPOUT"), "{about}: free text got into a reason");
    }
    assert!(wrong.is_empty(), "otherwise than written:\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn fifty_ids_go_in_one_call_and_the_rest_in_another() {
    let done = || serde_json::json!({ "status": 204 });
    let server = Server::start([done(), done(), done()]).await;
    let targets: Vec<Target> = (0..101).map(|number| target(&format!("Ug{number}"))).collect();
    let clients = server.clients();
    assert_eq!(clients.batch(Platform::YouTube, ActionKind::Reject), 50);
    let performed = clients.perform(Platform::YouTube, "UC", ActionKind::Reject, &targets, now()).await;
    assert!(performed.results.iter().all(|result| *result == Ok(Effect::Done)));
    let ids: Vec<usize> = server.asked().iter().map(|asked| asked.query.matches("Ug").count()).collect();
    assert_eq!(ids, [50, 50, 1]);
}

#[tokio::test]
async fn one_call_takes_one_target_except_for_the_moderation_of_comments() {
    let clients = clients("http://127.0.0.1:9/", Duration::from_secs(1));
    for kind in ActionKind::ALL {
        let comments = [ActionKind::Hold, ActionKind::Publish, ActionKind::Reject, ActionKind::RejectAndBan];
        assert_eq!(clients.batch(Platform::X, kind), 1);
        assert_eq!(clients.batch(Platform::YouTube, kind), if comments.contains(&kind) { 50 } else { 1 }, "{kind}");
    }
}

/// The result of hiding a reply, and of asking for the blocks, at a server of bare connections.
async fn hide_and_ask(address: &str, patience: Duration) -> [String; 2] {
    let clients = clients(address, patience);
    let performed = clients.perform(Platform::X, "900100", ActionKind::HideReply, &[target("11")], now()).await;
    let asked = clients.needed(Platform::X, "900100", ActionKind::Block, &[target("11")], now()).await;
    [effect(&performed.results[0]), asked.unwrap_err().to_string()]
}

#[tokio::test]
async fn a_refused_connection_is_transient() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let results = hide_and_ask(&address, Duration::from_secs(10)).await;
    assert_eq!(results, ["transient: not-connected", "transient: not-connected"]);
}

#[tokio::test]
async fn an_answer_lost_after_sending_is_uncertain_for_a_change_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            // Reads the request, then hangs up.
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
        }
    });
    let results = hide_and_ask(&address, Duration::from_secs(10)).await;
    assert_eq!(results, ["uncertain: answer-lost", "transient: answer-lost"]);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_uncertain_for_a_change_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            held.push(connection);
        }
    });
    let results = hide_and_ask(&address, Duration::from_millis(100)).await;
    assert_eq!(results, ["uncertain: timeout", "transient: timeout"]);
}
