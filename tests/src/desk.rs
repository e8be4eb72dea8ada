//! A desk of its own: the requests table, the real `data-request` function, an outbox, and a clock moved by hand.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use casework::platform::{Asked, Lookup, PublicProfile, Shown};
use data_request::carry::Limits;
use jiff::{SignedDuration, Timestamp};
use lambda_kit::objects::Objects;
use lambda_kit::objects::shelf::Links;
use local::desk::{DESK_ADDRESS, LocalDesk, OFFICER_ADDRESS, Parts, outbox, receipt, start};
use local::engine::Engine;
use local::simulator::HandClock;
use local::stack::{environment, requests_table_name, table_name, tick_event};
use privacy::chain;
use privacy::file::{Account, RequestFile, Requests};
use privacy::mail::thread::TicketId;
use privacy::mail::{Mail, read};
use rules::{Platform, UserId};
use secrecy::SecretString;
use serde_json::Value;
use store::{PersonKey, RequestStore, Store};
use tempfile::TempDir;

use crate::calls::watched;

/// The person who asks.
pub const TARO: &str = "taro@example.jp";

/// A desk with nothing on it, at nine in the morning in Tokyo.
pub struct Desk {
    /// The engine.
    pub engine: Engine,
    /// The time.
    pub clock: HandClock,
    /// The function.
    pub function: LocalDesk,
    /// The table, as the function has it.
    pub requests: RequestStore,
    /// Mails and letters.
    pub folder: TempDir,
    sent: AtomicU64,
}

impl Desk {
    /// A desk of its own.
    pub async fn new() -> Desk {
        let clock = HandClock::at("2026-11-24T00:00:00Z".parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::start(None, 0).await.unwrap();
        let requests = requests(&engine.address);
        let function = start(parts(&engine.address), folder.path(), clock.clock()).unwrap();
        Desk { engine, clock, function, requests, folder, sent: AtomicU64::new(0) }
    }

    /// Another sandbox of the function on the same table.
    pub fn sandbox(&self) -> LocalDesk {
        self.sandbox_at(&self.engine.address)
    }

    /// Another sandbox of the function, whose tables are behind an address.
    pub fn sandbox_at(&self, address: &str) -> LocalDesk {
        start(parts(address), self.folder.path(), self.clock.clock()).unwrap()
    }

    /// Delivers a mail that passed every check, to the desk's own address. Gives SES's id of it.
    pub async fn mail(&self, raw: &[u8]) -> String {
        self.mail_to(raw, DESK_ADDRESS).await
    }

    /// Delivers a mail that passed every check to an address of ours.
    pub async fn mail_to(&self, raw: &[u8], to: &str) -> String {
        let source = read(raw).sender().map(|sender| sender.to_header()).unwrap_or_default();
        let event = receipt(&self.id(), &source, to, self.clock.now());
        self.event(raw, event).await
    }

    /// Delivers a mail with an event of SES as the test made it.
    pub async fn event(&self, raw: &[u8], event: Value) -> String {
        let id = event["Records"][0]["ses"]["mail"]["messageId"].as_str().unwrap().to_owned();
        self.store(raw, &id).await;
        self.function.handle(event).await.unwrap();
        id
    }

    /// Puts a raw mail where SES does.
    pub async fn store(&self, raw: &[u8], id: &str) {
        let key = format!("mail/{id}");
        self.function.app().objects.put(&key, Bytes::copy_from_slice(raw)).await.unwrap();
    }

    /// A new id, as SES makes them.
    pub fn id(&self) -> String {
        format!("ses{:08}", self.sent.fetch_add(1, Ordering::Relaxed))
    }

    /// Moves the time on.
    pub fn after(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// One tick of the schedule.
    pub async fn tick(&self) {
        self.function.handle(tick_event()).await.unwrap();
    }

    /// Everything sent so far, in order, to persons.
    pub fn letters(&self) -> Vec<Letter> {
        self.outbox().into_iter().filter(|letter| letter.to != OFFICER_ADDRESS).collect()
    }

    /// Alarms sent to the officer.
    pub fn alarms(&self) -> Vec<Letter> {
        self.outbox().into_iter().filter(|letter| letter.to == OFFICER_ADDRESS).collect()
    }

    fn outbox(&self) -> Vec<Letter> {
        letters_in(self.folder.path())
    }

    /// Every file, the oldest first.
    pub async fn files(&self) -> Vec<RequestFile> {
        let client = lambda_kit::aws::dynamodb(&environment(&self.engine.address).unwrap());
        let pages = client.scan().table_name(requests_table_name().unwrap()).send().await.unwrap();
        assert!(pages.last_evaluated_key().is_none(), "more items than one page");
        let mut files = Vec::new();
        for item in pages.items() {
            if item["sk"].as_s().unwrap() == "FILE" && item["pk"].as_s().unwrap().starts_with("REQUEST#") {
                let ticket = TicketId::parse(item["pk"].as_s().unwrap().trim_start_matches("REQUEST#")).unwrap();
                files.push(self.file(&ticket).await);
            }
        }
        files.sort_by_key(|file| (file.arrived, file.ticket.clone()));
        files
    }

    /// The only file there is.
    pub async fn only_file(&self) -> RequestFile {
        let mut files = self.files().await;
        assert_eq!(files.len(), 1);
        files.remove(0)
    }

    /// A file, whose chain is checked on the way.
    pub async fn file(&self, ticket: &TicketId) -> RequestFile {
        let file = self.requests.load(ticket).await.unwrap().unwrap();
        let entries = self.requests.entries(ticket).await.unwrap();
        assert_eq!(chain::verify(&entries, Some(file.log.hash)), Ok(file.log.hash));
        assert_eq!(entries.len() as u64, file.log.entries);
        file
    }

    /// What happened to a file, as codes in order.
    pub async fn events(&self, ticket: &TicketId) -> Vec<String> {
        self.requests.entries(ticket).await.unwrap().into_iter().map(|entry| entry.event).collect()
    }

    /// Shows control of the account, as the procedure for it would.
    pub async fn verify(&self, ticket: &TicketId) {
        let shown = Account::X("9000000000000007001".to_owned());
        let (work, now) = (self.function.app().desk(), self.now());
        let shown = work.amend(ticket, now, |edit| {
            edit.show_control(&shown, now);
            Ok(())
        });
        shown.await.unwrap();
    }

    /// Keys of the raw mails that are stored.
    pub fn stored(&self) -> Vec<String> {
        let root = self.folder.path().join("mailbox");
        let mut keys = Vec::new();
        for folder in ["mail", "quarantine"] {
            for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
                keys.push(format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy()));
            }
        }
        keys.sort();
        keys
    }
}

/// What the function stands on, with platforms on which nobody is to be found.
fn parts(address: &str) -> Parts {
    let env = environment(address).unwrap();
    let key = PersonKey::new(SecretString::from("a key of thirty-two bytes or more")).unwrap();
    Parts {
        requests: requests(address),
        decisions: Store::new(watched("data-request", &lambda_kit::aws::dynamodb(&env)), table_name().unwrap(), key),
        lookup: Arc::new(Nowhere),
        links: Links::new("/objects"),
        limits: Limits::default(),
    }
}

/// Platforms that show every post and nobody's profile.
pub struct Nowhere;

impl Lookup for Nowhere {
    fn by_handle<'a>(&'a self, _: Platform, _: &'a str, _: Timestamp) -> Asked<'a, Option<UserId>> {
        Box::pin(async { Ok(None) })
    }

    fn profile<'a>(&'a self, _: Platform, _: &'a UserId, _: Timestamp) -> Asked<'a, Option<PublicProfile>> {
        Box::pin(async { Ok(None) })
    }

    fn shown<'a>(&'a self, _: Platform, _: &'a str, _: Timestamp) -> Asked<'a, Shown> {
        Box::pin(async { Ok(Shown::Yes(None)) })
    }
}

/// The requests table of an engine.
pub fn requests(address: &str) -> RequestStore {
    let env = environment(address).unwrap();
    let key = PersonKey::new(SecretString::from("a key of thirty-two bytes or more")).unwrap();
    RequestStore::new(watched("data-request", &lambda_kit::aws::dynamodb(&env)), requests_table_name().unwrap(), key)
}

/// Everything sent so far by a desk with this folder, in order.
pub fn letters_in(folder: &Path) -> Vec<Letter> {
    let Ok(entries) = std::fs::read_dir(outbox(folder)) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| Letter::read(&std::fs::read(path).unwrap())).collect()
}

/// A letter as it was sent.
pub struct Letter {
    /// Address it went to.
    pub to: String,
    /// What stands in it.
    pub mail: Mail,
    /// Its head, unfolded.
    pub head: String,
}

impl Letter {
    fn read(raw: &[u8]) -> Letter {
        let text = String::from_utf8_lossy(raw);
        let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let to = head.lines().find_map(|line| line.strip_prefix("To: ")).unwrap_or_default().to_owned();
        Letter { to, mail: read(raw), head }
    }

    /// The address that an answer goes to.
    pub fn reply_to(&self) -> String {
        self.mail.reply_to[0].to_header()
    }

    /// The text on one line, without the wraps.
    pub fn text(&self) -> String {
        self.mail.text.replace('\n', "")
    }
}

/// A plain mail in UTF-8 with a `Message-ID`.
pub fn mail(from: &str, id: &str, subject: &str, text: &str) -> Vec<u8> {
    mail_with(from, id, subject, text, "")
}

/// The same with further header lines, each ended by `\n`.
pub fn mail_with(from: &str, id: &str, subject: &str, text: &str, headers: &str) -> Vec<u8> {
    format!(
        "From: {from}\nTo: {DESK_ADDRESS}\nMessage-ID: <{id}>\nSubject: {subject}\n{headers}MIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    )
    .into_bytes()
}

/// An answer to a letter, with the letter quoted below what the person wrote.
pub fn answer(letter: &Letter, from: &str, id: &str, text: &str) -> Vec<u8> {
    let quoted: String = letter.mail.text.lines().map(|line| format!("> {line}\n")).collect();
    let subject = format!("Re: {}", letter.mail.subject);
    let in_reply_to = letter.mail.message_id.clone().unwrap();
    let headers = format!("In-Reply-To: <{in_reply_to}>\nReferences: <{in_reply_to}>\n");
    let text = format!("{text}\n\n2026年11月24日(火) 10:00 <{DESK_ADDRESS}>:\n{quoted}");
    mail_with(from, id, &subject, &text, &headers)
}
