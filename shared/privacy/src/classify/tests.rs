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
fn a_request_is_taken_back_by_plain_words_alone() {
    for text in [
        "先日の開示請求を取り下げます。",
        "お世話になります。\n請求は撤回いたします。よろしくお願いします。",
        "削除の依頼をキャンセルしてください。",
        "I hereby withdraw my request.",
        "Please cancel my deletion request. Thank you.",
    ] {
        let found = classify("Re: 【SK-0000000000】受付のお知らせ", text);
        assert!(found.takes_back && !found.only_thanks, "{text}");
        assert!(
            found.items.iter().all(|item| item.ask == Ask::Inquiry(Inquiry::Other) && item.maybe.is_none()),
            "{text}"
        );
    }
    for text in [
        "請求を取り下げる方法を教えてください。",
        "請求は取り下げません。",
        "同意を撤回します。個人データを消去してください。",
        "I withdraw my consent.",
        "How can I withdraw my request?",
        "I will not withdraw my request.",
        "開示の請求を取り下げます。代わりに個人データの消去を請求します。",
        "取り下げた覚えはありません。",
        "投稿の非表示を取り消してください。",
        "ブロックを取り消してください。",
        "非表示措置の撤回をお願いします。",
        "先日お願いした削除を取り消してください。",
        "ブロックの取り消しを請求します。",
    ] {
        assert!(!classify("", text).takes_back, "{text}");
    }
    // What to take back is left to a person where it may be something else, and is no new request.
    for text in ["先日お願いした削除を取り消してください。", "個人データの開示をキャンセルしてください。"]
    {
        let found = classify("", text);
        assert!(found.items.iter().all(|item| matches!(item.ask, Ask::Inquiry(_))), "{text}");
    }
    // What else is asked is asked.
    let found = classify("", "開示の請求を取り下げます。代わりに個人データの消去を請求します。");
    assert_eq!(found.items.iter().map(|item| item.ask).collect::<Vec<_>>(), [Ask::Right(Right::AppiCessation)]);
}

#[test]
fn thanks_are_nothing_but_thanks() {
    for text in [
        "",
        "ありがとうございました。",
        "お世話になっております。\n確認しました。ありがとうございます。今後ともよろしくお願いいたします。",
        "承知しました。",
        "書き込みました。よろしくお願いします。",
        "Thank you for your help.\n\nKind regards",
        "Hello,\n\nI have added the code.",
    ] {
        assert!(classify("Re: 【SK-0000000000】受付のお知らせ", text).only_thanks, "{text}");
    }
    for text in [
        "承知できません。",
        "了解していません。",
        "確認しましたが、中身が空でした。",
        "受け取りましたが中身が空でした。",
        "ご回答ありがとうございますが、まだ投稿が残っています。",
        "コードを書き込みましたが、何も届きません。",
        "確認しましたけど、これだけですか。",
        "よろしくお願いします、まだ残っています。",
        "Hello, I can't open the package.",
        "Hello, the package is empty.",
        "Thank you for your answer, but my posts are still there.",
    ] {
        assert!(!classify("Re: 【SK-0000000000】受付のお知らせ", text).only_thanks, "{text}");
    }
}

#[test]
fn another_address_is_wished_for_by_one_address_in_a_sentence_about_it() {
    let wished = |text: &str| classify("", text).new_address.map(|address| address.to_header());
    for text in [
        "今後の連絡先を new.one@example.jp に変更してください。",
        "返信先のメールアドレスはnew.one@example.jpに変更をお願いします。",
        "Please change my email address to new.one@example.jp. Thank you.",
    ] {
        assert_eq!(wished(text).as_deref(), Some("new.one@example.jp"), "{text}");
    }
    for text in [
        "連絡先を変更してください。",
        "連絡先をa@example.jpからb@example.jpに変更してください。",
        "私のメールアドレスは a@example.jp です。個人情報の開示を請求します。",
    ] {
        assert_eq!(wished(text), None, "{text}");
    }
}

#[test]
fn an_agent_says_so() {
    for text in [
        "弁護士の山田です。依頼者の代理人として、個人情報の開示を請求します。",
        "未成年の子の親権者です。子のデータの消去を請求します。",
        "本人に代わって請求いたします。委任状を添付します。",
        "I am writing on behalf of my client, who requests access to his data.",
        "We act as an authorized agent under the CCPA. Please delete her data.",
    ] {
        assert!(classify("", text).on_behalf, "{text}");
    }
    for text in [
        "私の個人情報の開示を請求します。",
        "御社の代理店についてお聞きします。",
        "代理人は立てません。私の個人情報を削除してください。",
        "Please delete my data.",
        "Speaking on behalf of nobody but myself, please send me my data.",
    ] {
        assert!(!classify("", text).on_behalf, "{text}");
    }
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
