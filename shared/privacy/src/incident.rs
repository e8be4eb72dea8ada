//! A leak: its clocks (APPI 26, rules 7 to 10) and the nine items of the report to the commission, as a draft.
//!
//! The first day is the day on which it was known, in Tokyo, and counts; weekends count; a last day on a holiday or
//! weekend moves on for the full report. Counsel confirms both readings before a deadline is relied upon.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::clocks::Holidays;
use crate::law::HolidayCalendar;
use crate::mail::thread::TicketId;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A disclosure went to somebody else.
    MisSent,
    /// Data was seen or taken by somebody who may not.
    UnauthorisedAccess,
    /// Data was lost or destroyed.
    Loss,
    /// Anything else.
    Other,
}

/// What makes a leak reportable (rule 7). None of them: it is still recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Sensitive data of at least one person.
    Sensitive,
    /// Likely damage to property.
    Property,
    /// Likely done with an improper purpose.
    ImproperPurpose,
    /// More than a thousand persons.
    ManyPersons,
}

/// Japan has kept UTC+9 without daylight saving time since 1952.
const TOKYO: Offset = jiff::tz::offset(9);

/// More persons than this make a leak reportable.
pub const MANY: u64 = 1000;

/// An incident as it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub id: String,
    /// What happened.
    pub kind: Kind,
    /// When we came to know.
    pub known_at: Timestamp,
    /// The file that it happened in, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// Pseudonyms of those affected, from the access log.
    pub affected: Vec<String>,
    /// Why it has to be reported, as far as known.
    pub triggers: Vec<Trigger>,
    /// Whether the data was strongly encrypted, which exempts from report and notice (rule 7(1)).
    pub encrypted: bool,
    /// What was seen, in the reporter's words; names nobody.
    pub outline: String,
}

/// The days until which something is due, all in Tokyo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timers {
    /// The prompt report: from the third day on it is late in practice.
    pub prompt_from: Date,
    /// The prompt report: the fifth day, the last one.
    pub prompt_by: Date,
    /// The full report: the 30th day, or the 60th for an improper purpose.
    pub full_by: Date,
}

impl Incident {
    /// Whether the commission and those affected have to be told.
    pub fn reportable(&self) -> bool {
        !self.encrypted && !self.triggers.is_empty()
    }

    /// The clocks, which run from knowing whether it proves reportable or not.
    pub fn timers(&self, holidays: &Holidays) -> Timers {
        let day = TOKYO.to_datetime(self.known_at).date();
        let nth = |n: i64| day.checked_add((n - 1).days()).unwrap_or(day);
        let full = if self.triggers.contains(&Trigger::ImproperPurpose) { 60 } else { 30 };
        Timers { prompt_from: nth(3), prompt_by: nth(5), full_by: working_day(holidays, nth(full)) }
    }

    /// The report as far as it writes itself.
    pub fn draft(&self) -> BreachReport {
        let what = match self.kind {
            Kind::MisSent => "開示した個人データの誤送付",
            Kind::UnauthorisedAccess => "個人データへの不正なアクセス",
            Kind::Loss => "個人データの滅失又は毀損",
            Kind::Other => "個人データの漏えい等のおそれ",
        };
        BreachReport {
            outline: format!("{what}。発覚日時: {}。{}", self.known_at, self.outline),
            items: "公開されている氏名、ニックネーム、プロフィール写真、ユーザーID、投稿とその判断（要確認）"
                .to_owned(),
            persons: self.affected.len() as u64,
            cause: String::new(),
            secondary_damage: "確認中".to_owned(),
            response_to_persons: "影響を受ける方の一覧を作成済み。35条5項の請求はこの事由により認める。".to_owned(),
            publication: String::new(),
            prevention: String::new(),
            other: match self.encrypted {
                true => "高度な暗号化その他の措置が講じられていた（規則7条1号括弧書き）。".to_owned(),
                false => String::new(),
            },
        }
    }
}

/// The day itself or the next one on which offices are open; in a year without data the day itself, which is earlier.
fn working_day(holidays: &Holidays, day: Date) -> Date {
    let mut open = day;
    while let Ok(false) = holidays.is_business_day(HolidayCalendar::Japan, open) {
        match open.tomorrow() {
            Ok(next) => open = next,
            Err(_) => return day,
        }
    }
    open
}

/// The nine items that the report asks for (rule 8(1)), to be completed by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreachReport {
    /// 1. Outline.
    pub outline: String,
    /// 2. Items of personal data.
    pub items: String,
    /// 3. Number of persons.
    pub persons: u64,
    /// 4. Cause.
    pub cause: String,
    /// 5. Secondary damage, or the risk of it.
    pub secondary_damage: String,
    /// 6. Response to the persons.
    pub response_to_persons: String,
    /// 7. Publication.
    pub publication: String,
    /// 8. Prevention of another.
    pub prevention: String,
    /// 9. Other matters.
    pub other: String,
}

#[cfg(test)]
#[path = "incident/tests.rs"]
mod tests;
