#![allow(clippy::unwrap_used)]
use super::*;

fn now() -> Timestamp {
    "2026-11-25T03:00:00Z".parse().unwrap()
}

fn found(text: &str, personal: bool) -> Vec<OutboundFinding> {
    let rulebook = Rulebook::embedded().unwrap();
    Rulebook::embedded().unwrap().outbound().unwrap().check(&Draft { text, personal }, rulebook, now())
}

fn rules(text: &str) -> Vec<String> {
    found(text, false).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn every_outbound_rule_passes_its_cases() {
    let outbound = Rulebook::embedded().unwrap().outbound().unwrap_or_else(|error| panic!("{error}"));
    let failures = outbound.check_cases();
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
    let (rules, cases) = outbound.size();
    assert!(rules >= 12 && cases >= 60, "{rules} rules, {cases} cases");
}

#[test]
fn a_wrong_weekday_says_what_would_be_right_and_where_it_stands() {
    let text = "ライブ配信は１２月１日（水）19:00から。";
    let findings = found(text, false);
    let finding = findings.iter().find(|finding| finding.rule == "OUT001").unwrap();
    assert_eq!(finding.evidence, ["１２月１日（水）"]);
    assert_eq!(finding.hint.as_ref().unwrap().ja, "2026-12-01 は火曜日です");
    assert_eq!(finding.severity, Severity::Fix);
    let span = finding.spans[0];
    assert_eq!(&text[span.start..span.end], "１２月１日（水）");
}

#[test]
fn a_date_without_year_is_the_next_one_unless_it_has_just_passed() {
    // 2027-01-05 is a Tuesday, 2026-11-20 a Friday.
    assert!(!rules("1月5日（火）から受付します").contains(&"OUT001".to_owned()));
    assert!(!rules("11月20日（金）のイベントのお礼").contains(&"OUT001".to_owned()));
    assert!(rules("1月5日（月）から受付します").contains(&"OUT001".to_owned()));
    // 2025-12-01 was a Monday: it may be last year's, so a person looks.
    let findings = found("12月1日（月）に開いた会の様子です", false);
    assert_eq!(findings.iter().find(|finding| finding.rule == "OUT001").unwrap().severity, Severity::Look);
}

#[test]
fn our_own_address_of_mail_is_ours_to_publish_and_others_are_not() {
    assert!(rules("お問い合わせは info@sockets.co.jp まで").is_empty());
    assert!(rules("お問い合わせは taro.yamada@gmail.com まで").contains(&"OUT104".to_owned()));
    assert!(rules("お問い合わせは info@notsockets.co.jp まで").contains(&"OUT104".to_owned()));
}

#[test]
fn affiliation_is_asked_of_personal_accounts_only() {
    let text = "ソケッツの新サービス、すごく良いから使ってみて";
    assert!(found(text, true).iter().any(|finding| finding.rule == "OUT201"));
    assert!(found(text, false).iter().all(|finding| finding.rule != "OUT201"));
    assert!(found("ソケッツの社員です。新サービスができました", true).iter().all(|finding| finding.rule != "OUT201"));
}

#[test]
fn a_draft_may_not_break_our_own_guidelines() {
    assert!(found("うるさい、お前死ねよ", false).iter().any(|finding| finding.rule.starts_with("OFF")));
}

#[test]
fn an_honest_draft_passes() {
    for text in [
        "おはようございます。オトシオリ、きょうの感性タグは「窓ぎわ」です。窓の近くで聴きたい一曲を選びました。",
        "データベース更新が終わりました。ご予定より23分長くかかりましたことをお詫びします。",
        "Our tag team reads every mood word aloud before it enters the database.",
        "12月1日（火）19:00〜20:30にオンラインセミナーを開催します。詳細は https://www.sockets.co.jp/seminar から。",
    ] {
        assert!(rules(text).is_empty(), "{text}: {:?}", rules(text));
    }
}

#[test]
fn a_text_is_current_until_the_last_day_that_it_names() {
    let as_of = "2026-11-20T03:00:00Z".parse().unwrap();
    let day = |text: &str| stale_after(text, as_of).map(|date| date.to_string());
    assert_eq!(day("応募は11月24日（火）まで、発表は12月1日の予定です").as_deref(), Some("2026-12-01"));
    assert_eq!(day("本日20時から配信します").as_deref(), Some("2026-11-20"));
    assert_eq!(day("Register by November 24").as_deref(), Some("2026-11-24"));
    assert_eq!(day("11月1日に開催した会の様子です"), None);
    assert_eq!(day("新曲の感想をありがとうございます"), None);
}
