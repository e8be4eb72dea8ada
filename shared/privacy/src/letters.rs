//! Letters in Japanese and English from one set of codes: plain text, wrapped, marked as automatic.
//!
//! A letter names what was asked and what was decided by fixed words; of the person it holds nothing but the ticket
//! number. It quotes nothing of the mail it answers.

mod decided;
mod template;
mod terms;
mod wrap;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::classify::{Ask, Language};
use crate::identity::Code;
use crate::law::{Law, Refusal, Right};
use crate::mail::Address;
use crate::mail::thread::TicketId;
use decided::{decision, is_refusal, remedy};
use template::Template;
use terms::term;

macro_rules! template {
    ($name:literal, $placeholders:expr) => {
        Template::new(
            include_str!(concat!("../letters/ja/", $name, ".txt")),
            include_str!(concat!("../letters/en/", $name, ".txt")),
            $placeholders,
        )
    };
}

const ACKNOWLEDGEMENT: Template = template!("acknowledgement", &["ticket", "items", "deadlines", "verification"]);
const VERIFICATION_NEEDED: Template = template!("verification_needed", &[]);
const VERIFICATION_UNNAMED: Template = template!("verification_unnamed", &[]);
const VERIFICATION_UNLESS_GONE: Template = template!("verification_unless_gone", &[]);
const VERIFICATION_NOT_NEEDED: Template = template!("verification_not_needed", &[]);
const MANDATE_NEEDED: Template = template!("mandate_needed", &[]);
const PROOF_OF_CONTROL: Template = template!("proof_of_control", &["ticket", "place", "code", "expires"]);
const STANDARD_ANSWER: Template = template!("standard_answer", &["ticket", "answer"]);
const DECISION: Template = template!("decision", &["ticket", "decisions", "remedies"]);
const REPLY: Template = template!("reply", &["ticket", "text"]);
const WITHDRAWAL: Template = template!("withdrawal", &["ticket", "items"]);
const READDRESS: Template = template!("readdress", &["ticket", "code", "until"]);
const READDRESSED: Template = template!("readdressed", &["ticket"]);
const EXTENSION: Template = template!("extension", &["ticket", "items", "until", "reason"]);
const REMINDER: Template = template!("reminder", &["ticket", "items", "until", "remedies"]);
const PACKAGE: Template = template!("package", &["ticket", "address", "secret", "until"]);
const FORM_OF_DISCLOSURE: Template = template!("form_of_disclosure", &["ticket", "forms"]);

/// Where the code that shows control of an account is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The bio on X.
    XBio,
    /// The description of a YouTube channel.
    YoutubeDescription,
}

/// Answers that the guidelines fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standard {
    /// Disputes between users are theirs.
    DisputeBetweenUsers,
    /// No answer about X or YouTube themselves.
    Platform,
    /// No answer to comments, posts or direct messages.
    NoReplyOnPlatform,
}

/// Items of personal data that the guidelines name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataItem {
    /// Published name.
    Name,
    /// Nickname.
    Nickname,
    /// Profile photograph.
    ProfilePhoto,
    /// Gender.
    Gender,
    /// Network.
    Network,
    /// User ID.
    UserId,
}

/// Forms in which a disclosure is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// JSON and HTML by an expiring link.
    Electronic,
    /// Paper by post.
    Paper,
    /// What the person proposes.
    Other,
}

/// Why more time is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionReason {
    /// The request is complex.
    Complexity,
    /// Many requests came.
    NumberOfRequests,
}

/// Whether control of an account has to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It has.
    Needed,
    /// It has, and the person has to name the account first.
    Unnamed,
    /// Only where the platform still shows a post that is to be deleted.
    UnlessGone,
    /// It has not.
    NotNeeded,
}

/// What was decided on one right. Reasons exist only as [`Refusal`]s, which the law file allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The right.
    pub right: Right,
    /// What was decided.
    pub outcome: Outcome,
    /// Items that are not held, said whatever the outcome (APPI 33(3)).
    pub not_held: Vec<DataItem>,
    /// Items that were corrected (APPI 34(3)).
    pub corrected: Vec<DataItem>,
    /// Whether a mark is kept after an erasure, so that the person is not taken in again.
    pub marked: bool,
}

/// The outcome on one right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Wholly granted.
    Granted,
    /// Granted except for what these refusals cover.
    Partly(Vec<Refusal>),
    /// Refused.
    Refused(Refusal),
    /// Nothing of it is held.
    NotHeld,
}

/// A letter before it is written out.
#[derive(Clone, Debug)]
pub enum Letter {
    /// Receipt, with what was understood and until when each is answered.
    Acknowledgement {
        /// What was understood.
        asks: Vec<Ask>,
        /// Last day for each of them, in the order of the asks.
        answers_by: Vec<Date>,
        /// Whether control of an account has to be shown.
        verification: Verification,
        /// Whether an agent has to show the mandate.
        mandate: bool,
    },
    /// The code and where to write it.
    ProofOfControl {
        /// Where.
        place: Place,
        /// The code.
        code: Code,
        /// Until when, in the time of the reader's language (Japan for Japanese, UTC for English).
        expires: DateTime,
    },
    /// An answer that the guidelines fix.
    StandardAnswer(Standard),
    /// An answer in a person's words.
    Reply(String),
    /// Whether letters shall go to another address; to the old and the new one, each with its own code.
    Readdress {
        /// The code.
        code: Code,
        /// Last day.
        until: Date,
    },
    /// That letters go to another address from now on.
    Readdressed,
    /// What was asked and is taken back.
    Withdrawal(Vec<Ask>),
    /// Decisions on one or more rights.
    Decision(Vec<Decision>),
    /// More time.
    Extension {
        /// For which rights.
        rights: Vec<Right>,
        /// New last day.
        until: Date,
        /// Why.
        reason: ExtensionReason,
    },
    /// That control of the account was not shown yet, and what follows from that.
    Reminder {
        /// For which rights.
        rights: Vec<Right>,
        /// Last day.
        until: Date,
    },
    /// Which form of disclosure is wanted.
    FormOfDisclosure(Vec<Form>),
    /// Where a disclosure can be fetched.
    Package {
        /// The page that asks for the key.
        address: String,
        /// The key.
        secret: String,
        /// Last day.
        until: Date,
    },
}

/// What a letter goes into: the file and the mail it answers.
#[derive(Clone, Debug)]
pub struct Thread<'a> {
    /// Number of the file.
    pub ticket: &'a TicketId,
    /// Language of the person.
    pub language: Language,
    /// `Message-ID` answered, without brackets.
    pub in_reply_to: Option<&'a str>,
    /// Ids of the thread before it.
    pub references: &'a [String],
    /// The address that mails in this thread come from, as loop mark.
    pub from: &'a Address,
}

/// A letter as it is handed to the mail service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Subject on one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Header fields besides addresses and subject, each name once.
    pub headers: Vec<(&'static str, String)>,
}

/// Writes a letter. `on` selects the wording of the law that is cited.
pub fn write(letter: &Letter, thread: &Thread<'_>, law: &Law, on: Date) -> Written {
    let language = thread.language;
    let ticket = ("ticket", thread.ticket.to_string());
    let (template, values) = match letter {
        Letter::Acknowledgement { asks, answers_by, verification, mandate } => {
            let names: Vec<String> = asks.iter().map(|ask| ask_name(*ask, language)).collect();
            let dates = names.iter().zip(answers_by).map(|(name, by)| format!("{name}: {}", date(*by, language)));
            let verification = match verification {
                Verification::Needed => &VERIFICATION_NEEDED,
                Verification::Unnamed => &VERIFICATION_UNNAMED,
                Verification::UnlessGone => &VERIFICATION_UNLESS_GONE,
                Verification::NotNeeded => &VERIFICATION_NOT_NEEDED,
            };
            let mandate = mandate.then_some(&MANDATE_NEEDED);
            let deadlines = list(dates, language);
            let needed = [Some(verification), mandate].into_iter().flatten();
            let needed = needed.map(|part| part.fill(language, &BTreeMap::new()).trim_end().to_owned());
            let verification = needed.collect::<Vec<_>>().join("\n\n");
            let items = list(names.iter().cloned(), language);
            (&ACKNOWLEDGEMENT, vec![("items", items), ("deadlines", deadlines), ("verification", verification)])
        }
        Letter::ProofOfControl { place, code, expires } => {
            let day = date(expires.date(), language);
            let expires = match language {
                Language::Ja => format!("{day} {:02}:{:02}（日本時間）", expires.hour(), expires.minute()),
                Language::En => format!("{day}, {:02}:{:02} UTC", expires.hour(), expires.minute()),
            };
            let place = term("place", place, language);
            (&PROOF_OF_CONTROL, vec![("place", place), ("code", code.reveal().to_owned()), ("expires", expires)])
        }
        Letter::StandardAnswer(standard) => (&STANDARD_ANSWER, vec![("answer", term("standard", standard, language))]),
        Letter::Reply(text) => {
            let text = text.replace(|c: char| c.is_control() && c != '\n', " ");
            (&REPLY, vec![("text", text)])
        }
        Letter::Readdress { code, until } => {
            (&READDRESS, vec![("code", code.reveal().to_owned()), ("until", date(*until, language))])
        }
        Letter::Readdressed => (&READDRESSED, Vec::new()),
        Letter::Withdrawal(asks) => {
            let items = list(asks.iter().map(|ask| ask_name(*ask, language)), language);
            (&WITHDRAWAL, vec![("items", items)])
        }
        Letter::Decision(decisions) => {
            let texts: Vec<String> = decisions.iter().map(|one| decision(one, law, on, language)).collect();
            let refused = decisions.iter().filter(|one| is_refusal(one)).map(|one| one.right);
            (&DECISION, vec![("decisions", texts.join("\n\n")), ("remedies", remedies(refused, language))])
        }
        Letter::Extension { rights, until, reason } => {
            let items = list(rights.iter().map(|right| term("right", right, language)), language);
            let reason = term("extension", reason, language);
            (&EXTENSION, vec![("items", items), ("until", date(*until, language)), ("reason", reason)])
        }
        Letter::Reminder { rights, until } => {
            let items = list(rights.iter().map(|right| term("right", right, language)), language);
            let remedies = remedies(rights.iter().copied(), language);
            (&REMINDER, vec![("items", items), ("until", date(*until, language)), ("remedies", remedies)])
        }
        Letter::Package { address, secret, until } => {
            let until = date(*until, language);
            (&PACKAGE, vec![("address", address.clone()), ("secret", secret.clone()), ("until", until)])
        }
        Letter::FormOfDisclosure(forms) => {
            let forms = list(forms.iter().map(|form| term("form", form, language)), language);
            (&FORM_OF_DISCLOSURE, vec![("forms", forms)])
        }
    };
    let text = template.fill(language, &values.into_iter().chain([ticket]).collect());
    let (subject, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    Written { subject: subject.to_owned(), body: wrap::wrap(body.trim()), headers: headers(thread) }
}

fn headers(thread: &Thread<'_>) -> Vec<(&'static str, String)> {
    let language = match thread.language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    let mut headers = vec![
        ("Auto-Submitted", "auto-replied".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("X-Loop", thread.from.to_header()),
        ("Content-Language", language.to_owned()),
    ];
    // Ids come from a stranger's mail: only such as cannot break out of the field go into ours.
    let safe = |id: &&str| {
        id.len() <= 250 && id.contains('@') && id.chars().all(|c| c.is_ascii_graphic() && !"<>,;\"\\()".contains(c))
    };
    if let Some(id) = thread.in_reply_to.filter(|id| safe(id)) {
        let earlier = thread.references.iter().map(String::as_str).filter(|other| *other != id);
        let earlier: Vec<&str> = earlier.filter(safe).collect();
        let recent = &earlier[earlier.len().saturating_sub(9)..];
        let chain: Vec<String> = recent.iter().chain([&id]).map(|id| format!("<{id}>")).collect();
        headers.push(("In-Reply-To", format!("<{id}>")));
        headers.push(("References", chain.join(" ")));
    }
    headers
}

fn remedies(rights: impl Iterator<Item = Right>, language: Language) -> String {
    let mut remedies: Vec<String> = rights.map(|right| term("remedy", remedy(right), language)).collect();
    remedies.dedup();
    remedies.join("\n")
}

fn ask_name(ask: Ask, language: Language) -> String {
    match ask {
        Ask::Right(right) => term("right", right, language),
        Ask::Inquiry(inquiry) => term("inquiry", inquiry, language),
    }
}

fn list(entries: impl Iterator<Item = String>, language: Language) -> String {
    let mark = match language {
        Language::Ja => "・",
        Language::En => "- ",
    };
    entries.map(|entry| format!("{mark}{entry}")).collect::<Vec<_>>().join("\n")
}

fn date(day: Date, language: Language) -> String {
    match language {
        Language::Ja => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Language::En => day.strftime("%-d %B %Y").to_string(),
    }
}

impl DataItem {
    /// Every item, in the order of the guidelines.
    pub const ALL: [DataItem; 6] = [
        DataItem::Name,
        DataItem::Nickname,
        DataItem::ProfilePhoto,
        DataItem::Gender,
        DataItem::Network,
        DataItem::UserId,
    ];
}

#[cfg(test)]
#[path = "letters/tests.rs"]
mod tests;
