//! A leak: its clocks (APPI 26, rules 7 to 10) and the nine items of the report to the commission, as a draft.
//!
//! The first day is the day on which it was known, in Tokyo, and counts; weekends count; a last day on a holiday or
//! weekend moves on for the full report. Counsel confirms both readings before a deadline is relied upon.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::clocks::{Alarm, Holidays};
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
    /// The reports that were made, or found not to be owed.
    #[serde(default)]
    pub met: Vec<Duty>,
    /// What the privacy officer was told.
    #[serde(default)]
    pub told: Vec<Notice>,
    /// Changes so far, so that two of them do not undo each other.
    #[serde(default)]
    pub version: u32,
}

/// A report to the commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// The prompt one.
    Prompt,
    /// The full one.
    Full,
}

/// What the privacy officer is told of an incident, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It was opened.
    Opened,
    /// A clock reached an alarm.
    Clock(Duty, Alarm),
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

    /// When we came to know, as a clock in Tokyo shows it.
    pub fn known(&self) -> String {
        TOKYO.to_datetime(self.known_at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The clocks, which run from knowing whether it proves reportable or not.
    pub fn timers(&self, holidays: &Holidays) -> Timers {
        let day = TOKYO.to_datetime(self.known_at).date();
        let nth = |n: i64| day.checked_add((n - 1).days()).unwrap_or(day);
        let full = if self.triggers.contains(&Trigger::ImproperPurpose) { 60 } else { 30 };
        Timers { prompt_from: nth(3), prompt_by: nth(5), full_by: working_day(holidays, nth(full)) }
    }

    /// What time has come to tell and was not told, the last of each clock. The prompt report alarms on the third day, on
    /// the fifth and after it; the full one at a half and four fifths of its days and after the last.
    pub fn notices(&self, holidays: &Holidays, now: Timestamp) -> Vec<Notice> {
        let today = TOKYO.to_datetime(now).date();
        let timers = self.timers(holidays);
        let start = TOKYO.to_datetime(self.known_at).date();
        let days = (timers.full_by - start).get_days();
        let after = |part: i32| start.checked_add((days * part / 10).days()).unwrap_or(timers.full_by);
        let reached = |half: Date, most: Date, last: Date| match today {
            today if today > last => Some(Alarm::Over),
            today if today >= most => Some(Alarm::FourFifths),
            today if today >= half => Some(Alarm::Half),
            _ => None,
        };
        let prompt = reached(timers.prompt_from, timers.prompt_by, timers.prompt_by);
        let full = reached(after(5), after(8), timers.full_by);
        let clocks = [(Duty::Prompt, prompt), (Duty::Full, full)].into_iter();
        let clocks = clocks.filter(|(duty, _)| !self.met.contains(duty));
        let clocks = clocks.filter_map(|(duty, alarm)| Some(Notice::Clock(duty, alarm?)));
        let untold = |notice: &Notice| !self.told.contains(notice);
        std::iter::once(Notice::Opened).chain(clocks).filter(untold).collect()
    }

    /// The mail to the privacy officer about these: subject and text, in Japanese; names nobody.
    pub fn letter(&self, notices: &[Notice], holidays: &Holidays) -> (String, String) {
        let timers = self.timers(holidays);
        let alarm = notices.iter().filter_map(|notice| match notice {
            Notice::Clock(_, alarm) => Some(alarm),
            Notice::Opened => None,
        });
        let mark = match alarm.max() {
            Some(Alarm::Over) => "報告期限超過",
            Some(Alarm::Half | Alarm::FourFifths) => "報告期限接近",
            None => "漏えい等の事案",
        };
        let line = |notice: &Notice| match notice {
            Notice::Opened => "事案を登録しました。".to_owned(),
            Notice::Clock(duty, alarm) => {
                let (report, last) = match duty {
                    Duty::Prompt => ("速報", timers.prompt_by),
                    Duty::Full => ("確報", timers.full_by),
                };
                let state = match alarm {
                    Alarm::Half | Alarm::FourFifths => "期限が近づいています",
                    Alarm::Over => "期限を過ぎました",
                };
                format!("{report}: {state}（期限 {last}）")
            }
        };
        let lines: Vec<String> = notices.iter().map(line).collect();
        let reportable = match self.reportable() {
            true => "個人情報保護委員会への報告と本人への通知が必要です。",
            false => "判明している範囲では報告の要件に当たりません。確認してください。",
        };
        let text = format!(
            "{}\n\n{reportable}\n速報: {}から{}まで　確報: {}まで\n影響を受ける方: {}人\n\n\
             sekisho incidents show {id}\nsekisho incidents report {id} prompt\n",
            lines.join("\n"),
            timers.prompt_from,
            timers.prompt_by,
            timers.full_by,
            self.affected.len(),
            id = self.id
        );
        (format!("【{}】{mark}", self.id), text)
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
            outline: format!("{what}。発覚日時: {}（日本時間）。{}", self.known(), self.outline),
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
