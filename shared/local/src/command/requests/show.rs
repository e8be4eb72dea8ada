//! `sekisho requests show`: one request with its clocks, mails, letters and log.

use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use privacy::chain;
use privacy::classify::Link;
use privacy::file::{Channel, Claim, Draft, RequestFile, RequestItem, Requests};
use privacy::law::{DeadlineClass, DeadlineKind};
use privacy::mail::Address;
use privacy::mail::thread::TicketId;

use super::{Office, ask_word, list, ticket, tokyo, word};
use crate::command::say;

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Number of the request.
    #[arg(value_parser = ticket)]
    ticket: TicketId,
}

impl Show {
    pub(super) async fn run(self, office: &Office) -> Result<()> {
        let now = Timestamp::now();
        let file = office.requests.load(&self.ticket).await?.context("no such request")?;
        head(&file)?;
        for item in &file.items {
            one(&file, item, now)?;
        }
        for mail in office.requests.mails(&self.ticket).await? {
            say(format_args!("\nmail {} of {}: {}", mail.number, tokyo(mail.at), mail.subject))?;
            for line in mail.text.lines() {
                say(format_args!("  | {line}"))?;
            }
            for attached in &mail.attachments {
                let name = attached.name.as_deref().unwrap_or("without a name");
                say(format_args!("  attached, unopened: {name} ({}, {} bytes)", attached.media_type, attached.bytes))?;
            }
        }
        for letter in office.requests.letters(&self.ticket).await? {
            let (kind, state) = (word(letter.kind), word(letter.state));
            let delivery = word(letter.delivery);
            say(format_args!("\nletter {} of {}: {kind}, {state}, {delivery}", letter.number, tokyo(letter.written)))?;
            for line in letter.body.lines() {
                say(format_args!("  > {line}"))?;
            }
        }
        let entries = office.requests.entries(&self.ticket).await?;
        say("\nlog")?;
        for entry in &entries {
            let fields = entry.fields.iter().map(|(name, field)| match field {
                chain::Field::Plain(text) => format!("{name}={text}"),
                chain::Field::Commitment(_) => format!("{name}=(committed)"),
            });
            say(format_args!("  {} {} {}", tokyo(entry.at), entry.event, fields.collect::<Vec<_>>().join(" ")))?;
        }
        match chain::verify(&entries, Some(file.log.hash)) {
            Ok(_) => say(format_args!("  {} entries, chain intact", entries.len())),
            Err(broken) => say(format_args!("  CHAIN BROKEN: {broken}")),
        }
    }
}

fn head(file: &RequestFile) -> Result<()> {
    let language = word(file.language);
    say(format_args!("{}  arrived {} by {} ({language})", file.ticket, tokyo(file.arrived), word(file.channel)))?;
    let person = file.person.as_ref();
    let address = person.and_then(|person| person.address.as_ref()).map(Address::to_header);
    let vouched = match (file.authenticated, file.channel) {
        (true, _) => "the sender's address was checked",
        (false, Channel::Mail) => "NOBODY vouches for the sender",
        (false, Channel::Api) => "the address was told, not checked",
    };
    say(format_args!("from {}; {vouched}", address.as_deref().unwrap_or("(no address)")))?;
    for claim in person.into_iter().flat_map(|person| &person.claims) {
        say(format_args!("names {}", named(claim)))?;
    }
    if let Some(verified) = &file.verified {
        let account = person.and_then(|person| person.account.as_ref());
        let account = account.map_or_else(String::new, |account| format!(" {} {}", account.platform(), account.id()));
        say(format_args!("control of the account{account} shown {}", tokyo(verified.at)))?;
    }
    if let Some(seen) = file.agent.as_ref().and_then(|agent| agent.mandate_seen) {
        say(format_args!("asked by an agent whose mandate was seen {}", tokyo(seen)))?;
    }
    if let Some(moving) = person.and_then(|person| person.moving.as_ref()) {
        say(format_args!("letters shall go to {}, once both mailboxes confirm it", moving.to.to_header()))?;
    }
    if let Some(package) = &file.package {
        say(format_args!("a package lies there until {}", tokyo(package.until)))?;
    }
    if let Some(form) = file.form {
        say(format_args!("wants {}", word(form)))?;
    }
    for linked in &file.linked {
        let same = if file.duplicate_of.as_ref() == Some(linked) { ", which is worked on instead" } else { "" };
        say(format_args!("linked: {linked}{same}"))?;
    }
    for note in list::notes(file) {
        say(format_args!("! {note}"))?;
    }
    Ok(())
}

/// What the person says is theirs, as it can be looked at.
fn named(claim: &Claim) -> String {
    match claim {
        Claim::Handle(handle) => format!("@{handle}"),
        Claim::Link(Link::XPost { id }) => format!("https://x.com/i/status/{id}"),
        Claim::Link(Link::XProfile { handle }) => format!("https://x.com/{handle}"),
        Claim::Link(Link::YoutubeVideo { id, comment: Some(comment) }) => {
            format!("https://www.youtube.com/watch?v={id}&lc={comment}")
        }
        Claim::Link(Link::YoutubeVideo { id, comment: None }) => format!("https://www.youtube.com/watch?v={id}"),
        Claim::Link(Link::YoutubeChannel { id }) => format!("YouTube channel {id}"),
    }
}

fn one(file: &RequestFile, item: &RequestItem, now: Timestamp) -> Result<()> {
    say(format_args!("\nitem {}: {} ({})", item.number, ask_word(item.ask), word(item.state)))?;
    if let Some(maybe) = item.maybe {
        say(format_args!("  may mean {}", word(maybe)))?;
    }
    for clock in item.clocks.iter() {
        let (due, kind) = (clock.due(now)?, clock.kind());
        let left = due.duration_since(now).as_hours();
        let state = if clock.is_met() {
            "met".to_owned()
        } else if clock.pauses().last().is_some_and(|pause| pause.to.is_none()) {
            "stands still".to_owned()
        } else if left < 0 {
            format!("LATE by {} h", -left)
        } else {
            format!("{left} h left")
        };
        let what = match (clock.class(), kind) {
            (DeadlineClass::Exposure, DeadlineKind::AppiSuableFrom) => "a suit is possible from".to_owned(),
            (_, kind) => word(kind),
        };
        say(format_args!("  {what}: {} ({state})", tokyo(due)))?;
    }
    if let Some(draft) = item.draft.filter(|_| !item.state.is_closed()) {
        let draft = match draft {
            Draft::Standard(standard) => format!("the standard answer {}", word(standard)),
            Draft::Grant => "grant it".to_owned(),
        };
        say(format_args!("  draft: {draft}"))?;
    }
    if let Some(proposal) = &item.proposal {
        say(format_args!("  proposed by {}: {}", proposal.by, proposal.ruling))?;
    }
    if let Some(decided) = &item.decided {
        let second = decided.seconded_by.as_deref().map_or_else(String::new, |by| format!(", seconded by {by}"));
        say(format_args!("  decided by {}{second}: {}", decided.proposal.by, decided.proposal.ruling))?;
    }
    if let Some(right) = item.right().filter(|_| !item.state.is_closed()) {
        let law = file.law.law();
        let rule = law.right(right, file.law.on())?;
        let grounds: Vec<String> =
            rule.grounds.iter().map(|ground| format!("{}@{}", word(ground.reason), ground.article)).collect();
        say(format_args!("  may be refused for: {}", grounds.join(", ")))?;
    }
    Ok(())
}
