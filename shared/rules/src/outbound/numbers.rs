//! Figures, units, prices and ranges in a draft.

use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_automata::util::captures::Captures;

use super::checks::Spot;
use crate::views::View;

/// Signs between the two ends of a range.
const TO: &str = r" ?(?:[~〜\-–—]|から) ?";

struct Forms {
    grouped: Regex,
    twice_marked: Regex,
    discount: Regex,
    clock: Regex,
    days: Vec<Regex>,
    times: Regex,
    price: Regex,
}

fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| Forms {
        grouped: regex(
            r"(?:(?P<sign>[¥$€£]) ?)?(?P<figure>[0-9]{1,3}(?:,[0-9]+)+) ?(?P<unit>円|万|億|人|名|件|個|曲|本|回|社|点|票|再生|ダウンロード|%|yen|usd|users|people|songs|tracks|downloads)?",
        ),
        twice_marked: regex(r"[¥$€£] ?[0-9][0-9,]* ?(?:円|yen|ドル|usd|ユーロ|eur)"),
        discount: regex(r"(?P<n>[0-9]{3,})% ?(?:off|オフ|引き|割引|ディスカウント|discount)"),
        clock: regex(r"(?:^|[^0-9:.])(?P<time>(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2}))(?:$|[^0-9:])"),
        days: vec![
            regex(&format!(
                r"(?P<a>[0-9]{{1,2}})月(?P<b>[0-9]{{1,2}})日(?: ?\([^)]{{1,8}}\))?{TO}(?P<c>[0-9]{{1,2}})月(?P<d>[0-9]{{1,2}})日"
            )),
            regex(&format!(
                r"(?-u:\b)(?P<a>[0-9]{{1,2}})/(?P<b>[0-9]{{1,2}})(?: ?\([^)]{{1,8}}\))?{TO}(?P<c>[0-9]{{1,2}})/(?P<d>[0-9]{{1,2}})(?-u:\b)"
            )),
        ],
        times: regex(&format!(
            r"(?-u:\b)(?P<a>[0-9]{{1,2}}):(?P<b>[0-9]{{2}}){TO}(?P<c>[0-9]{{1,2}}):(?P<d>[0-9]{{2}})(?-u:\b)"
        )),
        price: regex(r"(?:価格|料金|定価|月額|年額|販売|特価|参加費|受講料|プラン)[^。\n]{0,12}?(?P<n>[0-9][0-9,]*(?:\.[0-9]+)?万?円)"),
    })
}

/// A pattern of this file.
fn regex(pattern: &str) -> Regex {
    match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => unreachable!("{pattern}: {error}"),
    }
}

fn spot(plain: &View, start: usize, end: usize) -> Spot {
    Spot { span: plain.span(plain.char_at(start), plain.char_at(end)), hint: None, doubtful: false }
}

fn number(text: &str, captures: &Captures, name: &str) -> Option<u32> {
    captures.get_group_by_name(name).and_then(|span| text[span.start..span.end].parse().ok())
}

/// Figures grouped or marked as nobody writes them, discounts above the price, times that no clock shows.
pub(super) fn figures(plain: &View) -> Vec<Spot> {
    let text = plain.text();
    let mut spots = Vec::new();
    for captures in forms().grouped.captures_iter(text).take(64) {
        let (Some(whole), Some(figure)) = (captures.get_match(), captures.get_group_by_name("figure")) else {
            continue;
        };
        let meant = captures.get_group_by_name("sign").is_some() || captures.get_group_by_name("unit").is_some();
        let groups = text[figure.start..figure.end].split(',').skip(1);
        if meant && groups.into_iter().any(|group| group.len() != 3) {
            spots.push(spot(plain, whole.start(), whole.end()));
        }
    }
    for found in forms().twice_marked.find_iter(text).take(64) {
        spots.push(spot(plain, found.start(), found.end()));
    }
    for captures in forms().discount.captures_iter(text).take(64) {
        if let (Some(whole), Some(101..)) = (captures.get_match(), number(text, &captures, "n")) {
            spots.push(spot(plain, whole.start(), whole.end()));
        }
    }
    for captures in forms().clock.captures_iter(text).take(64) {
        let Some(time) = captures.get_group_by_name("time") else { continue };
        // Broadcasters count the small hours on to 29; a ratio has no leading zero and no hour.
        let off = number(text, &captures, "h").is_some_and(|hour| hour > 29)
            || number(text, &captures, "m").is_some_and(|minute| minute > 59);
        if off && hour_words(text, time.end) {
            spots.push(spot(plain, time.start, time.end));
        }
    }
    spots.sort_by_key(|spot| spot.span);
    spots
}

/// Whether what follows, or the text as a whole, speaks of times.
fn hour_words(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    [
        "~",
        "〜",
        "-",
        "から",
        "開",
        "スタート",
        "まで",
        "より",
        " start",
        " jst",
        "pm",
        " pm",
        "am",
        " am",
        "集合",
        "配信",
        "頃",
    ]
    .iter()
    .any(|word| rest.starts_with(word))
        || ["開場", "開演", "開始", "時刻", "放送", "集合"].iter().any(|word| text.contains(word))
}

/// Ranges whose end comes before their beginning.
pub(super) fn reversed(plain: &View) -> Vec<Spot> {
    let text = plain.text();
    let mut spots = Vec::new();
    let ends = |captures: &Captures| {
        let one = |name| number(text, captures, name);
        Some(((one("a")?, one("b")?), (one("c")?, one("d")?)))
    };
    for form in &forms().days {
        for captures in form.captures_iter(text).take(64) {
            let (Some(whole), Some((from, to))) = (captures.get_match(), ends(&captures)) else { continue };
            // Over the turn of the year the end has the smaller month.
            let over_new_year = from.0 >= 10 && to.0 <= 3;
            if to < from && !over_new_year {
                spots.push(spot(plain, whole.start(), whole.end()));
            }
        }
    }
    for captures in forms().times.captures_iter(text).take(64) {
        let (Some(whole), Some((from, to))) = (captures.get_match(), ends(&captures)) else { continue };
        let over_midnight = from.0 >= 17 && to.0 <= 9;
        if to <= from && !over_midnight {
            spots.push(spot(plain, whole.start(), whole.end()));
        }
    }
    spots.sort_by_key(|spot| spot.span);
    spots
}

/// Prices in a text that never says whether tax is in them (Consumption Tax Act, article 63).
pub(super) fn without_tax_note(plain: &View) -> Vec<Spot> {
    let text = plain.text();
    if ["税込", "税抜", "税別", "税あり", "非課税", "不課税", "内税", "tax"].iter().any(|word| text.contains(word))
    {
        return Vec::new();
    }
    let found = forms().price.captures_iter(text).take(64);
    found
        .filter_map(|captures| captures.get_group_by_name("n"))
        .map(|price| spot(plain, price.start, price.end))
        .collect()
}
