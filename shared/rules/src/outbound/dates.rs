//! Dates in Japanese and English text, the weekdays beside them, and how long a text stays current.

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;

use super::checks::Spot;
use crate::Span;
use crate::rulebook::Titles;
use crate::views::{View, Views};

/// Days back within which a date without a year is taken for one that has just passed.
const PAST_DAYS: i64 = 60;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_WORD: &str = "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const WEEKDAY_WORD: &str = "(?P<en>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)";

/// A date as it is written, before anybody asked a calendar.
struct Written {
    /// Bytes of the view.
    start: usize,
    end: usize,
    year: Option<i16>,
    month: i8,
    day: i8,
    weekday: Option<Weekday>,
}

impl Written {
    /// The date in its year, or in the one that it stands for on `today`: the next one, unless it has just passed.
    fn date(&self, today: Date) -> Option<Date> {
        match self.year {
            Some(year) => Date::new(year, self.month, self.day).ok(),
            None => {
                let from = today.checked_sub(PAST_DAYS.days()).unwrap_or(today);
                (today.year() - 1..=today.year() + 4)
                    .filter_map(|year| Date::new(year, self.month, self.day).ok())
                    .find(|date| *date >= from)
            }
        }
    }
}

struct Forms {
    dates: Vec<Regex>,
    after: Regex,
    before: Regex,
}

fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| Forms {
        dates: vec![
            regex(r"(?:(?P<year>[0-9]{4})年 ?|令和 ?(?P<reiwa>[0-9]{1,2}|元)年 ?)?(?P<m>[0-9]{1,2})月 ?(?P<d>[0-9]{1,2})日"),
            regex(r"(?-u:\b)(?P<year>[0-9]{4})[/.-](?P<m>[0-9]{1,2})[/.-](?P<d>[0-9]{1,2})(?-u:\b)"),
            regex(&format!(r"(?-u:\b){MONTH_WORD}\.? (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?-u:\b)(?:,? (?P<year>20[0-9]{{2}})(?-u:\b))?")),
            regex(&format!(r"(?-u:\b)(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH_WORD}(?-u:\b)\.?(?:,? (?P<year>20[0-9]{{2}})(?-u:\b))?")),
            regex(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})"),
        ],
        after: regex(&format!(
            r"^(?: ?[(\[〔] ?(?:(?P<ja>[月火水木金土日])(?:曜日?)?(?: ?[・/、,]? ?[祝休]日?)?|{WEEKDAY_WORD}\.?) ?[)\]〕]| ?(?P<yobi>[月火水木金土日])曜|,? \(?{}(?-u:\b))",
            WEEKDAY_WORD.replace("<en>", "<after>")
        )),
        before: regex(&format!(
            r"(?:(?-u:\b){WEEKDAY_WORD}\.?,? (?:the )?|(?P<yobi>[月火水木金土日])曜日?(?:、|,| )?)$"
        )),
    })
}

/// A pattern of this file.
fn regex(pattern: &str) -> Regex {
    match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => unreachable!("{pattern}: {error}"),
    }
}

/// Every date of the text, in order.
fn written(text: &str) -> Vec<Written> {
    let mut found: Vec<Written> = Vec::new();
    for (form, regex) in forms().dates.iter().enumerate() {
        for captures in regex.captures_iter(text).take(64) {
            let Some(date) = read(text, &captures) else { continue };
            let bare = form == 4;
            let free = found.iter().all(|other| date.end <= other.start || other.end <= date.start);
            // `1/2` alone may be a fraction; with a weekday beside it, it is a date.
            if free && (!bare || date.weekday.is_some() && apart(text, date.start, date.end)) {
                found.push(date);
            }
        }
    }
    found.sort_by_key(|date| date.start);
    found
}

/// Whether no digit or slash touches.
fn apart(text: &str, start: usize, end: usize) -> bool {
    let touches = |c: char| c.is_ascii_digit() || c == '/';
    !text[..start].chars().next_back().is_some_and(touches) && !text[end..].chars().next().is_some_and(touches)
}

fn read(text: &str, captures: &Captures) -> Option<Written> {
    let whole = captures.get_match()?;
    let group = |name: &str| captures.get_group_by_name(name).map(|span| &text[span.start..span.end]);
    if text[..whole.start()].ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let year = match (group("year"), group("reiwa")) {
        (Some(year), _) => Some(year.parse().ok()?),
        (None, Some("元")) => Some(2019),
        (None, Some(reiwa)) => Some(2018 + reiwa.parse::<i16>().ok()?),
        (None, None) => None,
    };
    let month = match (group("m"), group("month")) {
        (Some(number), _) => number.parse().ok()?,
        (None, Some(word)) => MONTHS.iter().position(|month| word.starts_with(month))? as i8 + 1,
        (None, None) => return None,
    };
    let day = group("d")?.parse().ok()?;
    let (weekday, start, end) = weekday(text, whole.start(), whole.end());
    Some(Written { start, end, year, month, day, weekday })
}

/// The weekday behind or before a date, and where both together stand.
fn weekday(text: &str, start: usize, end: usize) -> (Option<Weekday>, usize, usize) {
    let mut found = forms().after.create_captures();
    forms().after.captures(&text[end..], &mut found);
    if let Some(whole) = found.get_match() {
        let group = |name: &str| found.get_group_by_name(name).map(|span| &text[end + span.start..end + span.end]);
        let word = ["ja", "yobi", "en", "after"].into_iter().find_map(group);
        return (word.and_then(weekday_of), start, end + whole.end());
    }
    let mut from = start.saturating_sub(24);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let head = &text[from..start];
    let mut found = forms().before.create_captures();
    forms().before.captures(head, &mut found);
    if let Some(whole) = found.get_match() {
        let group = |name: &str| found.get_group_by_name(name).map(|span| &head[span.start..span.end]);
        let word = ["en", "yobi"].into_iter().find_map(group);
        return (word.and_then(weekday_of), from + whole.start(), end);
    }
    (None, start, end)
}

fn weekday_of(word: &str) -> Option<Weekday> {
    const BY_START: [(&str, &str, Weekday); 7] = [
        ("月", "mo", Weekday::Monday),
        ("火", "tu", Weekday::Tuesday),
        ("水", "we", Weekday::Wednesday),
        ("木", "th", Weekday::Thursday),
        ("金", "fr", Weekday::Friday),
        ("土", "sa", Weekday::Saturday),
        ("日", "su", Weekday::Sunday),
    ];
    BY_START.iter().find(|(ja, en, _)| word.starts_with(ja) || word.starts_with(en)).map(|(.., weekday)| *weekday)
}

/// The weekday in both languages.
fn name(weekday: Weekday) -> (&'static str, &'static str) {
    match weekday {
        Weekday::Monday => ("月", "Monday"),
        Weekday::Tuesday => ("火", "Tuesday"),
        Weekday::Wednesday => ("水", "Wednesday"),
        Weekday::Thursday => ("木", "Thursday"),
        Weekday::Friday => ("金", "Friday"),
        Weekday::Saturday => ("土", "Saturday"),
        Weekday::Sunday => ("日", "Sunday"),
    }
}

fn span(view: &View, date: &Written) -> Span {
    view.span(view.char_at(date.start), view.char_at(date.end))
}

/// Dates beside a weekday that is not theirs.
pub(super) fn wrong_weekdays(plain: &View, today: Date) -> Vec<Spot> {
    let mut spots = Vec::new();
    for found in written(plain.text()) {
        let (Some(said), Some(date)) = (found.weekday, found.date(today)) else { continue };
        if date.weekday() == said {
            continue;
        }
        // A report of last year's event may leave its year out.
        let last_year = date.year() - 1;
        let fits_last_year = found.year.is_none()
            && Date::new(last_year, found.month, found.day).is_ok_and(|date| date.weekday() == said && date < today);
        let (ja, en) = name(date.weekday());
        spots.push(Spot {
            span: span(plain, &found),
            hint: Some(Titles { ja: format!("{date} は{ja}曜日です"), en: format!("{date} is a {en}") }),
            doubtful: fits_last_year,
        });
    }
    spots
}

/// Days that no calendar has.
pub(super) fn impossible(plain: &View) -> Vec<Spot> {
    let no_day = |found: &Written| {
        // Without a year, one that has a 29 February.
        Date::new(found.year.unwrap_or(2028), found.month, found.day).is_err()
    };
    let written = written(plain.text());
    written
        .iter()
        .filter(|found| no_day(found))
        .map(|found| Spot { span: span(plain, found), hint: None, doubtful: false })
        .collect()
}

/// Words that tie a text to its dates.
const BOUND: &[&str] = &[
    "まで",
    "締切",
    "締め切",
    "〆切",
    "開催",
    "実施",
    "募集",
    "受付",
    "期間",
    "申込",
    "申し込",
    "キャンペーン",
    "予定",
    "配信",
    "リリース",
    "until",
    "deadline",
    "by ",
    "register",
    "ends",
    "apply",
    "join us",
    "live",
    "campaign",
    "scheduled",
    "release",
    "webinar",
];

/// The last day on which a text of ours that was dispatched at `as_of` is current; `None` where it names no day to come.
pub fn stale_after(text: &str, as_of: Timestamp) -> Option<Date> {
    let posted = jiff::tz::offset(9).to_datetime(as_of).date();
    let plain = Views::of(text).plain.text().to_owned();
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let mut last: Option<Date> = None;
    if has(BOUND) {
        last = written(&plain).iter().filter_map(|found| found.date(posted)).filter(|date| *date >= posted).max();
        let tomorrow = has(&["明日", "あす", "tomorrow"]).then(|| posted.tomorrow().ok()).flatten();
        let today = has(&["本日", "今日", "きょう", "today", "tonight", "今夜", "今晩"]).then_some(posted);
        last = last.max(tomorrow).max(today);
    }
    last
}
