//! The report's fixed words in both languages.

use privacy::law::DeadlineKind;
use rules::{Clause, Lang, Platform, Rulebook};

use crate::audit::check::Check;
use crate::audit::requests::Stage;

/// One of two.
pub(super) fn t<'a>(lang: Lang, ja: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// The name of a check.
pub(super) fn check_name(check: Check, lang: Lang) -> &'static str {
    match check {
        Check::Missed => t(lang, "届かなかった投稿", "Missed posts"),
        Check::Rejudged => t(lang, "判断のやり直し", "Judged again"),
        Check::Reconciled => t(lang, "実際の状態との照合", "Decision against reality"),
        Check::Pending => t(lang, "待ち時間", "What waits"),
        Check::Outbound => t(lang, "自社の投稿", "Our own posts"),
        Check::Retention => t(lang, "保存期間", "Retention"),
        Check::Requests => t(lang, "個人情報の請求", "Data requests"),
        Check::Rules => t(lang, "規則の調子", "Rule health"),
        Check::Accounts => t(lang, "アカウント", "Accounts"),
        Check::Digest => t(lang, "皆さんの声", "What people say"),
    }
}

/// A platform's name.
pub(super) fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::X => "X",
        Platform::YouTube => "YouTube",
    }
}

/// A problem or a fact of an account.
pub(super) fn problem(what: &str, lang: Lang) -> String {
    match what {
        "paused" => t(lang, "一時停止中です", "is paused"),
        "terminated" => t(lang, "運用を終了しています", "is terminated"),
        "disconnected" => t(lang, "接続が切れています。つなぎ直してください", "is disconnected: connect it again"),
        "spending_stopped" => t(lang, "利用額の上限に達しました", "has reached its spending limit"),
        "quota_spent" => t(lang, "今日の割り当てを使い切りました", "has spent today's quota"),
        "other_account" => t(lang, "別のアカウントのトークンです", "has a token of another account"),
        "not_reached" => t(lang, "応答がありません", "could not be reached"),
        "no_webhook" => t(lang, "Webhookが登録されていません", "has no webhook"),
        "webhook_invalid" => {
            t(lang, "Webhookが無効です。通知が届きません", "has an invalid webhook: nothing is delivered")
        }
        "webhook_unknown" => t(lang, "Webhookの状態を確かめられませんでした", "did not tell how its webhook stands"),
        "webhook_valid" => t(lang, "Webhookは有効です", "has a valid webhook"),
        "lease_ends" => t(lang, "通知の購読期限", "subscription ends"),
        "lease_ended" => t(lang, "通知の購読が切れています", "has no subscription any more"),
        "quota_left" => t(lang, "残りの割り当て", "quota left"),
        "quota_put_off" => t(lang, "割り当て不足で後回しにした読み取り", "reads put off for want of quota"),
        "backlog" => {
            t(lang, "読み残しのある一覧（件数、最も古いもの）", "lists not read to their end (how many, the oldest)")
        }
        "grant_uncertain" => t(lang, "トークンの更新結果が不明です", "has a grant whose renewal is uncertain"),
        "token_until" => t(lang, "トークンの期限", "token good until"),
        other => other,
    }
    .to_owned()
}

/// The title of a clause by its key.
pub(super) fn clause(rulebook: &Rulebook, key: &str, lang: Lang) -> String {
    match (key.parse::<Clause>(), rulebook.guidelines().last()) {
        (Ok(clause), Some(version)) => version.title(clause, lang).to_owned(),
        _ => key.to_owned(),
    }
}

/// What something waits for.
pub(super) fn waits_for(key: &str, lang: Lang) -> String {
    match key {
        "ruling" => t(lang, "判断", "a ruling"),
        "report_post" => t(lang, "Xへの報告", "a report to X"),
        "block_author" => t(lang, "手作業のブロック", "a block by hand"),
        "unblock_author" => t(lang, "手作業のブロック解除", "an unblock by hand"),
        "check_outcome" => t(lang, "結果の確認", "a look at the outcome"),
        other => other,
    }
    .to_owned()
}

/// What has to be done until a deadline.
pub(super) fn deadline(kind: DeadlineKind, lang: Lang) -> &'static str {
    match kind {
        DeadlineKind::XContent => t(lang, "Xの投稿データの削除", "X content deleted"),
        DeadlineKind::YoutubeUserDeletion => t(lang, "YouTubeのデータの削除", "YouTube data deleted"),
        DeadlineKind::YoutubeRevokedInApp | DeadlineKind::YoutubeRevokedAtGoogle => {
            t(lang, "同意撤回後のYouTubeデータの削除", "YouTube data deleted after consent was withdrawn")
        }
        DeadlineKind::YoutubeRefresh => t(lang, "YouTubeのデータの更新または削除", "YouTube data refreshed or deleted"),
        DeadlineKind::ReceiptNotice => t(lang, "受付の通知", "receipt told"),
        DeadlineKind::InquiryReply => t(lang, "お問い合わせへの回答", "inquiry answered"),
        DeadlineKind::AppiPurposeNotice => t(lang, "利用目的の通知", "purpose of use told"),
        DeadlineKind::AppiDecision => t(lang, "請求に対する決定", "request decided"),
        DeadlineKind::AppiSuppression => t(lang, "利用の停止", "use stopped"),
        DeadlineKind::AppiErasure => t(lang, "全保存先での消去", "erased everywhere"),
        DeadlineKind::AppiSuableFrom => t(lang, "訴えを提起できる日", "day from which a suit is possible"),
        DeadlineKind::GdprResponse => t(lang, "GDPRに基づく回答", "answer under the GDPR"),
        DeadlineKind::CcpaConfirmation => t(lang, "CCPAに基づく受付の確認", "receipt confirmed under the CCPA"),
        DeadlineKind::CcpaResponse => t(lang, "CCPAに基づく回答", "answer under the CCPA"),
        DeadlineKind::CcpaOptOut => t(lang, "CCPAに基づくオプトアウト", "opt-out under the CCPA carried out"),
    }
}

/// How much a deadline presses.
pub(super) fn stage(stage: Stage, lang: Lang) -> &'static str {
    match stage {
        Stage::Late => t(lang, "期限切れ", "late"),
        Stage::Near => t(lang, "期限間近", "near"),
        Stage::Half => t(lang, "期間の半分を経過", "past the half"),
        Stage::Running => t(lang, "期限内", "in time"),
        Stage::Paused => t(lang, "ご本人の対応待ち", "paused, the person has to act"),
    }
}

/// A verdict.
pub(super) fn verdict(key: &str, lang: Lang) -> String {
    match key {
        "allow" => t(lang, "問題なし", "allowed"),
        "review" => t(lang, "判断待ち", "to review"),
        "act" => t(lang, "対処", "acted on"),
        other => other,
    }
    .to_owned()
}

/// A date as people of the language write it.
pub(super) fn day(date: jiff::civil::Date, lang: Lang) -> String {
    let weekday =
        ["月", "火", "水", "木", "金", "土", "日"][usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    match lang {
        Lang::Ja => format!("{}年{}月{}日（{weekday}）", date.year(), date.month(), date.day()),
        Lang::En => date.strftime("%A, %-d %B %Y").to_string(),
    }
}

/// A time in Tokyo.
pub(super) fn time(at: jiff::Timestamp, lang: Lang) -> String {
    let at = jiff::tz::offset(9).to_datetime(at);
    match lang {
        Lang::Ja => format!("{}月{}日 {}:{:02}", at.month(), at.day(), at.hour(), at.minute()),
        Lang::En => at.strftime("%-d %b %H:%M").to_string(),
    }
}

/// Hours, or days of them.
pub(super) fn hours(hours: u64, lang: Lang) -> String {
    match (lang, hours) {
        (Lang::Ja, ..48) => format!("{hours}時間"),
        (Lang::Ja, _) => format!("{}日", hours / 24),
        (Lang::En, 1) => "1 hour".to_owned(),
        (Lang::En, ..48) => format!("{hours} hours"),
        (Lang::En, _) => format!("{} days", hours / 24),
    }
}
