//! The sections of the page, each told from the figures of its checks.

use maud::{Markup, html};
use rules::Lang;
use rules::outbound::Severity;

use super::chart;
use super::page::{Page, post};
use super::words::{check_name, hours, platform, problem, t, verdict};
use crate::audit::outbound::Became;
use crate::audit::reconcile::How;

/// Rows of a table of rules.
const MOST_RULES: usize = 12;
/// Posts that are shown of each list.
pub(super) const MOST_SHOWN: usize = 8;

pub(super) fn wrong(page: &Page<'_>, lang: Lang) -> Markup {
    let report = page.report;
    let nothing = report.reconciled.named.is_empty()
        && report.pending.late_named.is_empty()
        && report.missed.named.is_empty()
        && report.rejudged.differences.is_empty();
    html! {
        @if nothing {
            p.calm { (t(lang, "取りこぼしも、記録との食い違いもありません。", "Nothing was missed, and nothing contradicts our record.")) }
        }
        @if !report.reconciled.named.is_empty() {
            h3 { (t(lang, "記録と実際の状態が違うもの", "Not as our record says")) }
            ul.cards {
                @for one in report.reconciled.named.iter().take(MOST_SHOWN) {
                    li { (post(page, &one.post, lang, &[how(one.how, lang).to_owned()])) }
                }
            }
        }
        @if !report.pending.late_named.is_empty() {
            h3 { (t(lang, "遅れている対処", "Actions that are late")) }
            ul.cards {
                @for late in report.pending.late_named.iter().take(MOST_SHOWN) {
                    @let handed = if late.handed_over { t(lang, "人の手に渡しました", "handed to a person") } else { "" };
                    li { (post(page, &late.post, lang, &[late.action.clone(), hours(late.hours, lang), late.reason.clone().unwrap_or_default(), handed.to_owned()])) }
                }
            }
        }
        @if !report.missed.named.is_empty() {
            h3 { (t(lang, "届いていなかった投稿", "Posts that nobody had brought")) }
            ul.cards {
                @for one in report.missed.named.iter().take(MOST_SHOWN) {
                    @let after = match lang {
                        Lang::Ja => format!("{}後に発見", hours(one.hours, lang)),
                        Lang::En => format!("found after {}", hours(one.hours, lang)),
                    };
                    li { (post(page, &one.post, lang, &[verdict(&one.verdict, lang), after])) }
                }
            }
        }
        @if !report.rejudged.differences.is_empty() {
            h3 { (t(lang, "今の規則では判断が変わるもの", "Judged differently by today's rules")) }
            p.soft { (t(lang, "対処は何もしていません。判断してください。", "Nothing was done about them: they are yours to rule on.")) }
            ul.cards {
                @for one in report.rejudged.differences.iter().take(MOST_SHOWN) {
                    @let change = format!("{} → {}", verdict(one.from.key(), lang), verdict(one.to.key(), lang));
                    @let note = if one.unexplained { t(lang, "同じ規則なのに違います", "the same rules say otherwise") } else { "" };
                    li { (post(page, &one.post, lang, &[change, one.rule.clone().unwrap_or_default(), note.to_owned()])) }
                }
            }
        }
    }
}

fn how(how: How, lang: Lang) -> &'static str {
    match how {
        How::UndoneByHand => t(lang, "手作業で公開されています", "published by hand"),
        How::StillVisible => t(lang, "まだ見えています", "still visible"),
        How::HeldThoughAllowed => t(lang, "問題なしと判断したのに保留中", "held though allowed"),
    }
}

pub(super) fn own(page: &Page<'_>, lang: Lang) -> Markup {
    let own = &page.report.outbound;
    let nothing =
        own.findings.is_empty() && own.without_purpose.is_empty() && own.stale.is_empty() && own.retweets.is_empty();
    html! {
        p { (match lang {
            Lang::Ja => format!("30日間の{}件（昨日は{}件）を確かめました。", own.checked, own.new),
            Lang::En => format!("{} posts of 30 days were checked, {} of them of yesterday.", own.checked, own.new),
        }) }
        @if nothing { p.calm { (t(lang, "気になる点はありません。", "Nothing to object to.")) } }
        @if !own.findings.is_empty() {
            h3 { (t(lang, "表現の確認", "Wording")) }
            ul.cards {
                @for found in own.findings.iter().take(MOST_SHOWN) {
                    @let severity = match found.severity {
                        Severity::Fix => t(lang, "要修正", "to be mended"),
                        Severity::Look => t(lang, "要確認", "to be looked at"),
                    };
                    @let words = found.evidence.iter().map(|words| format!("「{words}」")).collect::<String>();
                    li { (post(page, &found.post, lang, &[severity.to_owned(), rule_title(page, &found.rule, lang), words])) }
                }
            }
        }
        @if !own.stale.is_empty() {
            h3 { (t(lang, "期日を過ぎた告知", "No longer current")) }
            ul.cards {
                @for stale in own.stale.iter().take(MOST_SHOWN) {
                    li { (post(page, &stale.post, lang, &[format!("{} {}", t(lang, "期日", "until"), stale.until)])) }
                }
            }
        }
        @if !own.retweets.is_empty() {
            h3 { (t(lang, "リポスト元の変化", "Reposted originals")) }
            ul.cards {
                @for retweet in own.retweets.iter().take(MOST_SHOWN) {
                    @let what = match retweet.what {
                        Became::Gone => t(lang, "元の投稿が見られません", "the original is gone"),
                        Became::Changed => t(lang, "元の投稿が変わりました", "the original says something else now"),
                        Became::BreaksClause => t(lang, "元の投稿がガイドラインに触れるおそれ", "the original may break our guidelines"),
                    };
                    li { (post(page, &retweet.post, lang, &[what.to_owned()])) }
                }
            }
        }
        @if !own.without_purpose.is_empty() {
            h3 { (t(lang, "運用目的に当てはまらない投稿", "Posts that fit none of our purposes")) }
            ul.cards {
                @for key in own.without_purpose.iter().take(MOST_SHOWN) { li { (post(page, key, lang, &[])) } }
            }
        }
    }
}

/// The title of an outbound rule or of one of the guidelines' rules.
fn rule_title(page: &Page<'_>, id: &str, lang: Lang) -> String {
    let title = page.rulebook.outbound().ok().and_then(|outbound| outbound.title(id).cloned());
    let title = title.or_else(|| page.rulebook.rule(id).map(|rule| rule.title.clone()));
    title.map_or_else(|| id.to_owned(), |title| format!("{id} {}", title.get(lang)))
}

pub(super) fn rules(page: &Page<'_>, lang: Lang) -> Markup {
    let (report, health) = (page.report, &page.report.rules);
    let mut rows: Vec<_> = health.rules.iter().collect();
    rows.sort_by(|a, b| b.1.days[0].cmp(&a.1.days[0]).then_with(|| a.0.cmp(b.0)));
    let longest = match lang {
        Lang::Ja => format!("待ち件数の推移。最新は{}件。", report.waiting()),
        Lang::En => format!("What waited, night by night; {} last night.", report.waiting()),
    };
    let complaints = match lang {
        Lang::Ja => {
            format!("ご意見・苦情の件数の推移。最新は{}件。", report.history.last().map_or(0, |day| day.complaints))
        }
        Lang::En => {
            format!("Complaints, day by day; {} on the last.", report.history.last().map_or(0, |day| day.complaints))
        }
    };
    html! {
        figure {
            figcaption { b { (t(lang, "投稿", "Posts")) } " " (t(lang, "30日間", "30 days")) }
            (chart::posts(&report.history, lang))
        }
        div.pair {
        figure {
            figcaption { b { (t(lang, "待っているもの", "Waiting")) } " " (t(lang, "30日間", "30 days")) }
            (chart::line(&report.history, |day| day.waiting, &longest))
        }
        figure {
            figcaption { b { (t(lang, "ご意見・苦情", "Complaints")) } " " (t(lang, "30日間", "30 days")) }
            (chart::line(&report.history, |day| day.complaints, &complaints))
        }
        }
        @if !rows.is_empty() {
            h3 { (t(lang, "よく当たった規則", "Rules that fired most")) }
            div.scroll tabindex="0" role="region" aria-label=(t(lang, "よく当たった規則", "Rules that fired most")) { table {
                thead { tr {
                    th { (t(lang, "規則", "Rule")) }
                    th.n { (t(lang, "昨日", "Day")) }
                    th.n { (t(lang, "7日", "7 days")) }
                    th.n { (t(lang, "ご意見・質問", "On criticism")) }
                    th { (t(lang, "備考", "Note")) }
                } }
                tbody { @for (id, hits) in rows.into_iter().take(MOST_RULES) {
                    tr {
                        td { code { (id) } " " (page.rulebook.rule(id).map_or("", |rule| rule.title.get(lang))) }
                        td.n { (hits.days[0]) }
                        td.n { (hits.days.iter().sum::<u32>()) }
                        td.n { (hits.on_criticism) }
                        td { (notes(page, id, lang)) }
                    }
                } }
            } }
        }
    }
}

fn notes(page: &Page<'_>, id: &str, lang: Lang) -> String {
    let health = &page.report.rules;
    let mut notes = Vec::new();
    if let Some(times) = health.jumped.get(id) {
        notes.push(match lang {
            Lang::Ja => format!("急増（{times}倍）"),
            Lang::En => format!("jumped ({times} times)"),
        });
    }
    if health.on_criticism.iter().any(|other| other == id) {
        notes.push(t(lang, "ご意見に当たりがち", "fires on criticism").to_owned());
    }
    if health.ready.iter().any(|other| other == id) {
        notes.push(t(lang, "昇格できます", "ready for promotion").to_owned());
    }
    notes.join(t(lang, "、", ", "))
}

pub(super) fn accounts(page: &Page<'_>, lang: Lang) -> Markup {
    html! {
        ul.cards {
            @for account in &page.report.accounts.accounts {
                li {
                    b { (platform(account.platform)) } " "
                    @if account.problems.is_empty() { (t(lang, "問題ありません", "nothing is wrong")) }
                    @for one in account.problems.iter().chain(&account.facts) {
                        div.meta { span { (problem(&one.what, lang)) } @if !one.detail.is_empty() { span { (one.detail) } } }
                    }
                }
            }
        }
    }
}

pub(super) fn checks(page: &Page<'_>, lang: Lang) -> Markup {
    let report = page.report;
    let put_off: Vec<&String> =
        report.missed.put_off.iter().chain(&report.reconciled.put_off).chain(&report.outbound.put_off).collect();
    html! {
        p { (match lang {
            Lang::Ja => format!(
                "{}件を判断し直し、YouTubeの{}件とXの{}件を照合し、{}件を一覧し直しました。",
                report.rejudged.judged, report.reconciled.youtube_asked, report.reconciled.x_asked, report.missed.listed),
            Lang::En => format!(
                "{} posts were judged again, {} on YouTube and {} on X compared, {} listed anew.",
                report.rejudged.judged, report.reconciled.youtube_asked, report.reconciled.x_asked, report.missed.listed),
        }) }
        div.scroll tabindex="0" role="region" aria-label=(t(lang, "点検の一覧", "List of checks")) { table {
            thead { tr { th { (t(lang, "点検", "Check")) } th { (t(lang, "結果", "Ended")) } th.n { (t(lang, "秒", "Seconds")) } } }
            tbody { @for checked in &report.checks {
                tr {
                    td { (check_name(checked.check, lang)) }
                    td { (match &checked.failed {
                        None => t(lang, "完了", "done").to_owned(),
                        Some(reason) => format!("{}: {reason}", t(lang, "失敗", "failed")),
                    }) }
                    td.n { (format!("{:.1}", checked.worked_ms as f64 / 1000.0)) }
                }
            } }
        } }
        @if !put_off.is_empty() {
            h3 { (t(lang, "後回しにした確認", "Put off")) }
            ul { @for reason in put_off { li { (reason) } } }
        }
    }
}
