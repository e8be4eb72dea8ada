//! What the patterns cannot read of a person's mail waits for one of us.

use privacy::file::{RequestFile, WaitsFor};
use privacy::law::Right;
use privacy::mail::loops::{Envelope, Verdict};

use super::memory::now_or_never;
use super::{Office, TARO, mail, noon};

const ASKS: &str = "個人データの開示を請求します。";

fn only_file(office: &Office) -> RequestFile {
    office.requests.files().remove(0)
}

/// A file by mail, and an answer to its mail with these further header lines and this content.
fn answered(head: &str, content: &str) -> RequestFile {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "Message-ID: <1@example.jp>\n", ASKS), noon());
    let head = format!("From: {TARO}\nSubject: Re: x\nIn-Reply-To: <1@example.jp>\n{head}");
    office.arrive("2", &format!("{head}\n{content}\n"), noon());
    let file = only_file(&office);
    assert_eq!((office.requests.files().len(), file.mails), (1, 2));
    file
}

#[test]
fn an_answer_with_more_than_thanks_waits_for_one_of_us() {
    let plain = "Content-Type: text/plain; charset=utf-8\n";
    let mixed = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n";
    let with_pdf = |text: &str| {
        format!(
            "--b\n{plain}\n{text}\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; \
             filename=ininjo.pdf\n\nAAAA\n--b--"
        )
    };
    for (name, head, content, unread) in [
        ("thanks", plain, "よろしくお願いいたします。".to_owned(), false),
        ("nothing", plain, String::new(), false),
        ("thanks and a file", mixed, with_pdf("よろしくお願いいたします。"), true),
        ("a file alone", mixed, with_pdf(""), true),
        ("words in a quote alone", plain, "> どのアカウントですか\n> 答え: 前の会社のものです".to_owned(), true),
    ] {
        let file = answered(head, &content);
        assert_eq!((file.unread, file.waits_for() == Some(WaitsFor::Staff)), (unread, unread), "{name}");
    }
}

#[test]
fn an_answer_that_was_put_aside_waits_for_one_of_us() {
    let office = Office::new();
    let unknown = |virus| Envelope { source: TARO.to_owned(), virus, ..Envelope::default() };
    office.arrive_at("1", &mail(TARO, "", ASKS), unknown(Verdict::Pass), &office.addresses.desk, noon());
    let file = only_file(&office);
    now_or_never(office.desk().read(&file.ticket, &[], "hanako", noon())).unwrap();
    let to = office.addresses.with_token(&file.token).unwrap();
    office.arrive_at("2", &mail(TARO, "", "こちらです。"), unknown(Verdict::Fail), &to, noon());
    let file = only_file(&office);
    assert_eq!((office.requests.files().len(), file.mails, file.unread), (1, 2, true));
}

#[test]
fn the_same_asked_again_elsewhere_is_read_for_what_else_it_says() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "Message-ID: <1@example.jp>\n", ASKS), noon());
    assert_eq!(only_file(&office).waits_for(), Some(WaitsFor::Person));
    let text = format!("{ASKS}書面で開示してください。期限を過ぎています。");
    office.arrive("2", &mail(TARO, "Message-ID: <2@example.jp>\n", &text), noon());
    let files = office.requests.files();
    assert_eq!(files[1].duplicate_of.as_ref(), Some(&files[0].ticket));
    assert_eq!((files[0].unread, files[0].waits_for()), (true, Some(WaitsFor::Staff)));
}

#[test]
fn a_request_that_is_only_passed_on_is_read_as_one() {
    let office = Office::new();
    let text = format!("差出人: 太郎\n送信日時: 今日\n宛先: 広報\n件名: お願い\n\n{ASKS}");
    office.arrive("1", &mail(TARO, "Subject: FW: x\n", &text), noon());
    assert_eq!(only_file(&office).items[0].right(), Some(Right::AppiDisclosure));
}
