//! Charts of the last days as inline SVG: no script, colours from the page's style sheet.

use maud::{Markup, html};
use rules::Lang;

use super::data::Day;
use super::words::t;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 190.0;
/// Room for the scale at the left and the dates below.
const LEFT: f64 = 46.0;
/// Room for half of the last date.
const RIGHT: f64 = 22.0;
const BELOW: f64 = 30.0;
const DAYS: f64 = 30.0;

/// Posts by verdict, stacked, one bar a day.
pub(super) fn posts(days: &[Day], lang: Lang) -> Markup {
    let total = |day: &Day| day.allow + day.review + day.act;
    let most = days.iter().map(total).max().unwrap_or(0).max(1);
    let top = scale(most);
    let last = days.last();
    let told = match lang {
        Lang::Ja => format!(
            "{}日間の投稿数。最新の日は{}件、うち判断待ち{}件、対処{}件。最も多い日は{most}件。",
            days.len(),
            last.map_or(0, total),
            last.map_or(0, |day| day.review),
            last.map_or(0, |day| day.act)
        ),
        Lang::En => format!(
            "Posts of {} days. The last day had {}, of which {} went to review and {} were acted on; the busiest had {most}.",
            days.len(),
            last.map_or(0, total),
            last.map_or(0, |day| day.review),
            last.map_or(0, |day| day.act)
        ),
    };
    let width = (WIDTH - LEFT - RIGHT) / DAYS;
    let height = |count: u64| (HEIGHT - BELOW - 8.0) * count as f64 / top as f64;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(told) {
            (frame(days, top))
            @for (place, day) in days.iter().enumerate() {
                @let x = LEFT + (DAYS - days.len() as f64 + place as f64) * width + 2.0;
                @let floor = HEIGHT - BELOW;
                @let (act, review, allow) = (height(day.act), height(day.review), height(day.allow));
                rect class="c-allow" x=(f(x)) y=(f(floor - allow)) width=(f(width - 4.0)) height=(f(allow)) {}
                rect class="c-review" x=(f(x)) y=(f(floor - allow - review)) width=(f(width - 4.0)) height=(f(review)) {}
                rect class="c-act" x=(f(x)) y=(f(floor - allow - review - act)) width=(f(width - 4.0)) height=(f(act)) {}
            }
        }
        ul.key {
            li { i.k-allow {} (t(lang, "問題なし", "allowed")) }
            li { i.k-review {} (t(lang, "判断待ち", "to review")) }
            li { i.k-act {} (t(lang, "対処", "acted on")) }
        }
    }
}

/// One figure a day, as a line.
pub(super) fn line(days: &[Day], value: impl Fn(&Day) -> u64, told: &str) -> Markup {
    let most = days.iter().map(&value).max().unwrap_or(0).max(1);
    let top = scale(most);
    let width = (WIDTH - LEFT - RIGHT) / DAYS;
    let point = |place: usize, day: &Day| {
        let x = LEFT + (DAYS - days.len() as f64 + place as f64 + 0.5) * width;
        (x, HEIGHT - BELOW - (HEIGHT - BELOW - 8.0) * value(day) as f64 / top as f64)
    };
    let points: Vec<(f64, f64)> = days.iter().enumerate().map(|(place, day)| point(place, day)).collect();
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", f(*x), f(*y))).collect();
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(told) {
            (frame(days, top))
            polyline class="c-line" points=(path.join(" ")) {}
            @for (x, y) in &points {
                circle class="c-dot" cx=(f(*x)) cy=(f(*y)) r="3" {}
            }
        }
    }
}

/// Axis, scale and the dates of every fifth day.
fn frame(days: &[Day], top: u64) -> Markup {
    let floor = HEIGHT - BELOW;
    let width = (WIDTH - LEFT - RIGHT) / DAYS;
    html! {
        line class="axis" x1=(f(LEFT)) y1=(f(floor)) x2=(f(WIDTH - RIGHT)) y2=(f(floor)) {}
        line class="axis" x1=(f(LEFT)) y1="8" x2=(f(WIDTH - RIGHT)) y2="8" stroke-dasharray="2 4" {}
        text x=(f(LEFT - 6.0)) y="16" text-anchor="end" { (top) }
        text x=(f(LEFT - 6.0)) y=(f(floor)) text-anchor="end" { "0" }
        @for (place, day) in days.iter().enumerate() {
            @if (days.len() - 1 - place).is_multiple_of(5) {
                @let x = LEFT + (DAYS - days.len() as f64 + place as f64 + 0.5) * width;
                text x=(f(x)) y=(f(HEIGHT - 6.0)) text-anchor="middle" { (day.date.month()) "/" (day.date.day()) }
            }
        }
    }
}

/// A round number at or above the largest value.
fn scale(most: u64) -> u64 {
    let mut unit = 1;
    while unit * 10 <= most {
        unit *= 10;
    }
    [1, 2, 3, 4, 5, 6, 8, 10].into_iter().map(|times| times * unit).find(|top| *top >= most).unwrap_or(most)
}

/// One digit behind the point is enough for a picture.
fn f(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::scale;

    #[test]
    fn the_scale_is_round_and_never_too_low() {
        for most in 1..3_000 {
            assert!(scale(most) >= most && scale(most) <= most * 2, "{most}: {}", scale(most));
        }
        assert_eq!((scale(1), scale(231), scale(1000)), (1, 300, 1000));
    }
}
