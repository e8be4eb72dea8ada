//! What the fuzz targets ask of any input, and the tests of every kept case: it ends, nothing panics, and what comes
//! out holds together.

use std::sync::OnceLock;

use jiff::Timestamp;
use rules::evaluate::Row;
use rules::{Context, Judgement, Post, Rulebook, explain, folded, judge};

/// The name of a target and its folder, and what it asks.
pub type Target = (&'static str, fn(&str));

/// Every target.
pub const TARGETS: [Target; 4] =
    [("views", views), ("judge", judgement), ("rulebook", rulebook), ("condition", condition)];

/// Every reading of a text.
pub fn views(text: &str) {
    let most = 20 * text.chars().count().max(1);
    assert!(folded(text).chars().count() <= most);
    for view in explain(&post(text), &Context::default(), embedded(), now()).views {
        assert!(view.text.chars().count() <= most);
    }
}

/// A text, judged by the rulebook of the program.
pub fn judgement(text: &str) {
    let first = judged(embedded(), text);
    let second = judge(&post(text), &Context::default(), embedded(), now());
    assert_eq!(first, second, "the same text is judged the same");
}

/// A rules file, and after a line of dashes a lexicon.
pub fn rulebook(text: &str) {
    let (rules, words) = text.split_once("\n---\n").unwrap_or((text, "馬鹿"));
    if let Ok(rulebook) = load(rules, words) {
        rulebook.check();
        for text in ["", "お前は馬鹿。http://example.com 090-1234-5678", rules, words] {
            judged(&rulebook, text);
        }
    }
}

/// A condition of a rule, asked with and without what it may want to know.
pub fn condition(when: &str) {
    let rules = format!(
        r#"[[rule]]
id = "OFF001"
title = {{ ja = "題", en = "title" }}
status = "enforce"
confidence = 0.95
any = ["馬鹿"]
when = '''{when}'''
why = {{ ja = "理由", en = "reason" }}
case.match = ["馬鹿"]
case.clear = ["y"]
"#
    );
    let Ok(rulebook) = load(&rules, "馬鹿") else { return };
    let mut post = post("お前は馬鹿？ https://example.com");
    judge(&post, &Context::default(), &rulebook, now());
    let mut context = Context { same_text_by_others: Some(3), in_our_conversation: Some(true), ..Context::default() };
    context.author.strikes = Some(2);
    context.author.posts_last_hour = Some(0);
    context.author.same_text_last_day = Some(u32::MAX);
    context.author.first_seen = Some(Timestamp::MIN);
    post.lang = Some("ja".into());
    post.author.name = Some("名前".into());
    post.author.created_at = Some(now());
    let first = judge(&post, &context, &rulebook, now());
    assert_eq!(first, judge(&post, &context, &rulebook, now()), "the same condition answers the same");
}

fn load(rules: &str, words: &str) -> Result<Rulebook, rules::RulebookError> {
    let shared = Rulebook::embedded_files()
        .filter(|(path, _)| ["guidelines.toml", "policy.toml", "organisation.toml"].contains(&path.as_str()));
    let lexicon = format!("# source: fuzzing\n# licence: CC0-1.0\n{words}");
    let own = [("lexicons/words.txt".to_owned(), lexicon), ("rules/offensive.toml".to_owned(), rules.to_owned())];
    Rulebook::from_files(shared.chain(own))
}

fn judged(rulebook: &Rulebook, text: &str) -> Judgement {
    let judgement = judge(&post(text), &Context::default(), rulebook, now());
    for violation in &judgement.violations {
        for (span, evidence) in violation.spans.iter().zip(&violation.evidence) {
            assert_eq!(text.get(span.start..span.end), Some(evidence.as_str()), "a span on character boundaries");
            assert!(span.start < span.end, "a span that holds something");
        }
    }
    judgement
}

fn embedded() -> &'static Rulebook {
    static EMBEDDED: OnceLock<&'static Rulebook> = OnceLock::new();
    EMBEDDED.get_or_init(|| Rulebook::embedded().unwrap_or_else(|error| panic!("{error}")))
}

fn post(text: &str) -> Post {
    let row = Row {
        id: "1".into(),
        lang: "ja".into(),
        text: text.into(),
        labels: vec![],
        ambiguous: false,
        kind: None,
        group: None,
    };
    row.post(now())
}

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH)
}
