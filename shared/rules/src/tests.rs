//! Small rulebooks, judged: what the terms, signals and conditions of the format mean.

#![allow(clippy::unwrap_used)]

mod disguises;
mod hostile;

use jiff::Timestamp;

use crate::evaluate::Row;
use crate::{
    ActionKind, Context, Judgement, Lang, Media, Output, Platform, Post, PostKind, RuleAnswer, Rulebook, RulebookError,
    TaskKind, Verdict, explain, judge, statement,
};

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn load(rules: &str, lexicons: &[(&str, &str)]) -> Result<Rulebook, RulebookError> {
    let shared = Rulebook::embedded_files()
        .filter(|(path, _)| ["guidelines.toml", "policy.toml", "organisation.toml"].contains(&path.as_str()));
    let lexicons = lexicons
        .iter()
        .map(|(name, terms)| (format!("lexicons/{name}.txt"), format!("# source: test\n# licence: CC0-1.0\n{terms}")));
    Rulebook::from_files(shared.chain(lexicons).chain([("rules/offensive.toml".to_owned(), rules.to_owned())]))
}

/// A rulebook of one rule.
fn one(body: &str) -> Rulebook {
    load(&rule(body), &[("words", "阿呆\n間抜け…野郎\n")]).unwrap_or_else(|error| panic!("{error}"))
}

fn rule(body: &str) -> String {
    format!(
        r#"[[rule]]
id = "OFF001"
title = {{ ja = "題", en = "title" }}
status = "enforce"
confidence = 0.95
why = {{ ja = "理由", en = "reason" }}
case.match = ["x"]
case.clear = ["y"]
{body}
"#
    )
}

fn post(text: &str) -> Post {
    Row {
        id: "1".into(),
        lang: "ja".into(),
        text: text.into(),
        labels: vec![],
        ambiguous: false,
        kind: None,
        group: None,
    }
    .post(now())
}

fn judged(rulebook: &Rulebook, text: &str) -> Judgement {
    let judgement = judge(&post(text), &Context::default(), rulebook, now());
    for span in judgement.violations.iter().flat_map(|violation| &violation.spans) {
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end) && span.start < span.end);
    }
    judgement
}

fn fires(rulebook: &Rulebook, text: &str) -> bool {
    !judged(rulebook, text).violations.is_empty()
}

#[test]
fn a_literal_is_found_in_every_spelling_and_shown_as_written() {
    let rulebook = one(r#"any = ["死ね", "タヒね", "馬鹿", "バカ", "kill yourself"]
unless = ["死ねるほど"]
mask = true"#);
    for (text, shown) in [
        ("お前死ねよ", "死ね"),
        ("お前死・ね", "死・ね"),
        ("死 ね", "死 ね"),
        ("死\u{200b}ね", "死\u{200b}ね"),
        ("タヒネ", "タヒネ"),
        ("ﾊﾞｶだ", "ﾊﾞｶ"),
        ("k1ll  yours3lf", "k1ll  yours3lf"),
        ("Ｋｉｌｌ ｙｏｕｒｓｅｌｆ", "Ｋｉｌｌ ｙｏｕｒｓｅｌｆ"),
        ("k i l l  y o u r s e l f", "k i l l  y o u r s e l f"),
        ("kіll yоursеlf", "kіll yоursеlf"),
        ("kiiiill yourself", "kiiiill yourself"),
        ("死○", "死○"),
    ] {
        let judgement = judged(&rulebook, text);
        assert_eq!(judgement.verdict, Verdict::Act, "{text}");
        assert_eq!(judgement.violations[0].evidence, [shown], "{text}");
    }
    for text in ["死ねるほど美味しい", "skill yourself", "墓場", "パカパカ", "日本刀", "死。ねこ"]
    {
        assert!(!fires(&rulebook, text), "{text}");
    }
}

#[test]
fn whom_a_reply_is_addressed_to_changes_nothing() {
    let rulebook = Rulebook::embedded().unwrap();
    let found = |judgement: &Judgement| -> Vec<_> {
        judgement.violations.iter().map(|one| (one.rule.clone(), one.verdict, one.evidence.clone())).collect()
    };
    for text in ["お前死ねよ", "Full movie HD free here, no sign up http://movies-hub.top", "新曲とても良かったです"]
    {
        let said = judged(rulebook, text);
        let addressed = judged(rulebook, &format!("@SOCKETS_JP @someone_1 {text}"));
        assert_eq!((found(&addressed), addressed.scores), (found(&said), said.scores), "{text}");
    }
}

#[test]
fn of_clauses_named_as_surely_the_likelier_comes_first() {
    let text = "お金の悩み、私が解決します。先着10名様だけ無料で相談に乗ります";
    let judgement = judged(Rulebook::embedded().unwrap(), text);
    let own = |at: usize| judgement.scores.get(Output::of(judgement.violations[at].clause).unwrap());
    let weight = |at: usize| (judgement.violations[at].verdict, judgement.violations[at].confidence);
    let ties: Vec<usize> = (1..judgement.violations.len()).filter(|&at| weight(at - 1) == weight(at)).collect();
    assert!(!ties.is_empty() && ties.iter().all(|&at| own(at - 1) >= own(at)), "{judgement:?}");
}

#[test]
fn edges_gaps_and_lexicons() {
    let rulebook = one(r#"any = ["|しね|", "scam*", "住所…特定", "you are…idiot*", "@words"]
unless = ["楽しね"]"#);
    for text in ["お前しね。", "scammers", "住所を全部特定した", "You are such an IDIOTS", "阿呆", "間抜けな野郎"]
    {
        assert!(fires(&rulebook, text), "{text}");
    }
    for text in [
        "楽しね",
        "おしね",
        "しねま",
        "discam",
        "住所です。特定した",
        "you are nice to me and my poor old little idiot",
    ] {
        assert!(!fires(&rulebook, text), "{text}");
    }
}

#[test]
fn a_match_is_as_long_as_the_folded_text_has_it() {
    // İ reads as two characters, of which the word has the first.
    let rulebook = one("any = [\"nazi\"]\nwhen = \"match.share >= 0.6\"");
    assert!(fires(&rulebook, "NAZI\nx"));
    assert!(!fires(&rulebook, "NAZİ\nxx"));
}

#[test]
fn groups_exceptions_and_counts() {
    let rulebook = one(r#"any = ["稼げる"]
all = [["副業", "<link>"], ["連絡", "LINE"]]
within = 12
unless_near = ["怪しい"]
unless_anywhere = ["注意喚起"]"#);
    assert!(fires(&rulebook, "副業で稼げる、連絡ください"));
    assert!(fires(&rulebook, "https://a.example で稼げる！LINEへ"));
    for text in [
        "稼げる連絡",
        "副業で稼げるという話を聞いたのですが、長い話になるのでまた今度ゆっくり連絡します",
        "副業で稼げる、連絡は怪しい",
        "副業で稼げる、連絡。注意喚起です",
    ] {
        assert!(!fires(&rulebook, text), "{text}");
    }
    let twice = one("any = [\"草\"]\nviews = [\"plain\"]\nmin = 2");
    assert!(fires(&twice, "草と草") && !fires(&twice, "草だ"));
}

#[test]
fn patterns_run_behind_their_guards() {
    let rulebook = one(
        r#"regex = [{ pattern = '月(?:収)?[0-9]+万', guard = ["稼"] }, { pattern = 'テレグラム.{0,5}@[a-z]+', guard = ["テレグラム"], view = "folded" }]"#,
    );
    assert!(fires(&rulebook, "月収３０万稼ごう") && fires(&rulebook, "てれぐらむは @abc"));
    assert!(!fires(&rulebook, "月収30万です"));
}

#[test]
fn what_is_not_known_leads_to_review() {
    let rulebook = one("any = [\"ばか\"]\nwhen = \"author.strikes > 1\"");
    let unknown = judged(&rulebook, "ばか");
    assert_eq!((unknown.verdict, unknown.violations.len()), (Verdict::Review, 0));
    assert_eq!(unknown.unknowns[0].what, "author.strikes");
    let mut context = Context::default();
    context.author.strikes = Some(2);
    assert_eq!(judge(&post("ばか"), &context, &rulebook, now()).verdict, Verdict::Act);
    context.author.strikes = Some(1);
    assert_eq!(judge(&post("ばか"), &context, &rulebook, now()).verdict, Verdict::Allow);
}

#[test]
fn a_picture_without_words_is_looked_at_by_a_person() {
    let rulebook = one("any = [\"ばか\"]");
    for (text, verdict) in
        [("", Verdict::Review), ("@SOCKETS_JP https://t.co/abc", Verdict::Review), ("きれい", Verdict::Allow)]
    {
        let picture = Post { media: Media::Attached, ..post(text) };
        assert_eq!(judge(&picture, &Context::default(), &rulebook, now()).verdict, verdict, "{text}");
    }
}

#[test]
fn status_confidence_and_date_bound_what_a_rule_does() {
    let verdict = |from: &str, to: &str, text: Post| {
        let rulebook = load(&rule("any = [\"ばか\"]").replace(from, to), &[]).unwrap();
        judge(&text, &Context::default(), &rulebook, now()).verdict
    };
    assert_eq!(verdict("0.95", "0.5", post("ばか")), Verdict::Review);
    assert_eq!(verdict("enforce", "review", post("ばか")), Verdict::Review);
    assert_eq!(verdict("enforce", "shadow", post("ばか")), Verdict::Allow);
    assert_eq!(verdict("enforce", "off", post("ばか")), Verdict::Allow);
    let newest = load(&rule("any = [\"ばか\"]"), &[]).unwrap().guidelines().last().unwrap().clone();
    let since = format!("since = \"{}\"\nconfidence", newest.id);
    let old = Post { created_at: Timestamp::UNIX_EPOCH, ..post("ばか") };
    assert_eq!(verdict("confidence", &since, old), Verdict::Review);
    assert_eq!(verdict("confidence", &since, post("ばか")), Verdict::Act);
}

#[test]
fn where_the_model_doubts_a_rule_that_asks_it_a_person_looks() {
    let said = |body: &str, text: &str| judged(&one(body), text);
    let (plain, asking) = ("any = [\"worthless\"]", "any = [\"worthless\"]\nact_score = 0.5");
    let (hostile, calm) = ("worthless idiots like you, all of you", "the warranty was worthless, thanks for nothing");
    assert_eq!((said(plain, calm).verdict, said(asking, calm).verdict), (Verdict::Act, Verdict::Review));
    assert_eq!(said(asking, hostile).verdict, Verdict::Act);
    // Nobody disguises what is innocent.
    assert_eq!(said(asking, "the warranty was w0rthl3ss, thanks for nothing").verdict, Verdict::Act);
    // But lines may begin so by chance.
    let downwards = "any = [\"しね\"]\nviews = [\"lines\"]";
    assert_eq!(said(downwards, "しっかりやります\nねこも元気です\nよろしく").verdict, Verdict::Review);
    let refused = load(&rule(asking).replace("0.5", "1.1"), &[]).unwrap_err().to_string();
    assert!(refused.contains("act_score of OFF001 is not between 0 and 1"), "{refused}");
}

#[test]
fn a_rule_may_ask_that_the_model_sees_some_clause() {
    let rulebook = one("any = [\"worthless\"]\nwhen = \"model.any_clause >= 0.3\"");
    assert_eq!(judged(&rulebook, "the warranty was worthless, thanks for nothing").verdict, Verdict::Allow);
    assert_eq!(judged(&rulebook, "worthless idiots like you, all of you").verdict, Verdict::Act);
}

#[test]
fn a_condition_is_asked_before_patterns_unless_it_is_about_matches() {
    let answer = |when: &str, text: &str| {
        let pattern = r#"regex = [{ pattern = "cheap+ ", guard = ["cheap*"] }]"#;
        let rulebook = one(&format!("{pattern}\nwhen = \"{when}\""));
        let told = explain(&post(text), &Context::default(), &rulebook, now());
        told.rules.first().map(|asked| asked.answer.clone())
    };
    assert_eq!(answer("text.links > 0", "cheapest"), Some(RuleAnswer::Silent("when")));
    assert_eq!(answer("text.links == 0", "cheapest"), Some(RuleAnswer::Silent("nothing matched")));
    assert_eq!(answer("match.count > 3", "cheapest"), Some(RuleAnswer::Silent("nothing matched")));
    assert_eq!(answer("match.count > 3", "cheap thing"), Some(RuleAnswer::Silent("when")));
    assert_eq!(answer("text.links == 0", "cheap thing"), Some(RuleAnswer::Fired));
}

#[test]
fn a_rule_by_score_alone_is_as_sure_as_its_score() {
    let rulebook = load(&rule("score = { criminal = 0.01 }").replace("0.95", "0.5"), &[]).unwrap();
    for (text, is_sure) in [("meet me outside after the show", false), ("I will come to your house and kill you", true)]
    {
        let judgement = judged(&rulebook, text);
        let [violation] = &judgement.violations[..] else { panic!("{judgement:?}") };
        let score = judgement.scores.get(Output::Criminal);
        assert_eq!((violation.confidence, violation.verdict), (score.min(0.5), Verdict::Review), "{text}");
        assert_eq!(score > 0.5, is_sure, "{text}: {score}");
    }
}

#[test]
fn names_like_ours_are_found_by_name() {
    let rulebook = one("any = [\"<name_like_ours>\"]");
    let mut impostor = post("こんにちは");
    impostor.author.handle = Some("S0CKETS_JP".into());
    assert_eq!(judge(&impostor, &Context::default(), &rulebook, now()).verdict, Verdict::Act);
    impostor.author.handle = Some("tanaka".into());
    assert_eq!(judge(&impostor, &Context::default(), &rulebook, now()).verdict, Verdict::Allow);
}

#[test]
fn a_score_is_evidence_and_alone_leads_to_review_at_most() {
    // Every score reaches 0, none reaches 1.
    let alone = one("score = { spam = 0.0 }");
    let judgement = judged(&alone, "buy cheap followers now");
    assert_eq!((judgement.verdict, judgement.violations[0].verdict), (Verdict::Review, Verdict::Review));
    assert_eq!(judge(&post(""), &Context::default(), &alone, now()).verdict, Verdict::Review);
    assert!(!fires(&one("score = { spam = 1.0 }"), "buy cheap followers now"));
    // Its matches are the words that weighed most, found before a condition on them is asked.
    let on_matches =
        |when: &str| fires(&one(&format!("score = {{ spam = 0.0 }}\nwhen = \"{when}\"")), "buy cheap followers now");
    assert!(on_matches("match.count > 0"));
    assert!(!on_matches("match.count == 0"));
    let beside = one("any = [\"ばか\"]\nscore = { spam = 0.0, abuse = 0.0 }");
    assert_eq!(judged(&beside, "ばか").verdict, Verdict::Act);
    assert!(!fires(&beside, "良い"));
    assert!(!fires(&one("any = [\"ばか\"]\nscore = { abuse = 1.0 }"), "ばか"));
    let asked = one("any = [\"<always>\"]\nwhen = \"model.spam + model.abuse >= 0.0 && model.spam < 1.0\"");
    assert!(fires(&asked, "良い"));
    let files = Rulebook::embedded_files()
        .filter(|(path, _)| ["guidelines.toml", "organisation.toml"].contains(&path.as_str()));
    let policy = Rulebook::embedded_files().find(|(path, _)| path == "policy.toml").unwrap().1;
    let shadow = policy.replace("model_alone = \"review\"", "model_alone = \"shadow\"");
    assert_ne!(policy, shadow);
    let rules =
        [("policy.toml".to_owned(), shadow), ("rules/offensive.toml".to_owned(), rule("score = { spam = 0.0 }"))];
    let shadowed = Rulebook::from_files(files.chain(rules)).unwrap();
    assert_eq!(judged(&shadowed, "buy cheap followers now").verdict, Verdict::Allow);
}

#[test]
fn what_speaks_against_a_score_is_found_though_no_term_sets_off_a_rule() {
    let rulebook = one("score = { spam = 0.0 }\nunless_anywhere = [\"注意喚起\", \"怪しい…投稿\"]");
    assert!(fires(&rulebook, "buy cheap followers now"));
    for text in ["注意喚起: buy cheap followers now", "怪しい人の投稿 buy cheap followers now"] {
        assert!(!fires(&rulebook, text), "{text}");
    }
}

#[test]
fn errors_tell_file_line_and_column() {
    let told = |rules: &str| load(rules, &[]).unwrap_err().to_string();
    assert!(told(&rule("any = [\"@nowhere\"]")).starts_with("rules/offensive.toml:9:8: "));
    assert!(told(&rule("any = [\"<nothing>\"]")).starts_with("rules/offensive.toml:9:8: no signal"));
    assert!(
        told(&rule("any = [\"a\"]\nwhen = \"author.strike > 0\""))
            .starts_with("rules/offensive.toml:10:9: there is no")
    );
    assert!(
        told(&rule("any = [\"a\"]\nregex = [{ pattern = '(', guard = [\"a\"] }]"))
            .starts_with("rules/offensive.toml:10:23: ")
    );
    assert!(told(&rule("anny = [\"a\"]")).starts_with("rules/offensive.toml:9:1: unknown field"));
    assert!(told(&rule("any = [\"a\"")).starts_with("rules/offensive.toml:"));
    assert!(told(&rule("score = { spam = 2.0 }")).contains("score spam of OFF001 is not between 0 and 1"));
    assert!(told(&rule("score = { spam = 0.9 }\nunless = [\"a\"]")).contains("scores alone"));
    assert!(told(&rule("score = { ham = 0.9 }")).contains("ham"));
    assert!(told(&rule("min = 2")).contains("neither any nor regex nor score"));
    assert!(told(&format!("{0}{0}", rule("any = [\"a\"]"))).contains("another rule is called OFF001"));
}

#[test]
fn cases_that_fail_are_told() {
    let rulebook = one("any = [\"y\"]");
    let failures: Vec<bool> = rulebook.check().into_iter().map(|failure| failure.should_fire).collect();
    assert_eq!(failures, [true, false]);
}

#[test]
fn the_plan_prefers_what_can_be_undone() {
    let rulebook = one("any = [\"ばか\"]");
    let (policy, reply) = (rulebook.policy(), post("ばか"));
    let judgement = judged(&rulebook, "ばか");
    assert_eq!(policy.plan(&reply, &Context::default(), &judgement, 0).actions, [ActionKind::HideReply]);
    let often = policy.plan(&reply, &Context::default(), &judgement, 3);
    assert_eq!((often.actions, often.tasks), (vec![ActionKind::HideReply], vec![TaskKind::BlockAuthor]));
    let mention = Post { kind: PostKind::Mention, ..reply.clone() };
    assert_eq!(policy.plan(&mention, &Context::default(), &judgement, 0).tasks, [TaskKind::ReportPost]);
    let theirs = Context { in_our_conversation: Some(false), ..Context::default() };
    assert_eq!(policy.plan(&reply, &theirs, &judgement, 0).tasks, [TaskKind::ReportPost]);
    let comment = Post { platform: Platform::YouTube, kind: PostKind::Comment, ..reply.clone() };
    assert_eq!(policy.plan(&comment, &Context::default(), &judgement, 9).actions, [ActionKind::Hold]);
    assert_eq!(policy.plan(&reply, &Context::default(), &judged(&rulebook, "良い"), 9), crate::Plan::default());
}

#[test]
fn reasons_and_explanations_name_rule_words_and_version() {
    let rulebook = one("any = [\"ばか\"]");
    let judgement = judged(&rulebook, "この バカ");
    for (lang, words) in [(Lang::Ja, ["バカ", "題", "理由"]), (Lang::En, ["バカ", "title", "reason"])] {
        let text = statement(&judgement.violations, &rulebook, &judgement.guidelines, lang);
        assert!(words.iter().all(|word| text.contains(word)) && text.contains(&judgement.guidelines), "{text}");
    }
    let explanation = explain(&post("この バカ"), &Context::default(), &rulebook, now());
    assert_eq!(explanation.rules[0].matches[0].text, "バカ");
    assert_eq!(explanation.judgement, judgement);
}

#[test]
fn purposes_are_told_by_markers() {
    let rulebook = Rulebook::embedded().unwrap();
    assert_eq!(rulebook.organisation().purpose_of("新サービスの提供開始のお知らせ"), Some("products"));
    assert_eq!(rulebook.organisation().purpose_of("今日は良い天気"), None);
}
