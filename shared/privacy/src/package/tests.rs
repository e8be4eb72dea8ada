#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;

fn opening(language: Language) -> Opening {
    Opening {
        ticket: TicketId::from_random([1, 2, 3, 4, 5, 6, 7]),
        made_at: "2026-11-20T03:00:00Z".parse().unwrap(),
        platform: Platform::X,
        user_id: "9000000000000007001".to_owned(),
        language,
    }
}

fn item(item: DataItem, value: &str) -> Record {
    Record::Item {
        item,
        value: value.to_owned(),
        source: "x event or API answer".to_owned(),
        read_at: Some("2026-11-01T00:00:00Z".parse().unwrap()),
        purpose: "enforcing the social media guidelines".to_owned(),
    }
}

fn post(text: &str) -> Record {
    Record::Post {
        platform: Platform::X,
        id: "2090000000000000001".to_owned(),
        url: "https://x.com/i/status/2090000000000000001".to_owned(),
        made_at: "2026-11-01T00:00:00.5Z".parse().unwrap(),
        text: text.to_owned(),
        matched: vec!["@someone_else です".to_owned()],
        kept_until: None,
    }
}

fn all_kinds() -> Vec<Record> {
    let at: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let platform = Platform::YouTube;
    let ticket = TicketId::from_random([0; 7]).to_string();
    vec![
        item(DataItem::Nickname, "fan_mihon"),
        item(DataItem::UserId, "9000000000000007001"),
        Record::Seen { first: Some(at), last: Some(at), kept_until: None },
        post("@fan_mihon と @someone_else へ <script>alert(1)</script> a@b.example 090-1234-5678"),
        Record::Case {
            platform,
            id: "Ugx".to_owned(),
            decisions: vec![CaseDecision {
                number: 1,
                by: "machine".to_owned(),
                verdict: "act".to_owned(),
                clauses: vec!["criminal".to_owned()],
                rules: vec!["CRI001".to_owned()],
                guidelines: "2026-01".to_owned(),
                decided_at: at,
            }],
            actions: vec![CaseAction { action: "hide_reply".to_owned(), state: "done".to_owned() }],
        },
        Record::Strike { platform, id: "Ugx".to_owned(), since: Some(at), until: None },
        Record::Request {
            ticket: ticket.clone(),
            received_at: at,
            asks: vec!["appi_disclosure".into()],
            state: "open".into(),
        },
        Record::Mail { ticket, direction: "in".to_owned(), at: Some(at), bytes: 12 },
        Record::File { name: "package.json".to_owned(), bytes: 7 },
    ]
}

fn write(language: Language, records: Vec<Record>) -> (Value, String, Summary) {
    let (mut json, mut html) = (Vec::new(), Vec::new());
    let mut writer = Writer::begin(&opening(language), &mut json, &mut html).unwrap();
    for record in records {
        writer.record(record).unwrap();
    }
    let summary = writer.finish().unwrap();
    (serde_json::from_slice(&json).unwrap(), String::from_utf8(html).unwrap(), summary)
}

#[test]
fn the_document_follows_its_schema_whatever_is_held() {
    let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    for records in [all_kinds(), Vec::new()] {
        let (document, _, summary) = write(Language::Ja, records.clone());
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(document["records"].as_array().unwrap().len(), records.len());
        assert_eq!(summary.records as usize, records.len());
    }
    let mut broken = write(Language::Ja, all_kinds()).0;
    broken["records"][0]["surprise"] = json!(1);
    assert!(!schema.is_valid(&broken), "the schema is closed");
}

#[test]
fn what_is_not_held_is_said_item_by_item() {
    let (document, html, summary) = write(Language::En, all_kinds());
    assert_eq!(document["not_held"], json!(["name", "profile_photo", "gender", "network"]));
    assert_eq!(summary.not_held.len(), 4);
    for word in ["Published name", "Profile photograph", "Gender", "Network"] {
        assert!(html.contains(&format!("{word}</th><td>Items that we do not hold")), "{word}");
    }
    let (document, ..) = write(Language::En, Vec::new());
    assert_eq!(document["not_held"].as_array().unwrap().len(), 6);
}

#[test]
fn what_belongs_to_others_is_struck_out_and_the_own_handle_stays() {
    let (document, html, _) = write(Language::Ja, all_kinds());
    let text = document["records"][3]["text"].as_str().unwrap();
    assert_eq!(text, "@fan_mihon と @■■■ へ <script>alert(1)</script> ■■■ ■■■");
    assert_eq!(document["records"][3]["matched"], json!(["@■■■ です"]));
    for others in ["someone_else", "a@b.example", "090-1234"] {
        assert!(!html.contains(others) && !document.to_string().contains(others), "{others}");
    }
}

#[test]
fn redaction_cases() {
    let cases = [
        ("＠別の人 さん", "@■■■ さん"),
        ("see https://x.com/other/status/12 ok", "see ■■■ ok"),
        ("https://www.youtube.com/@other/videos", "■■■"),
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc"),
        ("電話は０９０ー１２３４ー５６７８です", "電話は■■■です"),
        ("+81 90 1234 5678", "■■■"),
        ("2026-11-20 に 100円", "2026-11-20 に 100円"),
        ("山田@例え.jp", "■■■"),
        ("plain words", "plain words"),
    ];
    for (text, expected) in cases {
        assert_eq!(redact(text, None), expected);
    }
    assert_eq!(redact("@Own_Handle @own_handle2", Some("own_handle")), "@Own_Handle @■■■");
}

#[test]
fn nothing_on_the_page_is_code_or_comes_from_elsewhere() {
    let mut records = all_kinds();
    records.push(post("\"><img src=x onerror=alert(1)> \u{202e}gpj.exe & ' "));
    for language in [Language::Ja, Language::En] {
        let (_, html, _) = write(language, records.clone());
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains('\u{202e}'));
        assert!(html.contains("&lt;script&gt;") && html.contains("&quot;&gt;&lt;img"));
        assert!(html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"));
        assert!(!html.contains(" src=\"") && !html.contains("href="));
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
    }
}

#[test]
fn both_languages_name_every_item_and_kind() {
    for language in [Language::Ja, Language::En] {
        let (_, html, _) = write(language, all_kinds());
        let lang = match language {
            Language::Ja => "<html lang=\"ja\">",
            Language::En => "<html lang=\"en\">",
        };
        assert!(html.contains(lang));
        assert_eq!(html.matches("<section>").count(), all_kinds().len() + 1);
    }
}
