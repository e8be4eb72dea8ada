//! Lengths of time that law, platforms and our own promises set, as read from `law/deadlines.toml`.

use jiff::civil::Date;
use serde::Deserialize;

/// What a deadline is for. The file gives the lengths; this list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// X content deleted or modified after a written request (X Developer Agreement IV.B).
    XContent,
    /// All data of a YouTube user deleted after a request (Developer Policies III.E.4.g).
    YoutubeUserDeletion,
    /// Authorised YouTube data deleted after consent was withdrawn with us (III.D.3.a).
    YoutubeRevokedInApp,
    /// Authorised YouTube data deleted after consent was withdrawn at Google (III.D.3.b).
    YoutubeRevokedAtGoogle,
    /// Other YouTube data deleted or refreshed (III.E.4.d).
    YoutubeRefresh,
    /// Receipt of a request told to the person.
    ReceiptNotice,
    /// Answer to an inquiry about the guidelines.
    InquiryReply,
    /// Answer on the purpose of use (APPI 32).
    AppiPurposeNotice,
    /// Decision on a request under APPI 33 to 35.
    AppiDecision,
    /// Use of the data stopped (APPI 35).
    AppiSuppression,
    /// Data erased from every store (APPI 35).
    AppiErasure,
    /// The day from which the person may sue (APPI 39).
    AppiSuableFrom,
    /// Answer under GDPR 12(3).
    GdprResponse,
    /// Confirmation of receipt under CCPA rules (11 CCR 7021(a)).
    CcpaConfirmation,
    /// Answer under CCPA rules (11 CCR 7021(b)).
    CcpaResponse,
    /// Opt-out carried out (11 CCR 7026(f)).
    CcpaOptOut,
}

impl DeadlineKind {
    /// Every kind, in the order of the declaration.
    pub const ALL: [DeadlineKind; 16] = [
        DeadlineKind::XContent,
        DeadlineKind::YoutubeUserDeletion,
        DeadlineKind::YoutubeRevokedInApp,
        DeadlineKind::YoutubeRevokedAtGoogle,
        DeadlineKind::YoutubeRefresh,
        DeadlineKind::ReceiptNotice,
        DeadlineKind::InquiryReply,
        DeadlineKind::AppiPurposeNotice,
        DeadlineKind::AppiDecision,
        DeadlineKind::AppiSuppression,
        DeadlineKind::AppiErasure,
        DeadlineKind::AppiSuableFrom,
        DeadlineKind::GdprResponse,
        DeadlineKind::CcpaConfirmation,
        DeadlineKind::CcpaResponse,
        DeadlineKind::CcpaOptOut,
    ];

    /// Whether it ends with an answer to the person, not with a step on the way or with a day of somebody else's.
    pub fn is_answer(self) -> bool {
        match self {
            DeadlineKind::XContent
            | DeadlineKind::YoutubeUserDeletion
            | DeadlineKind::InquiryReply
            | DeadlineKind::AppiPurposeNotice
            | DeadlineKind::AppiDecision
            | DeadlineKind::GdprResponse
            | DeadlineKind::CcpaResponse
            | DeadlineKind::CcpaOptOut => true,
            DeadlineKind::YoutubeRevokedInApp
            | DeadlineKind::YoutubeRevokedAtGoogle
            | DeadlineKind::YoutubeRefresh
            | DeadlineKind::ReceiptNotice
            | DeadlineKind::AppiSuppression
            | DeadlineKind::AppiErasure
            | DeadlineKind::AppiSuableFrom
            | DeadlineKind::CcpaConfirmation => false,
        }
    }
}

/// Who sets a deadline, and so what missing it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineClass {
    /// A statute or rule.
    Law,
    /// A contract with a platform.
    Platform,
    /// Our own promise.
    Target,
    /// Not a duty: the day from which the person may go to court.
    Exposure,
}

/// A length of time and how it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Hours from the very second of arrival.
    Hours(u16),
    /// Calendar days; the day of arrival is left out, the last day counts whole.
    Days(u16),
    /// Days that are neither Saturday, Sunday nor a holiday of the deadline's calendar; counted like `Days`.
    BusinessDays(u16),
    /// Calendar months to the corresponding day, or the month's last day where there is none.
    Months(u8),
}

/// The days on which no business is done, besides Saturday and Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayCalendar {
    /// National holidays of Japan.
    Japan,
    /// Federal holidays of the United States.
    UnitedStates,
}

/// One length in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// What it is for.
    pub kind: DeadlineKind,
    /// First day of arrival to which it applies.
    pub effective_from: Date,
    /// Who sets it.
    pub class: DeadlineClass,
    /// How long.
    pub length: Length,
    /// IANA time zone of its days, or `requester`.
    pub zone: String,
    /// Zone used when `zone` is `requester` and the person's is not known.
    #[serde(default)]
    pub fallback_zone: Option<String>,
    /// Calendar of business days.
    #[serde(default)]
    pub holidays: Option<HolidayCalendar>,
    /// Whether an end on a Saturday or Sunday moves to Monday.
    #[serde(default)]
    pub roll_over_weekend: bool,
    /// Whether the clock may stand still while the person has to act.
    #[serde(default)]
    pub pausable: bool,
    /// What one extension adds, counted from the original start.
    #[serde(default)]
    pub extension: Option<Length>,
    /// Where the length stands.
    pub source: String,
}

impl Deadline {
    /// What is wrong with the entry, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        let business = |length| matches!(length, Length::BusinessDays(_));
        if (business(self.length) || self.extension.is_some_and(business)) && self.holidays.is_none() {
            return Some("business days need a calendar of holidays".into());
        }
        match (self.length, self.extension) {
            (_, None) | (Length::Days(_), Some(Length::Days(_))) | (Length::Months(_), Some(Length::Months(_))) => {}
            (_, Some(_)) => return Some("an extension is counted in the unit of its deadline, days or months".into()),
        }
        let zone = if self.zone == REQUESTER { self.fallback_zone.as_deref().unwrap_or_default() } else { &self.zone };
        jiff::tz::TimeZone::get(zone).err().map(|_| format!("no time zone is called {zone:?}"))
    }
}

/// The value of `zone` that stands for the place of the person who asks.
pub(crate) const REQUESTER: &str = "requester";
