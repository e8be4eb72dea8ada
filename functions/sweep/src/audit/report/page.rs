//! The page: one self-contained file in both languages, for light and dark, screen and paper, without a script.

use std::collections::BTreeMap;

use casework::decision::PostKey;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rules::{Lang, Platform, Rulebook};

use super::attention::{Attention, Level};
use super::data::{Day, Report};
use super::words::{day, t, time};
use super::{promises, sections, voices, waiting};

/// The style sheet, which lies in the page.
const STYLE: &str = include_str!("style.css");

/// A post as the page quotes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its first words.
    pub text: String,
    /// Where to look at it.
    pub link: String,
}

/// Everything that the page is made of.
pub struct Page<'a> {
    /// The figures.
    pub report: &'a Report,
    /// What to look at, most important first.
    pub attention: &'a [Attention],
    /// Words of the posts that the report names, as far as they are still kept.
    pub quotes: &'a BTreeMap<PostKey, Quote>,
    /// For the titles of clauses and rules.
    pub rulebook: &'a Rulebook,
}

/// The whole page; the first language is the one that it opens in.
pub fn page(page: &Page<'_>, first: Lang) -> String {
    let report = page.report;
    let (ja, en) = (first == Lang::Ja, first == Lang::En);
    let whole = html! {
        (DOCTYPE)
        html lang=(t(first, "ja", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                title { (report.organisation) " — " (report.night) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    input.lang #show-ja type="radio" name="lang" checked[ja];
                    label for="show-ja" lang="ja" { "日本語" }
                    input.lang #show-en type="radio" name="lang" checked[en];
                    label for="show-en" lang="en" { "English" }
                    div.ja lang="ja" { (article(page, Lang::Ja)) }
                    div.en lang="en" { (article(page, Lang::En)) }
                }
            }
        }
    };
    whole.into_string()
}

fn article(page: &Page<'_>, lang: Lang) -> Markup {
    let report = page.report;
    html! {
        header {
            p.house { (report.organisation) "　" (t(lang, "SNS ガイドライン", "social media guidelines")) }
            h1 { (day(report.night, lang)) (t(lang, "の朝", "")) }
            p.lead { (lead(page, lang)) }
            p.soft {
                (time(report.from, lang)) " – " (time(report.until, lang)) " "
                (t(lang, "（日本時間）の記録", "in Tokyo"))
            }
        }
        (attention(page, lang))
        (overview(page, lang))
        nav aria-label=(t(lang, "この頁の内容", "On this page")) {
            ul.nav {
                @for (id, ja, en) in SECTIONS {
                    li { a href=(format!("#{}", anchor(id, lang))) { (t(lang, ja, en)) } }
                }
            }
        }
        @for (id, ja, en) in SECTIONS {
            section aria-labelledby=(anchor(id, lang)) {
                h2 id=(anchor(id, lang)) { (t(lang, ja, en)) }
                @match *id {
                    "waiting" => (waiting::waiting(page, lang)),
                    "wrong" => (sections::wrong(page, lang)),
                    "promises" => (promises::promises(page, lang)),
                    "own" => (sections::own(page, lang)),
                    "voices" => (voices::voices(page, lang)),
                    "rules" => (sections::rules(page, lang)),
                    "accounts" => (sections::accounts(page, lang)),
                    _ => (sections::checks(page, lang)),
                }
            }
        }
        footer {
            p {
                (t(lang,
                   "この頁は投稿の言葉を引用しています。7日後に削除されます。数字だけの記録は残ります。",
                   "This page quotes people and is deleted after seven days; the figures stay."))
            }
            p { (t(lang, "規則の版", "Rulebook")) " " code { (report.rulebook) } }
        }
    }
}

/// Sections in the order of a reviewer's morning.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("waiting", "あなたを待っているもの", "What waits for you"),
    ("wrong", "うまくいかなかったこと", "What went wrong"),
    ("promises", "約束と期限", "Promises and deadlines"),
    ("own", "自社の投稿", "Our own posts"),
    ("voices", "皆さんの声", "What people say"),
    ("rules", "数字と規則", "Numbers and rules"),
    ("accounts", "アカウント", "Accounts"),
    ("checks", "今夜の点検", "Tonight's checks"),
];

/// The id of a section, which both languages have.
pub(super) fn anchor(section: &str, lang: Lang) -> String {
    format!("{section}-{}", t(lang, "ja", "en"))
}

fn lead(page: &Page<'_>, lang: Lang) -> String {
    let urgent = page.attention.iter().filter(|one| one.level == Level::Urgent).count();
    let waiting = page.report.waiting();
    match (lang, urgent, waiting) {
        (Lang::Ja, 0, 0) => "おはようございます。急ぎのことも、待っているものもありません。".to_owned(),
        (Lang::Ja, 0, _) => format!("おはようございます。急ぎのことはありません。{waiting}件があなたを待っています。"),
        (Lang::Ja, ..) => {
            format!("おはようございます。急ぎのことが{urgent}件あります。{waiting}件があなたを待っています。")
        }
        (Lang::En, 0, 0) => "Good morning. Nothing is urgent, and nothing waits.".to_owned(),
        (Lang::En, 0, _) => format!("Good morning. Nothing is urgent; {waiting} things wait for you."),
        (Lang::En, 1, _) => format!("Good morning. One thing is urgent; {waiting} wait for you."),
        (Lang::En, ..) => format!("Good morning. {urgent} things are urgent; {waiting} wait for you."),
    }
}

fn attention(page: &Page<'_>, lang: Lang) -> Markup {
    let level = |level| match level {
        Level::Urgent => ("urgent", t(lang, "至急", "Urgent")),
        Level::Warning => ("warning", t(lang, "要確認", "Look")),
        Level::Notice => ("notice", t(lang, "お知らせ", "Note")),
    };
    html! {
        @if page.attention.is_empty() {
            p.calm { (t(lang, "記録・プラットフォーム・約束はすべて一致しています。", "Records, platforms and promises agree.")) }
        } @else {
            ul.attend aria-label=(t(lang, "ご確認いただきたいこと", "What to look at")) {
                @for one in page.attention {
                    @let (class, word) = level(one.level);
                    li class=(class) {
                        span.tag { (word) }
                        span { (one.text(lang)) " " a href=(format!("#{}", anchor(one.section, lang))) aria-label=(more(one, lang)) { (t(lang, "詳しく", "more")) } }
                    }
                }
            }
        }
    }
}

fn more(one: &Attention, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("詳しく: {}", one.ja),
        Lang::En => format!("more: {}", one.en),
    }
}

/// A post: its words where they are still kept, and where to look at it.
pub(super) fn post(page: &Page<'_>, key: &PostKey, lang: Lang, meta: &[String]) -> Markup {
    let quote = page.quotes.get(key);
    let link = quote.map_or_else(|| rules::deep_link(key.platform, &key.id, None), |quote| quote.link.clone());
    let platform = match key.platform {
        Platform::X => "X",
        Platform::YouTube => "YouTube",
    };
    let seen = format!("{platform}{}", t(lang, "で見る", ""));
    html! {
        @match quote {
            Some(quote) => blockquote { (quote.text) },
            None => p.soft { (t(lang, "（本文は保存されていません）", "(its words are not kept)")) },
        }
        div.meta {
            @for meta in meta.iter().filter(|meta| !meta.is_empty()) { span { (meta) } }
            span {
                a href=(link) rel="noreferrer" aria-label=(format!("{seen} {key}")) { (seen) }
            }
            span { code { (key) } }
        }
    }
}

/// The day at a glance.
fn overview(page: &Page<'_>, lang: Lang) -> Markup {
    let figure = |name, value: &dyn Fn(&Day) -> u64| Figure {
        note: change(&page.report.history, value, lang),
        ..Figure::count(name, page.report.history.last().map_or(0, value), lang)
    };
    html! {
        section aria-label=(t(lang, "昨日の数字", "The day in figures")) {
            (figures(&[
                figure(t(lang, "昨日の投稿", "Posts of the day"), &|day| day.allow + day.review + day.act),
                figure(t(lang, "対処", "Acted on"), &|day| day.act),
                figure(t(lang, "判断へ", "To review"), &|day| day.review),
                figure(t(lang, "ご意見・苦情", "Complaints"), &|day| day.complaints),
            ]))
        }
    }
}

/// How a figure of the last day compares with the day before, where that was reported.
pub(super) fn change(history: &[Day], value: impl Fn(&Day) -> u64, lang: Lang) -> String {
    let [.., before, last] = history else { return String::new() };
    if before.date.tomorrow().ok() != Some(last.date) {
        return String::new();
    }
    let (before, last) = (value(before), value(last));
    let change = match last.cmp(&before) {
        std::cmp::Ordering::Less => format!("−{}", before - last),
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", last - before),
    };
    format!("{} {change}", t(lang, "前日比", "day before"))
}

/// One large figure.
pub(super) struct Figure<'a> {
    /// What it counts.
    pub(super) name: &'a str,
    /// The figure.
    pub(super) value: String,
    /// Its unit, where it has one.
    pub(super) unit: &'a str,
    /// What it means beside others; may be empty.
    pub(super) note: String,
}

impl<'a> Figure<'a> {
    /// A number of things.
    pub(super) fn count(name: &'a str, count: u64, lang: Lang) -> Self {
        Figure { name, value: count.to_string(), unit: t(lang, "件", ""), note: String::new() }
    }
}

/// A row of large figures.
pub(super) fn figures(row: &[Figure<'_>]) -> Markup {
    html! {
        dl.figures {
            @for Figure { name, value, unit, note } in row {
                div {
                    dt { (name) }
                    dd { (value) @if !unit.is_empty() { small { (unit) } } }
                    @if !note.is_empty() { dd.note { (note) } }
                }
            }
        }
    }
}
