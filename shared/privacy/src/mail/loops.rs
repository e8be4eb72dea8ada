//! Whether an automatic answer may go out. Refusals come in the decided order; each has its own reason.
//!
//! A mail that may not be answered is kept where a person may have written it, and its clocks run all the same: only our
//! side stays silent.

use std::borrow::Cow;

use super::header::Headers;
use super::split::{Leaf, PartType};
use super::{Address, Mail};

/// What SES found. Anything that is not literally `PASS` or `FAIL` is unknown, and unknown never counts as a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Checked and fine.
    Pass,
    /// Checked and not fine.
    Fail,
    /// Grey, not checked, absent, or a word that SES invented later.
    #[default]
    Unknown,
}

impl Verdict {
    /// Reads the `status` of an SES verdict.
    pub fn from_status(status: Option<&str>) -> Self {
        match status {
            Some("PASS") => Verdict::Pass,
            Some("FAIL") => Verdict::Fail,
            Some(_) | None => Verdict::Unknown,
        }
    }
}

/// What the receiving server knows and the mail itself cannot claim.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    /// `MAIL FROM`; empty or `<>` for bounces.
    pub source: String,
    /// Virus scan.
    pub virus: Verdict,
    /// Spam scan.
    pub spam: Verdict,
    /// SPF of the envelope sender.
    pub spf: Verdict,
    /// DKIM of some signature.
    pub dkim: Verdict,
    /// DMARC of the `From` domain.
    pub dmarc: Verdict,
}

/// Automatic mails sent before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// In this thread.
    pub in_thread: u32,
    /// To this sender within 24 hours.
    pub to_sender: u32,
    /// To everyone within 24 hours.
    pub to_all: u32,
}

/// Automatic answers in one thread.
pub const MAX_IN_THREAD: u32 = 1;
/// Automatic answers to one sender within 24 hours.
pub const MAX_TO_SENDER: u32 = 3;
/// Automatic answers to everyone within 24 hours.
pub const MAX_TO_ALL: u32 = 500;

/// Why no automatic answer goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The virus scan failed.
    Virus,
    /// A limit of reading was reached.
    TooBig,
    /// The sender of the envelope or of the header block is empty.
    NullReturnPath,
    /// A delivery report.
    DeliveryReport,
    /// A receipt of reading.
    ReadReceipt,
    /// A complaint by a recipient's provider.
    ComplaintReport,
    /// `Auto-Submitted` says so.
    AutoSubmitted,
    /// `Precedence` says so.
    Precedence,
    /// Sent by a mailing list.
    MailingList,
    /// Marked by an auto-responder, or asks for no automatic answer.
    AutoResponder,
    /// Carries our own loop mark.
    LoopMark,
    /// Sent by a machine's mailbox.
    MachineSender,
    /// From one of our own addresses.
    OurOwnAddress,
    /// No or more than one sender.
    NoSingleSender,
    /// Reads like a bounce.
    BounceText,
    /// The subject of an auto-reply to our own mail.
    AutoReplySubject,
    /// Answered often enough.
    SentEnough,
    /// The spam scan failed: a person looks at it.
    Spam,
    /// Nothing shows that the sender is who it says.
    NotAuthenticated,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answering {
    /// An automatic answer may go to this address.
    MayAnswer(Address),
    /// None may.
    Silent(Silence),
}

/// What the header block and the parts say about loops. Kept apart from the mail's content.
#[derive(Clone, Default)]
pub(crate) struct Marks {
    null_return_path: bool,
    report: Option<Silence>,
    auto_submitted: bool,
    precedence: bool,
    list: bool,
    auto_responder: bool,
    failed_recipients: bool,
    loop_marks: Vec<String>,
    other_senders: Vec<Address>,
    dkim_domains: Vec<String>,
}

impl Marks {
    pub(super) fn read(headers: &Headers<'_>, top: &PartType, leaves: &[Leaf<'_>]) -> Self {
        let text = |name: &str| headers.text(name).unwrap_or_default().to_lowercase();
        let returned = headers.text("return-path");
        Marks {
            null_return_path: returned.is_some_and(|path| is_null_path(&path)),
            report: report(top, leaves),
            auto_submitted: headers.all("auto-submitted").any(|raw| {
                let value = String::from_utf8_lossy(raw).to_lowercase();
                value.split([';', ' ', '(']).next().is_some_and(|word| word != "no")
            }),
            precedence: matches!(text("precedence").as_str(), "bulk" | "junk" | "list" | "auto_reply" | "auto-reply"),
            list: headers.any_name(|name| {
                name.starts_with("list-")
                    || matches!(name, "x-ml-name" | "x-mailing-list" | "mailing-list" | "x-ml-info" | "x-mlserver")
            }),
            auto_responder: headers.any_name(|name| {
                matches!(
                    name,
                    "x-auto-response-suppress"
                        | "x-autoreply"
                        | "x-autorespond"
                        | "x-autoresponder"
                        | "x-autoreply-from"
                        | "x-auto-reply"
                        | "x-mail-autoreply"
                )
            }) || text("x-sieve").contains("vacation")
                || text("x-sieve-action").contains("vacation")
                || text("x-mailer").contains("vacation"),
            failed_recipients: headers.any_name(|name| name == "x-failed-recipients"),
            loop_marks: headers.all("x-loop").map(|raw| String::from_utf8_lossy(raw).to_lowercase()).collect(),
            other_senders: ["sender", "return-path", "reply-to"]
                .into_iter()
                .filter_map(|name| Address::parse(&headers.text(name)?).ok())
                .collect(),
            dkim_domains: headers.all("dkim-signature").filter_map(dkim_domain).collect(),
        }
    }
}

fn is_null_path(path: &str) -> bool {
    matches!(path.trim(), "" | "<>" | "< >" | "<MAILER-DAEMON>" | "MAILER-DAEMON")
}

fn report(top: &PartType, leaves: &[Leaf<'_>]) -> Option<Silence> {
    let kinds = || std::iter::once(top).chain(leaves.iter().map(|leaf| &leaf.kind));
    let of_type = |sub: &str| kinds().any(|kind| kind.main == "message" && kind.sub == sub);
    let announced = if top.sub == "report" { top.report.as_deref() } else { None };
    match announced {
        Some("feedback-report") => Some(Silence::ComplaintReport),
        Some("disposition-notification") => Some(Silence::ReadReceipt),
        Some(_) => Some(Silence::DeliveryReport),
        None if of_type("feedback-report") => Some(Silence::ComplaintReport),
        None if of_type("disposition-notification") => Some(Silence::ReadReceipt),
        None if top.sub == "report" || of_type("delivery-status") || of_type("global-delivery-status") => {
            Some(Silence::DeliveryReport)
        }
        None => None,
    }
}

fn dkim_domain(raw: &[u8]) -> Option<String> {
    let value = String::from_utf8_lossy(raw);
    value.split(';').find_map(|tag| Some(tag.trim().strip_prefix("d=")?.trim().to_lowercase()))
}

/// Decides on an automatic answer. `answers_us` tells whether the thread matched one of our own mails, `own` are all
/// addresses that we send from or receive at.
pub fn decide(mail: &Mail, envelope: &Envelope, own: &[Address], answers_us: bool, sent: Sent) -> Answering {
    match silence(mail, envelope, own, answers_us, sent) {
        Some(reason) => Answering::Silent(reason),
        None => mail.sender().cloned().map_or(Answering::Silent(Silence::NoSingleSender), Answering::MayAnswer),
    }
}

fn silence(mail: &Mail, envelope: &Envelope, own: &[Address], answers_us: bool, sent: Sent) -> Option<Silence> {
    let marks = &mail.marks;
    let sender = mail.sender();
    let is_own = |address: &Address| own.iter().any(|ours| ours.same_mailbox(address));
    let loops = marks.loop_marks.iter().filter_map(|mark| Address::parse(mark).ok()).any(|mark| is_own(&mark));
    let machine = sender.into_iter().chain(&mail.from).chain(&marks.other_senders).any(is_machine);
    let subject = plain(&mail.subject);
    let rules = [
        (envelope.virus == Verdict::Fail, Silence::Virus),
        (is_null_path(&envelope.source) || marks.null_return_path, Silence::NullReturnPath),
        (marks.report.is_some(), marks.report.unwrap_or(Silence::DeliveryReport)),
        (marks.auto_submitted, Silence::AutoSubmitted),
        (marks.precedence, Silence::Precedence),
        (marks.list, Silence::MailingList),
        (marks.auto_responder, Silence::AutoResponder),
        (loops, Silence::LoopMark),
        (machine, Silence::MachineSender),
        (mail.from.iter().chain(&mail.reply_to).any(is_own), Silence::OurOwnAddress),
        (sender.is_none(), Silence::NoSingleSender),
        (mail.limit.is_some(), Silence::TooBig),
        (is_bounce(mail), Silence::BounceText),
        (answers_us && AUTO_REPLY_SUBJECTS.iter().any(|opening| subject.contains(opening)), Silence::AutoReplySubject),
        (
            sent.in_thread >= MAX_IN_THREAD || sent.to_sender >= MAX_TO_SENDER || sent.to_all >= MAX_TO_ALL,
            Silence::SentEnough,
        ),
        (envelope.spam == Verdict::Fail, Silence::Spam),
        (!is_authenticated(mail, envelope), Silence::NotAuthenticated),
    ];
    rules.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason)
}

/// Whether a mail says that another one came back: by its form, by a field, or by the words of delivery agents.
pub fn is_bounce(mail: &Mail) -> bool {
    let marks = &mail.marks;
    let told = marks.failed_recipients || names_bounce(&plain(&mail.subject)) || reads_like_bounce(&mail.text);
    marks.report.map_or(told, |report| report == Silence::DeliveryReport)
}

/// Whether nothing but the subject says so. A person may write of a broadcast or a letter that failed.
pub fn is_bounce_by_subject_alone(mail: &Mail) -> bool {
    let marks = &mail.marks;
    marks.report.is_none() && !marks.failed_recipients && !reads_like_bounce(&mail.text) && is_bounce(mail)
}

/// Whether the receiving server vouches for the one address in `From`: DMARC passed, or SPF or DKIM passed for an
/// aligned domain and DMARC did not fail.
pub fn is_authenticated(mail: &Mail, envelope: &Envelope) -> bool {
    let Some(sender) = mail.sender() else { return false };
    let aligned = |domain: &str| is_aligned(sender.domain(), domain);
    let spf = Address::parse(&envelope.source).is_ok_and(|source| aligned(source.domain()));
    let signed = &mail.marks.dkim_domains;
    let dkim = !signed.is_empty() && signed.iter().all(|domain| aligned(domain));
    envelope.dmarc == Verdict::Pass
        || envelope.dmarc != Verdict::Fail
            && (envelope.spf == Verdict::Pass && spf || envelope.dkim == Verdict::Pass && dkim)
}

/// Relaxed alignment without a list of suffixes: equal, or one below the other.
fn is_aligned(from: &str, checked: &str) -> bool {
    let below = |lower: &str, upper: &str| lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.'));
    from == checked || checked.contains('.') && below(from, checked) || from.contains('.') && below(checked, from)
}

fn is_machine(address: &Address) -> bool {
    let local: String = address.local().to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
    let local = local.split('+').next().unwrap_or_default();
    matches!(
        local,
        "mailerdaemon" | "postmaster" | "noreply" | "donotreply" | "mailsystem" | "autoreply" | "autoresponder"
    ) || local.starts_with("noreply")
        || local.ends_with("noreply")
        || local.starts_with("bounce")
        || local.ends_with("bounces")
        || local.starts_with("mailerdaemon")
        || local.starts_with("postmaster")
}

fn plain(text: &str) -> Cow<'_, str> {
    use unicode_normalization::UnicodeNormalization;
    Cow::Owned(text.nfkc().flat_map(char::to_lowercase).collect())
}

/// How subjects of auto-replies read, in lower case and NFKC.
const AUTO_REPLY_SUBJECTS: [&str; 18] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "auto response",
    "out of office",
    "out of the office",
    "on vacation",
    "vacation reply",
    "away from",
    "自動返信",
    "自動応答",
    "自動送信",
    "自動配信",
    "不在",
    "休暇中",
    "受付完了のお知らせ",
];

/// How subjects of bounces begin, in lower case and NFKC.
const BOUNCE_SUBJECTS: [&str; 26] = [
    "undelivered mail",
    "undeliverable",
    "undelivered message",
    "delivery status notification",
    "delivery notification",
    "delivery failure",
    "delivery report",
    "delivery has failed",
    "delivery delayed",
    "mail delivery fail",
    "mail delivery system",
    "mail delivery error",
    "mail failure",
    "mail system error",
    "mail undeliverable",
    "message delivery fail",
    "message delay",
    "failure notice",
    "failed mail",
    "returned mail",
    "returned message",
    "warning: could not send",
    "warning: message",
    "user unknown",
    "non delivery",
    "non-delivery",
];

/// Japanese wordings of bounces, anywhere in the subject.
const BOUNCE_SUBJECTS_JA: [&str; 10] = [
    "配信不能",
    "配信できません",
    "配信エラー",
    "配送不能",
    "配信失敗",
    "送信エラー",
    "送信できませんでした",
    "宛先不明",
    "不達",
    "メールエラー",
];

/// Wordings of delivery agents within the first lines of the text, in lower case.
const BOUNCE_TEXTS: [&str; 16] = [
    "this message was created automatically by mail delivery software",
    "this is an automatically generated delivery status notification",
    "could not be delivered to one or more recipients",
    "unable to deliver your message",
    "your message could not be delivered",
    "delivery to the following recipient",
    "the following addresses had permanent fatal errors",
    "the following address(es) failed",
    "this is the mail system at host",
    "i'm afraid i wasn't able to deliver your message",
    "the original message was received at",
    "could not be delivered to the following",
    "your mail sent to the following",
    "each of the following recipients was rejected",
    "次のあて先へのメッセージはエラーのため送信できませんでした",
    "宛先のメールアドレスが見つかりません",
];

fn names_bounce(subject: &str) -> bool {
    BOUNCE_SUBJECTS.iter().any(|words| subject.starts_with(words))
        || BOUNCE_SUBJECTS_JA.iter().any(|words| subject.contains(words))
}

fn reads_like_bounce(text: &str) -> bool {
    let opening: String = text.chars().take(1_500).collect();
    let opening = plain(&opening);
    BOUNCE_TEXTS.iter().any(|words| opening.contains(words))
}

#[cfg(test)]
#[path = "loops_tests.rs"]
mod tests;
