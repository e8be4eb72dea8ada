//! Opening a file for a mail: what is asked, its clocks, and the person.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrive::{Incoming, Raw, TakenIn};
use super::at_once::standard;
use super::{Desk, DeskError, Result, random_hex};
use crate::classify::{Ask, Classified, Item, Language, classify};
use crate::clocks::Clocks;
use crate::file::{
    Agent, Beside, Channel, Claim, ClassifiedBy, Draft, Edit, Event, ItemState, Person, RequestFile, RequestItem,
    Requests, Saved,
};
use crate::identity::{Tier, required};
use crate::law::{DeadlineKind, Right, Snapshot};
use crate::mail::Address;
use crate::mail::thread::TicketId;
use crate::word;

/// Tries of opening a file that meets another of the same person.
const TRIES: u32 = 3;

/// A request as it came, by whatever way.
pub struct NewRequest {
    /// How it came.
    pub channel: Channel,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Language of the letters.
    pub language: Language,
    /// What is asked, with the right that an unclear question may mean.
    pub asks: Vec<(Ask, Option<Right>)>,
    /// Who said so.
    pub classified_by: ClassifiedBy,
    /// Where letters go.
    pub address: Option<Address>,
    /// What the person says is theirs.
    pub claims: Vec<Claim>,
    /// Whether the address was shown to be the sender's.
    pub authenticated: bool,
    /// Whether somebody asks on behalf of the person.
    pub on_behalf: bool,
}

/// What is known of who asks, as far as it changes what has to be shown.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    /// The mail service vouched for the address.
    pub(super) authenticated: bool,
    /// Somebody asks for somebody else.
    pub(super) on_behalf: bool,
}

impl<R: Requests> Desk<'_, R> {
    /// A new file, not yet saved, with running clocks and its first entry.
    ///
    /// # Errors
    /// Clocks that cannot be started, no randomness.
    pub fn draw_up(&self, request: NewRequest, now: Timestamp) -> Result<Edit> {
        let mut random = [0; 7];
        getrandom::fill(&mut random).map_err(|_| DeskError::Random)?;
        let on =
            request.arrived.to_zoned_datetime(TimeZone::get("Asia/Tokyo").map_err(crate::clocks::ClockError::from)?);
        let rights = request.asks.iter().filter_map(|(ask, _)| right_of(*ask));
        let law = Snapshot::take(self.law, rights, on.date())?;
        let mut items = Vec::new();
        for (number, (ask, maybe)) in (1..).zip(&request.asks) {
            let by = request.classified_by.clone();
            let asker = Asker { authenticated: request.authenticated, on_behalf: request.on_behalf };
            items.push(self.item(number, *ask, *maybe, by, request.arrived, asker)?);
        }
        // Of a question nobody needs a mandate.
        let agent = items.iter().any(|item| item.state == ItemState::Unverified) && request.on_behalf;
        let file = RequestFile {
            ticket: TicketId::from_random(random),
            channel: request.channel,
            arrived: request.arrived,
            language: request.language,
            token: random_hex::<12>()?,
            items,
            person: Some(Person::new(request.address, request.claims)?),
            authenticated: request.authenticated,
            silence: None,
            verified: None,
            agent: agent.then(Agent::default),
            quarantine: None,
            hold: None,
            unreachable: false,
            complained: false,
            unread: false,
            form: None,
            duplicate_of: None,
            linked: Vec::new(),
            active: None,
            law,
            secret: false,
            suppressed: false,
            package: None,
            identify_at: None,
            look_at: Some(request.arrived),
            letters: 0,
            mails: 0,
            closed: None,
            log: crate::chain::Head::default(),
        };
        let mut edit = Edit::of(file);
        let address = edit.file.person.as_ref().and_then(|person| person.address.clone());
        let address = address.map_or_else(|| Edit::plain("none"), |to| edit.personal("address", &to.to_header()));
        let asks: Vec<String> = edit.file.items.iter().map(|item| code_of(item.ask)).collect();
        edit.log(
            now,
            Event::Received,
            [
                ("arrived", Edit::plain(request.arrived)),
                ("channel", Edit::code(request.channel)),
                ("asks", Edit::plain(asks.join(" "))),
                ("authenticated", Edit::plain(request.authenticated)),
                ("address", address),
            ],
        );
        if agent {
            edit.log(now, Event::AgentAsks, []);
        }
        edit.beside.push(Beside::Token(edit.file.token.clone()));
        Ok(edit)
    }

    /// One item with its clocks running from the arrival.
    pub(super) fn item(
        &self,
        number: u32,
        ask: Ask,
        maybe: Option<Right>,
        classified_by: ClassifiedBy,
        arrived: Timestamp,
        asker: Asker,
    ) -> Result<RequestItem> {
        let on = jiff::tz::offset(9).to_datetime(arrived).date();
        let (kinds, tier, draft) = match ask {
            Ask::Right(right) => {
                let rule = self.law.right(right, on)?;
                (rule.deadlines.clone(), required(rule, asker.on_behalf, false), Some(Draft::Grant))
            }
            Ask::Inquiry(inquiry) => {
                let kinds = vec![DeadlineKind::ReceiptNotice, DeadlineKind::InquiryReply];
                (kinds, Tier::None, standard(inquiry).map(Draft::Standard))
            }
        };
        let state = match tier {
            Tier::None => ItemState::Open,
            Tier::Email if asker.authenticated => ItemState::Open,
            Tier::Email | Tier::Account | Tier::Mandate => ItemState::Unverified,
        };
        Ok(RequestItem {
            number,
            ask,
            maybe,
            classified_by,
            state,
            clocks: Clocks::start(self.law, self.holidays, kinds, arrived, None)?,
            alarms_told: Vec::new(),
            draft,
            proposal: None,
            decided: None,
            fulfil_at: None,
            reminded: false,
            task: None,
        })
    }

    /// Opens a file for a mail; `mentions` is a file of somebody else that it names.
    pub(super) async fn open(&self, incoming: &Incoming<'_>, mentions: Option<&TicketId>) -> Result<TakenIn> {
        let found = classify(&incoming.mail.subject, &incoming.text);
        for _ in 0..TRIES {
            let key = incoming
                .sender
                .as_ref()
                .filter(|_| incoming.quarantine.is_none())
                .map(|sender| self.requests.sender_key(sender, &same_asks(&found, incoming)));
            let older = self.older(key.as_deref()).await?;
            let edit = self.file_for(incoming, &found, key, older.as_ref(), mentions)?;
            let ticket = edit.file.ticket.clone();
            match self.requests.save(&edit, incoming.now).await? {
                Saved::Written => {
                    if let Some(older) = older {
                        self.link(&older, &ticket, incoming.now).await?;
                    }
                    return Ok(TakenIn::Opened(ticket, incoming.raw));
                }
                Saved::Stale => {}
                Saved::Before => {
                    if let Some(ticket) = self.taken_up(incoming).await? {
                        return self.before(ticket, incoming.arrived).await;
                    }
                }
            }
        }
        Err(DeskError::Before)
    }

    fn file_for(
        &self,
        incoming: &Incoming<'_>,
        found: &Classified,
        active: Option<String>,
        older: Option<&TicketId>,
        mentions: Option<&TicketId>,
    ) -> Result<Edit> {
        let (now, arrived) = (incoming.now, incoming.arrived.at);
        let claims = found.handles.iter().cloned().map(Claim::Handle);
        let mut edit = self.draw_up(
            NewRequest {
                channel: Channel::Mail,
                arrived,
                language: if incoming.quarantine.is_some() && incoming.mail.subject.is_empty() {
                    Language::Ja
                } else {
                    found.language
                },
                asks: found.items.iter().map(|item| (item.ask, item.maybe)).collect(),
                classified_by: ClassifiedBy::Patterns,
                address: incoming.sender.clone(),
                claims: claims.chain(found.links.iter().cloned().map(Claim::Link)).collect(),
                authenticated: incoming.authenticated,
                on_behalf: found.on_behalf,
            },
            now,
        )?;
        edit.file.silence = incoming.silence.filter(|_| older.is_none());
        edit.file.linked.extend(mentions.cloned());
        edit.file.form = crate::classify::form(&incoming.text);
        edit.take(incoming);
        if let Some(sender) = &incoming.sender
            && let Some(id) = &incoming.mail.message_id
        {
            edit.beside.push(Beside::OnceFrom(sender.clone(), id.clone()));
        }
        if let Some(reason) = incoming.quarantine {
            edit.file.quarantine = Some(reason);
            edit.log(now, Event::Quarantined, [("reason", Edit::code(reason))]);
        }
        if let Some(older) = older {
            edit.file.duplicate_of = Some(older.clone());
            edit.file.linked.push(older.clone());
            for number in edit.file.items.iter().map(|item| item.number).collect::<Vec<_>>() {
                edit.close_item(number, ItemState::Duplicate, Event::LinkedToOlder, now);
            }
            return Ok(edit);
        }
        if let Some(active) = active {
            edit.beside.push(Beside::Active(active.clone()));
            edit.file.active = Some(active);
        }
        if incoming.silence.is_none() {
            self.answer_at_once(&mut edit, now);
        } else {
            edit.file.unread = true;
        }
        Ok(edit)
    }

    /// The open file of the same sender about the same.
    async fn older(&self, key: Option<&str>) -> Result<Option<TicketId>> {
        let Some(key) = key else { return Ok(None) };
        let Some(ticket) = self.requests.active(key).await? else { return Ok(None) };
        let open = self.requests.load(&ticket).await?.is_some_and(|file| !file.is_closed());
        Ok(open.then_some(ticket))
    }

    async fn link(&self, older: &TicketId, newer: &TicketId, now: Timestamp) -> Result<()> {
        self.amend(older, now, |edit| {
            if !edit.file.linked.contains(newer) {
                edit.file.linked.push(newer.clone());
                // It may say more than what both ask: a form, that time is over, what came along.
                edit.file.unread = true;
                edit.log(now, Event::MailReceived, [("linked", Edit::plain(newer))]);
            }
            Ok(())
        })
        .await
    }

    async fn taken_up(&self, incoming: &Incoming<'_>) -> Result<Option<TicketId>> {
        if let Some(ticket) = self.requests.handled(incoming.arrived.id).await? {
            return Ok(Some(ticket));
        }
        match (&incoming.sender, &incoming.mail.message_id) {
            (Some(sender), Some(id)) => Ok(self.requests.taken_up(sender, id).await?),
            (None, _) | (_, None) => Ok(None),
        }
    }
}

impl Edit {
    /// Puts the mail itself into the file.
    pub(super) fn take(&mut self, incoming: &Incoming<'_>) {
        self.file.mails += 1;
        let mail = incoming.received(&self.file.ticket, self.file.mails);
        if let (Some(person), Some(id)) = (&mut self.file.person, &mail.message_id) {
            person.follow(id);
        }
        if incoming.raw == Raw::Delete {
            self.log(incoming.now, Event::Quarantined, [("reason", Edit::plain("identity_document"))]);
            self.log(incoming.now, Event::MailDeleted, [("mail", Edit::plain(mail.number))]);
        }
        self.beside.push(Beside::Once(incoming.arrived.id.to_owned()));
        if let Some(id) = &mail.message_id {
            self.beside.push(Beside::Answers(id.clone(), None));
        }
        self.beside.push(Beside::Mail(mail));
    }
}

/// What makes two mails of one sender ask the same: asks and claims, in any order, and with a question its very words,
/// for two questions about one thing are two. Mails that nobody vouched for are the same only among themselves, so that
/// a forged one never stands in the way of a true one. A mail that was not read is never the same as another.
fn same_asks(found: &Classified, incoming: &Incoming<'_>) -> String {
    let ask = |item: &Item| match item.ask {
        Ask::Right(_) => code_of(item.ask),
        Ask::Inquiry(_) => {
            let said = if incoming.text.trim().is_empty() { &incoming.mail.subject } else { &incoming.text };
            let words: Vec<&str> = said.split_whitespace().collect();
            format!("{} {}", code_of(item.ask), words.concat())
        }
    };
    let mut parts: Vec<String> = found.items.iter().map(ask).collect();
    parts.extend(found.handles.iter().map(|handle| format!("@{}", handle.to_lowercase())));
    parts.extend(found.links.iter().map(|link| serde_json::to_string(link).unwrap_or_default()));
    parts.sort();
    parts.dedup();
    format!("{} {}", incoming.authenticated, parts.join(" "))
}

pub(super) fn right_of(ask: Ask) -> Option<Right> {
    match ask {
        Ask::Right(right) => Some(right),
        Ask::Inquiry(_) => None,
    }
}

/// An ask as its code.
pub(super) fn code_of(ask: Ask) -> String {
    match ask {
        Ask::Right(right) => word(right),
        Ask::Inquiry(inquiry) => word(inquiry),
    }
}
