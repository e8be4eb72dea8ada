//! The mails of `cases/mail`, from raw bytes to what is asked and whether an automatic answer may go out.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use privacy::classify::{Ask, classify};
use privacy::mail::loops::{Answering, Envelope, Sent, Verdict, decide};
use privacy::mail::{Address, quote, read};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    mail: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    file: String,
    subject: String,
    asks: Vec<String>,
    silence: Option<String>,
}

fn key(ask: &Ask) -> String {
    let value = match ask {
        Ask::Right(right) => serde_json::to_value(right),
        Ask::Inquiry(inquiry) => serde_json::to_value(inquiry),
    };
    value.unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_own_mail_gives_what_its_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/mail");
    let expected: Expected = toml::from_str(&std::fs::read_to_string(folder.join("expected.toml")).unwrap()).unwrap();
    let files = std::fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "eml"));
    assert_eq!(files.count(), expected.mail.len(), "every mail has its expectation");
    let own = [Address::parse("privacy@desk.example").unwrap()];
    for case in expected.mail {
        let mail = read(&std::fs::read(folder.join(&case.file)).unwrap());
        assert_eq!(mail.subject, case.subject, "{}", case.file);
        let found = classify(&mail.subject, &quote::unquoted(&mail.text));
        let asks: Vec<String> = found.items.iter().map(|item| key(&item.ask)).collect();
        assert_eq!(asks, case.asks, "{}", case.file);
        let source = mail.from.first().cloned().map(String::from).unwrap_or_default();
        let envelope = Envelope { source, dmarc: Verdict::Pass, ..Envelope::default() };
        let silence = match decide(&mail, &envelope, &own, !mail.in_reply_to.is_empty(), Sent::default()) {
            Answering::MayAnswer(_) => None,
            Answering::Silent(reason) => serde_json::to_value(reason).unwrap().as_str().map(str::to_owned),
        };
        assert_eq!(silence, case.silence, "{}", case.file);
    }
}
