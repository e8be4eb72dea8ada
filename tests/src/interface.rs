//! The `data-request` function over a world's tables and platforms, called through its interface and its schedule.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use data_request::carry::Limits;
use lambda_kit::objects::shelf::Links;
use local::desk::{LocalDesk, Parts, start};
use local::gateway;
use local::stack::{requests_table_name, tick_event};
use platforms::{Hosts, Platforms};
use privacy::file::{Extra, RequestFile, Requests, Ruling};
use privacy::mail::thread::TicketId;
use privacy::{chain, desk::Stand};
use serde_json::{Value, json};
use store::RequestStore;

use crate::World;
use crate::calls::Tape;
use crate::desk::{Letter, letters_in};
use crate::world::{client_of, opened, requests_over};

/// As many calls as a test makes.
pub const UNLIMITED: Limits = Limits { submissions: 1_000_000, mailbox: 1_000_000, calls: 1_000_000 };

/// An answer of the interface.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u64,
    /// The headers, with names in lower case.
    pub headers: Value,
    /// The body as it was sent.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

/// What opens a request.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its number.
    pub ticket: TicketId,
    /// Its secret.
    pub secret: String,
}

impl World {
    /// The requests table.
    pub fn requests(&self) -> RequestStore {
        requests_over(client_of("data-request", &self.engine.address), &self.secrets)
    }

    /// A sandbox of `data-request` with these limits.
    pub fn desk_with(&self, limits: Limits) -> LocalDesk {
        self.desk_over(client_of("data-request", &self.engine.address), limits)
    }

    /// A sandbox of `data-request` whose calls of the store are on a tape.
    pub fn desk_on(&self, tape: &Tape) -> LocalDesk {
        self.desk_over(tape.on(&client_of("data-request", &self.engine.address)), UNLIMITED)
    }

    fn desk_over(&self, client: Client, limits: Limits) -> LocalDesk {
        let hosts = Hosts::at(&self.x.origin(), &self.youtube.origin()).unwrap();
        let parts = Parts {
            decisions: opened(client.clone(), &self.secrets),
            requests: requests_over(client, &self.secrets),
            lookup: Arc::new(
                Platforms::new(self.tokens_of("data-request", &self.engine.address, self.vault()), hosts).unwrap(),
            ),
            links: Links::new("/objects"),
            limits,
        };
        start(parts, self.folder.path(), self.clock.clock()).unwrap()
    }

    /// A sandbox of `data-request`.
    pub fn desk(&self) -> LocalDesk {
        self.desk_with(UNLIMITED)
    }

    /// A file whose chain holds.
    pub async fn request(&self, ticket: &TicketId) -> RequestFile {
        let requests = self.requests();
        let file = requests.load(ticket).await.unwrap().unwrap();
        let entries = requests.entries(ticket).await.unwrap();
        assert_eq!(chain::verify(&entries, Some(file.log.hash)), Ok(file.log.hash));
        file
    }

    /// What happened to a file, as codes in order.
    pub async fn happened(&self, ticket: &TicketId) -> Vec<String> {
        let entries = self.requests().entries(ticket).await.unwrap();
        entries.into_iter().map(|entry| entry.event).collect()
    }

    /// Every item of the requests table.
    pub async fn items_of_requests(&self) -> Vec<Value> {
        crate::table::of(&self.engine.address, &requests_table_name().unwrap()).await
    }

    /// Every mail that the desk sent, in order.
    pub fn sent(&self) -> Vec<Letter> {
        letters_in(self.folder.path())
    }

    /// The code in the newest letter that carries one.
    pub fn code_by_letter(&self) -> String {
        let code = |line: &str| line.len() == 9 && line.as_bytes()[4] == b'-';
        let letters = self.sent().into_iter().rev();
        let mut codes = letters
            .filter_map(|letter| letter.mail.text.lines().map(str::trim).find(|line| code(line)).map(str::to_owned));
        codes.next().expect("a letter with a code")
    }

    /// Says something of a user on X in the user's bio.
    pub fn bio(&self, user: &str, text: &str) {
        self.x.simulator.state().users.get_mut(user).unwrap().description = text.to_owned();
    }
}

/// A call of the interface from an address.
pub async fn call_from(
    desk: &LocalDesk,
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&'static str, &str)],
    body: &str,
) -> Answer {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut event = gateway::event(method, path, query, &headers, &Bytes::copy_from_slice(body.as_bytes()));
    event["requestContext"]["http"]["sourceIp"] = json!(address);
    // Boxed: the futures of a function are large, and a test's stack is small.
    let answer = Box::pin(desk.handle(event)).await.unwrap();
    Answer {
        status: answer["statusCode"].as_u64().unwrap(),
        headers: answer["headers"].clone(),
        text: answer["body"].as_str().unwrap_or_default().to_owned(),
    }
}

/// A call with a secret and a JSON body, where given.
pub async fn call(desk: &LocalDesk, method: &str, path: &str, secret: Option<&str>, body: Option<Value>) -> Answer {
    let bearer = format!("Bearer {}", secret.unwrap_or_default());
    let mut headers = Vec::new();
    if secret.is_some() {
        headers.push(("authorization", bearer.as_str()));
    }
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    call_from(desk, "192.0.2.1", method, path, &headers, &body).await
}

/// Sends in a request.
pub async fn submit(desk: &LocalDesk, body: Value) -> Opened {
    let answer = call(desk, "POST", "/requests", None, Some(body)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let receipt = answer.json();
    let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
    Opened { ticket: TicketId::parse(&text("ticket")).unwrap(), secret: text("secret") }
}

/// Asks for a code for an account on X; gives it.
pub async fn begin(desk: &LocalDesk, opened: &Opened, account: &str) -> String {
    let body = json!({"step": "begin", "platform": "x", "account": account, "consent": true});
    let path = format!("/requests/{}/verify", opened.ticket);
    let answer = call(desk, "POST", &path, Some(&opened.secret), Some(body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["code"].as_str().unwrap().to_owned()
}

/// Has the code looked for; gives the status.
pub async fn check(desk: &LocalDesk, opened: &Opened) -> u64 {
    let path = format!("/requests/{}/verify", opened.ticket);
    call(desk, "POST", &path, Some(&opened.secret), Some(json!({"step": "check"}))).await.status
}

/// Shows control of a user's account on X.
pub async fn verify(world: &World, desk: &LocalDesk, opened: &Opened, user: &str) {
    let code = begin(desk, opened, user).await;
    world.bio(user, &format!("こんにちは {code} です"));
    assert_eq!(check(desk, opened).await, 200);
    world.bio(user, "");
}

/// Grants the first item, by two persons where that needs two.
pub async fn grant(world: &World, desk: &LocalDesk, ticket: &TicketId) {
    let (work, extra) = (desk.app().desk(), Extra::default());
    for by in ["officer-1", "officer-2"] {
        let decided = Box::pin(work.decide(ticket, 1, &Ruling::Grant, &extra, by, world.clock.now()));
        let stand = decided.await.unwrap();
        if stand == Stand::Decided {
            return;
        }
    }
    panic!("two persons were not enough");
}

/// One tick of the schedule.
pub async fn tick(desk: &LocalDesk) {
    Box::pin(desk.handle(tick_event())).await.unwrap();
}
