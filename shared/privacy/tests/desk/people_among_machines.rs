//! A person's request that bears a machine's words or marks is filed, without an automatic answer; a machine's mail is not.

use privacy::classify::Ask;
use privacy::desk::TakenIn;
use privacy::file::{Requests, WaitsFor};
use privacy::mail::loops::Envelope;

use super::memory::now_or_never;
use super::{OFFICER, Office, TARO, mail, noon};

#[test]
fn a_request_in_the_words_or_on_the_way_of_a_machine_is_filed_for_one_of_us() {
    let quoted = "転送します。\n\n-----Original Message-----\n差出人: 太郎\n送信日時: 今日\n宛先: 広報\n\n\
                  個人データの開示を請求します。";
    for (name, from, head, text) in [
        ("sent again", TARO, "Subject: 開示請求（前回不達のため再送）\n", "個人データの開示を請求します。"),
        ("told of a bounce", TARO, "", "I got \"your message could not be delivered\". Please delete my data."),
        ("through a form", "form@forms.example", "Auto-Submitted: auto-generated\n", "個人データの開示を請求します。"),
        ("vague, through a form", "form@forms.example", "Auto-Submitted: auto-generated\n", "個人データの開示の件"),
        ("passed on", OFFICER, "Subject: Fwd: request\n", quoted),
    ] {
        let office = Office::new();
        let taken_in = office.arrive("1", &mail(from, head, text), noon());
        assert!(matches!(taken_in, TakenIn::Opened(..)), "{name}: {taken_in:?}");
        let file = office.requests.files().remove(0);
        let asked = |item: &privacy::file::RequestItem| matches!(item.ask, Ask::Right(_)) || item.maybe.is_some();
        assert!(file.items.iter().any(asked), "{name}: {:?}", file.items);
        assert_eq!((file.letters, file.waits_for()), (0, Some(WaitsFor::Staff)), "{name}");
    }
}

#[test]
fn a_question_about_what_failed_is_no_bounce() {
    let asks = "昨日の生配信が途中で止まりました。再配信の予定はありますか。";
    for (name, head, text, opened) in [
        ("a person", "", asks, true),
        ("a machine", "Auto-Submitted: auto-generated\n", asks, false),
        ("a delivery agent", "", "Your message could not be delivered to the following address.", false),
    ] {
        let office = Office::new();
        let head = format!("Subject: ライブ配信エラーについて\n{head}");
        let taken_in = office.arrive("1", &mail(TARO, &head, text), noon());
        assert_eq!(matches!(taken_in, TakenIn::Opened(..)), opened, "{name}: {taken_in:?}");
        for file in office.requests.files() {
            assert_eq!((file.letters, file.waits_for()), (0, Some(WaitsFor::Staff)), "nothing automatic goes out");
        }
    }
    let office = Office::new();
    let mail = mail(TARO, "Subject: ライブ配信エラーについて\n", asks);
    let unknown = Envelope { source: TARO.to_owned(), ..Envelope::default() };
    let taken_in = office.arrive_at("1", &mail, unknown, &office.addresses.desk, noon());
    assert!(matches!(taken_in, TakenIn::Machine(_)), "nobody vouches for it: {taken_in:?}");
}

#[test]
fn a_persons_answer_in_a_machines_words_asks_what_it_asks() {
    let office = Office::new();
    office.arrive("1", &mail(TARO, "Message-ID: <1@example.jp>\n", "個人データの開示を請求します。"), noon());
    let answer = "Subject: Re: 前回不達のため\nIn-Reply-To: <1@example.jp>\n";
    office.arrive("2", &mail(TARO, answer, "個人データの訂正も請求します。"), noon());
    let file = office.requests.files().remove(0);
    assert_eq!((file.items.len(), file.mails, file.unread, file.unreachable), (2, 2, true, false));
}

#[test]
fn what_a_machine_sends_opens_nothing_and_asks_nothing() {
    let office = Office::new();
    for (id, from, head, text) in [
        ("1", TARO, "Auto-Submitted: auto-generated\n", "本日のバックアップは完了しました。"),
        (
            "2",
            "taro@example.jp",
            "Return-Path: <>\n",
            "Your message could not be delivered. 個人データの開示を請求します。",
        ),
        ("3", TARO, "X-Loop: privacy@desk.example\n", "個人データの開示を請求します。"),
    ] {
        let taken_in = office.arrive(id, &mail(from, head, text), noon());
        assert!(matches!(taken_in, TakenIn::Machine(_)), "{text}: {taken_in:?}");
    }
    office.arrive("4", &mail(TARO, "Message-ID: <4@example.jp>\n", "個人データの開示を請求します。"), noon());
    let bounce = "Subject: Undelivered Mail\nIn-Reply-To: <4@example.jp>\n";
    office.arrive(
        "5",
        &mail("MTA@example.jp", bounce, "次の宛先に届きませんでした。\n個人データの削除を請求します。"),
        noon(),
    );
    let file = office.requests.files().remove(0);
    assert_eq!((office.requests.files().len(), file.items.len(), file.unreachable), (1, 1, true));
    assert_eq!(now_or_never(office.requests.mails(&file.ticket)).unwrap().len(), 1);
}
