//! What people say: counts, the sharpest complaints and questions, what is talked about most.

use casework::decision::PostKey;
use maud::{Markup, html};
use rules::listening::Voice;
use rules::{Lang, Platform, deep_link};

use super::page::{Figure, Page, figures, post};
use super::words::t;

pub(super) fn voices(page: &Page<'_>, lang: Lang) -> Markup {
    let digest = &page.report.digest;
    let count = |voice: Voice| digest.voices.get(voice.key()).copied().unwrap_or(0);
    let total: u64 = digest.voices.values().sum();
    let mut talked: Vec<(&String, &u32)> = digest.conversations.iter().collect();
    talked.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let share = |voice: Voice| count(voice) as f64 * 100.0 / total.max(1) as f64;
    let voice_count = |voice: Voice| Figure::count(name(voice, lang), count(voice), lang);
    html! {
        p { (t(lang, "ご意見・ご批判・ご質問は、違反ではありません。", "Opinions, criticism and questions are no violations.")) }
        (figures(&[
            Figure::count(t(lang, "投稿", "Posts"), digest.posts, lang),
            voice_count(Voice::Complaint),
            voice_count(Voice::Question),
            voice_count(Voice::Praise),
        ]))
        @if total > 0 {
            div.bar aria-hidden="true" {
                @for voice in Voice::ALL { i class=(format!("v-{}", voice.key())) style=(format!("width:{:.1}%", share(voice))) {} }
            }
            ul.key {
                @for voice in Voice::ALL {
                    li { i class=(format!("v-{}", voice.key())) {} (name(voice, lang)) " " (format!("{:.0}%", share(voice))) }
                }
            }
        }
        @if !digest.complaints.is_empty() {
            h3 { (t(lang, "強いご意見", "Sharpest complaints")) }
            ul.cards { @for told in &digest.complaints { li { (post(page, &told.post, lang, &[])) } } }
        }
        @if !digest.questions.is_empty() {
            h3 { (t(lang, "ご質問", "Questions")) }
            ul.cards { @for told in &digest.questions { li { (post(page, &told.post, lang, &[])) } } }
        }
        @if !talked.is_empty() {
            h3 { (t(lang, "話題になった投稿", "Most talked about")) }
            div.scroll tabindex="0" role="region" aria-label=(t(lang, "話題になった投稿", "Most talked about")) { table {
                thead { tr { th { (t(lang, "投稿", "Post")) } th.n { (t(lang, "返信", "Replies")) } } }
                tbody { @for (key, count) in talked { tr {
                    td { (conversation(page, key)) }
                    td.n { (count) }
                } } }
            } }
        }
    }
}

/// A conversation by its first post, or a video.
fn conversation(page: &Page<'_>, key: &str) -> Markup {
    let parsed: Option<PostKey> = key.parse().ok();
    let quote = parsed.as_ref().and_then(|key| page.quotes.get(key));
    let link = match &parsed {
        Some(PostKey { platform: Platform::YouTube, id }) => format!("https://www.youtube.com/watch?v={id}"),
        Some(key) => deep_link(key.platform, &key.id, None),
        None => String::new(),
    };
    html! {
        @if let Some(quote) = quote { (quote.text) br; }
        a href=(link) rel="noreferrer" { (key) }
    }
}

/// What people's words are called.
fn name(voice: Voice, lang: Lang) -> &'static str {
    match voice {
        Voice::Complaint => t(lang, "ご意見・苦情", "Complaints"),
        Voice::Question => t(lang, "ご質問", "Questions"),
        Voice::Praise => t(lang, "お褒めの言葉", "Praise"),
        Voice::Other => t(lang, "その他", "Other"),
    }
}
