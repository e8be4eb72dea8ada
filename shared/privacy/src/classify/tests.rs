//! The cases of `cases/classify.toml`, spans, and replies.
#![allow(clippy::unwrap_used)]

use super::*;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    subject: String,
    text: String,
    #[serde(default)]
    rights: Vec<Right>,
    #[serde(default)]
    inquiries: Vec<Inquiry>,
    maybe: Option<Right>,
}

#[test]
fn every_case_is_classified_as_its_file_says() {
    let cases: Cases = toml::from_str(include_str!("../../cases/classify.toml")).unwrap();
    assert!(cases.case.len() >= 50);
    let mut wrong = Vec::new();
    for case in &cases.case {
        let found = classify(&case.subject, &case.text);
        let asks: Vec<Ask> = found.items.iter().map(|item| item.ask).collect();
        let mut expected: Vec<Ask> = case.rights.iter().map(|right| Ask::Right(*right)).collect();
        expected.extend(case.inquiries.iter().map(|inquiry| Ask::Inquiry(*inquiry)));
        expected.sort();
        let maybe = found.items.iter().find_map(|item| item.maybe);
        if asks != expected || maybe != case.maybe {
            wrong.push(format!(
                "{} | {}\n  {asks:?} maybe {maybe:?}\n  expected {expected:?} maybe {:?}",
                case.subject, case.text, case.maybe
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evidence_points_at_the_sentence() {
    let text = "お世話になります。私の個人情報の開示を請求します。よろしくお願いします。";
    let found = classify("", text);
    let evidence = &found.items[0].evidence[0];
    assert_eq!(&text[evidence.span.clone()], "私の個人情報の開示を請求します。");
}

#[test]
fn our_own_letter_coming_back_is_no_request() {
    let reply = "ありがとうございました\n\n2026年1月5日(月) 12:34 窓口 <p@example.jp>:\n> 個人情報の開示を請求される方は\n> 削除をお願いします";
    let found = classify("Re: 開示請求の受付", &crate::mail::quote::unquoted(reply));
    assert_eq!(found.items.len(), 1);
    assert_eq!((found.items[0].ask, found.items[0].maybe), (Ask::Inquiry(Inquiry::Other), None));
}

#[test]
fn language_follows_the_kana() {
    assert_eq!(language("Please 削除してください my account at example dot com"), Language::Ja);
    assert_eq!(language("個人情報開示請求"), Language::Ja);
    assert_eq!(language("Please delete my data, 山田"), Language::En);
}

#[test]
fn keys_of_the_mail_come_along() {
    let found = classify("SK-0000000000", "私 @taro_1 のポスト https://x.com/taro_1/status/123 を削除してください。");
    assert_eq!(found.links, [Link::XPost { id: "123".into() }]);
    assert_eq!((found.handles.as_slice(), found.tickets.len()), (&["taro_1".to_owned()][..], 1));
    assert_eq!(found.items[0].ask, Ask::Right(Right::XContentDeletion));
}

proptest::proptest! {
    #[test]
    fn any_text_gives_at_least_one_item_with_valid_spans(subject: String, text: String) {
        let found = classify(&subject, &text);
        assert!(!found.items.is_empty());
        for evidence in found.items.iter().flat_map(|item| &item.evidence) {
            let field = match evidence.field { Field::Subject => &subject, Field::Text => &text };
            assert!(field.get(evidence.span.clone()).is_some());
        }
    }
}
