//! Payload cases: a body, the door that it comes in at, and what has to become of it.

use std::path::Path;

use platforms::Accounts;
use rules::Platform;
use serde::Deserialize;
use serde_json::Value;

use crate::parts::{accounts_of_x, accounts_of_youtube};
use crate::world::accounts;

/// One body with what is expected of it.
pub struct Case {
    /// The file's name within its folder.
    pub name: String,
    /// The raw bytes.
    pub body: Vec<u8>,
    /// Whose webhook gets it.
    pub platform: Platform,
    /// Who we are.
    pub accounts: Accounts,
    /// What becomes of it.
    pub expect: Expect,
}

/// What becomes of a body.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// One decision for each of these posts, with this text kept.
    Post(Vec<PostCase>),
    /// Posts of our own, kept with this text; that of a plain retweet is empty.
    Outbound(Vec<PostCase>),
    /// The deletion of this post of ours is noted, and no more.
    Deleted(String),
    /// Our own account is disconnected.
    Disconnected,
    /// Type and count only.
    Counted,
    /// Kept as it came, with the reason.
    Unreadable,
    /// Videos that are watched from now on, and videos that are gone.
    Videos {
        /// Ids of those watched.
        watched: Vec<String>,
        /// Ids of those gone.
        #[serde(default)]
        gone: Vec<String>,
    },
    /// No event at all (an answer of a platform's API, an object of an API of the past): never decided about, and
    /// never a failure.
    Harmless,
    /// An event of AWS for the handlers themselves.
    Trigger,
}

/// A post and its text.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostCase {
    /// First id of its edit history.
    pub id: String,
    /// The whole text.
    pub text: String,
}

/// A folder of the project: `manifest.toml` and the bodies that it names.
///
/// # Panics
/// When the manifest and the files do not belong together.
pub fn own(folder: &Path) -> Vec<Case> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Manifest {
        case: Vec<Entry>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        file: String,
        #[expect(dead_code, reason = "for who reads the manifest")]
        shows: String,
        expect: Expect,
    }
    let text = std::fs::read_to_string(folder.join("manifest.toml")).unwrap();
    let manifest: Manifest = toml::from_str(&text).unwrap();
    let files = std::fs::read_dir(folder.join("x")).unwrap().count()
        + std::fs::read_dir(folder.join("youtube")).unwrap().count()
        + std::fs::read_dir(folder.join("aws")).unwrap().count();
    assert_eq!(files, manifest.case.len(), "the manifest and the files differ in number");
    let case = |Entry { file, expect, .. }| Case {
        body: std::fs::read(folder.join(&file)).unwrap_or_else(|error| panic!("{file}: {error}")),
        platform: platform(&file),
        accounts: accounts(),
        name: file,
        expect,
    };
    manifest.case.into_iter().map(case).collect()
}

/// The corpus: `manifest.tsv` and the bodies that it names.
///
/// # Panics
/// When the manifest expects something that no test knows.
pub fn corpus(folder: &Path) -> Vec<Case> {
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let lines = manifest.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    lines.map(|columns| corpus_case(folder, columns[0], columns[1])).collect()
}

fn corpus_case(folder: &Path, file: &str, expect: &str) -> Case {
    let body = std::fs::read(folder.join(file)).unwrap();
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    let event = &json["data"];
    // Who subscribed to the event is us; in a body without a subscriber nobody is.
    let mut accounts = match event["filter"]["user_id"].as_str() {
        Some(user) => accounts_of_x(user),
        None => accounts(),
    };
    let expect = match expect {
        // A plain retweet holds no word of the retweeter's: it is never judged.
        "post" if event["event_type"] == "post.repost.create" => Expect::Counted,
        "post" => {
            let post = if event["payload"].is_object() { &event["payload"] } else { event };
            let field = |name: &str| post[name].as_str().unwrap().to_owned();
            Expect::Post(vec![PostCase { id: field("id"), text: field("text") }])
        }
        "event-counted" if event["event_type"] == "post.delete" => {
            Expect::Deleted(event["payload"]["id"].as_str().unwrap().to_owned())
        }
        "event-counted" => Expect::Counted,
        "unreadable" => Expect::Unreadable,
        "websub-notice" => {
            accounts = accounts_of_youtube(between(&text, "<yt:channelId>").last().unwrap());
            let mut watched: Vec<String> = between(&text, "<yt:videoId>").map(str::to_owned).collect();
            watched.sort();
            watched.dedup();
            Expect::Videos { watched, gone: Vec::new() }
        }
        "api-answer" | "v1-object" => Expect::Harmless,
        "aws-trigger" => Expect::Trigger,
        other => panic!("{file}: the manifest expects {other:?}, which no test knows"),
    };
    Case { name: file.to_owned(), platform: platform(file), body, accounts, expect }
}

fn platform(file: &str) -> Platform {
    if file.starts_with("youtube/") { Platform::YouTube } else { Platform::X }
}

/// What stands behind each of these tags, up to the next tag.
fn between<'a>(text: &'a str, tag: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(tag).skip(1).map(|rest| rest.split('<').next().unwrap_or_default())
}
