//! The part of a text that its sender wrote: quotes, forwarded heads and signatures of Japanese and English programs
//! fall away, so that our own letter coming back is not read as a new request.

use std::sync::LazyLock;

use regex::Regex;

/// `2026年1月5日(月) 12:34 山田 <a@b>:`, `2026/01/05 12:34、山田のメール:`, `On Mon, Jan 5, 2026 at 12:34 X <a@b> wrote:`.
static ATTRIBUTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        ^\s*\d{4}\s*(?:年|[/.-])\s*\d{1,2}\s*(?:月|[/.-])\s*\d{1,2}\s*日?.{0,300}(?:[:：]|wrote:|のメール[:：]?|書きました[:：。]?|書いたメール)\s*$
        |^\s*(?:On|Am|Le)\s.{4,300}(?:wrote|schrieb|a\ écrit)\s*:\s*$
        |^\s*.{0,200}<[^<>\s]+@[^<>\s]+>\s*(?:さん)?(?:は|が)?(?:書きました|wrote|のメール)\s*[:：。]?\s*$
        |^\s*\S.{0,100}さん(?:は|が)書きました\s*[:：。]?\s*$
        ",
    )
    .ok()
});

/// What only a mail program ends such a line with, or an address in it. People too begin a line with a date and end it
/// with a colon, or say who wrote something.
static SURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+-]@[A-Za-z0-9-]+\.[A-Za-z]|(?:wrote|schrieb|a écrit)\s*:\s*$|のメール[:：]?\s*$|書いたメール\s*$")
        .ok()
});

/// `-----Original Message-----`, `----- 元のメッセージ -----`, `Begin forwarded message:`.
static SEPARATOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        ^\s*[-－ー―─]{2,}\s*(?:original\s+(?:message|appointment)|forwarded\s+(?:message|by.{0,80})|元のメッセージ|オリジナル\s*メッセージ|転送メッセージ|転送されたメッセージ|転送メール|ここから(?:引用|転送))\s*[-－ー―─]*\s*$
        |^\s*begin\s+forwarded\s+message\s*:\s*$
        |^\s*(?:以下、?)?転送されたメッセージ\s*[:：]\s*$
        ",
    )
    .ok()
});

/// One line of the head that Outlook and phones put above a quote.
static HEAD_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*\*?(?:from|sent|date|to|cc|subject|差出人|送信者|送信元|送信日時|送信日|日時|日付|宛先|件名|題名)\s*\*?\s*[:：]").ok()
});

/// The line of such a head that names the sender of what is quoted. A letter that a person wrote has its date, whom it is
/// for and its subject at the top.
static SENDER_LINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*\*?(?:from|差出人|送信者|送信元)\s*\*?\s*[:：]").ok());

fn matches(pattern: &LazyLock<Option<Regex>>, line: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// The unquoted text. Where a quote follows without marks, everything below its head falls away.
pub fn unquoted(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let head = head_length(&lines[at..]);
        if matches!(line.trim_end(), "--" | "－－") || *line == "-- " {
            break;
        } else if head > 0 {
            if !quote_follows(&lines[at + head..]) {
                break;
            }
            at += head;
        } else {
            if !is_quoted(line) {
                kept.push(line);
            }
            at += 1;
        }
    }
    kept.join("\n").trim().to_owned()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with(['>', '＞', '≫'])
}

fn quote_follows(lines: &[&str]) -> bool {
    lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line))
}

/// How many lines, from the first, introduce a quote; 0 when they do not. What a person may have written as well
/// introduces only what is marked as quoted.
fn head_length(lines: &[&str]) -> usize {
    let Some(first) = lines.first() else { return 0 };
    if matches(&SEPARATOR, first) {
        return 1;
    }
    // Outlook rules off a quote with underscores; people rule off other things with them too.
    let underscores = first.trim_end().len() >= 20 && first.trim_end().chars().all(|c| c == '_');
    if underscores
        && lines.iter().skip(1).find(|line| !line.trim().is_empty()).is_some_and(|line| matches(&HEAD_LINE, line))
    {
        return 1;
    }
    if matches(&HEAD_LINE, first) {
        let heads = lines.iter().take(8).take_while(|line| matches(&HEAD_LINE, line)).count();
        let names_sender = lines[..heads].iter().any(|line| matches(&SENDER_LINE, line));
        return if heads >= 3 && (names_sender || quote_follows(&lines[heads..])) { heads } else { 0 };
    }
    // Long attributions are folded over up to three lines.
    let mut joined = String::new();
    for (index, line) in lines.iter().take(3).enumerate() {
        if line.trim().is_empty() || is_quoted(line) || line.len() > 400 {
            return 0;
        }
        joined.push_str(if index == 0 { "" } else { " " });
        joined.push_str(line.trim());
        if matches(&ATTRIBUTION, &joined) && (matches(&SURE, &joined) || quote_follows(&lines[index + 1..])) {
            return index + 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_sender_wrote_stays() {
        for (name, text, expected) in [
            (
                "gmail ja",
                "ありがとうございました\n\n2026年1月5日(月) 12:34 窓口 <p@example.jp>:\n\n> 削除を請求する方法は\n> 次のとおりです\n",
                "ありがとうございました",
            ),
            (
                "gmail en",
                "Thanks\n\nOn Mon, Jan 5, 2026 at 12:34 PM Desk <p@example.jp>\nwrote:\n\n> To request deletion",
                "Thanks",
            ),
            (
                "outlook ja",
                "了解です\n\n差出人: 窓口\n送信日時: 2026年1月5日\n宛先: 山田\n件名: 受付\n\n削除を請求",
                "了解です",
            ),
            ("outlook en", "Fine.\n-----Original Message-----\nFrom: Desk\n\nerasure request", "Fine."),
            ("outlook line", "はい\n________________________________\nFrom: Desk\n削除", "はい"),
            ("becky", "はい\n\n----- 元のメッセージ -----\n開示", "はい"),
            ("apple ja", "はい\n\n2026/01/05 12:34、窓口 <p@example.jp>のメール:\n\n＞ 開示", "はい"),
            (
                "inline",
                "> 開示の形式は\n電子でお願いします\n> 届け先は\nこのアドレスです",
                "電子でお願いします\nこのアドレスです",
            ),
            ("name", "窓口さんは書きました:\n> 削除\n承知しました", "承知しました"),
            ("date alone", "はい\n2026年1月5日(月) 12:34 窓口:\n> 削除\n承知しました", "はい\n承知しました"),
            ("becky ja", "はい\n2026年1月5日 12:34 窓口のメール:\n削除", "はい"),
            ("no mark en", "Yes\n2026-01-05 12:34 Desk wrote:\nerasure request", "Yes"),
            ("signature", "開示してください\n-- \n山田", "開示してください"),
        ] {
            assert_eq!(unquoted(text), expected, "{name}");
        }
    }

    #[test]
    fn what_only_looks_like_a_quote_stays() {
        for text in [
            "2026年1月5日に投稿したものを削除してください",
            "次の投稿:\n削除をお願いします",
            "件名: 開示請求\n本文です",
            "宛名\n________________________________\n開示を請求します",
            "2026年1月5日に御社の動画にコメントを書きました。\n削除をお願いします",
            "2025年12月3日の投稿：\nhttps://x.com/taro/status/1\n削除をお願いします",
            "2025年12月3日に投稿した内容の削除を\n請求します。対象は次のとおりです：\nhttps://x.com/taro/status/1",
            "この投稿は妹さんが書きました。\n削除をお願いします",
            "日付：2026年1月5日\n宛先：株式会社ソケッツ 御中\n件名：開示請求\n\n個人データの開示を請求します",
            "対象期間\n2025/01/01 から 2026/01/01 まで\nすべて開示してください",
        ] {
            assert_eq!(unquoted(text), text);
        }
    }
}
