//! OAuth 2.0 as both platforms grant it: a person who consents at once, codes, refresh tokens, and revocation.
//!
//! X takes a refresh token once and gives its successor; one that comes a second time ends the whole grant. Google
//! gives none and takes the same one again.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::request::{Answer, Call};

/// How long a code lives, in seconds (X docs, authorization code with PKCE).
const CODE_SECONDS: i64 = 30;

/// An app as it is registered.
#[derive(Clone)]
pub struct Client {
    /// Of a confidential app.
    pub secret: Option<String>,
    /// Where consent may lead back to. Without a port, any port of loopback will do, as for Google's desktop apps.
    pub redirects: Vec<String>,
}

/// What a consent or a refresh gave.
#[derive(Clone)]
pub struct Issued {
    /// The access token's value.
    pub access: String,
    /// Its end.
    pub expires_at: Timestamp,
    /// Whom it stands for.
    pub subject: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
}

struct Code {
    grant: u64,
    client: String,
    redirect: String,
    challenge: String,
    until: Timestamp,
}

struct Grant {
    client: String,
    subject: String,
    scopes: Vec<String>,
    dead: bool,
    access: Vec<String>,
}

/// One platform's office that grants.
pub struct Authority {
    /// Apps by id.
    pub clients: BTreeMap<String, Client>,
    /// Who sits before the browser: the user or channel that consents; nobody declines.
    pub person: Option<String>,
    /// Seconds that an access token lives.
    pub lifetime: i64,
    rotates: bool,
    grants: BTreeMap<u64, Grant>,
    codes: BTreeMap<String, Code>,
    /// Refresh tokens by value: their grant, and whether they were used.
    refresh: BTreeMap<String, (u64, bool)>,
    next: u64,
}

impl Authority {
    pub(super) fn new(rotates: bool, lifetime: i64) -> Authority {
        Authority {
            clients: BTreeMap::new(),
            person: None,
            lifetime,
            rotates,
            grants: BTreeMap::new(),
            codes: BTreeMap::new(),
            refresh: BTreeMap::new(),
            next: 1,
        }
    }

    /// Registers an app.
    pub fn register(&mut self, id: &str, secret: Option<&str>, redirects: &[&str]) {
        let redirects = redirects.iter().map(|&redirect| redirect.to_owned()).collect();
        self.clients.insert(id.to_owned(), Client { secret: secret.map(str::to_owned), redirects });
    }

    /// A grant that was given before the story begins, with its refresh token.
    pub fn grant_refresh(&mut self, client: &str, subject: &str, scopes: &[&str], access: &str, refresh: &str) {
        let grant = self.begin(client, subject, scopes.iter().map(|&scope| scope.to_owned()).collect());
        if let Some(grant) = self.grants.get_mut(&grant) {
            grant.access.push(access.to_owned());
        }
        self.refresh.insert(refresh.to_owned(), (grant, false));
    }

    /// Ends every grant of a user or channel, as the person does in the platform's settings; gives the access tokens
    /// that die with it.
    pub fn revoke_subject(&mut self, subject: &str) -> Vec<String> {
        let mut dead = Vec::new();
        for grant in self.grants.values_mut().filter(|grant| grant.subject == subject) {
            grant.dead = true;
            dead.append(&mut grant.access);
        }
        dead
    }

    /// Whether a user or channel has a living grant.
    pub fn has_grant(&self, subject: &str) -> bool {
        self.grants.values().any(|grant| grant.subject == subject && !grant.dead)
    }

    /// The consent page: the person consents at once and is sent back with a code.
    pub(super) fn authorize(&mut self, call: &Call, scopes_of: &dyn Fn(&str) -> bool, now: Timestamp) -> Answer {
        let value = |name: &str| call.value(name).unwrap_or_default().to_owned();
        let (client, redirect, state) = (value("client_id"), value("redirect_uri"), value("state"));
        let registered = self.clients.get(&client).is_some_and(|client| client.allows(&redirect));
        let scopes: Vec<String> = value("scope").split_whitespace().map(str::to_owned).collect();
        let fits = registered
            && value("response_type") == "code"
            && (1..=500).contains(&state.len())
            && value("code_challenge_method") == "S256"
            && value("code_challenge").len() == 43
            && !scopes.is_empty()
            && scopes.iter().all(|scope| scopes_of(scope));
        let (Some(person), true) = (self.person.clone(), fits) else {
            return Answer::json(400, &json!({"error": "invalid_request"}));
        };
        let grant = self.begin(&client, &person, scopes);
        let code = self.fresh("code");
        let until = now.checked_add(jiff::SignedDuration::from_secs(CODE_SECONDS)).unwrap_or(now);
        let challenge = value("code_challenge");
        self.codes.insert(code.clone(), Code { grant, client, redirect: redirect.clone(), challenge, until });
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &state)
            .append_pair("code", &code)
            .finish();
        Answer { status: 302, headers: vec![("location", format!("{redirect}?{query}"))], ..Answer::default() }
    }

    /// The token endpoint. The tokens that die by it are given beside what was issued.
    pub(super) fn token(&mut self, call: &Call, now: Timestamp) -> (Answer, Option<Issued>, Vec<String>) {
        let refused = |error: &str| (refusal(400, error), None, Vec::new());
        let form = form(call);
        let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let Some(client) = self.authenticated(call, &form) else {
            return (refusal(401, "invalid_client"), None, Vec::new());
        };
        let grant = match text("grant_type") {
            "authorization_code" => {
                let Some(code) = self.codes.remove(text("code")) else { return refused("invalid_grant") };
                let proof = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier")));
                let good = code.client == client
                    && code.redirect == text("redirect_uri")
                    && code.challenge == proof
                    && now < code.until;
                if !good {
                    return refused("invalid_grant");
                }
                code.grant
            }
            "refresh_token" => {
                // X says `invalid_request` where Google says `invalid_grant`.
                let word = if self.rotates { "invalid_request" } else { "invalid_grant" };
                let Some((grant, used)) = self.refresh.get(text("refresh_token")).copied() else {
                    return refused(word);
                };
                let ours = self.grants.get(&grant).is_some_and(|grant| grant.client == client && !grant.dead);
                if !ours {
                    return refused(word);
                }
                if used && self.rotates {
                    let dead = self.grants.get_mut(&grant).map(|grant| {
                        grant.dead = true;
                        std::mem::take(&mut grant.access)
                    });
                    return (refusal(400, word), None, dead.unwrap_or_default());
                }
                grant
            }
            _ => return refused("unsupported_grant_type"),
        };
        let first = text("grant_type") == "authorization_code";
        if let Some(entry) = self.refresh.get_mut(text("refresh_token")) {
            entry.1 = true;
        }
        self.issue(grant, first, now)
    }

    /// The endpoint that ends a grant by one of its tokens; gives the access tokens that die.
    pub(super) fn revoke(&mut self, call: &Call) -> (Answer, Vec<String>) {
        let token = form(call).remove("token").unwrap_or_default();
        let by_refresh = self.refresh.get(&token).map(|(grant, _)| *grant);
        let by_access = self.grants.iter().find(|(_, grant)| grant.access.contains(&token)).map(|(id, _)| *id);
        let dead = by_refresh.or(by_access).and_then(|grant| self.grants.get_mut(&grant)).map(|grant| {
            grant.dead = true;
            std::mem::take(&mut grant.access)
        });
        match dead {
            Some(dead) => (Answer::json(200, &json!({"revoked": true})), dead),
            None => (refusal(400, "invalid_token"), Vec::new()),
        }
    }

    fn begin(&mut self, client: &str, subject: &str, scopes: Vec<String>) -> u64 {
        let id = self.next;
        self.next += 1;
        let (client, subject) = (client.to_owned(), subject.to_owned());
        self.grants.insert(id, Grant { client, subject, scopes, dead: false, access: Vec::new() });
        id
    }

    fn issue(&mut self, id: u64, first: bool, now: Timestamp) -> (Answer, Option<Issued>, Vec<String>) {
        let access = self.fresh("access");
        let Some(grant) = self.grants.get_mut(&id) else { return (refusal(400, "invalid_grant"), None, Vec::new()) };
        grant.access.push(access.clone());
        let issued = Issued {
            access: access.clone(),
            expires_at: now.checked_add(jiff::SignedDuration::from_secs(self.lifetime)).unwrap_or(now),
            subject: grant.subject.clone(),
            scopes: grant.scopes.clone(),
        };
        let mut body = json!({
            "token_type": "bearer", "expires_in": self.lifetime, "access_token": access,
            "scope": issued.scopes.join(" "),
        });
        let offline = !self.rotates || issued.scopes.iter().any(|scope| scope == "offline.access");
        if offline && (first || self.rotates) {
            let refresh = self.fresh("refresh");
            self.refresh.insert(refresh.clone(), (id, false));
            body["refresh_token"] = refresh.into();
        }
        (Answer::json(200, &body), Some(issued), Vec::new())
    }

    fn authenticated(&self, call: &Call, form: &BTreeMap<String, String>) -> Option<String> {
        let header = call.headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (id, secret) = match header.and_then(|value| value.strip_prefix("Basic ")) {
            Some(pair) => {
                let pair = String::from_utf8(BASE64_STANDARD.decode(pair).ok()?).ok()?;
                let (id, secret) = pair.split_once(':')?;
                (id.to_owned(), Some(secret.to_owned()))
            }
            None => (form.get("client_id")?.clone(), form.get("client_secret").cloned()),
        };
        let client = self.clients.get(&id)?;
        (client.secret == secret).then_some(id)
    }

    fn fresh(&mut self, kind: &str) -> String {
        let number = self.next;
        self.next += 1;
        format!("simulated-{kind}-{number:08}")
    }
}

impl Client {
    fn allows(&self, redirect: &str) -> bool {
        self.redirects.iter().any(|registered| {
            redirect == registered
                || redirect
                    .strip_prefix(registered.as_str())
                    .is_some_and(|rest| registered == "http://127.0.0.1" && rest.starts_with(':'))
        })
    }
}

fn form(call: &Call) -> BTreeMap<String, String> {
    form_urlencoded::parse(&call.body).into_owned().collect()
}

fn refusal(status: u16, error: &str) -> Answer {
    let body: Value = json!({"error": error, "error_description": "Value passed for the token was invalid."});
    Answer::json(status, &body)
}
