//! What somebody has to look at, most important first: one list for the page, the mail and the metrics.

use rules::Lang;
use rules::outbound::Severity;

use super::data::Report;
use super::words::check_name;
use crate::audit::reconcile::How;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Today.
    Notice,
    /// This morning.
    Warning,
    /// Now.
    Urgent,
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// How much it matters.
    pub level: Level,
    /// Key of the metric.
    pub key: &'static str,
    /// How many.
    pub count: u64,
    /// A sentence in Japanese.
    pub ja: String,
    /// A sentence in English.
    pub en: String,
    /// Section of the page that tells more.
    pub section: &'static str,
}

impl Attention {
    /// The sentence in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// Everything of a night that somebody has to look at.
pub fn attention(report: &Report) -> Vec<Attention> {
    let mut list = Vec::new();
    let mut say = |level, key, section, count: u64, ja: String, en: String| {
        if count > 0 {
            list.push(Attention { level, key, count, ja, en, section });
        }
    };
    for checked in report.checks.iter().filter(|checked| checked.failed.is_some()) {
        let (ja, en) = (check_name(checked.check, Lang::Ja), check_name(checked.check, Lang::En));
        say(
            Level::Urgent,
            "checks_failed",
            "checks",
            1,
            format!("点検「{ja}」が最後まで終わりませんでした。この点検の結果は不完全です。"),
            format!("The check “{en}” did not come to its end: its results are incomplete."),
        );
    }
    for account in &report.accounts.accounts {
        for problem in &account.problems {
            let (ja, en) =
                (super::words::problem(&problem.what, Lang::Ja), super::words::problem(&problem.what, Lang::En));
            let detail = if problem.detail.is_empty() { String::new() } else { format!("（{}）", problem.detail) };
            let name = super::words::platform(account.platform);
            let level = if problem.what == "paused" { Level::Warning } else { Level::Urgent };
            say(
                level,
                "account_problems",
                "accounts",
                1,
                format!("{name}: {ja}{detail}"),
                format!("{name}: {en}{detail}"),
            );
        }
    }
    let late = report.requests.late;
    say(
        Level::Urgent,
        "requests_late",
        "promises",
        late,
        format!("期限を過ぎた個人情報の請求が{late}件あります。"),
        format!("{} past the deadline.", counted(late, "data request is", "data requests are")),
    );
    for (how, key) in [
        (How::StillVisible, "still_visible"),
        (How::UndoneByHand, "undone_by_hand"),
        (How::HeldThoughAllowed, "held_though_allowed"),
    ] {
        let count = report.reconciled.named.iter().filter(|one| one.how == how).count() as u64;
        let (level, ja, en) = match how {
            How::StillVisible => (
                Level::Urgent,
                format!("対処を決めた投稿が{count}件、まだ見えています。"),
                format!("{} still visible though action was decided.", counted(count, "post is", "posts are")),
            ),
            How::UndoneByHand => (
                Level::Warning,
                format!("保留にしたコメントが{count}件、手作業で公開されています。"),
                format!("{} published by hand after we held them.", counted(count, "comment was", "comments were")),
            ),
            How::HeldThoughAllowed => (
                Level::Warning,
                format!("問題なしと判断したコメントが{count}件、保留されています。公開するかご判断ください。"),
                format!(
                    "{} held though we allowed them: yours to publish.",
                    counted(count, "comment is", "comments are")
                ),
            ),
        };
        say(level, key, "wrong", count, ja, en);
    }
    let pending = &report.pending;
    say(
        if pending.handed_over > 0 { Level::Urgent } else { Level::Warning },
        "actions_late",
        "wrong",
        pending.late,
        format!(
            "1時間以上終わっていない対処が{}件あります（うち{}件を人の手に渡しました）。",
            pending.late, pending.handed_over
        ),
        format!(
            "{} more than an hour late; {} handed to a person.",
            counted(pending.late, "action is", "actions are"),
            pending.handed_over
        ),
    );
    let missed = &report.missed;
    say(
        Level::Warning,
        "posts_missed",
        "wrong",
        missed.missed,
        format!("届いていなかった投稿を{}件見つけ、判断しました。", missed.missed),
        format!("{} found that nobody had brought, and decided.", counted(missed.missed, "post was", "posts were")),
    );
    say(
        Level::Warning,
        "posts_unreadable",
        "wrong",
        missed.unreadable,
        format!("読み取れず、判断できなかった投稿が{}件あります。", missed.unreadable),
        format!(
            "{} not be read, so nobody judged {}: a platform may have changed its format.",
            counted(missed.unreadable, "listed post could", "listed posts could"),
            if missed.unreadable == 1 { "it" } else { "them" }
        ),
    );
    let again = &report.rejudged;
    let different = again.severer + again.milder;
    say(
        Level::Warning,
        "judged_differently",
        "wrong",
        different,
        format!(
            "今の規則では判断が変わる投稿が{different}件あります（厳しく{}・緩く{}）。{}件を判断待ちに入れました。",
            again.severer, again.milder, again.sent
        ),
        format!(
            "{} differently now ({} more severely, {} more mildly); {} sent to review.",
            counted(different, "post would be judged", "posts would be judged"),
            again.severer,
            again.milder,
            again.sent
        ),
    );
    say(
        Level::Urgent,
        "unexplained",
        "wrong",
        again.unexplained,
        format!("同じ規則では説明できない判断が{}件あります。", again.unexplained),
        format!(
            "{} that the same rules do not explain.",
            counted(again.unexplained, "decision is recorded", "decisions are recorded")
        ),
    );
    let corrections = report.outbound.corrections.len() as u64;
    let hours = report.outbound.corrections.iter().map(|open| open.hours).max().unwrap_or(0);
    say(
        if hours >= 24 { Level::Urgent } else { Level::Warning },
        "corrections_open",
        "promises",
        corrections,
        format!("訂正が{corrections}件、未了です（最長{hours}時間）。"),
        format!("{} open, the longest for {hours} hours.", counted(corrections, "correction is", "corrections are")),
    );
    let fix =
        report.outbound.findings.iter().filter(|found| found.severity == Severity::Fix && found.new).count() as u64;
    say(
        Level::Warning,
        "own_posts_wrong",
        "own",
        fix,
        format!("昨日の自社の投稿に、直すべき点が{fix}件あります。"),
        format!(
            "{} in our own posts of yesterday.",
            counted(fix, "thing has to be mended", "things have to be mended")
        ),
    );
    let retweets = report.outbound.retweets.len() as u64;
    say(
        Level::Warning,
        "retweets_changed",
        "own",
        retweets,
        format!("リポスト元が消えたか変わったものが{retweets}件あります。"),
        format!(
            "{} gone, changed or against our guidelines.",
            counted(retweets, "reposted original is", "reposted originals are")
        ),
    );
    say(
        Level::Warning,
        "waiting_over_a_day",
        "waiting",
        pending.over_a_day,
        format!("1日以上お待たせしているものが{}件あります。", pending.over_a_day),
        format!("{} waited for more than a day.", counted(pending.over_a_day, "thing has", "things have")),
    );
    let soon = report.requests.near;
    say(
        Level::Warning,
        "requests_soon",
        "promises",
        soon,
        format!("期限の近い個人情報の請求が{soon}件あります。"),
        format!("{} due soon.", counted(soon, "data request is", "data requests are")),
    );
    let jumped = report.rules.jumped.len() as u64;
    say(
        Level::Warning,
        "rules_jumped",
        "rules",
        jumped,
        format!("急に多く当たり始めた規則が{jumped}件あります。"),
        format!("{} far more often than before.", counted(jumped, "rule fires", "rules fire")),
    );
    let criticism = report.rules.on_criticism.len() as u64;
    say(
        Level::Warning,
        "rules_on_criticism",
        "rules",
        criticism,
        format!("ご意見や質問に当たりやすい規則が{criticism}件あります。"),
        format!("{} on complaints and questions.", counted(criticism, "rule fires", "rules fire")),
    );
    let put_off = (missed.put_off.len() + report.reconciled.put_off.len() + report.outbound.put_off.len()) as u64;
    say(
        Level::Notice,
        "put_off",
        "checks",
        put_off,
        format!("プラットフォームの都合で後回しにした確認が{put_off}件あります。"),
        format!("{} put off, as the platforms answered.", counted(put_off, "look was", "looks were")),
    );
    list.sort_by_key(|one| std::cmp::Reverse(one.level));
    list
}

/// A number with its words in English.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
