//! A mail arrives: read within limits, matched to its thread, answered or not, and filed. Once, however often the mail
//! service delivers it.

use jiff::Timestamp;

use super::{Desk, DeskError, Result, document};
use crate::file::{Attached, Found, Quarantine, ReceivedMail, RequestFile, Requests};
use crate::head;
use crate::mail::loops::{self, Answering, Envelope, Sent, Silence, Verdict};
use crate::mail::thread::{self, TicketId};
use crate::mail::{Address, Mail, quote, read};

/// A mail as the mail service handed it over.
pub struct Arrived<'a> {
    /// The service's id of it: the same for every delivery of the same event.
    pub id: &'a str,
    /// Key of the raw mail.
    pub object: &'a str,
    /// When it arrived at the server.
    pub at: Timestamp,
    /// Envelope and verdicts.
    pub envelope: Envelope,
    /// Recipients of the envelope.
    pub recipients: Vec<Address>,
    /// The raw mail; `None` when it is not there any more.
    pub raw: Option<&'a [u8]>,
}

/// What is to be done with the raw mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw {
    /// It stays until the file's time is over.
    Keep,
    /// It goes where nothing reads it.
    PutAside,
    /// It is deleted now.
    Delete,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenIn {
    /// A file was opened.
    Opened(TicketId, Raw),
    /// It belongs to a file.
    Appended(TicketId, Raw),
    /// It was taken in before.
    Before(TicketId, Raw),
    /// A machine's mail, which no file keeps.
    Machine(Silence),
}

/// A mail that was read, with what is known of its way.
pub(super) struct Incoming<'a> {
    pub(super) arrived: &'a Arrived<'a>,
    pub(super) mail: Mail,
    pub(super) quarantine: Option<Quarantine>,
    pub(super) sender: Option<Address>,
    pub(super) authenticated: bool,
    /// The part that the person wrote.
    pub(super) text: String,
    pub(super) raw: Raw,
    pub(super) silence: Option<Silence>,
    pub(super) now: Timestamp,
}

/// What kind of writer a silence speaks of.
enum Writer {
    /// A mail system that reports on mail, or our own letter coming back.
    Report,
    /// A machine that answers, or a person whose words or way look like one: a form, a colleague, a mail about a bounce.
    AutoReply,
    /// A list or a machine's mailbox, through which a person may have written.
    PerhapsPerson,
    /// A person.
    Person,
}

impl<R: Requests> Desk<'_, R> {
    /// Takes in one mail.
    ///
    /// # Errors
    /// The store's, or clocks that cannot be started; then nothing was filed, and the mail may be taken in again.
    pub async fn arrive(&self, arrived: &Arrived<'_>, now: Timestamp) -> Result<TakenIn> {
        if let Some(ticket) = self.requests.handled(arrived.id).await? {
            return self.before(ticket, arrived).await;
        }
        let mut incoming = look_at(arrived, now);
        let found = self.thread_of(&incoming).await?;
        let answering = self.answering(&incoming, found.as_ref()).await?;
        incoming.silence = match &answering {
            Answering::MayAnswer(_) => None,
            Answering::Silent(reason) => Some(*reason),
        };
        let passed_on = incoming.silence == Some(Silence::OurOwnAddress) || incoming.text.is_empty();
        if found.is_none() && passed_on {
            // A colleague, or whoever says nothing, passes on what somebody wrote: below the quote stands the request.
            incoming.read_whole();
        }
        if let Some(reason) = incoming.silence
            && !incoming.may_be_a_persons(reason, found.as_ref().map(|(_, file)| file))
        {
            return match found {
                Some((found, _)) => self.note_machine(&incoming, &found, reason).await,
                None => Ok(TakenIn::Machine(reason)),
            };
        }
        match &found {
            Some((found, file)) if incoming.belongs_to(file) => self.append(&incoming, found).await,
            Some((found, file)) if incoming.confirms(file) => self.confirm_new(&incoming, found).await,
            Some((found, _)) => self.open(&incoming, Some(&found.ticket)).await,
            None => self.open(&incoming, None).await,
        }
    }

    pub(super) async fn before(&self, ticket: TicketId, arrived: &Arrived<'_>) -> Result<TakenIn> {
        let mails = self.requests.mails(&ticket).await?;
        let aside = |mail: &ReceivedMail| mail.object.as_deref().is_some_and(|key| key.starts_with(PUT_ASIDE));
        let same = mails.iter().find(|mail| mail.event == arrived.id);
        let raw = match same {
            Some(mail) if mail.object.is_none() => Raw::Delete,
            Some(mail) if aside(mail) => Raw::PutAside,
            Some(_) => Raw::Keep,
            // The file has the same mail from another delivery, or only noted it.
            None => Raw::Delete,
        };
        Ok(TakenIn::Before(ticket, raw))
    }

    /// The file that the mail answers, the surest key first.
    async fn thread_of(&self, incoming: &Incoming<'_>) -> Result<Option<(Found, RequestFile)>> {
        for key in thread::keys(&incoming.mail, &incoming.arrived.recipients) {
            if let Some(found) = self.requests.find(&key).await?
                && let Some(file) = self.requests.load(&found.ticket).await?
            {
                return Ok(Some((found, file)));
            }
        }
        Ok(None)
    }

    async fn answering(&self, incoming: &Incoming<'_>, found: Option<&(Found, RequestFile)>) -> Result<Answering> {
        let mut sent = match &incoming.sender {
            Some(sender) => self.requests.answered(sender, incoming.now).await?,
            None => Sent::default(),
        };
        // One automatic answer in a thread; a stranger's mail is in no thread of ours.
        sent.in_thread = u32::from(found.is_some_and(|(_, file)| incoming.belongs_to(file) && file.letters > 0));
        let own = self.addresses.all();
        // A machine may answer a letter whose id we no longer know.
        let answers = found.is_some() || !incoming.mail.in_reply_to.is_empty() || !incoming.mail.references.is_empty();
        Ok(loops::decide(&incoming.mail, &incoming.arrived.envelope, &own, answers, sent))
    }
}

/// Where mails lie that nothing reads.
pub const PUT_ASIDE: &str = "quarantine/";

fn look_at<'a>(arrived: &'a Arrived<'a>, now: Timestamp) -> Incoming<'a> {
    let virus = arrived.envelope.virus == Verdict::Fail;
    let mail = match arrived.raw {
        Some(raw) if !virus => read(raw),
        Some(_) | None => Mail::default(),
    };
    let quarantine = match (virus, arrived.raw, mail.limit) {
        (true, _, _) => Some(Quarantine::Virus),
        (false, None, _) => Some(Quarantine::Lost),
        (false, Some(_), Some(_)) => Some(Quarantine::TooBig),
        (false, Some(_), None) => None,
    };
    // What nobody read still came from somewhere, as the server says.
    let envelope_sender = || Address::parse(&arrived.envelope.source).ok();
    let sender = mail.sender().cloned().or_else(|| quarantine.and_then(|_| envelope_sender()));
    let authenticated = quarantine.is_none() && loops::is_authenticated(&mail, &arrived.envelope);
    let text = quote::unquoted(&mail.text);
    let raw = raw_of(&mail, quarantine, &text);
    Incoming { arrived, mail, quarantine, sender, authenticated, text, raw, silence: None, now }
}

fn raw_of(mail: &Mail, quarantine: Option<Quarantine>, text: &str) -> Raw {
    match quarantine {
        Some(_) => Raw::PutAside,
        None if document::came_along(mail, text) => Raw::Delete,
        None => Raw::Keep,
    }
}

impl Incoming<'_> {
    /// Takes the whole text for what its sender says, quotes with it.
    fn read_whole(&mut self) {
        self.text.clone_from(&self.mail.text);
        self.raw = raw_of(&self.mail, self.quarantine, &self.text);
    }

    /// Whether it comes from the file's own person: the same mailbox, as well vouched for.
    fn belongs_to(&self, file: &RequestFile) -> bool {
        let address = file.person.as_ref().and_then(|person| person.address.as_ref());
        let same = address.zip(self.sender.as_ref()).is_some_and(|(theirs, sender)| theirs.same_mailbox(sender));
        same && (self.authenticated || !file.authenticated)
    }

    /// Whether a person may have written what is not answered for this reason; `file` is the one that it answers.
    fn may_be_a_persons(&self, reason: Silence, file: Option<&RequestFile>) -> bool {
        match (writer(reason), file) {
            (Writer::Person, _) | (Writer::PerhapsPerson, Some(_)) => true,
            // It answers somebody else's mail, if any: a person may have written such a subject.
            (Writer::AutoReply, None) if reason == Silence::AutoReplySubject => true,
            (Writer::AutoReply, None) if reason == Silence::BounceText && self.only_its_subject_reports() => true,
            (Writer::PerhapsPerson, None) => self.may_ask_for_a_right(),
            (Writer::AutoReply, None) => self.quarantine.is_some() || self.may_ask_for_a_right(),
            // A letter comes back from another mailbox than the one it went to.
            (Writer::AutoReply, Some(file)) => {
                self.quarantine.is_some() || self.belongs_to(file) && self.may_ask_for_a_right()
            }
            (Writer::Report, _) => self.quarantine.is_some(),
        }
    }

    /// Whether a mailbox that was vouched for sent it, and nothing but its subject says that a mail came back.
    fn only_its_subject_reports(&self) -> bool {
        self.authenticated && loops::is_bounce_by_subject_alone(&self.mail)
    }

    fn may_ask_for_a_right(&self) -> bool {
        let found = crate::classify::classify(&self.mail.subject, &self.text);
        found.items.iter().any(|item| matches!(item.ask, crate::classify::Ask::Right(_)) || item.maybe.is_some())
    }

    /// Whether it has more than the words that were read: what came along, what was put aside, or what stands only in or
    /// below a quote.
    pub(super) fn has_more(&self) -> bool {
        let only_quoted = self.text.is_empty() && !self.mail.text.trim().is_empty();
        !self.mail.attachments.is_empty() || self.quarantine.is_some() || only_quoted
    }

    /// The mail as the file keeps it.
    pub(super) fn received(&self, ticket: &TicketId, number: u32) -> ReceivedMail {
        let attached = self.mail.attachments.iter().take(100).map(|attachment| Attached {
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            bytes: attachment.encoded_bytes as u64,
        });
        ReceivedMail {
            ticket: ticket.clone(),
            number,
            at: self.arrived.at,
            event: self.arrived.id.to_owned(),
            object: match self.raw {
                Raw::Keep => Some(self.arrived.object.to_owned()),
                Raw::PutAside => Some(format!("{PUT_ASIDE}{}", self.arrived.id)),
                Raw::Delete => None,
            },
            message_id: self.mail.message_id.clone(),
            subject: self.mail.subject.clone(),
            text: head(&self.text, MAX_KEPT).to_owned(),
            attachments: attached.collect(),
            silence: self.silence,
        }
    }
}

/// The most text kept of a mail in its file, in bytes; the raw mail has the rest.
const MAX_KEPT: usize = 64 * 1024;

fn writer(silence: Silence) -> Writer {
    match silence {
        Silence::NullReturnPath
        | Silence::DeliveryReport
        | Silence::ReadReceipt
        | Silence::ComplaintReport
        | Silence::LoopMark => Writer::Report,
        Silence::AutoSubmitted | Silence::AutoReplySubject | Silence::BounceText | Silence::OurOwnAddress => {
            Writer::AutoReply
        }
        Silence::Precedence | Silence::MailingList | Silence::AutoResponder | Silence::MachineSender => {
            Writer::PerhapsPerson
        }
        Silence::Virus
        | Silence::TooBig
        | Silence::NoSingleSender
        | Silence::SentEnough
        | Silence::Spam
        | Silence::NotAuthenticated => Writer::Person,
    }
}

impl From<getrandom::Error> for DeskError {
    fn from(_: getrandom::Error) -> Self {
        DeskError::Random
    }
}
