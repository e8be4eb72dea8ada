//! Mails as they are composed, and what SES is asked and answers.
#![allow(clippy::unwrap_used)]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::*;
use crate::loopback::{self, serve_once};

fn mail() -> OutgoingMail {
    OutgoingMail {
        from: "privacy@desk.example".to_owned(),
        from_name: Some("ソケッツ 個人情報窓口".to_owned()),
        to: "\"a..b\"@ezweb.ne.jp".to_owned(),
        reply_to: Some("privacy+k7@desk.example".to_owned()),
        subject:
            "【SK-0000000000】個人データの開示、訂正、利用停止などのご請求に対する決定のお知らせと今後の手続について"
                .to_owned(),
        body: "ご請求に応じました。\n".repeat(20),
        headers: vec![("Auto-Submitted".to_owned(), "auto-replied".to_owned())],
    }
}

fn parsed(raw: &[u8]) -> (String, String) {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn a_long_japanese_subject_is_whole_characters_in_short_words() {
    let (head, body) = parsed(&compose::compose(&mail(), None).unwrap());
    assert!(head.lines().chain(body.lines()).all(|line| line.len() <= 76), "{head}");
    let unfolded = head.replace("\r\n ", " ");
    let subject = unfolded.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let words = subject.split(' ').map(|word| {
        let word = word.strip_prefix("=?UTF-8?B?").unwrap().strip_suffix("?=").unwrap();
        String::from_utf8(BASE64_STANDARD.decode(word).unwrap()).unwrap()
    });
    assert_eq!(words.collect::<String>(), mail().subject);
    let body = BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), mail().body.replace('\n', "\r\n"));
    assert!(unfolded.contains("To: \"a..b\"@ezweb.ne.jp\r\n"));
}

#[test]
fn no_field_can_break_out_of_its_line() {
    let bad = [
        OutgoingMail { to: "a@b\r\nBcc: x@y".to_owned(), ..mail() },
        OutgoingMail { to: "a@b, c@d".to_owned(), ..mail() },
        OutgoingMail { subject: "a\r\nBcc: x@y".to_owned(), ..mail() },
        OutgoingMail { from_name: Some("a\nb".to_owned()), ..mail() },
        OutgoingMail { headers: vec![("X-A".to_owned(), "a\nBcc: x@y".to_owned())], ..mail() },
        OutgoingMail { headers: vec![("X A".to_owned(), "a".to_owned())], ..mail() },
    ];
    for mail in bad {
        assert!(matches!(compose::compose(&mail, None), Err(MailError::Malformed)));
    }
}

#[tokio::test]
async fn ses_gets_the_raw_mail_and_its_id_is_the_message_id() {
    let (endpoint, served) = serve_once("200 OK", r#"{"MessageId":"0106018"}"#);
    let mailer = SesMailer::new(aws::sesv2(&loopback::env(&endpoint)), Some("desk".to_owned()));
    let id = mailer.send(&mail()).await.unwrap();
    let region = loopback::env(&endpoint);
    assert!(id.starts_with("0106018@") && id.ends_with(".amazonses.com"), "{id} {region:?}");
    let asked = served.join().unwrap();
    assert!(asked.starts_with("POST /v2/email/outbound-emails"), "{asked}");
    let body: serde_json::Value = serde_json::from_str(asked.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["ConfigurationSetName"], "desk");
    assert_eq!(body["Destination"]["ToAddresses"][0], "\"a..b\"@ezweb.ne.jp");
    let raw = BASE64_STANDARD.decode(body["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap();
    assert!(parsed(&raw).0.contains("Auto-Submitted: auto-replied"));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (status, code, is_final) in [
        ("400 Bad Request", "MessageRejected", true),
        ("400 Bad Request", "AccountSuspendedException", false),
        ("400 Bad Request", "SendingPausedException", false),
        ("429 Too Many Requests", "LimitExceededException", false),
    ] {
        let body = format!(r#"{{"__type":"{code}","message":"taro@example.jp"}}"#);
        let (endpoint, served) = serve_once(status, Box::leak(body.into_boxed_str()));
        let mailer = SesMailer::new(aws::sesv2(&loopback::env(&endpoint)), None);
        let error = mailer.send(&mail()).await.unwrap_err();
        assert_eq!(error.is_final(), is_final, "{error}");
        assert!(!error.to_string().contains("taro"), "{error}");
        drop(served);
    }
}

#[tokio::test]
async fn a_mail_is_handed_over_once() {
    // Whoever asked again would find nobody.
    let (endpoint, served) = serve_once("500 Internal Server Error", r#"{"__type":"InternalServiceErrorException"}"#);
    let mailer = SesMailer::new(aws::sesv2(&loopback::env(&endpoint)), None);
    let error = mailer.send(&mail()).await.unwrap_err();
    assert_eq!(error.to_string(), "mail service: InternalServiceErrorException");
    served.join().unwrap();
}

#[tokio::test]
async fn the_outbox_folder_keeps_mails_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path().join("outbox"));
    let first = mailer.send(&mail()).await.unwrap();
    let second = mailer.send(&mail()).await.unwrap();
    let mut names: Vec<_> =
        std::fs::read_dir(folder.path().join("outbox")).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for (id, path) in [first, second].iter().zip(&names) {
        assert!(parsed(&std::fs::read(path).unwrap()).0.contains(&format!("Message-ID: <{id}>")));
    }
    assert_eq!(names.len(), 2);
}

#[test]
fn debug_output_holds_nothing_of_the_mail() {
    let shown = format!("{:?}", mail());
    assert!(!shown.contains("ezweb") && !shown.contains("SK-"), "{shown}");
}
