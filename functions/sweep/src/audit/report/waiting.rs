//! The section of what waits for a person: one card for a post, the most harmful first.

use std::cmp::Reverse;

use casework::planned::severity;
use maud::{Markup, html};
use rules::Lang;

use super::page::{Figure, Page, change, figures, post};
use super::sections::MOST_SHOWN;
use super::words::{clause, hours, t, waits_for};
use crate::audit::pending::Longest;

pub(super) fn waiting(page: &Page<'_>, lang: Lang) -> Markup {
    let pending = &page.report.pending;
    let tasks: u64 = pending.tasks.values().sum();
    let cards = cards(&pending.named);
    let shown: usize = cards.iter().take(MOST_SHOWN).map(Vec::len).sum();
    let more = (pending.reviews + tasks).saturating_sub(shown as u64);
    let change = change(&page.report.history, |day| day.waiting, lang);
    let longest = hours(pending.longest_hours, lang);
    html! {
        (figures(&[
            Figure { note: change, ..Figure::count(t(lang, "待ち件数", "Waiting"), pending.reviews + tasks, lang) },
            Figure::count(t(lang, "うち判断待ち", "of which rulings"), pending.reviews, lang),
            Figure::count(t(lang, "1日以上", "Over a day"), pending.over_a_day, lang),
            Figure { name: t(lang, "最長", "Longest"), value: longest, unit: "", note: String::new() },
        ]))
        @if cards.is_empty() {
            p.calm { (t(lang, "待っているものはありません。", "Nothing waits.")) }
        } @else {
            p.soft { (t(lang,
                "長くお待たせしているもののうち、害の大きいものから順に。判断は次のように：",
                "Of what has waited longest, the most harmful first. To rule:")) }
            p.soft {
                code { "sekisho queue" } " "
                code { "sekisho decide x:… allow|act|undo|done --reason \"…\"" }
            }
            ul.cards {
                @for things in cards.iter().take(MOST_SHOWN) { li { (card(page, things, lang)) } }
            }
            @if more > 0 {
                p.soft { (match lang {
                    Lang::Ja => format!("ほかに{more}件あります。"),
                    Lang::En => format!("{more} more wait."),
                }) }
            }
        }
    }
}

/// What waits of each post, the most harmful posts first, of those of one kind the one that has waited longest.
fn cards(named: &[Longest]) -> Vec<Vec<&Longest>> {
    let mut cards: Vec<Vec<&Longest>> = Vec::new();
    for one in named {
        match cards.iter_mut().find(|card| card[0].post == one.post) {
            Some(card) => card.push(one),
            None => cards.push(vec![one]),
        }
    }
    let harm = |one: &Longest| severity(one.clause.as_deref().and_then(|key| key.parse().ok()));
    cards.sort_by_key(|card| (Reverse(harm(card[0])), card[0].since));
    cards
}

fn card(page: &Page<'_>, things: &[&Longest], lang: Lang) -> Markup {
    let first = things[0];
    let age = page.report.until.duration_since(first.since).as_hours().max(0).unsigned_abs();
    let why = first.clause.as_deref().map(|key| clause(page.rulebook, key, lang)).unwrap_or_default();
    let work: Vec<String> = things.iter().map(|one| waits_for(&one.waits_for, lang)).collect();
    post(page, &first.post, lang, &[work.join(t(lang, "・", ", ")), hours(age, lang), why])
}
