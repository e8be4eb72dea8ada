//! The sample day from its first delivery to its last: everything ends where it should, whatever the rules say.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::http::Method;
use local::sample::Told;
use local::sample::data::{Event, Expect, Kind, Way};
use local::simulator::{Endpoint, Request};
use local::stack::X_USER;
use rules::Platform;
use serde_json::{Value, json};
use tests::day::FullDay;
use tests::table::with_sort_key;

static DAY: LazyLock<FullDay> = LazyLock::new(FullDay::play);

fn told() -> impl Iterator<Item = &'static Told> {
    assert!(DAY.played.told.len() >= 200, "a day of {} events", DAY.played.told.len());
    DAY.played.told.iter()
}

fn expected(expect: Expect) -> impl Iterator<Item = &'static Told> {
    told().filter(move |told| told.event.expect == expect)
}

fn judged(event: &Event) -> bool {
    match event.expect {
        Expect::Allow | Expect::Review | Expect::Act => true,
        Expect::Outbound
        | Expect::Counted
        | Expect::Watched
        | Expect::Unreadable
        | Expect::Refused
        | Expect::TooLarge => false,
    }
}

/// The items under which the posts of this key's partition are.
fn item(pk: &str, sk: &str) -> Option<&'static Value> {
    DAY.items.iter().find(|item| item["pk"] == pk && item["sk"] == sk)
}

#[test]
fn every_delivery_is_answered_as_its_sender_deserves() {
    for Told { event, statuses, .. } in told() {
        let status = match event.expect {
            Expect::TooLarge => 413,
            Expect::Refused if event.kind != Kind::Video => 401,
            Expect::Refused
            | Expect::Allow
            | Expect::Review
            | Expect::Act
            | Expect::Outbound
            | Expect::Counted
            | Expect::Watched
            | Expect::Unreadable => 200,
        };
        let copies = match event.delivery {
            Some(Way::Twice) => 2,
            Some(Way::ThriceOtherIds) => 3,
            Some(Way::Forged | Way::WrongSecret | Way::Unsigned | Way::StaleSecret | Way::Late) | None => 1,
        };
        assert_eq!(*statuses, vec![status; copies], "{}", event.id);
    }
}

#[test]
fn every_post_by_others_has_one_decision_for_each_version() {
    let mut decisions = BTreeMap::new();
    for Told { event, post, file, .. } in told().filter(|told| judged(&told.event)) {
        let first = event.edits.as_ref().unwrap_or(&event.id);
        let versions = 1 + told().filter(|other| other.event.edits.as_ref() == Some(first)).count();
        let file = file.as_ref().unwrap_or_else(|| panic!("{}: nobody decided", event.id));
        assert_eq!(file.decisions.len(), versions, "{}", event.id);
        let judged: BTreeSet<&str> = file.decisions.iter().map(|decision| decision.version.as_str()).collect();
        assert_eq!(judged.len(), versions, "{}: a version decided twice", event.id);
        assert!(file.outbound.is_none(), "{}: not our words", event.id);
        decisions.insert(post.clone().unwrap(), versions);
    }
    let all: usize = decisions.values().sum();
    assert_eq!(with_sort_key(&DAY.items, "DECISION#").len(), all, "decisions about something else");
    assert_eq!(with_sort_key(&DAY.items, "HEAD").len(), decisions.len());
    assert_eq!(DAY.counted(&["decisions{"]), all as u64, "decisions counted");
}

#[test]
fn our_own_posts_are_outbound_and_never_judged() {
    let mut ours = DAY.day.root.len();
    for Told { event, post, file, .. } in expected(Expect::Outbound) {
        if event.kind == Kind::DeleteOwn {
            let deleted = told().find(|told| Some(&told.event.id) == event.deletes.as_ref()).unwrap();
            let pk = format!("POST#x#{}", deleted.post.as_ref().unwrap().id);
            assert!(item(&pk, "OUTBOUND").unwrap()["deleted_at"].is_string(), "{}", event.id);
            continue;
        }
        ours += 1;
        let file = file.as_ref().unwrap_or_else(|| panic!("{}: not taken in", event.id));
        let outbound = file.outbound.as_ref().unwrap();
        assert!(file.decisions.is_empty(), "{}", event.id);
        assert_eq!(outbound.account, X_USER, "{}", event.id);
        let retweet = event.kind == Kind::OwnRetweet;
        assert_eq!((outbound.text.is_empty(), outbound.retweet_of.is_some()), (retweet, retweet), "{}", event.id);
        let item = item(&format!("POST#x#{}", post.as_ref().unwrap().id), "OUTBOUND").unwrap();
        assert_eq!(item["endorsement"], if retweet { json!("none") } else { Value::Null }, "{}", event.id);
    }
    let items = with_sort_key(&DAY.items, "OUTBOUND");
    assert_eq!(items.len(), ours, "posts of ours, the roots included");
    let gone = expected(Expect::Outbound).filter(|told| told.event.kind == Kind::DeleteOwn).count();
    assert_eq!(items.iter().filter(|item| item["deleted_at"].is_string()).count(), gone, "a forged deletion counts");
}

#[test]
fn what_is_only_counted_is_counted_for_each_delivery_and_kept_nowhere() {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for Told { event, statuses, file, .. } in expected(Expect::Counted) {
        assert!(file.is_none(), "{}: a case of what is only counted", event.id);
        let wire = event.r#type.as_deref();
        let kind = match event.kind {
            Kind::Like => "like.create".to_owned(),
            Kind::Dm => wire.unwrap_or("dm.received").to_owned(),
            Kind::Notice => wire.unwrap().to_owned(),
            Kind::Aaa => format!("aaa.{}", wire.unwrap()),
            Kind::Retweet => "post.repost.create".to_owned(),
            Kind::RevokeOther => "access_revoked".to_owned(),
            Kind::Reply
            | Kind::Mention
            | Kind::Quote
            | Kind::Stream
            | Kind::OwnPost
            | Kind::OwnRetweet
            | Kind::DeleteOwn
            | Kind::Malformed
            | Kind::Huge
            | Kind::Video
            | Kind::VideoDeleted
            | Kind::Comment => panic!("{}: not of a kind that is only counted", event.id),
        };
        *counts.entry(kind).or_default() += statuses.len() as u64;
        if !event.text.is_empty() {
            let text = event.text.as_str();
            assert!(DAY.items.iter().all(|item| !item.to_string().contains(text)), "{}: its words are kept", event.id);
        }
    }
    for (kind, count) in counts {
        assert_eq!(DAY.counted(&["intake_events{", &format!("kind={kind}}}")]), count, "{kind}");
    }
    assert!(item(&format!("ACCOUNT#x#{X_USER}"), "STATE").is_none(), "somebody else's revocation stopped us");
}

#[test]
fn videos_are_watched_and_the_deleted_one_is_gone() {
    let id = |key: &String| DAY.day.video.iter().find(|video| video.key == *key).unwrap().id.clone();
    let mut videos: BTreeMap<String, bool> = BTreeMap::new();
    for Told { event, .. } in expected(Expect::Watched) {
        videos.extend(event.entries.iter().map(|key| (id(key), event.kind == Kind::VideoDeleted)));
    }
    let items = with_sort_key(&DAY.items, "VIDEO#");
    let state = |item: &&Value| (item["sk"].as_str().unwrap()[6..].to_owned(), item["gone_at"].is_string());
    assert_eq!(items.iter().map(state).collect::<BTreeMap<_, _>>(), videos);
}

#[test]
fn unreadable_bodies_are_kept_as_they_came_and_nothing_else_is() {
    let bodies: BTreeSet<&[u8]> =
        expected(Expect::Unreadable).map(|told| told.event.body.as_ref().unwrap().as_bytes()).collect();
    let kept: BTreeSet<&[u8]> = DAY.kept.values().map(Vec::as_slice).collect();
    assert!(kept == bodies, "{} bodies kept, {} expected", kept.len(), bodies.len());
    let items: Vec<&Value> =
        DAY.items.iter().filter(|item| item["pk"].as_str().unwrap().starts_with("UNREADABLE#")).collect();
    assert_eq!(items.len(), bodies.len());
    for item in items {
        assert!(DAY.kept.contains_key(item["body_key"].as_str().unwrap()), "{item}");
        assert!(!item["reason"].as_str().unwrap().is_empty(), "{item}");
    }
    assert_eq!(DAY.counted(&["intake_deliveries{", "outcome=unreadable"]), bodies.len() as u64);
}

#[test]
fn what_was_refused_left_nothing_but_a_count() {
    for Told { event, post, file, .. } in expected(Expect::Refused) {
        assert!(file.is_none(), "{}: a case of what was forged", event.id);
        if let Some(post) = post {
            let pk = format!("POST#{}#{}", post.platform, post.id);
            assert!(DAY.items.iter().all(|item| item["pk"] != pk), "{}", event.id);
        }
    }
    let count = |expect| expected(expect).map(|told| told.statuses.len() as u64).sum::<u64>();
    assert_eq!(DAY.counted(&["intake_deliveries{", "outcome=forged"]), count(Expect::Refused));
    assert_eq!(DAY.counted(&["intake_deliveries{", "outcome=too_large"]), count(Expect::TooLarge));
    assert_eq!(DAY.counted(&["intake_deliveries{", "outcome=parked"]), DAY.parked as u64);
    assert_eq!(DAY.counted(&["intake_deliveries{", "outcome=failed"]), 0);
}

/// Every call that moderation needs on a day on which no person rules. Anything else, publishing above all, is wrong.
fn moderates(platform: Platform, request: &Request) -> bool {
    let parts: Vec<&str> = request.path.split('/').skip(1).collect();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let id = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (platform, &request.method, parts.as_slice()) {
        (Platform::X, &Method::PUT, ["2", "tweets", post, "hidden"]) => id(post) && body == json!({"hidden": true}),
        (Platform::X, &Method::GET | &Method::POST, ["2", "users", user, "blocking"]) => *user == X_USER,
        (Platform::YouTube, &Method::GET, ["youtube", "v3", "comments" | "commentThreads"])
        | (Platform::YouTube, &Method::POST, ["youtube", "v3", "comments", "setModerationStatus"]) => {
            request.body.is_empty()
        }
        _ => false,
    }
}

#[test]
fn no_outgoing_call_publishes_replies_likes_or_messages() {
    let x = DAY.x_requests.iter().map(|request| (Platform::X, request));
    let calls: Vec<_> = x.chain(DAY.youtube_requests.iter().map(|request| (Platform::YouTube, request))).collect();
    assert!(!calls.is_empty(), "a day without a call proves nothing");
    for (platform, request) in calls {
        // Our own grant, renewed: it carries no token because it asks for one.
        if (request.method == Method::POST) && ["/2/oauth2/token", "/token"].contains(&request.path.as_str()) {
            assert!(String::from_utf8_lossy(&request.body).contains("grant_type=refresh_token"), "{}", request.path);
            continue;
        }
        assert!(moderates(platform, request), "{platform}: {} {}", request.method, request.path);
        assert_eq!(request.endpoint, Endpoint::Contract, "{platform}: {} {}", request.method, request.path);
        assert_eq!(request.token.as_deref(), Some("ours"), "{platform}: {} {}", request.method, request.path);
    }
}

#[test]
fn every_call_belongs_to_a_recorded_action_and_none_is_done_twice() {
    let actions = with_sort_key(&DAY.items, "ACTION#");
    let targets: BTreeSet<&str> = actions.iter().map(|action| action["target"].as_str().unwrap()).collect();
    let mut hidden = BTreeSet::new();
    for request in DAY.x_requests.iter().filter(|request| request.path.ends_with("/hidden")) {
        let post = request.path.split('/').nth(3).unwrap();
        assert!(targets.contains(post), "{post} was hidden without a recorded intention");
        assert!(hidden.insert(post), "{post} was hidden twice");
    }
    assert_eq!(DAY.changed_again, Vec::<String>::new());
    for action in actions {
        assert!(!["pending", "running"].contains(&action["stage"].as_str().unwrap()), "left undone: {action}");
    }
}

#[test]
fn no_line_holds_a_word_name_id_or_secret_of_the_day() {
    assert!(DAY.lines.len() >= 200, "{} lines prove nothing", DAY.lines.len());
    let forbidden = Forbidden::of(&DAY);
    for line in &DAY.lines {
        let fields: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for (name, value) in fields.as_object().unwrap() {
            if !["timestamp", "level", "target"].contains(&name.as_str()) {
                forbidden.check(value.as_str().unwrap_or(&value.to_string()), line);
            }
        }
    }
    for counter in DAY.counters.keys() {
        forbidden.check(counter, counter);
    }
}

/// What no line may hold.
struct Forbidden {
    /// Secrets, names, handles and ids, whole.
    whole: BTreeSet<String>,
    /// Every stretch of [`OF_TEXT`] characters of every text, and of [`OF_BODY`] characters of every raw body.
    windows: BTreeSet<String>,
}

/// Long enough that no word of our own messages is one.
const OF_TEXT: usize = 8;
/// Longer than the platform's name of an event type, which is counted.
const OF_BODY: usize = 20;

impl Forbidden {
    fn of(day: &FullDay) -> Forbidden {
        let secrets = serde_json::to_value(&day.secrets).unwrap();
        let mut whole: BTreeSet<String> = strings(&secrets).into_iter().collect();
        assert!(whole.len() >= 6, "secrets to look for");
        for author in &day.day.author {
            let texts = [Some(&author.id), author.handle.as_ref(), Some(&author.name), author.description.as_ref()];
            // A name of three letters is part of many words.
            whole.extend(texts.into_iter().flatten().filter(|text| text.len() > 3).cloned());
        }
        let texts = day.day.event.iter().map(|event| &event.text);
        let texts = texts
            .chain(day.day.root.iter().map(|root| &root.text))
            .chain(day.day.foreign.iter().map(|foreign| &foreign.text))
            .chain(day.day.video.iter().map(|video| &video.title));
        let bodies = day.day.event.iter().filter_map(|event| event.body.as_ref());
        let windows = texts.flat_map(|text| windows(text, OF_TEXT));
        let windows = windows.chain(bodies.flat_map(|body| self::windows(body, OF_BODY))).collect();
        Forbidden { whole, windows }
    }

    fn check(&self, text: &str, line: &str) {
        assert!(text.is_ascii(), "words of a person: {line}");
        for secret in &self.whole {
            assert!(!text.contains(secret.as_str()), "{secret:?} in {line}");
        }
        for window in windows(text, OF_TEXT).into_iter().chain(windows(text, OF_BODY)) {
            assert!(!self.windows.contains(&window), "{window:?} in {line}");
        }
    }
}

fn windows(text: &str, length: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.windows(length).map(|window| window.iter().collect()).collect()
}

/// All strings in a value.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(fields) => fields.values().flat_map(strings).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
