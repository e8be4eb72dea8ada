//! The section of what we promised: corrections, people's requests, and how long things are kept.

use maud::{Markup, html};
use rules::Lang;

use super::page::{Page, post};
use super::words::{deadline, hours, stage, t, time};
use crate::audit::requests::{Requests, Stage};

pub(super) fn promises(page: &Page<'_>, lang: Lang) -> Markup {
    let report = page.report;
    let retention = &report.retention;
    html! {
        h3 { (t(lang, "訂正とお詫び", "Corrections and apologies")) }
        @if report.outbound.corrections.is_empty() {
            p { (t(lang, "未了の訂正はありません。", "No correction is open.")) }
        } @else {
            ul.cards {
                @for open in &report.outbound.corrections {
                    @let state = match open.state.as_str() {
                        "confirmed" => t(lang, "確認済み・訂正待ち", "confirmed, to be corrected"),
                        _ => t(lang, "報告あり・確認待ち", "reported, to be confirmed"),
                    };
                    li {
                        (post(page, &open.post, lang, &[state.to_owned(), hours(open.hours, lang), open.rule.clone().unwrap_or_default()]))
                        p.meta { code { "sekisho corrections draft " (open.post) " " (open.number) } }
                    }
                }
            }
        }
        h3 { (t(lang, "個人情報の請求", "Data requests")) }
        (deadlines(&report.requests, lang))
        h3 { (t(lang, "保存期間", "Retention")) }
        p { (match lang {
            Lang::Ja => format!(
                "期限の来た本文{}件・人物情報{}件・記録{}件と、元の投稿が消えた本文{}件を消しました。保存中の本文は{}件です。",
                retention.expired.texts + retention.not_refreshed, retention.expired.people, retention.expired.strikes + retention.expired.others,
                report.reconciled.texts_removed, retention.kept),
            Lang::En => format!(
                "Removed: {} texts, {} profiles and {} records past their limit, and {} texts whose post is gone. {} texts are kept.",
                retention.expired.texts + retention.not_refreshed, retention.expired.people, retention.expired.strikes + retention.expired.others,
                report.reconciled.texts_removed, retention.kept),
        }) }
    }
}

/// Every open request that is named, by number and clock alone.
fn deadlines(requests: &Requests, lang: Lang) -> Markup {
    let name = t(lang, "請求の期限", "Deadlines of requests");
    html! {
        p { (match (lang, requests.open) {
            (Lang::Ja, 0) => "対応中の請求はありません。".to_owned(),
            (Lang::En, 0) => "No request is open.".to_owned(),
            (Lang::Ja, open) => format!("対応中 {open}件、期限切れ {}件、期限間近 {}件。", requests.late, requests.near),
            (Lang::En, open) => format!("{open} open, {} late, {} near a deadline.", requests.late, requests.near),
        }) }
        @if !requests.named.is_empty() {
            div.scroll tabindex="0" role="region" aria-label=(name) { table {
                thead { tr {
                    th { (t(lang, "請求", "Request")) }
                    th { (t(lang, "次の期限", "Next deadline")) }
                    th { (t(lang, "期限", "Due")) }
                    th { (t(lang, "状況", "Stands")) }
                } }
                tbody { @for due in &requests.named {
                    tr class=[(due.stage == Stage::Late).then_some("late")] {
                        td { code { (due.request) } }
                        td { (deadline(due.deadline, lang)) }
                        td { (time(due.due, lang)) }
                        td { (stage(due.stage, lang)) }
                    }
                } }
            } }
        }
        @let more = requests.open.saturating_sub(requests.named.len() as u64);
        @if more > 0 {
            p.soft { (match lang {
                Lang::Ja => format!("ほかに{more}件あります。"),
                Lang::En => format!("{more} more are open."),
            }) }
        }
    }
}
